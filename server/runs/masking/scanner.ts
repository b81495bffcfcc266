/**
 * Follows all patterns through a stream at once, and remembers how: where the trackers stand, told without where in the text, is a state, and
 * a unit leads from one to another. Trackers do the work only for a step that was never made; ordinary text makes the same few again and
 * again. Results never depend on what is remembered.
 * Source: R. Cox, "Regular Expression Matching in the Wild", 2010, the automaton that is built as it is needed.
 */
import type { Pattern } from './secret-forms.ts';
import { Tracker, type Thread } from './tracker.ts';

interface State {
	readonly threads: readonly (readonly Thread[])[];
	/** Number of the unit that comes next, as the threads count. */
	readonly at: number;
	/** How many of the last units may still become a part of a pattern. */
	readonly held: number;
}

/** Units up to this are looked up in a table: Latin 1. */
const latin = 256;
const statesByDefault = 2_048;
/** So many steps for each state make it worthwhile to remember; if not, none is for so many steps each. */
const worthwhile = 8;
const pause = 64;
/** A short text costs less when nothing of it is remembered. */
const shortText = 256;
const wideAtMost = 16_384;
/** A step that was never made; as a state: one that is not remembered, where the trackers are. */
const unknown = 0;

export class Scanner {
	readonly #trackers: readonly Tracker[];
	readonly #statesAtMost: number;
	#states: State[] = [];
	/** Numbers of the states, from 1, by their description. */
	readonly #numbers = new Map<string, number>();
	/** Steps by Latin 1, a row for each state. */
	#steps = new Uint16Array(32 * latin);
	/** Steps by other units. */
	readonly #wide = new Map<number, number>();
	#state = unknown;
	/** The state where nothing has begun. */
	#root = unknown;
	/** Whether no pattern begins beyond ASCII. */
	readonly #beginsNarrow: boolean;
	/** Number of the unit that comes next. */
	#end = 0;
	/** When remembering began, and when it begins again. */
	#beganAt = shortText;
	#pausesUntil = shortText;
	/** Where the trackers began to count. */
	#origin = 0;

	constructor(patterns: readonly Pattern[], statesAtMost = statesByDefault) {
		this.#trackers = patterns.map((pattern) => new Tracker(pattern));
		this.#statesAtMost = statesAtMost;
		this.#beginsNarrow = patterns.every(({ bytes }) => (bytes[0] ?? 0) < 128);
	}

	/** Reads on. Calls back for every place of a pattern. */
	read(text: string, found: (from: number, to: number) => void): void {
		let state = this.#state;
		let steps = this.#steps;
		for (let i = 0; i < text.length; i += 1) {
			const unit = text.charCodeAt(i);
			const next = unit < latin ? steps[state * latin + unit] : this.#wideStep(state, unit);
			if (next === undefined || next === unknown) {
				state = this.#step(state, unit, this.#end + i, found);
				steps = this.#steps;
			} else state = next;
		}
		this.#state = state;
		this.#end += text.length;
	}

	#wideStep(state: number, unit: number): number | undefined {
		return state === this.#root && this.#beginsNarrow ? state : this.#wide.get(state * 0x1_0000 + unit);
	}

	#step(before: number, unit: number, at: number, found: (from: number, to: number) => void): number {
		this.#putBack(before, at);
		let from = before;
		if (this.#states.length >= this.#statesAtMost) {
			this.#forget(at);
			from = unknown;
		}
		let isQuiet = true;
		const report = (first: number, end: number): void => {
			isQuiet = false;
			found(first + this.#origin, end + this.#origin);
		};
		for (const tracker of this.#trackers) tracker.take(unit, at - this.#origin, report);
		if (at < this.#pausesUntil) return unknown;
		const to = this.#remember(at + 1 - this.#origin);
		if (from === unknown || to === unknown || !isQuiet) return to;
		if (unit < latin) this.#steps[from * latin + unit] = to;
		else {
			if (this.#wide.size >= wideAtMost) this.#wide.clear();
			this.#wide.set(from * 0x1_0000 + unit, to);
		}
		return to;
	}

	/** Puts the trackers where a state has them. */
	#putBack(number: number, at: number): void {
		const state = this.#states[number - 1];
		if (!state) return;
		this.#origin = at - state.at;
		for (const [index, tracker] of this.#trackers.entries()) tracker.threads = state.threads[index] ?? tracker.threads;
	}

	/** Returns the number of the state that the trackers are in, if it can be told shortly. */
	#remember(at: number): number {
		let description = '';
		for (const [index, tracker] of this.#trackers.entries()) {
			const one = tracker.describe(at);
			if (one === undefined) return unknown;
			if (one !== '') description += `${index}#${one}/`;
		}
		const known = this.#numbers.get(description);
		if (known !== undefined) return known;
		const number = this.#states.push({ threads: this.#trackers.map(({ threads }) => threads), at, held: at - (this.#earliest('held') ?? at) });
		this.#numbers.set(description, number);
		if (description === '') this.#root = number;
		if ((number + 1) * latin > this.#steps.length) {
			const longer = new Uint16Array(2 * this.#steps.length);
			longer.set(this.#steps);
			this.#steps = longer;
		}
		return number;
	}

	/** Text that is new all the time is not worth remembering: for a while nothing is. */
	#forget(at: number): void {
		if (at - this.#beganAt < worthwhile * this.#statesAtMost) this.#pausesUntil = at + pause * this.#statesAtMost;
		this.#beganAt = Math.max(at, this.#pausesUntil);
		this.#states = [];
		this.#root = unknown;
		this.#numbers.clear();
		this.#wide.clear();
		this.#steps.fill(unknown);
	}

	#earliest(which: 'held' | 'begun'): number | undefined {
		const starts = this.#trackers.map((tracker) => tracker[which]).filter((start) => start !== undefined);
		return starts.length === 0 ? undefined : Math.min(...starts);
	}

	/** Number of the first unit that may still become a part of a pattern, if any. */
	get held(): number | undefined {
		const state = this.#states[this.#state - 1];
		if (state) return state.held === 0 ? undefined : this.#end - state.held;
		const held = this.#earliest('held');
		return held === undefined ? undefined : held + this.#origin;
	}

	/** The same, where the last characters were of the pattern, and not only such as may stand inside. */
	get begun(): number | undefined {
		this.#putBack(this.#state, this.#end);
		const begun = this.#earliest('begun');
		return begun === undefined ? undefined : begun + this.#origin;
	}

	/** How much was compared, and read. */
	get steps(): number {
		return this.#trackers.reduce((sum, { steps }) => sum + steps, this.#end);
	}
}
