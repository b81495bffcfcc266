/** What the server as a whole makes of a disk that is full, read-only or gone: the manual works, nothing starts that is not written down, the reason is said. */
import { expect, test, vi } from 'vitest';
import { failingMeanwhile } from '../failing.ts';
import { openPass, startDrover } from '../drover.ts';
import { inNamespace } from '../namespace.ts';
import { previewOf } from '../preview-of.ts';

// A server in a process of its own, several times: a loaded machine takes its time.
vi.setConfig({ testTimeout: 180_000 });

const smallDisk = 'mount -t tmpfs -o size=16m none "$FOLDER"';

/** Preamble of a module that runs in a namespace of its own, with a server on the disk that was prepared there. */
const withServer = `
	import { closeSync, existsSync, mkdirSync, openSync, readdirSync, rmSync, writeFileSync, writeSync } from 'node:fs';
	import { execFileSync } from 'node:child_process';
	const { startDrover, openPass } = await import(process.env.ROOT + '/tests/server/drover.ts');
	const { previewOf } = await import(process.env.ROOT + '/tests/server/preview-of.ts');
	const { openStateDirectory } = await import(process.env.ROOT + '/server/state/state-directory.ts');
	const { until } = await import(process.env.ROOT + '/tests/server/until.ts');
	const folder = process.env.FOLDER, stateDir = folder + '/state', ballast = folder + '/ballast';
	const site = folder + '/site';
	mkdirSync(site + '/en', { recursive: true });
	writeFileSync(site + '/en/index.html', 'the manual');
	const fill = () => { const fd = openSync(ballast, 'a'); const pad = (size) => { try { for (;;) writeSync(fd, 'x'.repeat(size)); } catch (error) { return error.code; } }; pad(1 << 20); const code = pad(512); closeSync(fd); return code; };
	const free = () => rmSync(ballast);
	const start = () => startDrover({ stateDir, site, folder: '/tmp' });
	const open = { runbook: 'demo/files', name: 'Tonight', values: { folder: '/tmp' }, detected: [] };
	const tell = ({ status, body }) => console.log(status, body?.problems?.map((one) => one.name).join(' ') ?? 'done');
	const reading = async (drover) => (await drover.call('GET', '/en/')).body;
	const pass = async (drover) => openPass(drover, 'demo/files', { folder: '/tmp' }, previewOf('demo/files'));
	const settle = async (one) => { for (const step of ['folder-there', 'tools']) await one.mark(step, 'by-hand'); };
	const bye = async (drover) => { await drover.close(); process.exit(0); };`;

test('a server on a full disk opens no session, ticks nothing and runs nothing, until there is room again', (context) => {
	const lines = inNamespace(
		context,
		smallDisk,
		`${withServer}
		const drover = await start();
		const one = await pass(drover);
		await settle(one);
		console.log(fill());
		tell(await drover.call('POST', '/api/sessions', open));
		// The page that its journal ends in has room for some lines more.
		let refused;
		while (refused?.status !== 503) refused = await drover.call('PATCH', '/api/sessions/' + one.id, { name: 'x' });
		const { n } = await one.session();
		tell(await one.mark('print', 'skipped', 'test'));
		tell(await one.run('print'));
		tell(await drover.call('PUT', '/api/sessions/' + one.id + '/values', { values: { name: 'else' }, detected: [] }));
		console.log(readdirSync(stateDir + '/sessions').length, readdirSync(stateDir + '/runs').length, (await one.session()).n - n, await reading(drover));
		free();
		tell(await drover.call('POST', '/api/sessions', open));
		const started = await one.run('print');
		console.log(started.status);
		await one.until((session) => session.steps.get('print')?.kind === 'ran');
		console.log('ran');
		await bye(drover);`,
	);

	expect(lines).toEqual(['ENOSPC', '503 state.full', '503 state.full', '503 state.full', '503 state.full', '1 0 0 the manual', '201 done', '201', 'ran']);
});

test('a server that starts on a full disk serves the manual and lets its reader in; another one still learns that it is there', (context) => {
	const lines = inNamespace(
		context,
		smallDisk,
		`${withServer}
		openStateDirectory(stateDir);
		console.log(fill());
		const drover = await start();
		console.log(await reading(drover), (await drover.call('GET', '/api/sessions')).status);
		await start().catch((error) => console.log(error.name, error.address));
		free();
		tell(await drover.call('POST', '/api/sessions', open));
		await bye(drover);`,
	);

	expect(lines.filter((line) => !line.startsWith('{'))).toEqual(['ENOSPC', 'the manual 200', 'AnotherServer undefined', '201 done']);
});

