/**
 * What a terminal shows of an output. The emulator is the page's own, without a display: what it makes of escape sequences becomes lines of text
 * with styles, so that whoever reads the report interprets nothing.
 */
import unicode from '@xterm/addon-unicode11';
import headless, { type IBufferCell, type IBufferLine } from '@xterm/headless';
import { createOutputLimiter } from '../../../src/runbook/run/output-limits.ts';
import { makeVisible } from '../visible.ts';

/** A piece of a line: its text and, unless it is plain, its style (see {@link styleOf}). */
export type Span = readonly [text: string] | readonly [text: string, style: string];

/** Lines above the screen that are kept. */
export const scrollbackLines = 5000;

export class Screen {
	readonly #terminal: headless.Terminal;
	readonly #limiter = createOutputLimiter();
	/** Stands at the first line; it is gone or elsewhere once lines have fallen out above. */
	#top;

	constructor(columns: number, rows: number) {
		this.#terminal = new headless.Terminal({ cols: columns, rows, scrollback: scrollbackLines, allowProposedApi: true });
		this.#terminal.loadAddon(new unicode.Unicode11Addon());
		this.#terminal.unicode.activeVersion = '11';
		// Neither links nor colours of its own are drawn.
		for (const id of [4, 8, 10, 11, 12, 104, 110, 111, 112]) this.#terminal.parser.registerOscHandler(id, () => true);
		this.#top = this.#terminal.registerMarker(0);
	}

	write(text: string): Promise<void> {
		const bounded = this.#limiter.write(text, { columns: this.columns, rows: this.rows });
		return new Promise((resolve) => this.#terminal.write(bounded, resolve));
	}

	/** Whether something was left out, because it asked for more than can be drawn. */
	get isSimplified(): boolean {
		return this.#limiter.leftOut > 0;
	}

	resize(columns: number, rows: number): void {
		this.#terminal.resize(columns, rows);
	}

	get columns(): number {
		return this.#terminal.cols;
	}

	get rows(): number {
		return this.#terminal.rows;
	}

	/** Whether a program draws on the whole screen (an editor, a pager): its lines are not part of the text. */
	get isAlternate(): boolean {
		return this.#terminal.buffer.active.type === 'alternate';
	}

	/** Number of the first line that can still change. */
	get firstOnScreen(): number {
		return this.#terminal.buffer.active.baseY;
	}

	/** How many lines there are, without blank ones below the last. */
	get count(): number {
		const buffer = this.#terminal.buffer.active;
		let last = buffer.baseY + this.#terminal.rows - 1;
		while (last >= 0 && (buffer.getLine(last)?.translateToString(true) ?? '') === '') last -= 1;
		return last + 1;
	}

	/** Whether lines have lost their numbers since this was asked last: some fell out above, or were cleared. */
	tookAway(): boolean {
		const isSame = this.#top !== undefined && !this.#top.isDisposed && this.#top.line === 0;
		if (isSame || this.isAlternate) return false;
		const { baseY, cursorY } = this.#terminal.buffer.normal;
		this.#top?.dispose();
		this.#top = this.#terminal.registerMarker(-(baseY + cursorY));
		return true;
	}

	/** A line with its styles. */
	line(index: number): readonly Span[] {
		const line = this.#terminal.buffer.active.getLine(index);
		return line ? readSpans(line, this.#terminal.buffer.active.getNullCell()) : [];
	}

	/** All lines as text; what the terminal had to wrap is one line again. */
	text(): string[] {
		const buffer = this.#terminal.buffer.active;
		const lines: string[] = [];
		const { count } = this;
		for (let index = 0; index < count; index += 1) {
			const line = buffer.getLine(index);
			const next = buffer.getLine(index + 1);
			const text = makeVisible(line?.translateToString(!next?.isWrapped) ?? '');
			if (line?.isWrapped && lines.length > 0) lines[lines.length - 1] += text;
			else lines.push(text);
		}
		return lines;
	}

	close(): void {
		this.#terminal.dispose();
	}
}

function readSpans(line: IBufferLine, cell: IBufferCell): readonly Span[] {
	const spans: { text: string; style: string }[] = [];
	for (let column = 0; column < line.length; column += 1) {
		line.getCell(column, cell);
		if (cell.getWidth() === 0) continue;
		const style = styleOf(cell);
		const text = cell.isInvisible() ? ' '.repeat(cell.getWidth()) : cell.getChars() || ' ';
		const last = spans.at(-1);
		if (last?.style === style) last.text += text;
		else spans.push({ text, style });
	}
	const end = spans.at(-1);
	if (end?.style === '') end.text = end.text.trimEnd();
	if (end?.text === '') spans.pop();
	return spans.map(({ text, style }): Span => (style === '' ? [makeVisible(text)] : [makeVisible(text), style]));
}

/**
 * The style of a cell in words: `b` bold, `d` dim, `i` italic, `u` underlined, `s` struck, `w` twice as wide, `f…` and `g…` foreground and background, each with a
 * number of the palette, `#rrggbb`, or `-` for the other one's default. Empty for plain text.
 */
function styleOf(cell: IBufferCell): string {
	const words: string[] = [];
	if (cell.isBold()) words.push('b');
	if (cell.isDim()) words.push('d');
	if (cell.isItalic()) words.push('i');
	if (cell.isUnderline()) words.push('u');
	if (cell.isStrikethrough()) words.push('s');
	if (cell.getWidth() === 2) words.push('w');
	const bright = cell.isBold() && cell.isFgPalette() && cell.getFgColor() < 8 ? 8 : 0;
	const foreground = colour(cell.isFgDefault(), cell.isFgRGB(), cell.getFgColor() + bright);
	const background = colour(cell.isBgDefault(), cell.isBgRGB(), cell.getBgColor());
	const [front, back] = cell.isInverse() ? [background || '-', foreground || '-'] : [foreground, background];
	if (front !== '') words.push(`f${front}`);
	if (back !== '') words.push(`g${back}`);
	return words.join(' ');
}

function colour(isDefault: boolean, isRgb: boolean, value: number): string {
	if (isDefault) return '';
	return isRgb ? `#${value.toString(16).padStart(6, '0')}` : String(value);
}
