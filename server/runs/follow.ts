import type { RecordingEvent } from '../../src/runbook/recording.ts';
import type { Run } from './run.ts';
import { Tail } from './tail.ts';

/** Resolves when the run has something new, or the reader is gone. */
function nextNews(run: Run, signal: AbortSignal): Promise<void> {
	const { promise, resolve } = Promise.withResolvers<void>();
	const tell = (): void => resolve();
	run.on('wrote', tell).on('change', tell);
	signal.addEventListener('abort', tell);
	return promise.finally(() => {
		run.off('wrote', tell).off('change', tell);
		signal.removeEventListener('abort', tell);
	});
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
	run: Run,
	fromEvent: number,
	signal: AbortSignal,
): AsyncGenerator<RecordingEvent, void> {
	const tail = new Tail(folder, fromEvent);
	try {
		while (!signal.aborted) {
			const isLast = run.isOver || run.state.kind === 'unknown';
			// Listened for before the file is read: what is written meanwhile is news already.
			const news = isLast ? undefined : nextNews(run, signal);
			for (let events = await tail.read(); events.length > 0 && !signal.aborted; events = await tail.read())
				yield* events;
			if (!news) return;
			await news;
		}
	} finally {
		await tail.close();
	}
}
