import { createMatcher } from './matcher.ts';
import { isFindable, secretForms } from './secret-forms.ts';

/** What stands in place of a secret. Its length says nothing. */
export const mask = '••••••••';

/** So many leading characters of a secret may show, when nothing follows them for a while. */
const shownAtMost = 3;

/** Takes secrets out of a text that comes in pieces, wherever it is cut. */
export interface Masker {
	/** Returns what can be told of the text so far; what may become a secret is held back. */
	write(text: string): string;
	/** Whether `release` would return something. */
	readonly canRelease: boolean;
	/** Returns what is held, when it is too little to matter. A secret that it begins is still found. */
	release(): string;
	/** Returns the rest. What began like a secret stays hidden: it may be one that was cut off. */
	end(): string;
}

/** Part of the held text that is masked: from (included) to (excluded). */
type Range = readonly [from: number, to: number];

class StreamMasker implements Masker {
	readonly #matcher;
	#state: number;
	#held = '';
	#ranges: Range[] = [];
	/** Whether the last unit that was given out was hidden: one run of hidden units is one mask. */
	#inMask = false;

	constructor(words: readonly string[]) {
		this.#matcher = createMatcher(words);
		this.#state = this.#matcher.root;
	}

	write(text: string): string {
		const all = this.#held + text;
		for (let i = this.#held.length; i < all.length; i += 1) {
			this.#state = this.#matcher.next(this.#state, all.charCodeAt(i));
			const length = this.#matcher.matched(this.#state);
			if (length > 0) this.#hide(Math.max(0, i + 1 - length), i + 1);
		}
		this.#held = all;
		return this.#give(Math.max(0, all.length - this.#matcher.depth(this.#state)));
	}

	/** Ranges end in order, so a new one only swallows from the end. */
	#hide(from: number, to: number): void {
		let start = from;
		for (let last = this.#ranges.at(-1); last && last[1] >= start; last = this.#ranges.at(-1)) {
			start = Math.min(start, last[0]);
			this.#ranges.pop();
		}
		this.#ranges.push([start, to]);
	}

	#give(end: number): string {
		let given = '';
		let at = 0;
		for (const [from, to] of this.#ranges) {
			if (from >= end) break;
			given += this.#plain(at, from) + this.#masked();
			at = Math.min(to, end);
		}
		given += this.#plain(at, end);
		this.#ranges = this.#ranges
			.filter(([, to]) => to > end)
			.map(([from, to]) => [Math.max(0, from - end), to - end]);
		this.#held = this.#held.slice(end);
		return given;
	}

	#plain(from: number, to: number): string {
		if (from < to) this.#inMask = false;
		return this.#held.slice(from, to);
	}

	#masked(): string {
		if (this.#inMask) return '';
		this.#inMask = true;
		return mask;
	}

	get canRelease(): boolean {
		return this.#held !== '' && this.#matcher.depth(this.#state) <= shownAtMost;
	}

	release(): string {
		return this.canRelease ? this.#give(this.#held.length) : '';
	}

	end(): string {
		if (!this.canRelease && this.#held !== '') this.#hide(0, this.#held.length);
		return this.#give(this.#held.length);
	}
}

const nothingToHide: Masker = { write: (text) => text, canRelease: false, release: () => '', end: () => '' };

/** Returns a masker for all spellings of all secrets that can be looked for. */
export function createMasker(secrets: readonly string[]): Masker {
	const words = secrets.filter(isFindable).flatMap(secretForms);
	return words.length === 0 ? nothingToHide : new StreamMasker([...new Set(words)]);
}
