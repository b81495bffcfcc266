import { cutText, maxEventLength } from '../../../src/runbook/run/recording-line.ts';
import { createMasker, nothingToHide, type Masker } from '../masking/masker.ts';
import { Decoder } from './decoder.ts';
import type { Recorder, Written } from './recorder.ts';

const heldAtMostMs = 200;

/** Tells of output: number of the last event, and the frame for who has all before. */
export type TellWritten = (n: number, output?: () => Buffer) => void;

/** Takes the bytes of a terminal to its recording, and then to who follows: decoded, secrets hidden. What comes is written and told before anything else happens. */
export class Output {
	readonly #recorder: Recorder;
	/** Undefined when there is nothing to hide. */
	readonly #masker: Masker | undefined;
	readonly #decoder = new Decoder();
	readonly #wrote: TellWritten;
	#holdTimer: NodeJS.Timeout | undefined;

	constructor(recorder: Recorder, secrets: readonly string[], wrote: TellWritten) {
		this.#recorder = recorder;
		const masker = createMasker(secrets);
		this.#masker = masker === nothingToHide ? undefined : masker;
		this.#wrote = wrote;
	}

	take(bytes: Uint8Array): void {
		const decoded = this.#decoder.take(Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes));
		if (!this.#masker) return this.#add(decoded);
		this.#addText(this.#masker.write(decoded.toString()));
		if (this.#masker.canRelease) this.#holdTimer ??= setTimeout(() => this.#release(), heldAtMostMs);
	}

	#release(): void {
		this.#holdTimer = undefined;
		this.#addText(this.#masker?.release() ?? '');
	}

	#add(utf8: Buffer): void {
		if (utf8.length > maxEventLength) this.#addText(utf8.toString());
		else if (utf8.length > 0) this.#record([{ kind: 'output', time: this.#recorder.time, utf8 }]);
	}

	#addText(text: string): void {
		const time = this.#recorder.time;
		if (text !== '') this.#record(cutText(text).map((piece) => ({ kind: 'output', time, text: piece })));
	}

	#record(events: Written[]): void {
		const frame = this.#recorder.append(events);
		this.#wrote(this.#recorder.events, frame);
	}

	/** Writes down that the terminal has another size from here on. */
	resized(columns: number, rows: number): void {
		this.#record([{ kind: 'resize', time: this.#recorder.time, columns, rows }]);
	}

	/** Writes what is left: nothing more comes. */
	end(): void {
		clearTimeout(this.#holdTimer);
		const rest = this.#decoder.end();
		if (!this.#masker) return this.#add(rest);
		this.#addText(this.#masker.write(rest.toString()) + this.#masker.end());
	}
}
