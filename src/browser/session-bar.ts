/** Which session this is; all of them are a press away: continue, rename, close, start anew. */
import type { SessionSummary } from '../runbook/protocol.ts';
import { connection } from './connection.ts';
import { button, find, make, say } from './dom.ts';
import { sayTime } from './locale.ts';
import { LocalSession } from './local-session.ts';
import { PagePart } from './page-part.ts';
import { t } from './words.ts';

class SessionBar extends PagePart {
	protected override start(signal: AbortSignal): void {
		find(this, '.session-button', HTMLElement).addEventListener('click', () => void this.#open(), { signal });
		find(this, '.detect-button', HTMLElement).addEventListener('click', () => void import('./detect-dialog.ts').then(({ openDetect }) => openDetect(this.store)), { signal });
	}

	protected draw(): void {
		const { session, keeper } = this.store;
		say(find(this, '.session-name', HTMLElement), session === undefined ? t('session.none') : keeper.byServer ? session.name : t('session.local'));
	}

	async #open(): Promise<void> {
		const list = make('ul', { class: 'session-list' });
		const dialog = make('dialog', { 'aria-labelledby': 'sessions-title' }, make('h2', { id: 'sessions-title' }, t('session.title')), make('p', {}, t('session.words')), list);
		const anew = button(t('session.new'), 'button primary', () => void this.#startNew().then(() => dialog.close()));
		dialog.append(make('div', { class: 'dialog-foot' }, button(t('dialog.close'), 'button quiet', () => dialog.close()), anew));
		dialog.addEventListener('close', () => dialog.remove());
		document.body.append(dialog);
		dialog.showModal();
		await this.#fill(list, dialog);
	}

	async #fill(list: HTMLElement, dialog: HTMLDialogElement): Promise<void> {
		const { server } = this.store;
		if (!server || !connection.api) {
			const { session } = this.store;
			list.replaceChildren(...(session ? [make('li', {}, make('span', { class: 'about' }, make('strong', {}, session.name), make('small', {}, t('session.local'))))] : []));
			return;
		}
		const { api } = connection;
		await this.store.attempt(async () => {
			const all = (await api.sessions()).filter((one) => one.runbook === this.store.data.runbook.id || one.damaged !== undefined);
			const sorted = all.sort((one, other) => other.changedAt.localeCompare(one.changedAt));
			list.replaceChildren(...sorted.map((one) => this.#row(one, list, dialog)));
		});
	}

	#row(one: SessionSummary, list: HTMLElement, dialog: HTMLDialogElement): HTMLElement {
		const { server } = this.store;
		const isCurrent = one.session === server?.id;
		if (one.damaged) return make('li', {}, make('span', { class: 'about' }, make('strong', {}, t('session.damaged')), make('small', {}, this.store.sayProblem(one.damaged))));
		const marks = [isCurrent ? t('session.current') : undefined, one.closed ? t('session.closed') : undefined, one.running ? t('session.running') : undefined].filter((mark) => mark !== undefined);
		const progress = t('session.progress', { settled: one.settled, steps: one.steps, at: sayTime(one.changedAt) });
		const about = make('span', { class: 'about' }, make('strong', {}, one.name), make('small', {}, [progress, ...marks].join(' · ')));
		const change = (act: () => Promise<unknown>) => void this.store.attempt(act).then(() => this.#fill(list, dialog));
		const buttons = [
			...(isCurrent ? [] : [button(t('session.open'), 'button small', () => void server?.show(one.session).then(() => dialog.close()))]),
			button(t('session.rename'), 'button small quiet', () => this.#rename(one, about, change)),
			button(t(one.closed ? 'session.reopen' : 'session.close'), 'button small quiet', () => change(async () => connection.api?.change(one.session, { closed: !one.closed }))),
		];
		return make('li', {}, about, ...buttons);
	}

	#rename(one: SessionSummary, about: HTMLElement, change: (act: () => Promise<unknown>) => void): void {
		const input = make('input', { 'aria-label': t('session.name'), maxlength: '200' });
		input.value = one.name;
		const save = () => {
			if (input.value.trim() !== '' && input.value !== one.name) change(async () => connection.api?.change(one.session, { name: input.value.trim() }));
		};
		input.addEventListener('change', save);
		about.replaceChildren(input);
		input.focus();
		input.select();
	}

	async #startNew(): Promise<void> {
		const { store } = this;
		if (store.server) await store.attempt(async () => store.server?.open(store.values, [...store.detected]));
		else if (store.keeper instanceof LocalSession) {
			store.keeper.clear();
			await store.saveValues();
		}
	}
}

customElements.define('session-bar', SessionBar);
