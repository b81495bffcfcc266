/** The dock of terminals: one tab a run. Runs belong to the machine; closing the dock stops nothing. */
import type { RunEvent } from '../../runbook/protocol/protocol.ts';
import { isRunActive, isRunSuccess } from '../../runbook/run/run.ts';
import type { RunState } from '../../runbook/run/run-state.ts';
import { isProof, type SessionRun } from '../../runbook/session/session.ts';
import { connection } from '../connection/connection.ts';
import { copyText } from '../ground/copy.ts';
import { button, find, make, setText } from '../ground/dom.ts';
import { PagePart } from '../store/page-part.ts';
import { onMessage } from '../connection/messages.ts';
import { terminalSize } from '../step/step-actions.ts';
import { kept } from '../ground/storage.ts';
import type { TerminalScreen } from './terminal-screen.ts';
import { t } from '../ground/words.ts';

/** Runs that get a tab: the latest. */
const maxTabs = 12;
const heightKey = 'drover.terminal-height';
const fontKey = 'drover.terminal-font';
/** Of the window, in percent: the step that runs stays in sight above it, with the progress bar of a phone between them. */
const usualHeight = () => (innerWidth < 960 ? 30 : 38);
const smallest = 20;
const largest = 90;

interface Screen {
	readonly screen: TerminalScreen;
	/** This page started the run and has followed it without a break: all of it is live. */
	unbroken: boolean;
	readonly askedAt: number;
}

class TerminalPanel extends PagePart {
	readonly #screens = new Map<string, Screen>();
	readonly #startedHere = new Set<string>();
	#opening = new Map<string, Promise<Screen | undefined>>();
	#shown: string | undefined;
	/** The run whose tab was brought into view: the reader may scroll on from there. */
	#inView: string | undefined;
	#opener: HTMLButtonElement | undefined;
	#bound = false;
	#maximised = false;
	/** The reader has used the dock since it opened, or has closed it: it neither goes nor comes by itself. */
	#used = false;
	/** Runs that had their turn to be shown. */
	readonly #offered = new Set<string>();

