/** Questions in dialogs. Each resolves with the answer, or with nothing when the reader leaves it. */
import type { Effect } from '../../runbook/definition/definition.ts';
import type { Part } from '../../runbook/command/render.ts';
import type { ValueOrigin } from '../../site/draw-part.ts';
import { drawCommand } from './draw-command.ts';
import { button, make } from './dom.ts';
import { t } from './words.ts';

export interface CommandQuestion {
	readonly title: string;
	readonly effect: Effect;
	readonly parts: readonly Part[];
	readonly origin: (parameter: string) => ValueOrigin | undefined;
	readonly gate: boolean;
	/** What must be typed before anything is destroyed. */
	readonly object?: string | undefined;
	readonly act: string;
}

/** Shows the exact command and asks. Resolves with what was typed (empty when nothing had to be), or undefined. */
export function askCommand(question: CommandQuestion): Promise<string | undefined> {
	const code = make('code', { class: 'command-text', translate: 'no' });
	drawCommand(code, question.parts, question.origin);
	for (const link of code.querySelectorAll('a')) link.removeAttribute('href');
	const { object } = question;
	const input = make('input', { autocomplete: 'off', spellcheck: 'false', autocapitalize: 'none' });
	const act = make('button', { type: 'submit', class: question.effect === 'destroy' ? 'button primary danger' : 'button primary' }, question.act);
	const label = object === undefined ? undefined : make('label', {}, t('confirm.object', { object }), input);
	if (object !== undefined) {
		act.disabled = true;
		input.addEventListener('input', () => (act.disabled = input.value !== object));
	}
	const children = [
		make('p', {}, t('confirm.words')),
		make('pre', { class: 'confirm-command', tabindex: '0' }, code),
		question.gate ? make('p', { class: 'warn' }, t('confirm.gate')) : undefined,
		label,
	];
	return ask(question.title, children, act, () => input.value, { 'data-effect': question.effect });
}

/** Asks for a reason. Resolves with it, or undefined. */
export function askReason(title: string, act: string): Promise<string | undefined> {
	const input = make('textarea', { rows: '3', maxlength: '2000' });
	const submit = make('button', { type: 'submit', class: 'button primary' }, act);
	submit.disabled = true;
	input.addEventListener('input', () => (submit.disabled = input.value.trim() === ''));
	return ask(title, [make('p', {}, t('reason.words')), make('label', {}, t('reason.label'), input)], submit, () => input.value.trim());
}

/** Shows a link of a program's output in full, and asks before it is followed. */
export async function askLink(address: string): Promise<boolean> {
	const submit = make('button', { type: 'submit', class: 'button primary' }, t('terminal.link-open'));
	const answer = await ask(t('terminal.link-title'), [make('p', {}, t('terminal.link-words')), make('pre', { class: 'confirm-command', tabindex: '0' }, address)], submit, () => address);
	return answer !== undefined;
}

/** Tells that the preview was out of date, with both texts. */
export function showStale(shown: string, rendered: string): void {
	const text = (title: string, command: string) => [make('p', {}, make('strong', {}, title)), make('pre', { class: 'confirm-command', tabindex: '0' }, command)];
	const reload = make('button', { type: 'submit', class: 'button primary' }, t('stale.reload'));
	const children = [make('p', {}, t('stale.words')), ...text(t('stale.shown'), shown), ...text(t('stale.rendered'), rendered)];
	void ask(t('stale.title'), children, reload, () => 'reload').then((answer) => {
		if (answer !== undefined) location.reload();
	});
}

/** Asks in a dialog. Resolves with the answer, or undefined. */
export function ask(title: string, children: readonly (Node | undefined)[], submit: HTMLButtonElement, answer: () => string, attributes: Readonly<Record<string, string>> = {}): Promise<string | undefined> {
	// One question at a time: who pressed twice while it was loaded meant one.
	if (document.querySelector('dialog[open]')) return Promise.resolve(undefined);
	const heading = make('h2', { id: 'question-title' }, title);
	const form = make('form', { method: 'dialog' }, heading, ...children);
	const dialog = make('dialog', { 'aria-labelledby': 'question-title', ...attributes }, form);
	form.append(make('div', { class: 'dialog-foot' }, button(t('dialog.cancel'), 'button quiet', () => dialog.close()), submit));
	document.body.append(dialog);
	return new Promise((resolve) => {
		let given: string | undefined;
		form.addEventListener('submit', (event) => {
			event.preventDefault();
			if (submit.disabled) return;
			given = answer();
			dialog.close();
		});
		dialog.addEventListener('close', () => {
			dialog.remove();
			resolve(given);
		});
		dialog.showModal();
	});
}
