/** Notices that a program asks something: an unfinished line that ends as a question does, and stands still. */
import { linesOf } from '../../server/report/recording/plain-lines.ts';

/** Of what was printed last, so much may belong to the line that is not finished. Unit: characters. */
const tailLength = 1_000;
/** How a line ends after which something is typed: `[sudo] password for x: `, `Continue? [y/N] `, `> `. */
const asks = /[:?>\])：？]\s*$/;

export class Prompts {
	#tail = '';
	/** How often it was found as it stands. */
	#found = 0;
	#answered = false;

	/** Takes what the program printed. */
	take(text: string): void {
		this.#tail = (this.#tail + text).slice(-tailLength);
		this.#found = 0;
		this.#answered = false;
	}

	/** To be asked now and then: returns a question that has stood since it was asked the last time, once. */
	next(): string | undefined {
		const line = linesOf(this.#tail).at(-1)?.trimEnd() ?? '';
		if (this.#answered || !asks.test(line)) return undefined;
		this.#found += 1;
		if (this.#found < 2) return undefined;
		this.#answered = true;
		return line;
	}
}
