import { Worker } from 'node:worker_threads';
import type { Look, Observation, Verdict } from '../../src/runbook/check.ts';

export interface Judged {
	readonly look: Look;
	readonly found: Observation;
}

/** Threads that wait for something to judge. One suffices most of the time; more are made while several are busy, and one is kept. */
const idle: Worker[] = [];

/**
 * Judges in a thread of its own, within a time limit. Undefined when the time is over: the thread is ended then, in the middle of whatever it evaluates. Nothing else in
 * this process waits meanwhile.
 */
export function judgeApart(asked: readonly Judged[], timeoutMs: number): Promise<readonly Verdict[] | undefined> {
	const { promise, resolve, reject } = Promise.withResolvers<readonly Verdict[] | undefined>();
	const worker = idle.pop() ?? startWorker();
	const done = () => {
		clearTimeout(limit);
		worker.removeAllListeners();
		worker.unref();
	};
	const limit = setTimeout(() => {
		done();
		void worker.terminate();
		resolve(undefined);
	}, timeoutMs);
	limit.unref();
	worker.ref();
	worker.on('message', (verdicts: readonly Verdict[]) => {
		done();
		if (idle.length === 0) idle.push(worker);
		else void worker.terminate();
		resolve(verdicts);
	});
	worker.on('error', (error) => {
		done();
		reject(error);
	});
	worker.postMessage(asked);
	return promise;
}

function startWorker(): Worker {
	return new Worker(new URL('./judge-worker.ts', import.meta.url), { env: {}, execArgv: [] });
}