	protected override start(signal: AbortSignal): void {
		this.store.addEventListener('run', (event) => {
			if (!(event instanceof CustomEvent)) return;
			const { run: id, focus } = event.detail as { run: string; focus: boolean };
			const run = this.store.session?.runs.get(id);
			if (!run || isRunActive(run.state)) this.#startedHere.add(id);
			this.#used = focus;
			void this.#show(id, focus);
		}, { signal });
		for (const kind of ['pointerdown', 'focusin']) this.addEventListener(kind, () => (this.#used = true), { signal });
		document.addEventListener('keydown', (event) => this.#onF6(event), { signal });
		connection.addEventListener('change', () => this.#bind(), { signal });
		this.addEventListener('click', (event) => this.#onTool(event), { signal });
		const handle = find(this, '.terminal-handle', HTMLElement);
		handle.addEventListener('pointerdown', (event) => this.#drag(event, handle), { signal });
		handle.addEventListener('keydown', (event) => this.#resizeByKey(event), { signal });
		const tabs = find(this, '.terminal-tabs', HTMLElement);
		tabs.addEventListener('keydown', (event) => this.#moveTabs(event), { signal });
		const sized = new ResizeObserver(() => {
			this.#inView = undefined;
			this.#drawTabs(this.#runs);
		});
		sized.observe(tabs);
		signal.addEventListener('abort', () => sized.disconnect());
		find(this, '.terminal-find', HTMLFormElement).addEventListener('submit', (event) => {
			event.preventDefault();
			this.#find(false);
		}, { signal });
		this.#opener = find(document, '.terminal-open', HTMLButtonElement);
		this.#opener.addEventListener('click', () => {
			this.#used = true;
			this.#setOpen(true);
		}, { signal });
		this.#bind();
	}

	/** Listens to the socket once there is one. */
	#bind(): void {
		const { socket } = connection;
		if (!socket || this.#bound) return;
		this.#bound = true;
		onMessage(socket, 'run.events', ({ run, events, followedAt }) => this.#write(run, events, followedAt));
		onMessage(socket, 'run.drives', ({ run, drives }) => {
			const shown = this.#screens.get(run);
			if (shown) shown.screen.drives = drives;
			if (run === this.#shown) this.#notice(drives ? '' : t('terminal.drives-not'));
		});
		onMessage(socket, 'run.typed', ({ run, result }) => {
			if (run === this.#shown && result === 'refused') this.#notice(t('terminal.input-lost'));
		});
		socket.addEventListener('connected', () => {
			for (const one of this.#screens.values()) one.unbroken = false;
		});
	}

	get #runs(): readonly SessionRun[] {
		return [...(this.store.session?.runs.values() ?? [])].slice(-maxTabs);
	}

	protected draw(): void {
		const runs = this.#runs;
		const { current } = this.store;
		const ids = new Set(runs.map((run) => run.id));
		for (const [id, { screen }] of this.#screens) {
			if (ids.has(id) || this.#startedHere.has(id)) continue;
			screen.close();
			this.#screens.delete(id);
			connection.socket?.unfollowRun(id);
		}
		for (const run of runs) {
			const one = this.#screens.get(run.id);
			if (!one) continue;
			one.screen.active = isRunActive(run.state);
			if (!one.screen.active) connection.socket?.forgetTyped(run.id);
		}
		this.#drawTabs(runs);
		const active = runs.find((run) => isRunActive(run.state));
		if (active && !this.#offered.has(active.id) && (this.#shown === undefined || !this.#used) && current.byServer && connection.keeps) void this.#show(active.id, false);
		if (this.#opener) this.#opener.hidden = runs.length === 0 || !this.hidden || !current.byServer;
		const shown = runs.find((run) => run.id === this.#shown);
		if (shown && !isRunActive(shown.state) && !this.hidden) this.#notice(stayWords(shown.state));
		if (shown && !active && !this.hidden && !this.#used && this.#isDone(shown)) this.#setOpen(false, false);
		find(this, '.terminal-release', HTMLElement).hidden = !shown || !isHeldOpen(shown.state) || !connection.reaches;
	}

	/** It has ended well, as a check says. Where nothing verifies a step, what it printed is all there is. */
	#isDone({ state, step, node, kind }: SessionRun): boolean {
		if (state.kind !== 'ended' || !isRunSuccess(state) || state.terminal === 'open') return false;
		return kind === 'undo' || this.store.steps.some((one) => one.step.id === step && one.node?.name === node && isProof(one.status));
	}

	#drawTabs(runs: readonly SessionRun[]): void {
		const list = find(this, '.terminal-tabs', HTMLElement);
		const known = new Map([...list.querySelectorAll<HTMLElement>('[role="tab"]')].map((tab) => [tab.dataset['run'] ?? '', tab]));
		const tabs = runs.map((run) => known.get(run.id) ?? this.#makeTab(run));
		tabs.forEach((tab, index) => {
			const run = runs[index];
			if (run) tab.querySelector('.tab-dot')?.setAttribute('data-run', dotOf(run.state));
			const selected = tab.dataset['run'] === this.#shown;
			tab.setAttribute('aria-selected', String(selected));
			tab.tabIndex = selected || (this.#shown === undefined && index === 0) ? 0 : -1;
		});
		if (tabs.length !== list.childElementCount || tabs.some((tab, index) => list.children[index] !== tab)) list.replaceChildren(...tabs);
		const selected = tabs.find((tab) => tab.dataset['run'] === this.#shown);
		if (selected && !this.hidden && this.#inView !== this.#shown) selected.scrollIntoView({ block: 'nearest', inline: 'nearest' });
		this.#inView = selected && !this.hidden ? this.#shown : undefined;
	}

	#makeTab(run: SessionRun): HTMLElement {
		const step = `${this.store.names.step(run.step)}${run.node === undefined ? '' : ` · ${run.node}`}`;
		const tab = make('button', { type: 'button', role: 'tab', 'data-run': run.id }, make('span', { class: 'tab-dot', 'aria-hidden': 'true' }), t(run.kind === 'undo' ? 'terminal.tab-undo' : 'terminal.tab', { step }));
		tab.addEventListener('click', () => void this.#show(run.id, false));
		return tab;
	}

	/** F6 goes round: from the page into the terminal, from there to the tabs, from those back to the step. */
	#onF6(event: KeyboardEvent): void {
		if (event.key !== 'F6' || event.defaultPrevented || this.hidden || document.querySelector('dialog[open]')) return;
		const shown = this.#shown === undefined ? undefined : this.#screens.get(this.#shown);
		event.preventDefault();
		if (!this.contains(document.activeElement)) return shown?.screen.focus();
		const step = this.store.session?.runs.get(this.#shown ?? '')?.step;
		const place = step === undefined ? null : document.getElementById(step);
		place?.querySelector<HTMLElement>('.actions button:not([hidden]):not(:disabled), .anchor')?.focus();
	}

	#moveTabs(event: KeyboardEvent): void {
		const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
		const tabs = [...this.querySelectorAll<HTMLElement>('.terminal-tabs [role="tab"]')];
		const next = tabs[tabs.findIndex((tab) => tab === document.activeElement) + step];
		if (step === 0 || !next) return;
		event.preventDefault();
		next.click();
		next.focus();
	}

	/** Opens the dock at a run. */
	async #show(id: string, focus: boolean): Promise<void> {
		this.#shown = id;
		this.#offered.add(id);
		this.#setOpen(true);
		this.#notice('');
		const opened = await this.#screen(id);
		for (const [run, { screen }] of this.#screens) screen.show(run === this.#shown);
		this.draw();
		if (focus) opened?.screen.focus();
	}

	#screen(id: string): Promise<Screen | undefined> {
		const known = this.#opening.get(id);
		if (known && this.#screens.has(id)) return known;
		const made = this.#makeScreen(id);
		this.#opening.set(id, made);
		return made;
	}

	/** The terminal is loaded with the first run that is shown. */
	async #makeScreen(id: string): Promise<Screen | undefined> {
		const { socket } = connection;
		if (!socket) return undefined;
		const { TerminalScreen } = await import('./terminal-screen.ts');
		const present = this.#screens.get(id);
		if (present) return present;
		const run = this.store.session?.runs.get(id);
		const screen = new TerminalScreen({
			label: run ? this.store.names.step(run.step) : t('terminal.label'),
			fontSize: readNumber(fontKey, 13),
			onInput: (text) => socket.type(id, text),
			onSize: (columns, rows) => {
				terminalSize.current = { columns, rows };
				if (screen.active) socket.resize(id, columns, rows);
			},
			onLeave: () => this.querySelector<HTMLElement>('.terminal-tabs [aria-selected="true"]')?.focus(),
		});
		screen.active = run === undefined || isRunActive(run.state);
		const one: Screen = { screen, unbroken: this.#startedHere.has(id), askedAt: Date.parse(run?.askedAt ?? new Date().toISOString()) };
		this.#screens.set(id, one);
		find(this, '.terminal-screens', HTMLElement).append(screen.element);
		socket.followRun(id, 0);
		return one;
	}

	/** What happened before the server began to send (`followedAt`, by its own clock like `askedAt`) is replayed, not live. */
	#write(run: string, events: readonly RunEvent[], followedAt: number): void {
		const one = this.#screens.get(run);
		one?.screen.write(events, (event) => 'time' in event && (one.unbroken || one.askedAt + event.time * 1000 >= followedAt));
	}

	/** `focus`: who closes it goes on at the button that opens it. */
	#setOpen(open: boolean, focus = true): void {
		this.hidden = !open;
		document.documentElement.style.setProperty('--terminal-panel', open ? this.#height() : '0px');
		if (this.#opener) this.#opener.hidden = open || this.#runs.length === 0;
		if (!open && focus) this.#opener?.focus();
	}

	#height(): string {
		return this.#maximised ? 'calc(100dvh - var(--header))' : `${readNumber(heightKey, usualHeight())}dvh`;
	}

	#setHeight(percent: number): void {
		const height = Math.round(Math.min(Math.max(percent, smallest), largest));
		kept.write(heightKey, String(height));
		this.#maximised = false;
		find(this, '.terminal-handle', HTMLElement).setAttribute('aria-valuenow', String(height));
		document.documentElement.style.setProperty('--terminal-panel', this.#height());
	}

	#drag(event: PointerEvent, handle: HTMLElement): void {
		handle.setPointerCapture(event.pointerId);
		const move = ({ clientY }: PointerEvent) => this.#setHeight(((innerHeight - clientY) / innerHeight) * 100);
		handle.addEventListener('pointermove', move);
		handle.addEventListener('lostpointercapture', () => handle.removeEventListener('pointermove', move), { once: true });
	}

	#resizeByKey(event: KeyboardEvent): void {
		const change = event.key === 'ArrowUp' ? 5 : event.key === 'ArrowDown' ? -5 : 0;
		if (change === 0) return;
		event.preventDefault();
		this.#setHeight(readNumber(heightKey, usualHeight()) + change);
	}

	#onTool(event: Event): void {
		const action = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-do]')?.dataset['do'] : undefined;
		if (action === 'close') this.#setOpen(false);
		else if (action === 'maximise') this.#toggleMaximised();
		else if (action === 'smaller' || action === 'larger') this.#setFont(action === 'larger' ? 1 : -1);
		else if (action === 'find') this.#openFind();
		else if (action === 'previous') this.#find(true);
		else if (action === 'copy') void this.#copy();
		else if (action === 'text') void this.#showText();
		else if (action === 'release' && this.#shown !== undefined) void this.#release(this.#shown);
	}

	/** Hangs up on who has stayed in the terminal of an ended run. */
	async #release(run: string): Promise<void> {
		await this.store.attempt(async () => connection.api?.release(run));
	}

	#toggleMaximised(): void {
		this.#maximised = !this.#maximised;
		const tool = find(this, '[data-do="maximise"]', HTMLElement);
		const label = t(this.#maximised ? 'terminal.restore' : 'terminal.maximise');
		tool.setAttribute('aria-label', label);
		tool.title = label;
		document.documentElement.style.setProperty('--terminal-panel', this.#height());
	}

	#setFont(change: number): void {
		const size = Math.min(Math.max(readNumber(fontKey, 13) + change, 9), 24);
		kept.write(fontKey, String(size));
		for (const { screen } of this.#screens.values()) screen.fontSize = size;
	}

	#openFind(): void {
		const form = find(this, '.terminal-find', HTMLFormElement);
		form.hidden = !form.hidden;
		if (!form.hidden) form.querySelector('input')?.focus();
	}

	#find(back: boolean): void {
		const text = this.querySelector<HTMLInputElement>('.terminal-find input')?.value ?? '';
		if (text !== '' && this.#shown !== undefined) this.#screens.get(this.#shown)?.screen.find(text, back);
	}

	async #copy(): Promise<void> {
		const one = this.#shown === undefined ? undefined : this.#screens.get(this.#shown);
		if (!one || this.#shown === undefined) return;
		const text = one.screen.selection || (await connection.api?.output(this.#shown)) || '';
		this.#notice(t((await copyText(text)) ? 'step.copied' : 'step.copy-failed'));
	}

	/** The whole output as text: readable by everything that reads. */
	async #showText(): Promise<void> {
		const run = this.#shown === undefined ? undefined : this.store.session?.runs.get(this.#shown);
		if (!run) return;
		const title = t('terminal.text-title', { step: this.store.names.step(run.step) });
		const text = make('pre', { tabindex: '0', 'aria-label': title });
		const dialog = make('dialog', { class: 'run-text', 'aria-labelledby': 'run-text-title' }, make('h2', { id: 'run-text-title' }, title), text);
		dialog.append(make('div', { class: 'dialog-foot' }, button(t('dialog.close'), 'button quiet', () => dialog.close())));
		dialog.addEventListener('close', () => dialog.remove());
		document.body.append(dialog);
		dialog.showModal();
		await this.store.attempt(async () => (text.textContent = stripControls((await connection.api?.output(run.id)) ?? '')));
	}

	#notice(text: string): void {
		setText(find(this, '.terminal-notice', HTMLElement), text);
	}
}

function dotOf(state: RunState): string {
	if (isRunActive(state)) return 'active';
	if (state.kind === 'unknown') return 'unknown';
	return isRunSuccess(state) ? 'good' : 'failed';
}

/** Whether the program has ended and others keep its terminal open. */
function isHeldOpen(state: RunState): state is Extract<RunState, { kind: 'ended' }> {
	return state.kind === 'ended' && state.terminal === 'open' && state.stayers.length > 0;
}

function stayWords(state: RunState): string {
	if (isHeldOpen(state)) return t('state.stayers', { names: state.stayers.map((one) => one.name).join(t('list.separator')) });
	return t('terminal.ended');
}

/** Escape sequences and carriage returns say how to draw; a text has none of it. Source: ECMA-48. */
function stripControls(text: string): string {
	return text.replace(/\u001b(?:\[[0-?]*[ -/]*[@-~]|[\]PX^_][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[ -/]*[0-~])/g, '').replace(/[^\n]*\r(?!\n)/g, '').replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, '');
}

function readNumber(key: string, standard: number): number {
	const value = Number(kept.read(key) ?? Number.NaN);
	return Number.isFinite(value) && value > 0 ? value : standard;
}

customElements.define('terminal-panel', TerminalPanel);
