/** A session of the runbook `field/wolf`: runs whatever a test writes into the file that its first step sources. */
import { writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { readContent } from '../../src/content/read-content.ts';
import { createRunbookStore } from '../../server/runbooks.ts';
import { renderStep } from '../../src/runbook/command/render.ts';
import { ServerMessage, type RunEvent } from '../../src/runbook/protocol/protocol.ts';
import type { Values } from '../../src/runbook/values/value.ts';
import { call, originOf, type Target } from '../../attack/target.ts';
import { testContent } from './target-server.ts';

const store = createRunbookStore(readContent(testContent));
const runbook = store.get('field/wolf');

/** The command of a step as a page would show it. */
export function previewOf(step: string, values: Values): string {
	return renderStep(store.step(runbook, step), 'run', store.resolve(runbook, values))?.display ?? '';
}

export interface Runner {
	readonly session: string;
	/** Starts the first step with this script and returns the run. */
	runScript(script: string): Promise<string>;
	/** Asks to run a step, and returns the whole answer. */
	run(step: string, more?: object): Promise<{ status: number; body: unknown }>;
	/** Follows a run: it is the last one from here on. */
	follow(run: string): void;
	/** Makes the file that a script waits for. */
	go(): Promise<void>;
	type(text: string): Promise<void>;
	/** Waits until the last run has printed this. */
	prints(text: string): Promise<void>;
	/** Waits until the last run is over, its terminal closed. */
	over(): Promise<void>;
	close(): void;
}

/** `onEvents` gets what each followed run prints, as it comes. */
export async function openRunner(target: Target, folder: string, more: Values = {}, onEvents: (events: readonly RunEvent[]) => void = () => undefined): Promise<Runner> {
	const values = { folder, ...more };
	const opened = await call(target, 'POST', '/api/sessions', { runbook: runbook.id, name: 'wolf', values, detected: [] });
	const { session } = opened.body as { session: string };
	const socket = await connect(target);
	const typedIds = new Set<string>();
	const over = new Set<string>();
	/** The last of what each run printed. */
	const printed = new Map<string, string>();
	let wake = Promise.withResolvers<void>();
	socket.on('message', (data) => {
		const message = ServerMessage.parse(JSON.parse(String(data)));
		if (message.type === 'run.typed') typedIds.add(message.id);
		if (message.type === 'run.events') {
			onEvents(message.events);
			const text = message.events.map((event) => (event.kind === 'output' ? event.text : '')).join('');
			printed.set(message.run, ((printed.get(message.run) ?? '') + text).slice(-20_000));
			if (message.end) over.add(message.run);
		}
		wake.resolve();
		wake = Promise.withResolvers();
	});
	const until = async (holds: () => boolean) => {
		while (!holds()) await wake.promise;
	};
	socket.send(JSON.stringify({ type: 'session.follow', session, from: 0 }));
	let last = '';
	let typed = 0;
	const isOver = () => over.has(last);
	const run = (step: string, changed: object = {}) =>
		call(target, 'POST', '/api/runs', { session, runbook: runbook.id, step, kind: 'run', values, preview: previewOf(step, values), confirmed: true, size: { columns: 80, rows: 24 }, ...changed });
	const follow = (id: string) => {
		last = id;
		socket.send(JSON.stringify({ type: 'run.follow', run: id, from: 0 }));
	};
	return {
		session,
		run,
		runScript: async (script) => {
			writeFileSync(join(folder, 'howl.sh'), `${script}\n`);
			const { status, body } = await run('howl');
			if (status !== 201) throw new Error(`The run was refused: ${JSON.stringify(body)}`);
			follow((body as { run: string }).run);
			return last;
		},
		follow,
		go: () => writeFile(join(folder, 'go'), ''),
		type: async (text) => {
			const id = `k${(typed += 1)}`;
			socket.send(JSON.stringify({ type: 'run.input', run: last, id, text }));
			await until(() => typedIds.has(id));
		},
		prints: async (text) => {
			await until(() => (printed.get(last) ?? '').includes(text) || isOver());
			if (!(printed.get(last) ?? '').includes(text)) throw new Error(`The run ended without printing ${JSON.stringify(text)}: ${printed.get(last)?.slice(-500) ?? ''}`);
		},
		over: () => until(isOver),
		close: () => socket.close(),
	};
}

async function connect(target: Target): Promise<WebSocket> {
	const socket = new WebSocket(`ws://127.0.0.1:${target.port}/api/socket`, ['drover.v1', `drover.token.${target.token}`], { origin: originOf(target) });
	const { promise, resolve, reject } = Promise.withResolvers<void>();
	socket.once('open', () => resolve());
	socket.once('error', reject);
	await promise;
	return socket;
}
