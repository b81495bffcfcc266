/** A thread that judges and reads: regular expressions of content may take for ever, and this thread can be ended. */
import { parentPort } from 'node:worker_threads';
import type { Look, Observation } from '../../src/runbook/check/check.ts';
import { judge } from '../../src/runbook/check/judge.ts';
import { readOutput } from '../../src/runbook/check/read-output.ts';
import type { Output } from '../../src/runbook/definition/definition.ts';

type Asked = readonly { look: Look; found: Observation }[] | { readonly outputs: Readonly<Record<string, Output>>; readonly text: string };

const answer = (asked: Asked) => ('outputs' in asked ? Object.fromEntries(Object.entries(asked.outputs).map(([name, output]) => [name, readOutput(name, output, asked.text)])) : asked.map(({ look, found }) => judge(look, found)));

parentPort?.on('message', (asked: Asked) => parentPort?.postMessage(answer(asked)));
parentPort?.postMessage('ready');
