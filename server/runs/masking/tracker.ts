/**
 * Finds one pattern in a stream, however its characters are spelled. A text can be read in several ways: each is a thread that knows how
 * far it is in the pattern, by Knuth, Morris and Pratt ("Fast pattern matching in strings", SIAM J. Comput. 6, 1977), and
 * which spelling it is in the middle of. All is linear in the pattern's length, in memory and in time.
 */
import { canHold, isLead, readEscape, type Symbol } from './escapes.ts';
import type { Pattern } from './secret-forms.ts';

/** Where the bytes of a thread stood in the text, the last one first. `jump` leads far back, so that any one is found in logarithmic time. */
interface Place {
	readonly at: number;
	readonly depth: number;
	readonly before: Place | undefined;
	readonly jump: Place | undefined;
}

/** Source of the jumps: E. Myers, "An applicative random-access stack", Inf. Process. Lett. 17, 1983. */
function addPlace(before: Place | undefined, at: number): Place {
	if (!before) return { at, depth: 1, before, jump: undefined };
	const { jump } = before;
	const isEven = before.depth - (jump?.depth ?? 0) === (jump?.depth ?? 0) - (jump?.jump?.depth ?? 0);
	return { at, depth: before.depth + 1, before, jump: isEven && jump ? jump.jump : before };
}

function placeBefore(place: Place | undefined, steps: number): Place | undefined {
	const depth = (place?.depth ?? 0) - steps;
	let at = place;
	while (at && at.depth > depth) at = at.jump && at.jump.depth >= depth ? at.jump : at.before;
	return at;
}

/** A spelling that has begun, in the middle of another perhaps. */
interface Escape {
	readonly text: string;
	readonly from: number;
	readonly outer: Escape | undefined;
}

export interface Thread {
	/** How many bytes of the pattern the last characters were. */
	readonly matched: number;
	readonly places: Place | undefined;
	readonly escape: Escape | undefined;
	/** The first half of a character beyond 16 bits. */
	readonly high: { readonly unit: number; readonly from: number } | undefined;
	/** How many characters were passed over since the last one that counted, and whether a line ended among them. */
	readonly blanks: number;
	readonly broken: boolean;
}

const root: Thread = { matched: 0, places: undefined, escape: undefined, high: undefined, blanks: 0, broken: false };

/** So many readings of one text are followed; those that have matched least are given up. */
const threadsAtMost = 48;
const nestedAtMost = 3;
/** So many units may spell one character. */
const spelledAtMost = 160;
/** So many characters that print nothing may stand between two of a secret: a text that is held back must end. */
const blanksAtMost = 160;

/** So many bytes of the pattern all threads together may have matched to be described. */
const maxReported = 96;

const backspace = 8;
const isLineEnd = (symbol: Symbol): boolean => symbol === 10 || symbol === 13;
const isBlank = (symbol: Symbol): boolean => (symbol >= 0 && symbol < 32 && symbol !== 9 && symbol !== 27) || symbol === 127;
const isSeparator = (symbol: Symbol): boolean => symbol === 32 || symbol === 58 || symbol === 45 || symbol === 44;

function buildFallbacks(bytes: Uint8Array): Int32Array {
	const borders = new Int32Array(bytes.length + 1);
	const fallbacks = new Int32Array(bytes.length + 1);
	borders[0] = -1;
	fallbacks[0] = -1;
	for (let i = 1; i <= bytes.length; i += 1) {
		let border = borders[i - 1] ?? -1;
		while (border >= 0 && bytes[border] !== bytes[i - 1]) border = borders[border] ?? -1;
		borders[i] = border + 1;
	}
	// Falls no further than to where another byte is wanted: at most a logarithm of falls for a byte.
	for (let i = 1; i <= bytes.length; i += 1) {
		const border = borders[i] ?? 0;
		fallbacks[i] = i < bytes.length && bytes[border] === bytes[i] ? (fallbacks[border] ?? -1) : border;
	}
	return fallbacks;
}

const encoder = new TextEncoder();

export class Tracker {
	readonly #bytes: Uint8Array;
	readonly #kind: Pattern['kind'];
	readonly #fallbacks: Int32Array;
	#threads: readonly Thread[] = [root];
	#next: Thread[] = [];
	/** For ASCII: whether a match can begin with it, or the spelling of one. */
	readonly #beginsWith: Uint8Array;
	/** For ASCII: whether it stands for itself and nothing else, inside a match. */
	readonly #isPlain: Uint8Array;
	#found: ((from: number, to: number) => void) | undefined;
	#offset = 0;
	/** How many bytes were compared, and how many characters read: what the time depends on. */
	steps = 0;

