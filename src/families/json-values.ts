/**
 * JSON values that stand one after the other in a text, as when the output of several commands was pasted. One pass over the text, whatever it is; the place of the
 * first mistake is the same in every browser, which the messages of `JSON.parse` are not.
 *
 * Source: RFC 8259.
 */

/** The documents of `docker inspect` nest about ten deep. */
export const maxDepth = 100;

/** Where reading ended, as an offset in UTF-16 units. */
export interface Fault {
	readonly why: 'cut-short' | 'not-json' | 'too-deep';
	readonly at: number;
}

export interface JsonValues {
	/** The values before the fault, all of them when there is none. */
	readonly values: readonly unknown[];
	readonly fault?: Fault;
}

/** Reads every value of a text. Never throws. */
export function readJsonValues(text: string): JsonValues {
	const values: unknown[] = [];
	let at = skipBlanks(text, text.startsWith('\uFEFF') ? 1 : 0);
	while (at < text.length) {
		const end = new Scanner(text, at).scan();
		if (typeof end !== 'number') return { values, fault: end };
		values.push(JSON.parse(text.slice(at, end)));
		at = skipBlanks(text, end);
	}
	return { values };
}

function skipBlanks(text: string, from: number): number {
	let at = from;
	while (at < text.length && ' \t\r\n'.includes(text.charAt(at))) at += 1;
	return at;
}

type Expected = 'value' | 'value-or-end' | 'name' | 'name-or-end' | 'next';

const plain = /(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.+-])/y;

/** A number or word that the text ends in the middle of. */
const unfinished = /^(?:t(?:ru?)?|f(?:al?|als)?|n(?:ul?)?|-|-?\d+\.|-?\d+(?:\.\d+)?[eE][+-]?)$/;

/** Finds the end of one value. Without recursion, so that no depth can break it. */
class Scanner {
	readonly #text: string;
	/** The closing bracket of every array and object that is open. */
	readonly #open: string[] = [];
	#at: number;
	#expected: Expected = 'value';

	constructor(text: string, at: number) {
		this.#text = text;
		this.#at = at;
	}

	/** Returns the offset after the value. */
	scan(): number | Fault {
		for (;;) {
			this.#at = skipBlanks(this.#text, this.#at);
			if (this.#at >= this.#text.length) return this.#fault('cut-short');
			const fault = this.#step(this.#text.charAt(this.#at));
			if (fault) return fault;
			if (this.#open.length === 0 && this.#expected === 'next') return this.#at;
		}
	}

	#fault(why: Fault['why'], at = this.#at): Fault {
		return { why, at };
	}

	#step(char: string): Fault | undefined {
		if (this.#expected === 'next') return this.#next(char);
		if (this.#expected.endsWith('-or-end') && char === this.#open.at(-1)) return this.#close();
		if (this.#expected.startsWith('name')) return char === '"' ? this.#name() : this.#fault('not-json');
		if (char === '{' || char === '[') return this.#enter(char);
		this.#expected = 'next';
		return char === '"' ? this.#string() : this.#plain();
	}

	#enter(char: string): Fault | undefined {
		if (this.#open.length === maxDepth) return this.#fault('too-deep');
		this.#open.push(char === '{' ? '}' : ']');
		this.#expected = char === '{' ? 'name-or-end' : 'value-or-end';
		this.#at += 1;
		return undefined;
	}

	#close(): undefined {
		this.#open.pop();
		this.#expected = 'next';
		this.#at += 1;
	}

	#next(char: string): Fault | undefined {
		if (char === this.#open.at(-1)) return this.#close();
		if (char !== ',') return this.#fault('not-json');
		this.#expected = this.#open.at(-1) === '}' ? 'name' : 'value';
		this.#at += 1;
		return undefined;
	}

	#name(): Fault | undefined {
		const fault = this.#string();
		if (fault) return fault;
		this.#at = skipBlanks(this.#text, this.#at);
		if (this.#at >= this.#text.length) return this.#fault('cut-short');
		if (this.#text.charAt(this.#at) !== ':') return this.#fault('not-json');
		this.#expected = 'value';
		this.#at += 1;
		return undefined;
	}

	#string(): Fault | undefined {
		let at = this.#at + 1;
		for (; at < this.#text.length; at += 1) {
			const code = this.#text.charCodeAt(at);
			if (code === 0x22) {
				this.#at = at + 1;
				return undefined;
			}
			if (code < 0x20) return this.#fault('not-json', at);
			if (code !== 0x5c) continue;
			const escaped = /^(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/.exec(this.#text.slice(at + 1, at + 6));
			if (!escaped) return /^(?:u[0-9a-fA-F]{0,3})?$/.test(this.#text.slice(at + 1, at + 7)) ? this.#fault('cut-short', this.#text.length) : this.#fault('not-json', at);
			at += escaped[0].length;
		}
		return this.#fault('cut-short', at);
	}

	#plain(): Fault | undefined {
		plain.lastIndex = this.#at;
		const found = plain.exec(this.#text);
		if (!found) return unfinished.test(this.#text.slice(this.#at, this.#at + 400)) ? this.#fault('cut-short', this.#text.length) : this.#fault('not-json');
		this.#at += found[0].length;
		return undefined;
	}
}
