/** A server that is killed in the middle of a phase run leaves what is true: the next one says that it stopped there, and goes on with nothing. */
import { createHash, randomBytes } from 'node:crypto';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readContent } from '../../../src/content/read-content.ts';
import { lastPhase } from '../../../src/runbook/session/phase-state.ts';
import { renderStep } from '../../../src/runbook/command/render.ts';
import { foldSession, type Session } from '../../../src/runbook/session/session.ts';
import type { Entry } from '../../../src/runbook/session/session-event.ts';
import { createRunbookStore } from '../../../server/runbooks.ts';
import { stampFile, stampOf } from '../../../server/site/stamp.ts';
import { fixtureRoot } from '../drover.ts';
import { killAll } from '../runs/harness.ts';
import { until } from '../until.ts';

let home: string;
let root: string;
let server: Server;

interface Server {
	readonly child: ChildProcess;
	call(method: string, path: string, body?: unknown): Promise<unknown>;
}

beforeEach(() => {
	home = mkdtempSync(join(tmpdir(), 'drover-killed-'));
	root = join(home, 'project');
	cpSync(fixtureRoot, root, { recursive: true });
	mkdirSync(join(home, 'field'));
	const file = join(root, 'src/content/runbooks/demo/files.yaml');
	const text = readFileSync(file, 'utf8')
		.replace('done_when: { run: bash --version, prints: bash }', "done_when: { file: '${folder}/tools', every: 1s, within: 1h }")
		.replace("run: printf '%s\\n' ${name} [${note}] [${env}]...", "run: 'mkfifo ${folder}/print'\n    done_when: { file: '${folder}/printed', every: 1s, within: 1h }");
	writeFileSync(file, text);
	writeFileSync(join(root, 'package.json'), '{ "version": "0.0.0" }');
	mkdirSync(join(root, 'dist'));
	writeFileSync(join(root, 'dist', stampFile), stampOf(root));
});

