/** `drover start` in processes of its own: who is first, which port, and how it ends. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, cpSync, existsSync, globSync, mkdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { availableParallelism, loadavg } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { WebSocket } from 'ws';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { signIn } from '../../attack/suite.ts';
import { readWords } from '../../server/words.ts';
import { Live } from '../../server/runs/files/run-files.ts';
import { stampFile, stampOf } from '../../server/site/stamp.ts';
import { isAlive } from '../../server/state/identity.ts';
import { fixtureRoot } from '../server/drover.ts';
import { makeFolder } from '../server/make-folder.ts';
import { otherNetwork } from '../server/namespace.ts';
import { previewOf } from '../server/preview-of.ts';
import { until } from '../server/until.ts';
import { project } from './run-drover.ts';

const { en } = readWords(project);
let root: string;
let stateDir: string;

/** A project folder with the fixture's runbooks, whose site counts as built. */
beforeEach(() => {
	root = makeFolder();
	stateDir = join(makeFolder(), 'state');
	cpSync(join(fixtureRoot, 'drover.yaml'), join(root, 'drover.yaml'));
	cpSync(join(fixtureRoot, 'src'), join(root, 'src'), { recursive: true });
	for (const locale of ['zh', 'en']) cpSync(join(fixtureRoot, locale), join(root, locale), { recursive: true });
	writeFileSync(join(root, 'package.json'), '{ "version": "0.0.0" }');
	mkdirSync(join(root, 'dist'));
	writeFileSync(join(root, 'dist', 'index.html'), 'the manual');
	writeFileSync(join(root, 'dist', stampFile), stampOf(root));
});

interface Started {
	readonly process: ChildProcess;
	/** With its one-time code; undefined when it ended before it had one. */
	readonly address: URL | undefined;
	/** What it has said so far. */
	said(): string;
	readonly exit: Promise<number | null>;
	readonly lintErrors: Promise<string>;
}

const start = (...args: string[]): Promise<Started> => startAfter([], ...args);

