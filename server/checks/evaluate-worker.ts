/** A thread that judges and reads: regular expressions of content may take for ever, and this thread can be ended. */
import { parentPort } from 'node:worker_threads';
import type { Probe, RawObservation } from '../../src/runbook/check/check.ts';
import { evaluate } from '../../src/runbook/check/evaluate.ts';
import { readOutput } from '../../src/runbook/check/read-output.ts';
import type { Output } from '../../src/runbook/definition/definition.ts';

type Asked = readonly { probe: Probe; found: RawObservation }[] | { readonly outputs: Readonly<Record<string, Output>>; readonly text: string };

const answer = (asked: Asked) => ('outputs' in asked ? Object.fromEntries(Object.entries(asked.outputs).map(([name, output]) => [name, readOutput(name, output, asked.text)])) : asked.map(({ probe, found }) => evaluate(probe, found)));

parentPort?.on('message', (asked: Asked) => parentPort?.postMessage(answer(asked)));
parentPort?.postMessage('ready');
