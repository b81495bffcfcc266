import type { RecordingEvent } from '../../src/runbook/run/recording.ts';
import type { RunState } from '../../src/runbook/run/run-state.ts';
import { Batch } from './batch.ts';
import type { LiveOutput } from './link.ts';
import { Tail } from './tail.ts';

/** What is asked of a run whose recording is followed. */
export interface Followed {
	readonly isOver: boolean;
	readonly state: RunState;
	/** Number of the last event that is known to be written. */
	readonly written: number;
	/** Whether everything that is written is heard of. */
	readonly isHeard: boolean;
	on(event: 'wrote' | 'change', act: () => void): this;
	on(event: 'output', act: (output: LiveOutput) => void): this;
	off(event: 'wrote' | 'change', act: () => void): this;
	off(event: 'output', act: (output: LiveOutput) => void): this;
}

/** What is live waits for its reader up to so many bytes; who is later than that reads the recording. */
const waitingBytes = 512 * 1024;

/** Listens for whatever is new of a run, or for the reader to be gone, and keeps what comes live. */
class News {
	readonly #run: Followed;
	readonly #signal: AbortSignal;
	#told = Promise.withResolvers<void>();
	#live: LiveOutput[] = [];
	#bytes = 0;
	readonly #tell = (): void => this.#told.resolve();
	readonly #keep = (output: LiveOutput): void => {
		// What does not follow on what waits would only stand in the way of the recording.
		const last = this.#live.at(-1);
		if (this.#bytes >= waitingBytes || (last && output.first !== last.last + 1)) return;
		this.#live.push(output);
		this.#bytes += output.events.length;
		this.#told.resolve();
	};

	constructor(run: Followed, signal: AbortSignal) {
		this.#run = run;
		this.#signal = signal;
		run.on('output', this.#keep).on('wrote', this.#tell).on('change', this.#tell);
		signal.addEventListener('abort', this.#tell);
	}

	/** Returns what came live and begins with this event. What is older was read from the recording meanwhile. */
	take(wanted: number): LiveOutput | undefined {
		for (let first = this.#live[0]; first && first.first <= wanted; first = this.#live[0]) {
			this.#live.shift();
			this.#bytes -= first.events.length;
			if (first.first === wanted) return first;
		}
		return undefined;
	}

	/** From here on; what was told before is not news. */
	begin(): void {
		this.#told = Promise.withResolvers<void>();
	}

	wait(): Promise<void> {
		return this.#told.promise;
	}

	close(): void {
		this.#run.off('output', this.#keep).off('wrote', this.#tell).off('change', this.#tell);
		this.#signal.removeEventListener('abort', this.#tell);
	}
}

/** Yields what the recording holds from one event on. */
export async function* readRecording(folder: string, fromEvent: number): AsyncGenerator<RecordingEvent, void> {
	const tail = new Tail(folder, fromEvent);
	try {
		for (let events = await tail.read(); events.length > 0; events = await tail.read()) yield* events;
	} finally {
		await tail.close();
	}
}

/**
 * Yields what the recording holds from one event on, and then what is appended to it, until the run is over or the reader gone. Who has everything gets what is
 * written as it is told; who lags, or comes later, reads the recording: both get the same.
 */
export async function* followRecording(folder: string, run: Followed, fromEvent: number, signal: AbortSignal): AsyncGenerator<Batch, void> {
	const tail = new Tail(folder, fromEvent);
	const news = new News(run, signal);
	let wanted = fromEvent;
	try {
		while (!signal.aborted) {
			// Before anything is read: what is written meanwhile is news already.
			news.begin();
			const isLast = run.isOver || run.state.kind === 'unknown';
			const live = news.take(wanted);
			if (live) {
				wanted = live.last + 1;
				tail.goTo(live.place);
				yield Batch.ofFrames(live.first, live.last, live.events);
				continue;
			}
			const mayHaveMore = isLast || !run.isHeard || run.written >= wanted;
			const events = mayHaveMore ? await tail.read() : [];
			if (signal.aborted) return;
			if (events.length > 0) {
				const batch = Batch.ofEvents(events);
				wanted = batch.last + 1;
				yield batch;
			} else if (isLast) return;
			else await news.wait();
		}
	} finally {
		news.close();
		await tail.close();
	}
}
