/** Who shares the machine, and what they may have put where Drover keeps its state. */
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { call, stateOf } from '../../attack/target.ts';
import { startTargetServer, type TargetServer } from './target-server.ts';
import { openRunner } from './script-runner.ts';

async function targetServer(): Promise<TargetServer> {
	const started = await startTargetServer();
	onTestFinished(() => started.close());
	return started;
}

test('a server that is killed and started again takes the same token, on the same port', async () => {
	const first = await startTargetServer();
	const target = await first.target();
	const { home, port } = first;
	await first.kill();

	const second = await startTargetServer({ home, port });
	onTestFinished(() => second.close());

	expect(second.port).toBe(port);
	expect((await call(target, 'GET', '/api/sessions')).status).toBe(200);
});

test('under a umask that hides nothing, every folder is 0700 and every file 0600, with a session and a run in it', async () => {
	const before = process.umask(0);
	const server = await targetServer().finally(() => process.umask(before));
	const runner = await openRunner(await server.target(), server.folder);

	await runner.runScript('echo here');
	await runner.over();

	// Compiled code of the keepers comes and goes; its folder is closed.
	const entries = readdirSync(server.stateDir, { recursive: true, withFileTypes: true }).filter((entry) => !entry.isSocket() && !entry.parentPath.startsWith(join(server.stateDir, 'cache')));
	const open = entries.filter(({ parentPath, name }) => (lstatSync(join(parentPath, name)).mode & 0o077) !== 0);
	expect(open.map(({ name }) => name)).toEqual([]);
	expect(entries.map(({ name }) => name)).toEqual(expect.arrayContaining(['cache', 'sessions', 'runs', 's', 'tokens.json', 'journal.jsonl', 'plan.json', 'claim', 'live.json', 'exit.json', 'end.json']));
	expect(lstatSync(server.stateDir).mode & 0o777).toBe(0o700);
});

test('a state directory that others may read is refused with the remedy, and the pages are served all the same', async () => {
	const first = await startTargetServer();
	await first.kill();
	chmodSync(first.stateDir, 0o750);

	const server = await startTargetServer({ home: first.home });
	onTestFinished(() => server.close());
	const target = await server.target();

	expect(await call(target, 'GET', '/api/sessions')).toMatchObject({ status: 503, body: { problems: [{ name: 'state.group-readable', slots: { path: server.stateDir, mode: '0750' } }] } });
	expect((await call(target, 'GET', '/en/')).status).toBe(200);
	expect(lstatSync(server.stateDir).mode & 0o777).toBe(0o750);
});

test.each(['journal.jsonl', '.'])('a session whose %s is a link is refused by its name, the others open, and its target is not touched', async (part) => {
	const first = await startTargetServer();
	const target = await first.target();
	const open = async (name: string) => ((await call(target, 'POST', '/api/sessions', { runbook: 'field/wolf', name, values: {}, detected: [] })).body as { session: string }).session;
	const [one, two] = [await open('one'), await open('two')];
	await first.kill();
	const place = join(first.stateDir, 'sessions', one, part);
	const elsewhere = join(first.home, 'elsewhere');
	renameSync(place, elsewhere);
	symlinkSync(elsewhere, place);
	const journal = part === '.' ? join(elsewhere, 'journal.jsonl') : elsewhere;
	const text = readFileSync(journal, 'utf8');

	const server = await startTargetServer({ home: first.home, port: first.port });
	onTestFinished(() => server.close());
	const { body } = await call(target, 'GET', '/api/sessions');
	const written = await call(target, 'PATCH', `/api/sessions/${one}`, { name: 'touched' });

	expect(body).toEqual(expect.arrayContaining([expect.objectContaining({ session: two, name: 'two' }), expect.objectContaining({ session: one, damaged: expect.anything() })]));
	expect(written.status).toBeGreaterThanOrEqual(400);
	expect(readFileSync(journal, 'utf8')).toBe(text);
});

test('a run folder and a socket that are links lead nowhere: what they point at is not touched', async () => {
	const first = await startTargetServer();
	const target = await first.target();
	const runner = await openRunner(target, first.folder);
	const run = await runner.runScript('echo here; read -r end');
	await runner.prints('here');
	const before = await stateOf(target);
	await first.kill();
	const elsewhere = join(first.home, 'elsewhere');
	const folder = join(first.stateDir, 'runs', run);
	const live = JSON.parse(readFileSync(join(folder, 'live.json'), 'utf8')) as { socket: string; program: { pid: number }; supervisor: { pid: number }; holder: { pid: number } };
	onTestFinished(() => {
		for (const { pid } of [live.program, live.holder, live.supervisor]) spawnSync('kill', ['-KILL', String(pid)]);
	});
	mkdirSync(elsewhere);
	writeFileSync(join(elsewhere, 'plan.json'), '{}');
	rmSync(folder, { recursive: true });
	symlinkSync(elsewhere, folder);

	const server = await startTargetServer({ home: first.home, port: first.port });
	onTestFinished(() => server.close());
	const { status } = await call(target, 'GET', '/api/sessions');
	const { body } = await call(target, 'GET', `/api/runs/${run}/output`);

	expect(before).toContain('"running":true');
	expect(status).toBe(200);
	expect(JSON.stringify(body)).not.toContain('here');
	expect(readdirSync(elsewhere)).toEqual(['plan.json']);
	expect(readFileSync(join(elsewhere, 'plan.json'), 'utf8')).toBe('{}');
	expect(existsSync(folder)).toBe(true);
});
