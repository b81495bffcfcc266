/**
 * The terminal of one run. What the program prints is drawn and nothing more: titles, the clipboard and window reports are out of its reach, links ask
 * first. The terminal's own answers go to the program only while it prints them now and this page is the one that types.
 */
import { FitAddon } from '@xterm/addon-fit';
import { SearchAddon } from '@xterm/addon-search';
import { Unicode11Addon } from '@xterm/addon-unicode11';
import { WebLinksAddon } from '@xterm/addon-web-links';
import { Terminal } from '@xterm/xterm';
import { createOutputLimiter } from '../../runbook/run/output-limits.ts';
import type { RunEvent } from '../../runbook/protocol/protocol.ts';
import { askLink } from '../ground/ask.ts';
import { make } from '../ground/dom.ts';
import { terminalTheme } from '../../styles/terminal-theme.ts';
import { t } from '../ground/words.ts';

export interface ScreenOptions {
	readonly label: string;
	readonly fontSize: number;
	readonly onInput: (text: string) => void;
	readonly onSize: (columns: number, rows: number) => void;
	/** The reader wants to leave the terminal by keyboard. */
	readonly onLeave: () => void;
}

/** Lines of output that the terminal keeps; everything is in the text beside it. */
const scrollbackLines = 20_000;
const resizeRestMs = 100;
/** Drawn in one go, so that keys and buttons come in between. Unit: characters. */
const pieceLength = 8_192;
/** How often the twin for screen readers follows. */
const twinMs = 1000;
/** Output has come to rest when so much time passes without any. */
const leftOutRestMs = 500;
const twinLines = 200;

export class TerminalScreen {
	readonly element: HTMLElement;
	readonly #terminal: Terminal;
	readonly #fit = new FitAddon();
	readonly #search = new SearchAddon();
	readonly #options: ScreenOptions;
	readonly #limiter = createOutputLimiter();
	/** How many sequences were left out when that was told last. */
	#toldLeftOut = 0;
	#leftOutTimer: ReturnType<typeof setTimeout> | undefined;
	readonly #twin: HTMLElement;
	readonly #observer: ResizeObserver;
	readonly #queue: { readonly text: string; readonly live: boolean }[] = [];
	#writing = false;
	#answers = false;
	#resting: ReturnType<typeof setTimeout> | undefined;
	#twinTimer: ReturnType<typeof setTimeout> | undefined;
	/** This page types into the run. */
	drives = false;
	/** The run goes on: what is typed may arrive. */
	active = true;

