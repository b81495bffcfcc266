/**
 * Keeps what a program prints from costing its reader more than its length. An emulator repeats some sequences as often as they say, up to two thousand
 * million times; others rewrite the whole screen, or collect megabytes, for a few bytes. Whoever draws output sends it through here first: page and report.
 *
 * Every sequence keeps its meaning as far as it can be seen: a repeat count ends at the edge of the screen. What is dear has a price, in line
 * operations, and each character of output earns one: whoever repeats it without printing anything loses it. Nothing depends on time, so that a
 * recording is drawn alike whenever it is read.
 *
 * Source: ECMA-48, 5.4 (control sequences); https://vt100.net/emu/dec_ansi_parser (the states of a terminal's parser); xterm.js, `InputHandler.ts` (which sequences loop).
 */

/** Size of the screen that is drawn on. */
export interface ScreenSize {
	readonly columns: number;
	readonly rows: number;
}

export interface OutputLimiter {
	/** Returns what may be drawn of the next piece of output. A sequence that is cut waits for its rest. */
	write(text: string, size: ScreenSize): string;
	/** How many sequences were left out so far. */
	readonly leftOut: number;
}

/** What may be spent at once. */
const maxCredit = 5_000;
/** Longest title, link, colour or setting that is passed on. Unit: characters. */
const maxString = 4_096;
/** Parameters and intermediates of one sequence, in characters; the emulator reads 32 numbers. */
const maxSequence = 256;
/** Each link is compared whenever a line moves, and its lines whenever one of its characters is drawn. */
const maxLinks = 300;
const maxLinkText = 500;
/** Marks on one character: text in use has a handful. */
const maxMarks = 32;

/** Where a sequence stands: the parser of a terminal, as far as it matters what ends where. */
type State = 'ground' | 'escape' | 'escape-more' | 'control' | 'string';

const ESC = '\u001b';
/** Begins a sequence or a string, also as one character of the second control set, or ends one; or is added to the character before it. */
const special = /[\u001b\u0080-\u009f\u1160-\u11ff]|(?![\u00ad])[\p{M}\p{Cf}\p{Default_Ignorable_Code_Point}]/gu;
const linkEnd = `${ESC}]8;;${ESC}\\`;
const isMark = (char: string) => char > '\u009f';

export function createOutputLimiter(): OutputLimiter {
	return new Limiter();
}

class Limiter implements OutputLimiter {
	leftOut = 0;
	#state: State = 'ground';
	/** The sequence so far, with what begins it. */
	#held = '';
	/** How a string began: `]` system command, `P` device control, `X` the rest. */
	#kind = '';
	/** The sequence is longer than any that means something. */
	#tooLong = false;
	/** The string before was passed on with an end of its own. */
	#isEnded = false;
	#credit = maxCredit;
	#links = 0;
	/** What a link may still hold; 0 when none is open. */
	#linkText = 0;
	#marks = 0;
	/** The first half of a character whose second has not come: a surrogate. */
	#half = '';

	write(piece: string, size: ScreenSize): string {
		const text = this.#takeWhole(piece);
		let out = '';
		let at = 0;
		while (at < text.length) {
			if (this.#state === 'ground') {
				const end = this.#plainUntil(text, at);
				out += this.#plain(text.slice(at, end));
				this.#earn(end - at);
				at = end;
				if (at >= text.length) break;
			}
			const char = String.fromCodePoint(text.codePointAt(at) ?? 0);
			at += char.length;
			this.#earn(char.length);
			out += this.#take(char, size);
		}
		return out;
	}

