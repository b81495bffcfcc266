import { Scanner } from './scanner.ts';
import { isFindable, secretPatterns } from './secret-forms.ts';

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
	/** How much was compared so far: what the time depends on. */
	readonly steps: number;
}

/** Part of the stream that is masked: from (included) to (excluded). */
type Range = readonly [from: number, to: number];

/** Returns the ranges in order, those that meet as one. */
function joinRanges(ranges: readonly Range[]): Range[] {
	const joined: Range[] = [];
	for (const [from, to] of [...ranges].sort((a, b) => a[0] - b[0])) {
		const last = joined.at(-1);
		if (last && last[1] >= from) joined[joined.length - 1] = [last[0], Math.max(last[1], to)];
		else joined.push([from, to]);
	}
	return joined;
}

class StreamMasker implements Masker {
	readonly #scanner: Scanner;
	#held = '';
	/** Number of the first unit that is held. */
	#base = 0;
	#ranges: readonly Range[] = [];
	/** Whether the last unit that was given out was hidden: one run of hidden units is one mask. */
	#inMask = false;

	constructor(scanner: Scanner) {
		this.#scanner = scanner;
	}

	write(text: string): string {
		const ranges = [...this.#ranges];
		const found = (from: number, to: number): void => {
			const start = Math.max(from, this.#base);
			const last = ranges.at(-1);
			// Matches that overlap come one after another, and many.
			if (last && last[0] <= start && last[1] >= start) ranges[ranges.length - 1] = [last[0], Math.max(last[1], to)];
			else ranges.push([start, to]);
		};
		this.#scanner.read(text, found);
		this.#held += text;
		this.#ranges = joinRanges(ranges);
		return this.#give(Math.max(this.#base, this.#start));
	}

	get #end(): number {
		return this.#base + this.#held.length;
	}

	/** Where what may become a secret begins: before the held text, when a part was released. */
	get #start(): number {
		return this.#scanner.held ?? this.#end;
	}

	/** Gives out everything before a unit. */
	#give(end: number): string {
		let given = '';
		let at = this.#base;
		for (const [from, to] of this.#ranges) {
			if (from >= end) break;
			given += this.#plain(at, Math.max(from, at)) + this.#masked();
			at = Math.min(to, end);
		}
		given += this.#plain(at, end);
		this.#ranges = this.#ranges.filter(([, to]) => to > end).map(([from, to]) => [Math.max(from, end), to]);
		this.#held = this.#held.slice(end - this.#base);
		this.#base = end;
		return given;
	}

	#plain(from: number, to: number): string {
		if (from < to) this.#inMask = false;
		return this.#held.slice(from - this.#base, to - this.#base);
	}

	#masked(): string {
		if (this.#inMask) return '';
		this.#inMask = true;
		return mask;
	}

	get canRelease(): boolean {
		return this.#held !== '' && this.#countFrom(this.#start) <= shownAtMost;
	}

	release(): string {
		return this.canRelease ? this.#give(this.#end) : '';
	}

	end(): string {
		const from = this.#scanner.begun ?? this.#end;
		if (this.#countFrom(from) > shownAtMost) this.#ranges = joinRanges([...this.#ranges, [Math.max(from, this.#base), this.#end]]);
		return this.#give(this.#end);
	}

	/** How many characters stand there from a unit on. Line ends and the like show nothing of a secret. */
	#countFrom(start: number): number {
		const held = this.#held.slice(Math.max(0, start - this.#base)).replace(/[\0-\x1f\x7f]/g, '');
		return Math.max(0, this.#base - start) + held.length;
	}

	get steps(): number {
		return this.#scanner.steps;
	}
}

/** The masker of no secret at all: it need not be asked. */
export const nothingToHide: Masker = { write: (text) => text, canRelease: false, release: () => '', end: () => '', steps: 0 };

/** Returns a masker for all spellings of all secrets that can be looked for. How much it may remember changes the time alone. */
export function createMasker(secrets: readonly string[], statesAtMost?: number): Masker {
	const patterns = [...new Set(secrets)].filter(isFindable).flatMap(secretPatterns);
	return patterns.length === 0 ? nothingToHide : new StreamMasker(new Scanner(patterns, statesAtMost));
}
