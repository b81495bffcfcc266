/** The way back: what this session has done and not taken back, last first, each with the command that undoes it. */
import { isMadeUnknown, rollbackSteps, whyNotUndo, type RollbackStep } from '../../runbook/session/plan.ts';
import { isPointOfNoReturn } from '../../runbook/session/targets.ts';
import { connection } from '../connection/connection.ts';
import { copyCommand } from '../ground/copy.ts';
import { drawCommand } from '../ground/draw-command.ts';
import { button, find, make, replaceIfChanged, setText } from '../ground/dom.ts';
import { PagePart } from '../store/page-part.ts';
import { Refused, Unreachable } from '../connection/refused.ts';
import { markStep, renderUndo, undoStep } from '../step/step-actions.ts';
import { t } from '../ground/words.ts';

class RollbackPlan extends PagePart {
	#told: { readonly key: string; readonly text: string } | undefined;

	protected override start(signal: AbortSignal): void {
		connection.addEventListener('change', () => this.draw(), { signal });
		this.store.addEventListener('problem', (event) => this.#onProblem(event), { signal });
	}

	protected draw(): void {
		const { store } = this;
		const back = store.session ? rollbackSteps(store.data.runbook, store.steps, store.session) : [];
		find(this, '.rollback-plan-empty', HTMLElement).hidden = back.length > 0;
		const list = find(this, '.rollback-plan-steps', HTMLElement);
		list.hidden = back.length === 0;
		const stamp = back.map((entry) => `${entry.planned.key}:${entry.planned.status.kind}:${renderUndo(store, entry)?.display ?? ''}:${whyNotUndo(back, entry.planned.key)?.name ?? ''}`);
		const rows = () => back.flatMap((entry) => this.#row(entry, back));
		const key = [...stamp, connection.access, this.#told?.key, this.#told?.text].join('\n');
		if (list.getAttribute('data-stamp') === key) return;
		const hadFocus = list.contains(document.activeElement);
		replaceIfChanged(list, rows(), key);
		if (hadFocus) (list.querySelector<HTMLElement>('button:not([hidden]):not(:disabled)') ?? find(this, 'h2', HTMLElement)).focus({ preventScroll: true });
	}

	#row(entry: RollbackStep, back: readonly RollbackStep[]): HTMLElement[] {
		const { planned } = entry;
		const { store } = this;
		const gate = isPointOfNoReturn(planned.step, store.resolveKept(entry.run), planned.node);
		const where = planned.node ? ` · ${t('step.on-node', { node: planned.node.name })}` : '';
		const row = make('li', {}, make('h3', {}, make('a', { class: 'anchor', href: `#${planned.step.id}` }, `${store.names.step(planned.step.id)}${where}`)));
		const rendered = planned.step.undo.length > 0 ? renderUndo(store, entry) : undefined;
		if (!rendered) row.append(make('p', { class: 'target-note' }, t(planned.step.effect === 'prepare' ? 'back.stays' : 'back.no-undo')));
		else {
			const code = make('code', { class: 'command-text', translate: 'no' });
			drawCommand(code, rendered.parts, () => undefined);
			for (const link of code.querySelectorAll('a')) link.removeAttribute('href');
			const why = whyNotUndo(back, planned.key);
			const isUnknown = isMadeUnknown(planned);
			const missing = rendered.problems.length > 0 && !isUnknown ? t('back.secrets') : undefined;
			const told = make('p', { class: 'why-not', role: 'status' }, this.#told?.key === planned.key ? this.#told.text : (missing ?? (why ? store.formatProblem(why) : '')));
			const copy = button(t('step.copy'), 'copy-button', () => void copyCommand(rendered.parts).then((text) => setText(told, text)));
			const undo = button(t('back.undo'), 'button', () => void undoStep(store, entry));
			undo.disabled = why !== undefined || missing !== undefined;
			undo.hidden = !connection.canRun || !store.current.byServer;
			const byHand = button(t('back.by-hand'), 'button', () => void markStep(store, planned, 'undone'));
			byHand.hidden = !isUnknown || why?.name !== 'step.made-unknown';
			row.append(make('figure', { class: 'command', 'data-kind': 'undo' }, make('pre', { role: 'group', 'aria-label': t('step.undo-command') }, code), copy), make('div', { class: 'actions' }, undo, byHand), told);
		}
		return gate ? [make('li', { class: 'back-gate' }, t('back.gate')), row] : [row];
	}

	#onProblem(event: Event): void {
		if (!(event instanceof CustomEvent)) return;
		const { key, error } = event.detail as { key: string | undefined; error: unknown };
		if (!key?.startsWith('undo:')) return;
		const text = error instanceof Refused ? error.problems.map((one) => this.store.formatProblem(one)).join(' ') : error instanceof Unreachable ? t('access.gone-long') : '';
		this.#told = text === '' ? undefined : { key: key.slice('undo:'.length), text };
		this.draw();
	}
}

customElements.define('rollback-plan', RollbackPlan);
