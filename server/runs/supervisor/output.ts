import { cutText, type RecordingContent } from '../../../src/runbook/run/recording-line.ts';
import { createMasker, type Masker } from '../masking/masker.ts';
import type { Recorder } from './recorder.ts';

const heldAtMostMs = 200;
/** Written at once, so that a program that prints without end does not fill the memory between two turns. */
const flushLength = 256 * 1024;

/** Takes the bytes of a terminal to its recording: decoded, secrets hidden, a few lines for many small pieces. */
export class Output {
	readonly #recorder: Recorder;
	readonly #masker: Masker;
	readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true });
	readonly #wrote: (events: number) => void;
	#pending = '';
	#turn: NodeJS.Immediate | undefined;
	#holdTimer: NodeJS.Timeout | undefined;

	constructor(recorder: Recorder, secrets: readonly string[], wrote: (events: number) => void) {
		this.#recorder = recorder;
		this.#masker = createMasker(secrets);
		this.#wrote = wrote;
	}

	take(bytes: Uint8Array): void {
		this.#add(this.#masker.write(this.#decoder.decode(bytes, { stream: true })));
		if (this.#masker.canRelease) this.#holdTimer ??= setTimeout(() => this.#release(), heldAtMostMs);
	}

	#release(): void {
		this.#holdTimer = undefined;
		this.#add(this.#masker.release());
	}

	#add(text: string): void {
		this.#pending += text;
		if (this.#pending.length >= flushLength) this.#flush();
		else if (this.#pending !== '') this.#turn ??= setImmediate(() => this.#flush());
	}

	#flush(): void {
		clearImmediate(this.#turn);
		this.#turn = undefined;
		const time = this.#recorder.time;
		const pieces = cutText(this.#pending);
		this.#pending = '';
		this.#record(pieces.map((text) => ({ kind: 'output', time, text })));
	}

	#record(events: RecordingContent[]): void {
		this.#recorder.append(events);
		this.#wrote(this.#recorder.events);
	}

	/** Writes down that the terminal has another size from here on. */
	resized(columns: number, rows: number): void {
		this.#flush();
		this.#record([{ kind: 'resize', time: this.#recorder.time, columns, rows }]);
	}

	/** Writes what is left: nothing more comes. */
	end(): void {
		clearTimeout(this.#holdTimer);
		const rest = this.#masker.write(this.#decoder.decode()) + this.#masker.end();
		this.#pending += rest;
		this.#flush();
	}
}