	/**
	 * Returns the text up to its last whole character. One that is cut waits for its rest: half of it is no mark and ends no sequence, and V8's `codePointAt` (Node 24.21) may read a text that is a
	 * part of a longer one beyond its end there.
	 */
	#takeWhole(piece: string): string {
		const text = this.#half + piece;
		const isCut = /[\ud800-\udbff]$/.test(text);
		this.#half = isCut ? text.slice(-1) : '';
		return isCut ? text.slice(0, -1) : text;
	}

	#plainUntil(text: string, from: number): number {
		special.lastIndex = from;
		const end = special.exec(text)?.index ?? text.length;
		if (end > from) this.#marks = 0;
		return end;
	}

	/** A link is one piece of text in one line. */
	#plain(text: string): string {
		if (this.#linkText === 0 || text === '') return text;
		const control = text.search(/[\u0000-\u001f]/);
		const end = control < 0 ? text.length : control;
		if (end === text.length && end < this.#linkText) {
			this.#linkText -= end;
			return text;
		}
		const linked = Math.min(end, this.#linkText);
		return text.slice(0, linked) + this.#endLink() + text.slice(linked);
	}

	#endLink(): string {
		if (this.#linkText === 0) return '';
		this.#linkText = 0;
		return linkEnd;
	}

	#earn(units: number): void {
		this.#credit = Math.min(maxCredit, this.#credit + units);
	}

	/** Whether something may be drawn that costs so many line operations. */
	#pay(price: number): boolean {
		if (price <= this.#credit) {
			this.#credit -= price;
			return true;
		}
		this.leftOut += 1;
		return false;
	}

	#take(char: string, size: ScreenSize): string {
		switch (this.#state) {
			case 'ground':
				return isMark(char) ? this.#mark(char) : this.#begin(char);
			case 'string':
				return this.#string(char);
			case 'escape':
			case 'escape-more':
				return this.#escape(char, size);
			case 'control':
				return this.#control(char, size);
		}
	}

	#mark(char: string): string {
		this.#marks += 1;
		if (this.#marks <= maxMarks) return char;
		this.leftOut += 1;
		return '';
	}

	/** ESC or a control of the second set: whatever was begun before it is over. */
	#begin(char: string, isEnded = false): string {
		this.#marks = 0;
		this.#tooLong = false;
		this.#isEnded = isEnded;
		const short = { '\u009b': '[', '\u009d': ']', '\u0090': 'P', '\u0098': 'X', '\u009e': '^', '\u009f': '_' }[char];
		this.#held = char;
		if (short !== undefined) return this.#open(short);
		if (char === ESC) {
			this.#state = 'escape';
			return '';
		}
		return this.#leave(this.#endLink() + char);
	}

	#open(kind: string): string {
		this.#kind = kind;
		this.#state = kind === '[' ? 'control' : 'string';
		return '';
	}

	/** The sequence is over; this is what is drawn of it. */
	#leave(drawn: string): string {
		this.#state = 'ground';
		this.#held = '';
		return drawn;
	}

	/** Controls of the first set work in the middle of a sequence; two of them, and any that begins another one, end it. Undefined: it goes on. */
	#interrupt(char: string): string | undefined {
		if (char === ESC || (char >= '\u0080' && char <= '\u009f')) return this.#begin(char);
		if (char === '\u0018' || char === '\u001a') return this.#leave(char);
		if (char < ' ') return this.#endLink() + char;
		return undefined;
	}

	#escape(char: string, { rows }: ScreenSize): string {
		const interrupted = this.#interrupt(char);
		if (interrupted !== undefined) return interrupted;
		if (this.#state === 'escape' && /[[\]PX^_]/.test(char)) {
			this.#held += char;
			return this.#open(char);
		}
		if (char >= ' ' && char <= '/') {
			this.#state = 'escape-more';
			this.#grow(char);
			return '';
		}
		// The end of a string that is over already. It shows nothing, but CSI b repeats nothing after it.
		if (this.#state === 'escape' && char === '\\') return this.#leave(this.#isEnded ? '' : this.#held + char);
		const sequence = this.#held + char;
		const price = this.#state === 'escape' ? (char === 'c' ? resetPrice : 0) : sequence.endsWith('#8') ? rows : 0;
		return this.#leave(this.#tooLong || !this.#pay(price) ? '' : this.#endLink() + sequence);
	}

	#grow(char: string): void {
		if (this.#held.length < maxSequence) this.#held += char;
		else this.#tooLong = true;
	}

	#control(char: string, size: ScreenSize): string {
		const interrupted = this.#interrupt(char);
		if (interrupted !== undefined) return interrupted;
		if (char === '\u007f') return '';
		if (char < '@') {
			this.#grow(char);
			return '';
		}
		// What is no part of a sequence ends it, unseen.
		if (char > '~') return this.#leave(this.#held + char);
		const body = this.#held.replace(/^(?:\u001b\[|\u009b)/, '');
		const { sequence, price } = boundControl(body, char, size);
		return this.#leave(this.#tooLong || !this.#pay(price) ? '' : (char === 'm' ? '' : this.#endLink()) + sequence);
	}

	#string(char: string): string {
		const isEnd = char === '\u0007' ? this.#kind === ']' : char === ESC || char === '\u0018' || char === '\u001a' || (char >= '\u0080' && char <= '\u009f');
		if (!isEnd) {
			if (this.#held.length < maxString) this.#held += char;
			else this.#tooLong = true;
			return '';
		}
		// Only a real end makes a string work; anything else throws it away, and may begin the next sequence.
		const isWhole = char === '\u0007' || char === '\u009c' || char === ESC;
		const passed = isWhole ? this.#passString() : '';
		if (isWhole && char !== ESC) return this.#leave(passed);
		// These two are characters of their own beside: after them, as after any sequence, there is nothing for CSI b to repeat.
		return passed + (char === '\u0018' || char === '\u001a' ? this.#leave(char) : this.#begin(char, passed !== ''));
	}

	/** Returns a string with an end of its own. Messages that no terminal shows are not passed on, nor what is longer than a setting is. */
	#passString(): string {
		const sequence = this.#held;
		if (this.#kind !== ']' && this.#kind !== 'P') return '';
		if (this.#tooLong) {
			this.leftOut += 1;
			return '';
		}
		if (this.#kind === 'P') return `${sequence}${ESC}\\`;
		const [, address] = /^(?:\u001b\]|\u009d)8;[^;]*;(.*)$/s.exec(sequence) ?? [];
		if (address === undefined) return `${sequence}\u0007`;
		const before = this.#endLink();
		if (address === '') return before;
		this.#links += 1;
		if (this.#links > maxLinks) {
			this.leftOut += 1;
			return before;
		}
		this.#linkText = maxLinkText;
		return `${before}${ESC}]8;;${address}\u0007`;
	}
}

