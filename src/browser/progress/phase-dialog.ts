/** What one press will do, shown whole and asked once; and the request for it. Loaded with the press. */
import { questionOf, type Runnable } from '../../runbook/session/phase-run.ts';
import type { PlannedStep } from '../../runbook/session/plan.ts';
import type { Rendered } from '../../runbook/command/render.ts';
import { ask, showStale } from '../ground/ask.ts';
import { make } from '../ground/dom.ts';
import { drawCommand } from '../ground/draw-command.ts';
import type { PageStore } from '../store/page-store.ts';
import { phaseWords as w } from './phase-words.ts';
import { Refused } from '../connection/refused.ts';
import { renderShown, terminalSize } from '../step/step-actions.ts';
import { t } from '../ground/words.ts';

/** Resolves with the name that was typed (empty when none had to be), or undefined. */
export function askPhase(store: PageStore, { steps }: Runnable): Promise<string | undefined> {
	const question = questionOf(steps);
	const object = question === 'object' ? objectOf(store, steps) : undefined;
	const commands = steps.filter(({ way }) => way === 'run');
	const checks = steps.filter(({ way }) => way !== 'run');
	const input = make('input', { autocomplete: 'off', spellcheck: 'false', autocapitalize: 'none' });
	const act = make('button', { type: 'submit', class: question === 'object' ? 'button primary danger' : 'button primary' }, t(question === 'object' ? 'confirm.destroy' : 'confirm.run'));
	if (object !== undefined) {
		act.disabled = true;
		input.addEventListener('input', () => (act.disabled = input.value !== object));
	}
	const [only] = commands;
	const title = question === 'object' ? t('confirm.destroy-title') : commands.length === 1 && only ? w('phase-run.ask-one', { step: store.names.step(only.step.id) }) : w('phase-run.ask', { count: commands.length });
	const children = [
		make('p', {}, w(commands.length === 1 ? 'phase-run.ask-one-words' : 'phase-run.ask-words')),
		make('ol', { class: 'phase-commands' }, ...commands.map((one) => drawRow(store, one))),
		checks.length > 0 ? make('p', { class: 'phase-checks' }, w('phase-run.then-checks', { steps: checks.map(({ step }) => store.names.step(step.id)).join(t('list.separator')) })) : undefined,
		steps.some(({ pointOfNoReturn }) => pointOfNoReturn) ? make('p', { class: 'warn' }, t('confirm.gate')) : undefined,
		object === undefined ? undefined : make('label', {}, t('confirm.object', { object }), input),
	];
	return ask(title, children, act, () => input.value, { class: 'phase-dialog', 'data-effect': question === 'object' ? 'destroy' : 'change' });
}

function drawRow(store: PageStore, planned: PlannedStep): HTMLElement {
	const name = `${store.names.step(planned.step.id)}${planned.node ? ` · ${planned.node.name}` : ''}`;
	const code = make('code', { class: 'command-text', translate: 'no' });
	drawCommand(code, renderShown(store, planned)?.parts ?? [], store.originOf);
	for (const link of code.querySelectorAll('a')) link.removeAttribute('href');
	return make('li', {}, make('span', { class: 'phase-step' }, name), make('pre', { class: 'confirm-command', 'data-effect': planned.step.effect, tabindex: '0', role: 'group', 'aria-label': name }, code));
}

function objectOf(store: PageStore, steps: readonly PlannedStep[]): string | undefined {
	const parameter = steps.find(({ step }) => step.effect === 'destroy')?.step.object;
	return parameter === undefined ? undefined : store.resolved.answers.get(parameter)?.items[0]?.text;
}

/** Asks the server to begin. @throws Refused, Unreachable */
export async function startPhase(store: PageStore, { steps }: Runnable, typed: string): Promise<void> {
	await store.flush();
	const question = questionOf(steps);
	const rendered = (planned: PlannedStep): Rendered | undefined => renderShown(store, planned);
	try {
		await store.server?.runPhase(
			{
				steps: steps.map((planned) => ({ step: planned.step.id, ...(planned.node && { node: planned.node.name }), preview: rendered(planned)?.display ?? '' })),
				values: { ...store.values },
				confirmed: question !== 'none',
				...(question === 'object' && { object: typed }),
				size: terminalSize.current,
			},
			[...store.detected],
		);
	} catch (error) {
		if (!(error instanceof Refused) || !error.preview) throw error;
		showStale(error.preview.shown, error.preview.rendered);
	}
}