	constructor(options: ScreenOptions) {
		this.#options = options;
		this.#twin = make('pre', { class: 'visually-hidden', role: 'log', 'aria-live': 'off', 'aria-label': options.label, tabindex: '-1' });
		const place = make('div', { class: 'terminal-place' });
		this.element = make('div', { class: 'terminal-screen', role: 'tabpanel', 'aria-label': options.label }, place, this.#twin);
		this.#terminal = new Terminal({
			allowProposedApi: true,
			cursorBlink: false,
			fontFamily: getComputedStyle(document.documentElement).getPropertyValue('--mono'),
			fontSize: options.fontSize,
			lineHeight: 1.25,
			scrollback: scrollbackLines,
			theme: terminalTheme,
			linkHandler: { activate: (_event, address) => void openLink(address) },
		});
		this.#terminal.loadAddon(this.#fit);
		this.#terminal.loadAddon(this.#search);
		this.#terminal.loadAddon(new Unicode11Addon());
		this.#terminal.loadAddon(new WebLinksAddon((_event, address) => void openLink(address)));
		this.#terminal.unicode.activeVersion = '11';
		this.#refuseAnswers();
		this.#terminal.onData((text) => {
			if (this.active) options.onInput(text);
		});
		this.#terminal.attachCustomKeyEventHandler((event) => this.#onKey(event));
		this.#observer = new ResizeObserver(() => this.#fitSoon());
		this.#observer.observe(this.element);
		queueMicrotask(() => this.#open(place));
	}

	#open(place: HTMLElement): void {
		this.#terminal.open(place);
		this.#terminal.textarea?.setAttribute('aria-label', `${this.#options.label}. ${t('terminal.leave')}`);
		this.#fitSoon();
	}

	/** Draws events. `live` says of each whether it happens now: only then may the terminal answer. */
	write(events: readonly RunEvent[], isLive: (event: RunEvent) => boolean): void {
		for (const event of events) {
			const text = textOf(event);
			const live = isLive(event);
			for (let at = 0; at < text.length; at += pieceLength) this.#enqueue(text.slice(at, at + pieceLength), live);
		}
		this.#writeNext();
	}

	#enqueue(text: string, live: boolean): void {
		const last = this.#queue.at(-1);
		if (last && last.live === live && last.text.length + text.length <= pieceLength) this.#queue[this.#queue.length - 1] = { text: last.text + text, live };
		else this.#queue.push({ text, live });
	}

	/** One piece at a time: typing and scrolling come in between. */
	#writeNext(): void {
		if (this.#writing) return;
		const next = this.#queue.shift();
		if (!next) return this.#rest();
		clearTimeout(this.#leftOutTimer);
		this.#writing = true;
		this.#answers = next.live;
		const bounded = this.#limiter.write(next.text, { columns: this.#terminal.cols, rows: this.#terminal.rows });
		this.#terminal.write(bounded, () => {
			this.#writing = false;
			this.#answers = false;
			this.#writeNext();
		});
	}

	#rest(): void {
		this.#followTwin();
		if (this.#limiter.leftOut > this.#toldLeftOut) this.#leftOutTimer = setTimeout(() => this.#tellLeftOut(), leftOutRestMs);
	}

	/** When output rests: that the picture may differ from what the program meant. Again when more was left out since, which may have wiped it away. */
	#tellLeftOut(): void {
		this.#toldLeftOut = this.#limiter.leftOut;
		this.#enqueue(note(t('terminal.left-out')), false);
		this.#writeNext();
	}

	/** Device attributes, status and mode reports, colour queries: swallowed unless they may be answered. */
	#refuseAnswers(): void {
		const swallow = () => !(this.#answers && this.drives && this.active);
		const { parser } = this.#terminal;
		for (const id of [{ final: 'c' }, { prefix: '>', final: 'c' }, { prefix: '=', final: 'c' }, { final: 'n' }, { prefix: '?', final: 'n' }, { prefix: '>', final: 'q' }]) parser.registerCsiHandler(id, swallow);
		for (const id of [{ intermediates: '$', final: 'p' }, { prefix: '?', intermediates: '$', final: 'p' }]) parser.registerCsiHandler(id, swallow);
		parser.registerCsiHandler({ final: 't' }, () => true);
		parser.registerDcsHandler({ intermediates: '$', final: 'q' }, swallow);
		// Colours may be asked for, not changed: each change would draw all lines anew, and could hide what is written.
		for (const id of [4, 10, 11, 12]) parser.registerOscHandler(id, (data) => !/^(?:\d{1,3};)?\?$/.test(data) || swallow());
		for (const id of [0, 1, 2, 52, 104, 110, 111, 112]) parser.registerOscHandler(id, () => true);
	}

	/** Tab belongs to a running program; F6 always leads out. */
	#onKey(event: KeyboardEvent): boolean {
		if (event.type !== 'keydown') return true;
		if (event.key === 'F6') {
			event.preventDefault();
			this.#options.onLeave();
			return false;
		}
		if (event.key === 'Tab' && !this.active) return false;
		const copies = event.ctrlKey && event.shiftKey && event.key.toLowerCase() === 'c';
		return !copies;
	}

	#fitSoon(): void {
		clearTimeout(this.#resting);
		this.#resting = setTimeout(() => this.#fitNow(), resizeRestMs);
	}

	#fitNow(): void {
		if (!this.element.isConnected || this.element.hidden) return;
		this.#fit.fit();
		this.#options.onSize(this.#terminal.cols, this.#terminal.rows);
	}

	#followTwin(): void {
		this.#twinTimer ??= setTimeout(() => {
			this.#twinTimer = undefined;
			this.#twin.textContent = this.text(twinLines);
		}, twinMs);
	}

	/** The last lines on the screen and above it, as text. */
	text(lines: number): string {
		const { active: buffer } = this.#terminal.buffer;
		const found: string[] = [];
		for (let y = Math.max(0, buffer.length - lines); y < buffer.length; y += 1) {
			const line = buffer.getLine(y);
			if (!line) continue;
			const text = line.translateToString(true);
			if (line.isWrapped && found.length > 0) found[found.length - 1] += text;
			else found.push(text);
		}
		return found.join('\n').trimEnd();
	}

	get selection(): string {
		return this.#terminal.getSelection();
	}

	set fontSize(size: number) {
		this.#terminal.options.fontSize = size;
		this.#fitSoon();
	}

	find(text: string, back: boolean): void {
		if (back) this.#search.findPrevious(text);
		else this.#search.findNext(text);
	}

	show(shown: boolean): void {
		this.element.hidden = !shown;
		if (shown) this.#fitSoon();
	}

	focus(): void {
		this.#terminal.focus();
	}

	close(): void {
		clearTimeout(this.#resting);
		clearTimeout(this.#twinTimer);
		clearTimeout(this.#leftOutTimer);
		this.#observer.disconnect();
		this.#terminal.dispose();
		this.element.remove();
	}
}

function textOf(event: RunEvent): string {
	if (event.kind === 'output') return event.text;
	if (event.kind === 'gap') return note(t('terminal.gap', { bytes: event.bytes }));
	if (event.kind === 'dropped') return note(t('terminal.dropped', { bytes: event.bytes }));
	return '';
}

/** A line of Drover's own among the output: the attributes that the program has set are put back. */
function note(text: string): string {
	return `\u001b7\r\n\u001b[0;7m ${text} \u001b[0m\r\n\u001b8\r\n`;
}

async function openLink(address: string): Promise<void> {
	if (!/^https?:\/\//i.test(address)) return;
	if (await askLink(address)) open(address, '_blank', 'noopener,noreferrer');
}
