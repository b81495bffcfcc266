import { isSize } from '../files/terminal-size.ts';

const everyMs = 100;

/** Sizes on their way to the terminal: at most ten a second, the last one wins. */
export class Resizing {
	readonly #apply: (columns: number, rows: number) => void;
	#next: readonly [columns: number, rows: number] | undefined;
	#timer: NodeJS.Timeout | undefined;

	constructor(apply: (columns: number, rows: number) => void) {
		this.#apply = apply;
	}

	take(columns: number, rows: number): void {
		if (!isSize(columns, rows)) return;
		this.#next = [columns, rows];
		if (this.#timer === undefined) this.#applyNext();
	}

	#applyNext(): void {
		this.#timer = undefined;
		if (!this.#next) return;
		this.#apply(...this.#next);
		this.#next = undefined;
		this.#timer = setTimeout(() => this.#applyNext(), everyMs);
	}
}