test('what a check saw while the disk was full is written down once there is room again', (context) => {
	const lines = inNamespace(
		context,
		smallDisk,
		`${withServer}
		const drover = await start();
		const values = { folder, name: 'bella' };
		const one = await openPass(drover, 'demo/files', values, previewOf('demo/files'));
		for (const step of ['folder-there', 'tools', 'print', 'ask', 'make']) await one.mark(step, 'skipped', 'test');
		execFileSync('mkdir', [folder + '/bella']);
		await one.run('fill');
		await until(() => existsSync(folder + '/bella/grass'), 'the grass');
		fill();
		await new Promise((resolve) => setTimeout(resolve, 2500));
		console.log(await reading(drover));
		free();
		await one.until((session) => session.steps.get('fill')?.kind === 'verified');
		console.log('verified');
		await bye(drover);`,
	);

	expect(lines).toEqual(['the manual', 'verified']);
});

test.for([
	['read-only', 'mount --bind "$FOLDER/state" "$FOLDER/state"; mount -o remount,bind,ro "$FOLDER/state"', 'state.read-only'],
	['gone', 'mv "$FOLDER/state" "$FOLDER/elsewhere"', 'state.missing'],
])('a state directory that becomes %s in mid-run: reading goes on, running is off and says why, and what runs can be ended', ([, breakIt = '', problem], context) => {
	const lines = inNamespace(
		context,
		smallDisk,
		`${withServer}
		const drover = await start();
		const values = { folder, name: 'bella', wait: 'long' };
		const one = await openPass(drover, 'demo/files', values, previewOf('demo/files'));
		for (const step of ['folder-there', 'tools', 'print', 'ask', 'make']) await one.mark(step, 'skipped', 'test');
		const { body } = await one.run('fill');
		await one.until((session) => session.runs.get(body.run)?.state.kind === 'running');
		// Without its files a run can be heard over its connection only, and its socket is in the state directory: wait until its supervisor has answered.
		while ((await drover.served.runtime.runs.get(body.run).input(crypto.randomUUID(), new Uint8Array())) === 'unreachable') await new Promise(setImmediate);
		execFileSync('sh', ['-c', ${JSON.stringify(breakIt)}]);
		const { body: status } = await drover.call('GET', '/api/status');
		console.log(status.state.ready, status.state.problem?.name, await reading(drover));
		tell(await drover.call('POST', '/api/sessions', open));
		tell(await one.mark('sign', 'by-hand'));
		tell(await one.run('fill'));
		console.log((await drover.call('DELETE', '/api/runs/' + body.run)).status);
		const { runs } = drover.served.runtime;
		await until(() => runs.get(body.run).state.kind === 'ended' || runs.get(body.run).state.kind === 'unknown', 'the end');
		const live = runs.get(body.run).state;
		console.log(live.kind, JSON.stringify(live.end ?? live.reason));
		await bye(drover);`,
	);

	expect(lines.slice(0, 5)).toEqual([`false ${problem} the manual`, `503 ${problem}`, `503 ${problem}`, `503 ${problem}`, '202']);
	expect(lines.at(-1)).toBe('ended {"signal":"SIGINT"}');
});

test.for([
	['on a disk that takes no writes', 'mkdir "$FOLDER/disk"; mount -t tmpfs none "$FOLDER/disk"; mount -o remount,bind,ro "$FOLDER/disk"', '/disk/state', 'state.read-only'],
	['below a file', 'echo > "$FOLDER/file"', '/file/state', 'state.not-a-folder'],
])('a server whose state directory is %s serves the manual, and says why nothing runs', ([, prepare = '', path, problem], context) => {
	const lines = inNamespace(
		context,
		prepare,
		`${withServer}
		const drover = await startDrover({ stateDir: folder + '${path}', site, folder: '/tmp' });
		const { body } = await drover.call('GET', '/api/status');
		console.log(body.state.ready, body.state.problem.name, await reading(drover));
		tell(await drover.call('GET', '/api/sessions'));
		tell(await drover.call('POST', '/api/sessions', open));
		await bye(drover);`,
	);

	expect(lines).toEqual([`false ${problem} the manual`, `503 ${problem}`, `503 ${problem}`]);
});

test('a sync that fails is not tried again: from then on nothing is written and nothing runs, and the header says why', async () => {
	const drover = await startDrover();
	const values = { folder: drover.folder };
	const [one, other] = [await openPass(drover, 'demo/files', values, previewOf('demo/files')), await openPass(drover, 'demo/files', values, previewOf('demo/files'))];
	let first: Awaited<ReturnType<typeof one.mark>> | undefined;

	const calls = await failingMeanwhile('fdatasyncSync', 'EIO', async () => {
		first = await one.mark('folder-there', 'by-hand');
	});
	const after = [await one.mark('folder-there', 'by-hand'), await other.mark('folder-there', 'by-hand'), await other.run('print')];
	const { body } = await drover.call('GET', '/api/status');
	const { n } = await one.session();
	await drover.close();

	const closed = { status: 503, body: { problems: [{ name: 'journal.closed', slots: { code: 'EIO' } }] } };
	expect(calls).toBe(1);
	expect(first).toMatchObject(closed);
	for (const answer of after) expect(answer).toMatchObject(closed);
	expect(body).toMatchObject({ state: { ready: false, problem: { name: 'journal.closed' } } });
	expect(n).toBe(2);
});
