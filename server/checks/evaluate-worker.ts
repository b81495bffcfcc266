/** A thread that judges: regular expressions of content may take for ever, and this thread can be ended. */
import { parentPort } from 'node:worker_threads';
import type { Probe, RawObservation } from '../../src/runbook/check/check.ts';
import { evaluate } from '../../src/runbook/check/evaluate.ts';

parentPort?.on('message', (asked: readonly { probe: Probe; found: RawObservation }[]) => {
	parentPort?.postMessage(asked.map(({ probe, found }) => evaluate(probe, found)));
});
parentPort?.postMessage('ready');
