import { Worker } from 'node:worker_threads';
import type { Output } from '../../src/runbook/definition/definition.ts';
import type { CapturedOutput } from '../../src/runbook/values/resolve.ts';
import type { Probe, RawObservation, PrintedProbe, CheckResult } from '../../src/runbook/check/check.ts';

export interface Evaluation {
	readonly probe: Probe | PrintedProbe;
	readonly found: RawObservation;
}

export interface Printed {
	readonly outputs: Readonly<Record<string, Output>>;
	readonly text: string;
}

/** A thread that waits for something to judge. One is kept; more are made while it is busy. */
let idle: Worker | undefined;

/** What steps give to later ones, read out of what one printed. Where the time is over, nothing was found. @throws what the thread could not do. */
export async function readOutputsApart(outputs: Readonly<Record<string, Output>>, text: string, timeoutMs: number): Promise<Record<string, CapturedOutput>> {
	const found = await askApart<Record<string, CapturedOutput>>({ outputs, text } satisfies Printed, timeoutMs);
	return found ?? Object.fromEntries(Object.keys(outputs).map((name) => [name, { refused: 'nothing', shown: '' }]));
}

/** Judges in a thread of its own, see {@link askApart}. */
export function evaluateApart(asked: readonly Evaluation[], timeoutMs: number): Promise<readonly CheckResult[] | undefined> {
	return askApart(asked, timeoutMs);
}

/**
 * Asks a thread of its own, within a time limit that begins when the thread is ready. Undefined when the time is over: the thread is ended then, in the middle of
 * whatever it evaluates. Nothing else in this process waits meanwhile. @throws what the thread could not do.
 */
function askApart<T>(asked: readonly Evaluation[] | Printed, timeoutMs: number): Promise<T | undefined> {
	const { promise, resolve, reject } = Promise.withResolvers<T | undefined>();
	const kept = idle;
	idle = undefined;
	const worker = kept ?? new Worker(new URL('./evaluate-worker.ts', import.meta.url), { env: {}, execArgv: [] });
	let limit: NodeJS.Timeout | undefined;
	const done = () => {
		clearTimeout(limit);
		worker.off('message', onMessage).off('error', onError);
	};
	const ask = () => {
		limit = setTimeout(() => {
			done();
			void worker.terminate();
			resolve(undefined);
		}, timeoutMs);
		worker.postMessage(asked);
	};
	const onMessage = (said: 'ready' | T) => {
		if (said === 'ready') return ask();
		done();
		worker.unref();
		if (idle) void worker.terminate();
		else idle = worker;
		resolve(said);
	};
	const onError = (error: unknown) => {
		done();
		reject(error instanceof Error ? error : new Error(String(error)));
	};
	worker.on('message', onMessage).on('error', onError);
	worker.ref();
	if (kept) ask();
	return promise;
}
