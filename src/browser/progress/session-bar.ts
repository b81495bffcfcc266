/** Which session this is; all of them are a press away: continue, rename, close, start anew. */
import type { SessionSummary } from '../../runbook/protocol/protocol.ts';
import { connection } from '../connection/connection.ts';
import { button, find, make, replaceIfChanged, setText } from '../ground/dom.ts';
import { formatTime } from '../ground/locale.ts';
import { LocalSession } from '../store/local-session.ts';
import { PagePart } from '../store/page-part.ts';
import { Refused, Unreachable } from '../connection/refused.ts';
import { t } from '../ground/words.ts';

class SessionBar extends PagePart {
	/** Why what was asked of the session was refused last. */
	#told = '';

	protected override start(signal: AbortSignal): void {
		this.store.addEventListener('problem', (event) => this.#onProblem(event), { signal });
		find(this, '.session-button', HTMLElement).addEventListener('click', () => void this.#open(), { signal });
		this.querySelector('.detect-button')?.addEventListener('click', () => void import('../detect/detect-dialog.ts').then(({ openDetect }) => openDetect(this.store)), { signal });
	}

	protected draw(): void {
		const { session, current } = this.store;
		setText(find(this, '.session-name', HTMLElement), session === undefined ? t('session.none') : current.byServer ? session.name : this.#localWord());
		this.#drawNotes();
	}

	#localWord(): string {
		return t(this.#isUnkept ? 'session.unkept' : 'session.local');
	}

	get #isUnkept(): boolean {
		const { current } = this.store;
		return !current.byServer && !current.isKept;
	}

	/** What the reader must know of the session itself. */
	#drawNotes(): void {
		const { server, session } = this.store;
		const lines = [
			...(this.#isUnkept ? [t('session.unkept-words')] : []),
			...(session && session.machines.session !== '' ? [t('session.machine', { machine: session.machines.session })] : []),
			...(session?.closed ? [t('session.closed-words')] : []),
			...(server?.changed ? [t('session.other-definition')] : []),
			...(server?.notices ?? []).map((one) => this.store.formatProblem(one)),
			...(this.#told === '' ? [] : [this.#told]),
		];
		const place = find(this, '.session-notes', HTMLElement);
		place.hidden = lines.length === 0;
		const reopen = session?.closed && server ? [button(t('session.reopen'), 'button small', () => void this.#reopen())] : [];
		replaceIfChanged(place, [...lines.map((line) => make('p', {}, line)), ...reopen], lines.join('\n'));
	}

	/** What was typed into it meanwhile is kept with it. */
	async #reopen(): Promise<void> {
		const { store } = this;
		if (await store.attempt(async () => store.server?.reopen())) await store.saveValues();
	}

	/** What no step has asked for is told here. */
	#onProblem(event: Event): void {
		if (!(event instanceof CustomEvent)) return;
		const { key, error } = event.detail as { key: string | undefined; error: unknown };
		if (key !== undefined) return;
		if (error instanceof Unreachable) void connection.ask();
		else if (error !== undefined && !(error instanceof Refused)) throw error;
		this.#told = error instanceof Refused ? error.problems.map((one) => this.store.formatProblem(one)).join(' ') : '';
		this.#drawNotes();
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
			list.replaceChildren(session ? make('li', {}, make('span', { class: 'about' }, make('strong', {}, session.name), make('small', {}, this.#localWord()))) : make('li', {}, t('session.none')));
			return;
		}
		const { api } = connection;
		await this.store.attempt(async () => {
			const all = (await api.sessions()).filter((one) => one.runbook === this.store.data.runbook.id || one.damaged !== undefined);
			const sorted = all.sort((one, other) => other.changedAt.localeCompare(one.changedAt));
			const rows = sorted.map((one) => this.#row(one, list, dialog));
			list.replaceChildren(...(rows.length > 0 ? rows : [make('li', {}, t('session.none'))]));
		});
	}

	#row(one: SessionSummary, list: HTMLElement, dialog: HTMLDialogElement): HTMLElement {
		const { server } = this.store;
		const isCurrent = one.session === server?.id;
		if (one.damaged) return make('li', {}, make('span', { class: 'about' }, make('strong', {}, t('session.damaged')), make('small', {}, this.store.formatProblem(one.damaged))));
		const marks = [isCurrent ? t('session.current') : undefined, one.closed ? t('session.closed') : undefined, one.running ? t('session.running') : undefined, one.changed ? t('session.other-definition') : undefined].filter((mark) => mark !== undefined);
		const progress = t('session.progress', { settled: one.settled, steps: one.steps, at: formatTime(one.changedAt) });
		const about = make('span', { class: 'about' }, make('strong', {}, one.name), make('small', {}, [progress, ...marks].join(' · ')), ...(one.notices ?? []).map((notice) => make('small', {}, this.store.formatProblem(notice))));
		const change = (act: () => Promise<unknown>) =>
			void this.store
				.attempt(act)
				.then(() => this.#fill(list, dialog))
				.then(() => {
					if (!dialog.contains(document.activeElement) || document.activeElement === dialog) dialog.querySelector<HTMLElement>('.session-list button')?.focus();
				});
		const buttons = [
			...(isCurrent ? [] : [button(t('session.open'), 'button small', () => void this.#show(one.session).then(() => dialog.close()))]),
			button(t('session.rename'), 'button small quiet', () => this.#rename(one, about, change)),
			button(t(one.closed ? 'session.reopen' : 'session.close'), 'button small quiet', () => change(async () => connection.api?.change(one.session, { closed: !one.closed }))),
		];
		return make('li', {}, about, ...buttons);
	}

	/** What was typed a moment ago still belongs to the session that is left. */
	async #show(id: string): Promise<void> {
		await this.store.flush();
		await this.store.attempt(async () => this.store.server?.show(id));
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
		await store.known;
		await store.flush();
		if (store.server) await store.attempt(async () => store.server?.open(store.values, [...store.detected]));
		else if (store.current instanceof LocalSession) {
			store.current.clear();
			await store.saveValues();
		}
	}
}

customElements.define('session-bar', SessionBar);