	constructor({ kind, bytes }: Pattern) {
		this.#kind = kind;
		this.#bytes = bytes;
		this.#fallbacks = buildFallbacks(bytes);
		const first = bytes[0] ?? 0;
		const starts = (unit: number): boolean => isLead(unit, false) || this.#fold(unit) === first || (unit === 0x2b && first === 0x20) || (kind === 'hex' && unit === 0x30);
		const isPlain = (unit: number): boolean => !isLead(unit, true) && !isBlank(unit) && unit !== 9 && unit !== 0x2b && !(kind === 'hex' && (unit === 0x30 || isSeparator(unit)));
		this.#beginsWith = Uint8Array.from({ length: 128 }, (_, unit) => Number(starts(unit)));
		this.#isPlain = Uint8Array.from({ length: 128 }, (_, unit) => Number(isPlain(unit)));
	}

	/** Reads one more unit, by its number in the stream. Calls back for every place of the pattern that ends with it. */
	take(unit: number, offset: number, found: (from: number, to: number) => void): void {
		const threads = this.#threads;
		const [first] = threads;
		if (threads.length === 1 && first === root && !this.#begins(unit)) return;
		this.#found = found;
		this.#offset = offset;
		this.#next = [];
		if (first && threads.length === 1 && this.#isPlain[unit] === 1 && !first.escape && !first.high) this.#compare(first, unit, offset);
		else for (const thread of threads) this.#feed(thread, unit, offset);
		const alive = this.#next.filter((thread) => !isIdle(thread));
		const isCrowded = alive.length > threadsAtMost;
		if (isCrowded) alive.sort((a, b) => b.matched - a.matched).length = threadsAtMost;
		// What has matched nothing is followed once.
		if (isCrowded || alive.length < this.#next.length) alive.unshift(root);
		this.#threads = alive;
	}

	#begins(unit: number): boolean {
		return unit < 128 ? this.#beginsWith[unit] === 1 : (this.#bytes[0] ?? 0) >= 128;
	}

	/** Where the tracker stands. It can be put back there; no thread ever changes. */
	get threads(): readonly Thread[] {
		return this.#threads;
	}

	set threads(threads: readonly Thread[]) {
		this.#threads = threads;
	}

	/** Tells all of the threads that what follows depends on, places counted back from `end`: nothing for the root alone, undefined when it is long. */
	describe(end: number): string | undefined {
		const threads = this.#threads;
		if (threads.length === 1 && threads[0] === root) return '';
		if (threads.reduce((sum, { matched }) => sum + matched, 0) > maxReported) return undefined;
		return threads.map((thread) => describeThread(thread, end)).join(';');
	}

	#feed(thread: Thread, symbol: Symbol, from: number): void {
		this.steps += 1;
		if (thread.escape) return this.#feedEscape(thread, thread.escape, symbol, from);
		const lead = isLead(symbol, thread.matched > 0) || (this.#kind === 'hex' && symbol === 0x30 && thread.matched % 2 === 0);
		if (lead && this.#offset - from <= spelledAtMost) this.#keep({ ...thread, escape: { text: String.fromCharCode(symbol), from, outer: undefined } });
		if (thread.matched > 0) this.#passOver(thread, symbol);
		this.#compare(thread, symbol, from);
		if (symbol === 0x2b) this.#compare(thread, 0x20, from);
	}

	#feedEscape(thread: Thread, escape: Escape, symbol: Symbol, from: number): void {
		if (symbol < 0) return;
		const text = escape.text + String.fromCharCode(symbol);
		const reading = readEscape(text);
		if (reading.more) this.#keep({ ...thread, escape: { ...escape, text } });
		const outside = { ...thread, escape: escape.outer };
		for (const one of reading.symbols) {
			if (!Number.isNaN(one)) this.#feed(outside, one, escape.from);
			else if (thread.blanks < blanksAtMost) this.#keep({ ...outside, blanks: thread.blanks + 1 });
		}
		if (canHold(escape.text, symbol) && nesting(escape) < nestedAtMost) this.#keep({ ...thread, escape: { text: String.fromCharCode(symbol), from, outer: escape } });
	}

	/** Line ends, carriage returns and other characters that print nothing may stand inside; after a line end its indentation too. */
	#passOver(thread: Thread, symbol: Symbol): void {
		if (thread.blanks >= blanksAtMost) return;
		const indents = thread.broken && (symbol === 32 || symbol === 9);
		const separates = this.#kind === 'hex' && thread.matched % 2 === 0 && isSeparator(symbol);
		if (!isBlank(symbol) && !indents && !separates) return;
		const blanks = { ...thread, blanks: thread.blanks + 1, broken: thread.broken || isLineEnd(symbol) };
		this.#keep(blanks);
		if (symbol !== backspace) return;
		// Printed over once more, as for bold letters.
		let matched = thread.matched - 1;
		while (matched > 0 && ((this.#bytes[matched] ?? 0) & 0xc0) === 0x80) matched -= 1;
		if (matched > 0) this.#keep({ ...blanks, matched, places: placeBefore(thread.places, thread.matched - matched) });
		else this.#keep({ ...root, escape: { text: '\b', from: this.#startOf(thread), outer: undefined } });
	}

	#compare(thread: Thread, symbol: Symbol, from: number): void {
		const { high } = thread;
		if (symbol >= 0xd800 && symbol < 0xdc00) return this.#keep({ ...(high ? root : thread), high: { unit: symbol, from } });
		const joined = high && symbol >= 0xdc00 && symbol < 0xe000 ? high : undefined;
		const code = joined ? (joined.unit - 0xd800) * 0x400 + (symbol - 0xdc00) + 0x10000 : symbol;
		const bytes = code < 0 ? [-code] : code < 128 ? [this.#fold(code)] : encoder.encode(String.fromCodePoint(code));
		const start = joined?.from ?? from;
		// Half a character is none.
		let { matched, places } = high && !joined ? root : thread;
		for (const byte of bytes) {
			this.steps += 1;
			while (matched >= 0 && (matched === this.#bytes.length || this.#bytes[matched] !== byte)) {
				matched = this.#fallbacks[matched] ?? -1;
				this.steps += 1;
			}
			matched += 1;
			places = matched === 0 ? undefined : this.#extend(places, start, matched);
		}
		const compared: Thread = matched === 0 ? root : { ...root, matched, places };
		this.#keep(compared);
		if (matched === this.#bytes.length) this.#found?.(this.#startOf(compared), this.#offset + 1);
	}

	/** Old places are let go from time to time. */
	#extend(places: Place | undefined, at: number, matched: number): Place {
		const longer = addPlace(places, at);
		if (longer.depth <= 2 * this.#bytes.length + 64) return longer;
		const kept: number[] = [];
		for (let place: Place | undefined = longer; place && kept.length < matched; place = place.before) kept.push(place.at);
		let fresh: Place | undefined;
		for (const one of kept.reverse()) fresh = addPlace(fresh, one);
		return fresh ?? longer;
	}

	#startOf({ matched, places, escape, high }: Thread): number {
		if (matched > 0) return placeBefore(places, matched - 1)?.at ?? this.#offset;
		if (high) return high.from;
		let outermost = escape;
		while (outermost?.outer) outermost = outermost.outer;
		return outermost?.from ?? this.#offset;
	}

	#keep(thread: Thread): void {
		const next = this.#next;
		for (let i = 0; i < next.length; i += 1) {
			const other = next[i];
			if (!other || !isSame(thread, other)) continue;
			if (!isIdle(thread) && this.#startOf(thread) < this.#startOf(other)) next[i] = thread;
			return;
		}
		next.push(thread);
	}

	#fold(code: number): number {
		if (this.#kind === 'hex' && code >= 0x41 && code <= 0x46) return code + 32;
		if (this.#kind !== 'base64') return code;
		// The alphabet for URLs. Source: RFC 4648, 5.
		return code === 0x2d ? 0x2b : code === 0x5f ? 0x2f : code;
	}

	/** Number of the first unit that may still become a part of the pattern, if any. */
	get held(): number | undefined {
		return this.#earliest(() => true);
	}

	/** The same, where the last characters were of the pattern, and not only such as may stand inside. */
	get begun(): number | undefined {
		return this.#earliest(({ matched, blanks }) => matched > 0 && blanks === 0);
	}

	#earliest(counts: (thread: Thread) => boolean): number | undefined {
		const starts = this.#threads.filter((thread) => (thread.matched > 0 || thread.escape || thread.high) && counts(thread)).map((thread) => this.#startOf(thread));
		return starts.length === 0 ? undefined : Math.min(...starts);
	}
}

const isIdle = ({ matched, escape, high }: Thread): boolean => matched === 0 && !escape && !high;

function describeThread({ matched, places, escape, high, blanks, broken }: Thread, end: number): string {
	let text = `${matched},${blanks},${Number(broken)}`;
	for (let [place, left] = [places, matched]; place && left > 0; [place, left] = [place.before, left - 1]) text += `,${end - place.at}`;
	if (high) text += `^${high.unit},${end - high.from}`;
	for (let one = escape; one; one = one.outer) text += `<${end - one.from},${one.text.length}:${one.text}`;
	return text;
}

function nesting({ outer }: Escape): number {
	return outer ? 1 + nesting(outer) : 1;
}

/** Whether two readings go on alike. */
function isSame(a: Thread, b: Thread): boolean {
	return a.matched === b.matched && a.high?.unit === b.high?.unit && a.blanks > 0 === b.blanks > 0 && a.broken === b.broken && isSameEscape(a.escape, b.escape);
}

function isSameEscape(a: Escape | undefined, b: Escape | undefined): boolean {
	return a === b || (a !== undefined && b !== undefined && a.text === b.text && isSameEscape(a.outer, b.outer));
}
