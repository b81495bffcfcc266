/** What a reader waits for: a server that starts, and a step whose button he has pressed. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { renderStep } from '../../src/runbook/command/render.ts';
import { createRunbookStore } from '../../server/runbooks.ts';
import { readContent } from '../../src/content/read-content.ts';
import { fixtureRoot, startDrover } from '../../tests/server/drover.ts';

const root = join(import.meta.dirname, '../..');

/** Milliseconds from the start of the process to its first page, of a site that is built. */
export async function measureServerStart(): Promise<number> {
	const stateDir = mkdtempSync(join(tmpdir(), 'drover-bench-'));
	const before = performance.now();
	const args = [join(root, 'bin/drover.js'), 'start', '--no-open', '--port', '0', '--state-dir', join(stateDir, 'state')];
	const server = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
	let took = Number.NaN;
	for await (const line of createInterface({ input: server.stdout })) {
		const [, origin] = /^\s+(http:\/\/127\.0\.0\.1:\d+)\//.exec(line) ?? [];
		if (origin === undefined) continue;
		await (await fetch(`${origin}/en/rancher-1.6/single-container/`)).text();
		took = performance.now() - before;
		break;
	}
	const exit = once(server, 'exit');
	server.kill('SIGTERM');
	await exit;
	rmSync(stateDir, { recursive: true, force: true });
	return took;
}

/** Milliseconds from the request that the button sends to the first byte of output at the page, each time in a session of its own. */
export async function measurePresses(times: number): Promise<number[]> {
	const drover = await startDrover();
	const store = createRunbookStore(readContent(fixtureRoot));
	const runbook = store.get('demo/files');
	const step = runbook.steps.find(({ id }) => id === 'print');
	const values = { folder: drover.folder, name: 'bella' };
	const preview = (step && renderStep(step, 'run', store.resolve(runbook, values), {})?.display) ?? '';
	const all: number[] = [];
	for (let time = 0; time < times; time += 1) {
		const { body } = await drover.call('POST', '/api/sessions', { runbook: runbook.id, name: 'bench', values, detected: [] });
		const { session } = body as { session: string };
		for (const id of ['folder-there', 'tools']) await drover.call('POST', `/api/sessions/${session}/looks`, { step: id, for: 'done', values });
		const socket = await drover.socket();
		const request = { session, runbook: runbook.id, step: 'print', kind: 'run', values, preview, confirmed: true, size: { columns: 80, rows: 24 } };
		const before = performance.now();
		const started = await drover.call('POST', '/api/runs', request);
		socket.send({ type: 'run.follow', run: (started.body as { run: string }).run, from: 0 });
		await socket.next('run.events', ({ events }) => events.some(({ kind }) => kind === 'output'));
		all.push(performance.now() - before);
		await socket.next('run.events', ({ end }) => end);
		socket.close();
	}
	await drover.close();
	return all;
}