/** A reset makes both buffers anew, with room for all lines above the screen. */
const resetPrice = 2_000;
/** To move a line out or in. */
const movePrice = 4;

/** Whole screens that come and go. */
const alternates = new Set(['47', '1047', '1049']);

/** Returns a control sequence with its repeat count bounded by the screen, and what it costs to draw it. */
function boundControl(body: string, final: string, { columns, rows }: ScreenSize): { sequence: string; price: number } {
	const [, prefix = '', parameters = '', more = ''] = /^([<-?]?)([0-9:;]*)(.*)$/s.exec(body) ?? [];
	const make = (numbers: string) => `${ESC}[${prefix}${numbers}${more}${final}`;
	const asIs = make(parameters);
	if (prefix === '?' && (final === 'h' || final === 'l')) {
		const screens = parameters.split(';').filter((one) => alternates.has(one.replace(/^0+/, '').split(':')[0] ?? '')).length;
		return { sequence: asIs, price: screens * (80 + rows) };
	}
	if (final === 'J') return { sequence: asIs, price: rows };
	if (more !== '') return { sequence: asIs, price: /[@A}~]/.test(final) ? 3 * rows : 0 };
	const isLines = /[STLM]/.test(final);
	if (!isLines && !/[@PXbIZ]/.test(final)) return { sequence: asIs, price: 0 };
	const max = isLines ? rows : columns;
	const count = Number(/^\d*/.exec(parameters)?.[0] ?? '') || 1;
	const sequence = count > max ? make(parameters.replace(/^\d+/, String(max))) : asIs;
	return { sequence, price: isLines ? movePrice * Math.min(count, max) : 2 };
}
