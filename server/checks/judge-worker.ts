/** A thread that judges: regular expressions of content may take for ever, and this thread can be ended. */
import { parentPort } from 'node:worker_threads';
import type { Look, Observation } from '../../src/runbook/check/check.ts';
import { judge } from '../../src/runbook/check/judge.ts';

parentPort?.on('message', (asked: readonly { look: Look; found: Observation }[]) => {
	parentPort?.postMessage(asked.map(({ look, found }) => judge(look, found)));
});
parentPort?.postMessage('ready');
