/**
 * CheckProgress for the processes of runs that no file names. Every process of a run carries its mark from its first moment, so a mark that is
 * not there when the supervisor is gone can only have been missed: it is looked for again, less and less often.
 */
import type { Clock } from '../state/clock.ts';
import { readMarks } from './files/processes.ts';

/** Reads `/proc` once for all that ask at the same moment. */
export class Marks {
	readonly #read: () => ReadonlySet<string>;
	#shared: ReadonlySet<string> | undefined;
	#sharing = false;

	constructor(read: () => ReadonlySet<string> = readMarks) {
		this.#read = read;
	}

	/** Whoever asks while this runs gets the same answer. */
	share(ask: () => void): void {
		this.#sharing = true;
		try {
			ask();
		} finally {
			this.#sharing = false;
			this.#shared = undefined;
		}
	}

	read(): ReadonlySet<string> {
		if (!this.#sharing) return this.#read();
		return (this.#shared ??= this.#read());
	}
}

const firstPauseMs = 1_000;
const longestPauseMs = 10 * 60_000;

/** Looks for the mark of one run. */
export class MarkSearch {
	readonly #run: string;
	readonly #marks: Marks;
	readonly #clock: Clock;
	#pauseMs = 0;
	#nextUp = Number.NEGATIVE_INFINITY;

	constructor(run: string, marks: Marks, clock: Clock) {
		this.#run = run;
		this.#marks = marks;
		this.#clock = clock;
	}

	/** Whether any process carries the mark. What was not there a while ago is not looked for at each call. */
	isThere(): boolean {
		const up = this.#clock.up();
		if (up < this.#nextUp) return false;
		const found = this.#marks.read().has(this.#run);
		this.#pauseMs = found ? 0 : Math.min(longestPauseMs, this.#pauseMs === 0 ? firstPauseMs : this.#pauseMs * 2);
		this.#nextUp = found ? Number.NEGATIVE_INFINITY : up + this.#pauseMs;
		return found;
	}
}