/** With words before the command that put it elsewhere. */
async function startAfter(before: readonly string[], ...args: string[]): Promise<Started> {
	const env = { PATH: process.env['PATH'], HOME: root, LANG: 'en_US.UTF-8', CI: '1', INIT_CWD: root };
	const [file = '', ...words] = [...before, process.execPath];
	const child = spawn(file, [...words, join(import.meta.dirname, 'start-process.ts'), root, 'start', '--no-open', '--state-dir', stateDir, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
	onTestFinished(() => void child.kill('SIGKILL'));
	const exit = once(child, 'exit').then(([code]) => code as number | null);
	const lintErrors = text(child.stderr);
	const lines: string[] = [];
	const { promise, resolve } = Promise.withResolvers<URL | undefined>();
	createInterface({ input: child.stdout })
		.on('line', (line) => {
			lines.push(line);
			if (line.startsWith('    http://')) resolve(new URL(line.trim()));
		})
		.on('close', () => resolve(undefined));
	return { process: child, address: await promise, said: () => lines.join('\n'), exit, lintErrors };
}

/** Exchanges the code of an address for a token, and calls the interface with it. */
async function signInTo({ address }: Started) {
	const { origin, port, hash } = address ?? new URL('about:blank');
	const json = { 'content-type': 'application/json', origin };
	const token = await signIn({ host: '127.0.0.1', port: Number(port) }, hash.slice('#code='.length));
	const call = async (method: string, path: string, body: unknown) =>
		(await (await fetch(`${origin}${path}`, { method, headers: { ...json, authorization: `Bearer ${token}` }, body: JSON.stringify(body) })).json()) as Record<string, string>;
	return { origin, token, call };
}

/** Occupies a port of an address; one that is taken already is as good. */
async function occupy(port: number, host: string): Promise<number> {
	const server = createServer();
	onTestFinished(() => void server.close());
	const { promise, resolve } = Promise.withResolvers<void>();
	server.once('error', () => resolve());
	server.listen({ host, port }, () => resolve());
	await promise;
	const address = server.address();
	return typeof address === 'object' && address ? address.port : port;
}

test('of ten servers that start at once one wins; the others say where it is, and exit with 3', async () => {
	const ten = await Promise.all(Array.from({ length: 10 }, () => start('--port', '0')));

	const [winner, ...more] = ten.filter((one) => one.address !== undefined);
	const others = ten.filter((one) => one !== winner);
	const codes = await Promise.all(others.map((one) => one.exit));
	const said = await Promise.all(others.map((one) => one.lintErrors));

	expect(more).toEqual([]);
	expect(codes).toEqual(Array.from({ length: 9 }, () => 3));
	expect(new Set(said)).toEqual(new Set([`${en('cli.start.another', { address: `${winner?.address?.origin}/` })}\n`]));
	expect(await (await fetch(winner?.address?.origin ?? '')).text()).toBe('the manual');
});

test('a server that was killed leaves no lock behind, and the next one takes its place', async () => {
	const first = await start('--port', '0');
	first.process.kill('SIGKILL');
	await first.exit;

	const next = await start('--port', '0');

	expect(next.address).toBeDefined();
	expect((await signInTo(next)).token).toMatch(/^[\w-]{43}$/);
});

/** What a server says of itself in the state directory. */
const readNote = (): { machine: { name: string }; pid: number; since: string } => JSON.parse(readFileSync(join(stateDir, 'server.json'), 'utf8')) as ReturnType<typeof readNote>;

test('a server in another network namespace has the same state directory refused, is told who has it, and gets it when that one was killed', async (context) => {
	const elsewhere = otherNetwork(context);
	const first = await start('--port', '0');
	const { machine, pid, since } = readNote();

	const second = await startAfter(elsewhere, '--port', '0');
	const code = await second.exit;
	first.process.kill('SIGKILL');
	await first.exit;
	const third = await startAfter(elsewhere, '--port', '0');

	expect([second.address, code]).toEqual([undefined, 3]);
	expect(await second.lintErrors).toBe(`${en('cli.start.another-apart', { folder: stateDir, machine: machine.name, pid, since })}\n`);
	expect(third.address).toBeDefined();
});

test('a state directory that another machine has is refused with its name and what to do, and is free when that was done', async () => {
	const first = await start('--port', '0');
	const note = readNote();
	first.process.kill('SIGKILL');
	await first.exit;
	const file = join(stateDir, 'server.json');
	writeFileSync(file, JSON.stringify({ ...note, boot: 'another', machine: { name: 'node2', id: 'another' } }));
	const yesterday = new Date(Date.now() - 86_400_000);
	utimesSync(file, yesterday, yesterday);

	const refused = await start('--port', '0');
	const code = await refused.exit;
	rmSync(file);
	const next = await start('--port', '0');

	expect([refused.address, code]).toEqual([undefined, 3]);
	expect(await refused.lintErrors).toBe(`${en('cli.start.another-machine', { folder: stateDir, machine: 'node2', pid: note.pid, since: note.since, silent: en('time.hours-minutes', { hours: 24, minutes: 0 }), file })}\n`);
	expect(next.address).toBeDefined();
});

test('a server whose state directory was given to another machine says so, ends with 3, and leaves what is there by then', async () => {
	const server = await start('--port', '0');
	const [file, control] = [join(stateDir, 'server.json'), join(stateDir, 'control.json')];
	const theirs = JSON.stringify({ ...readNote(), id: 'another', machine: { name: 'node2', id: 'another' } });
	writeFileSync(control, '{"socket":"/node2"}');
	writeFileSync(file, theirs);

	expect(await server.exit).toBe(3);
	expect(await server.lintErrors).toBe(`${en('cli.start.lost')}\n`);
	expect([readFileSync(file, 'utf8'), readFileSync(control, 'utf8')]).toEqual([theirs, '{"socket":"/node2"}']);
});

test('where nothing can be kept, a server says why steps cannot run, and does not call itself ready', async () => {
	mkdirSync(stateDir, { mode: 0o755 });
	chmodSync(stateDir, 0o755);

	const server = await start('--port', '0');
	server.process.kill('SIGTERM');

	const reason = en('problem.state.group-readable', { path: stateDir, mode: '0755' });
	expect(await server.lintErrors).toContain(en('cli.start.nothing-runs', { reason }));
	expect(server.said()).toContain(en('cli.start.reading'));
	expect(server.said()).not.toContain(en('cli.start.ready'));
});

test('the line for ssh has the port that the server has, whether it was asked for or found', async () => {
	const asked = await start('--port', '0');

	const { port = '' } = asked.address ?? {};
	expect(port).not.toBe('4600');
	await until(() => asked.said().includes(`ssh -L ${port}:127.0.0.1:${port} `), 'the line for ssh');
});

test('a port that is taken on IPv6 alone ends a start that asked for it, with exit code 2', async () => {
	const port = await occupy(0, '::1');

	const refused = await start('--port', String(port));

	expect(refused.address).toBeUndefined();
	expect(await refused.exit).toBe(2);
	expect(await refused.lintErrors).toBe(`${en('cli.start.port-taken', { port })}\n`);
});

test('the next port is taken, and said, when the usual one is not free and none was asked for', async () => {
	await occupy(4600, '::1');

	const started = await start();

	const port = Number(started.address?.port);
	expect(port).toBeGreaterThan(4600);
	expect(started.said()).toContain(en('cli.start.other-port', { wanted: 4600, port }));
});

test('a server that is told to end says which steps go on, tells its pages, and leaves the steps to the next one', async () => {
	const server = await start('--port', '0');
	const { origin, token, call } = await signInTo(server);
	const values = { folder: root, name: 'dist', wait: 'long' };
	const { session = '' } = await call('POST', '/api/sessions', { runbook: 'demo/files', name: 'Tonight', values, detected: [] });
	for (const step of ['folder-there', 'tools', 'print', 'ask', 'make']) await call('POST', `/api/sessions/${session}/marks`, { step, mark: 'skipped', reason: 'test' });
	const preview = previewOf('demo/files')('fill', 'run', values);
	const request = { session, runbook: 'demo/files', step: 'fill', kind: 'run', values, preview, confirmed: true, size: { columns: 80, rows: 24 } };
	const { run = '' } = await call('POST', '/api/runs', request);
	const path = join(stateDir, 'runs', run, 'live.json');
	const readLive = () => Live.parse(JSON.parse(readFileSync(path, 'utf8')));
	await until(() => globSync(path).length > 0, 'the program');
	const protocols = ['drover.v1', `drover.token.${token}`];
	const page = new WebSocket(`${origin.replace('http', 'ws')}/api/socket`, protocols, { origin });
	await once(page, 'open');
	// A page that lies in a sleeping laptop answers no farewell.
	const asleep = new WebSocket(`${origin.replace('http', 'ws')}/api/socket`, protocols, { origin });
	await once(asleep, 'open');
	asleep.pause();
	const closed = once(page, 'close');
	const before = performance.now();

	server.process.kill('SIGTERM');
	const [[code], exit] = await Promise.all([closed, server.exit]);
	const took = performance.now() - before;
	// A token is for one port.
	const next = await start('--port', new URL(origin).port);
	const { program } = readLive();
	const alive = isAlive(program);
	const cancelled = await fetch(`${next.address?.origin}/api/runs/${run}`, { method: 'DELETE', headers: { origin: next.address?.origin ?? '', authorization: `Bearer ${token}`, 'content-type': 'application/json' }, body: '{}' });
	await until(() => isAlive(program) === 'gone', 'the end of the program');

	expect([code, exit]).toEqual([1012, 0]);
	expect(server.said()).toContain(en('cli.start.run-goes-on', { step: 'fill', session }));
	expect(alive).toBe('alive');
	expect(cancelled.status).toBe(202);
	// Two seconds on a machine that has nothing else to do; the library would wait half a minute for the sleeping page.
	expect(took).toBeLessThan(20_000);
	asleep.terminate();
});

test.each(['SIGTERM', 'SIGINT'] as const)('a server ends with 0 within two seconds of %s, whatever hangs', async (signal) => {
	const file = join(root, 'src/content/runbooks/demo/files.yaml');
	writeFileSync(file, readFileSync(file, 'utf8').replace("done_when: { run: bash --version, prints: bash }", `done_when: { script: 'echo up > hung; trap "" TERM INT; setsid sleep 3000 & wait', timeout: 1h }`));
	writeFileSync(join(root, 'dist', stampFile), stampOf(root));
	const server = await start('--port', '0');
	const { call } = await signInTo(server);
	const values = { folder: root };
	const { session = '' } = await call('POST', '/api/sessions', { runbook: 'demo/files', name: 'Tonight', values, detected: [] });
	const looking = call('POST', `/api/sessions/${session}/looks`, { step: 'tools', for: 'done', values }).catch(() => undefined);
	await until(() => existsSync(join(root, 'hung')), 'the check under way');

	const began = performance.now();
	server.process.kill(signal);

	expect(await server.exit).toBe(0);
	// On a machine that has more to do than it can, everything takes as much longer.
	expect(performance.now() - began).toBeLessThan(2_500 * Math.max(1, (loadavg()[0] ?? 0) / availableParallelism()));
	await looking;
});