afterEach(async () => {
	if (server.child.kill('SIGKILL')) await once(server.child, 'exit');
	const state = join(home, 'state');
	if (existsSync(join(state, 'runs'))) killAll({ path: state, runs: join(state, 'runs'), sessions: '', sockets: '', cache: '' });
	rmSync(home, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
});

/** Starts `drover start`, and signs in with the code that it prints. */
async function start(): Promise<Server> {
	const process_ = spawn(process.execPath, [join(import.meta.dirname, '../../cli/start-process.ts'), root, 'start', '--port', '0', '--state-dir', join(home, 'state')], { env: { PATH: process.env['PATH'], HOME: home, CI: '1' }, stdio: ['ignore', 'pipe', 'inherit'] });
	for await (const line of createInterface({ input: process_.stdout })) {
		const found = /^ {4}(http:\/\/127\.0\.0\.1:\d+)\/#code=(\S+)/.exec(line);
		if (!found) continue;
		const [, origin = '', code = ''] = found;
		const token = randomBytes(32).toString('base64url');
		const headers = { 'content-type': 'application/json', origin };
		await fetch(`${origin}/api/access`, { method: 'POST', headers, body: JSON.stringify({ code, token: createHash('sha256').update(token).digest('hex') }) });
		return {
			child: process_,
			call: async (method, path, body) => {
				const answer = await fetch(`${origin}${path}`, { method, headers: { ...headers, authorization: `Bearer ${token}` }, ...(body !== undefined && { body: JSON.stringify(body) }) });
				return answer.status === 202 ? undefined : answer.json();
			},
		};
	}
	throw new Error('The server did not start.');
}

const sessionOf = async (id: string): Promise<Session> => foldSession(((await server.call('GET', `/api/sessions/${id}`)) as { entries: Entry[] }).entries)!;

const order = ['folder-there', 'tools', 'print', 'ask', 'make', 'fill', 'sign', 'proof'];

test.each<[string, string[], string, (session: Session) => boolean, string]>([
	['preflight', ['folder-there', 'tools'], 'tools', (session) => lastPhase(session)?.begun.length === 2 && session.steps.get('folder-there')?.kind === 'verified', 'todo'],
	['prepare', ['print', 'ask'], 'print', (session) => session.steps.get('print')?.kind === 'ran', 'ran'],
	['change', ['make', 'fill'], 'fill', (session) => [...session.runs.values()].some(({ step, state }) => step === 'fill' && state.kind === 'running'), 'running'],
	['verify', ['proof'], 'proof', (session) => lastPhase(session)?.begun.length === 1, 'todo'],
])('in %s', async (_, steps, at, isThere, status) => {
	server = await start();
	const values = { folder: join(home, 'field'), name: 'bella', wait: 'long', password: 'opensesame' };
	const opened = (await server.call('POST', '/api/sessions', { runbook: 'demo/files', name: 'Tonight', values, detected: [] })) as { session: string };
	const id = opened.session;
	for (const step of order.slice(0, order.indexOf(steps[0]!))) await server.call('POST', `/api/sessions/${id}/marks`, { step, mark: 'skipped', reason: 'test' });
	const store = createRunbookStore(readContent(root));
	const runbook = store.get('demo/files');
	const preview = (step: string) => renderStep(store.step(runbook, step), 'run', store.resolve(runbook, values))?.display ?? '';
	const answer = await server.call('POST', '/api/phases', { session: id, runbook: runbook.id, steps: steps.map((step) => ({ step, preview: preview(step) })), values, confirmed: true, size: { columns: 80, rows: 24 } });
	expect(answer).toMatchObject({ phase: expect.any(String) as string });
	let before = await sessionOf(id);
	while (!isThere(before)) before = await sessionOf(id);

	server.child.kill('SIGKILL');
	await once(server.child, 'exit');
	server = await start();
	const after = await sessionOf(id);

	expect(lastPhase(before)?.end).toBeUndefined();
	expect(lastPhase(after)?.end).toMatchObject({ reason: 'server-ended', step: at });
	expect(after.steps.get(at)?.kind ?? 'todo').toBe(status);
	const next = steps[steps.indexOf(at) + 1];
	if (next) expect(after.steps.has(next)).toBe(false);
	const journal = readdirSync(join(home, 'state', 'sessions')).map((one) => readFileSync(join(home, 'state', 'sessions', one, 'journal.jsonl'), 'utf8')).join('');
	expect(journal).not.toContain('opensesame');
});

test('what ended with its server may be begun again', async () => {
	server = await start();
	const values = { folder: join(home, 'field'), name: 'bella' };
	const { session: id } = (await server.call('POST', '/api/sessions', { runbook: 'demo/files', name: 'Tonight', values, detected: [] })) as { session: string };
	const request = { session: id, runbook: 'demo/files', steps: ['folder-there', 'tools'].map((step) => ({ step, preview: '' })), values, confirmed: false, size: { columns: 80, rows: 24 } };
	await server.call('POST', '/api/phases', request);
	server.child.kill('SIGKILL');
	await once(server.child, 'exit');
	server = await start();

	writeFileSync(join(home, 'field', 'tools'), '');
	await server.call('POST', '/api/phases', request);
	let session = await sessionOf(id);
	while (!lastPhase(session)?.end) session = await sessionOf(id);

	expect([...session.phases.values()].map(({ end }) => end?.reason)).toEqual(['server-ended', 'done']);
});

test('a server that is ended in peace says so at once', async () => {
	server = await start();
	const values = { folder: join(home, 'field'), name: 'bella' };
	const { session: id } = (await server.call('POST', '/api/sessions', { runbook: 'demo/files', name: 'Tonight', values, detected: [] })) as { session: string };
	await server.call('POST', '/api/phases', { session: id, runbook: 'demo/files', steps: ['folder-there', 'tools'].map((step) => ({ step, preview: '' })), values, confirmed: false, size: { columns: 80, rows: 24 } });
	const journal = join(home, 'state', 'sessions', id, 'journal.jsonl');

	server.child.kill('SIGTERM');
	await once(server.child, 'exit');

	await until(() => readFileSync(journal, 'utf8').includes('"reason":"server-ended"'), 'the end of the phase run');
});
