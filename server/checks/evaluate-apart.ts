import { Worker } from 'node:worker_threads';
import type { Probe, RawObservation, PrintedProbe, CheckResult } from '../../src/runbook/check/check.ts';

export interface Evaluation {
	readonly probe: Probe | PrintedProbe;
	readonly found: RawObservation;
}

type Said = 'ready' | readonly CheckResult[];

/** A thread that waits for something to judge. One is kept; more are made while it is busy. */
let idle: Worker | undefined;

/**
 * Judges in a thread of its own, within a time limit that begins when the thread is ready. Undefined when the time is over: the thread is ended then, in the middle of
 * whatever it evaluates. Nothing else in this process waits meanwhile. @throws what the thread could not do.
 */
export function evaluateApart(asked: readonly Evaluation[], timeoutMs: number): Promise<readonly CheckResult[] | undefined> {
	const { promise, resolve, reject } = Promise.withResolvers<readonly CheckResult[] | undefined>();
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
	const onMessage = (said: Said) => {
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
