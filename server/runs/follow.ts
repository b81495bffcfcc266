import type { RecordingEvent } from '../../src/runbook/run/recording.ts';
import type { RunState } from '../../src/runbook/run/run-state.ts';
import { Tail } from './tail.ts';

/** What is asked of a run whose recording is followed. */
interface Followed {
	readonly isOver: boolean;
	readonly state: RunState;
	on(event: 'wrote' | 'change', act: () => void): this;
	off(event: 'wrote' | 'change', act: () => void): this;
}

/** Listens for whatever is new of a run, or for the reader to be gone. */
class News {
	readonly #run: Followed;
	readonly #signal: AbortSignal;
	#woken = Promise.withResolvers<void>();
	readonly #wake = (): void => this.#woken.resolve();

	constructor(run: Followed, signal: AbortSignal) {
		this.#run = run;
		this.#signal = signal;
		run.on('wrote', this.#wake).on('change', this.#wake);
		signal.addEventListener('abort', this.#wake);
	}

	/** From here on; what was told before is not news. */
	begin(): void {
		this.#woken = Promise.withResolvers<void>();
	}

	wait(): Promise<void> {
		return this.#woken.promise;
	}

	close(): void {
		this.#run.off('wrote', this.#wake).off('change', this.#wake);
		this.#signal.removeEventListener('abort', this.#wake);
	}
}

/** Yields what the recording holds from one event on. */
export async function* readRecording(
	folder: string,
	fromEvent: number,
): AsyncGenerator<RecordingEvent, void> {
	const tail = new Tail(folder, fromEvent);
	try {
		for (let events = await tail.read(); events.length > 0; events = await tail.read()) yield* events;
	} finally {
		await tail.close();
	}
}

/** Yields what the recording holds from one event on, and then what is appended to it, until the run is over or the reader gone. */
export async function* followRecording(
	folder: string,
	run: Followed,
	fromEvent: number,
	signal: AbortSignal,
): AsyncGenerator<RecordingEvent, void> {
	const tail = new Tail(folder, fromEvent);
	const news = new News(run, signal);
	try {
		while (!signal.aborted) {
			// Before the file is read: what is written meanwhile is news already.
			news.begin();
			const isLast = run.isOver || run.state.kind === 'unknown';
			for (let events = await tail.read(); events.length > 0 && !signal.aborted; events = await tail.read()) {
				yield* events;
			}
			if (isLast) return;
			await news.wait();
		}
	} finally {
		news.close();
		await tail.close();
	}
}
