import { chmodSync, lstatSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { formatEvent } from '../../../src/runbook/run/recording.ts';
import { readerEnvironment } from '../../../server/environment.ts';
import { defaultExecArgv } from '../../../server/runs/spawn-supervisor.ts';
import { isAlive } from '../../../server/state/identity.ts';
import { inNamespace } from '../namespace.ts';
import {
	begun,
	collect,
	makeFolder,
	openState,
	reachKind,
	reachOver,
	reachText,
	readLive,
	request,
	setStage,
	until,
} from './harness.ts';

/** Preamble of a module that runs in a namespace of its own, on a disk of 256 KiB. */
const onSmallDisk = `
	import { closeSync, existsSync, openSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeSync } from 'node:fs';
	const { openStateDirectory } = await import(process.env.ROOT + '/server/state/state-directory.ts');
	const { openJournal } = await import(process.env.ROOT + '/server/state/journal-file.ts');
	const { createRuns } = await import(process.env.ROOT + '/server/runs/runs.ts');
	const folder = process.env.FOLDER, ballast = folder + '/ballast';
	const opening = openStateDirectory(folder + '/state');
	const journal = openJournal(folder + '/journal', { parse: (value) => value });
	// Compiled code would fill this disk by itself.
	const runs = createRuns({ state: { ...opening.state, cache: '/dev/null/none' }, journal: (_, event) => void journal.append(event) });
	const alive = setInterval(() => {}, 1000);
	const request = ${JSON.stringify(request)};
	const shell = (script) => runs.start({ ...request, argv: ['sh', '-c', script] });
	const fill = () => { const fd = openSync(ballast, 'a'); try { for (;;) writeSync(fd, 'x'.repeat(4096)); } catch (error) { return error.code; } finally { closeSync(fd); } };
	const free = () => rmSync(ballast);
	const reach = (run, is) => new Promise((resolve) => {
		const see = () => { if (is(run.state)) { run.off('change', see); resolve(run.state); } };
		run.on('change', see); see();
	});
	const over = (run) => reach(run, () => run.isOver);
	const printed = async (run, text) => { for await (const event of run.follow(1, new AbortController().signal)) if (event.text?.includes(text)) return; };
	const bye = () => { runs.close(); clearInterval(alive); };`;
const smallDisk = 'mount -t tmpfs -o size=256k none "$FOLDER"';

test('on a full disk nothing starts; once it has room again it does', (context) => {
	const lines = inNamespace(
		context,
		smallDisk,
		`${onSmallDisk}
		console.log(fill());
		try { shell('echo ran'); } catch (error) { console.log(error.problem); }
		console.log(runs.list().length, readdirSync(opening.state.runs).length);
		free();
		const run = shell('echo ran');
		console.log((await over(run)).end.code, JSON.stringify(await run.output()));
		bye();`,
	);

	expect(lines).toEqual(['ENOSPC', 'state.full', '0 0', '0 "ran\\r\\n"']);
});

test('a disk that fills up under a run holds nothing up: output is dropped and counted, the end is told and written later', (context) => {
	const lines = inNamespace(
		context,
		smallDisk,
		`${onSmallDisk}
		const run = shell('echo begun; read go; seq 1 20000; echo last; exit 4');
		await printed(run, 'begun');
		await reach(run, (state) => state.kind === 'running');
		fill();
		await run.input('1', Buffer.from('\\n'));
		const seen = await reach(run, (state) => state.kind === 'ended');
		console.log(seen.end.code, seen.output.kind, journal.events.map(({ type }) => type).join(' '));
		free();
		const state = await over(run);
		console.log(state.end.code, state.output.kind, state.output.droppedBytes > 50_000, state.elapsedMs < 20_000);
		const { until } = await import(process.env.ROOT + '/tests/server/until.ts');
		await until(() => journal.events.at(-1)?.type === 'run.closed', 'the end in the journal');
		console.log(journal.events.map(({ type }) => type).join(' '));
		const events = await Array.fromAsync(run.follow(1, new AbortController().signal));
		console.log(events.reduce((sum, event) => sum + (event.kind === 'dropped' ? event.bytes : 0), 0) === state.output.droppedBytes);
		bye();`,
	);

	expect(lines).toEqual([
		expect.stringMatching(/^4 pending run.asked run.started( run.ended)?$/),
		'4 cut true true',
		'run.asked run.started run.ended run.closed',
		'true',
	]);
});

test('a disk that is full at any moment leaves a run that is told truly', (context) => {
	const lines = inNamespace(
		context,
		smallDisk,
		`${onSmallDisk}
		const isKept = ({ id }) => readdirSync('/proc').some((pid) => { try { return readFileSync('/proc/' + pid + '/cmdline', 'utf8').includes(id); } catch { return false; } });
		const seen = new Set();
		for (const blocks of [0, 1, 2, 3, 4, 5, 6, 8, 10]) {
			fill();
			truncateSync(ballast, statSync(ballast).size - blocks * 4096);
			let run;
			try { run = shell('seq 1 2000; exit 4'); } catch (error) { seen.add(error.problem); }
			// Until its supervisor has taken it up or given up, however slow the machine; then some time more.
			while (run && isKept(run) && !existsSync(opening.state.runs + '/' + run.id + '/claim')) await new Promise((resolve) => setTimeout(resolve, 50));
			if (run) await new Promise((resolve) => setTimeout(resolve, 300));
			free();
			if (!run) continue;
			const state = await over(run);
			const bytes = Buffer.byteLength(await run.output());
			const whole = Buffer.byteLength(Array.from({ length: 2000 }, (_, index) => index + 1 + '\\r\\n').join(''));
			seen.add(state.kind === 'ended' ? state.output.kind : state.kind);
			if (state.kind !== 'ended') continue;
			const dropped = state.output.kind === 'cut' ? state.output.droppedBytes : 0;
			if (state.end.code !== 4 || bytes + dropped !== whole) console.log('a lie', blocks, JSON.stringify(state), bytes);
			rmSync(opening.state.runs + '/' + run.id, { recursive: true });
		}
		console.log([...seen].sort().join(' '));
		bye();`,
	);

	expect(lines.slice(0, -1)).toEqual([]);
	expect(lines.at(-1)?.split(' ')).toEqual(expect.arrayContaining(['never-started', 'state.full', 'whole']));
});

test('a state directory that becomes read-only refuses the next run, and the one that goes on ends truly', (context) => {
	const lines = inNamespace(
		context,
		`${smallDisk}; `,
		`${onSmallDisk}
		const { execFileSync } = await import('node:child_process');
		const run = shell('echo begun; read go; exit 4');
		await printed(run, 'begun');
		await reach(run, (state) => state.kind === 'running');
		journal.close();
		try { shell('echo ran'); } catch (error) { console.log(error.problem); }
		await run.input('1', Buffer.from('\\n'));
		console.log((await over(run)).end.code);
		rmSync(opening.state.runs, { recursive: true });
		try { shell('echo ran'); } catch (error) { console.log(error.problem); }
		bye();`,
	);

	expect(lines).toEqual(['journal.closed', '4', 'state.missing']);
});

test('when a sync of the recording fails nothing is claimed of the output', async () => {
	const folder = makeFolder();
	const module = join(folder, 'fail-sync.mjs');
	writeFileSync(
		module,
		`import fs from 'node:fs';
		import { syncBuiltinESMExports } from 'node:module';
		fs.fdatasyncSync = () => { throw Object.assign(new Error('injected'), { code: 'EIO' }); };
		syncBuiltinESMExports();`,
	);
	const { shell } = setStage({ execArgv: [...defaultExecArgv, `--import=file://${module}`] });

	const state = await reachOver(shell('echo printed; exit 2'));

	expect(state).toMatchObject({ kind: 'ended', end: { code: 2 }, output: { kind: 'lost', afterEvent: 0 } });
});

test.each([86_400_000, -86_400_000])(
	'a clock that jumps by %d ms in mid-run changes no order and no duration',
	async (jump) => {
		const folder = makeFolder();
		const module = join(folder, 'jump.mjs');
		writeFileSync(
			module,
			`const { now } = Date; const born = performance.now();
		Date.now = () => now() + (performance.now() - born > 400 ? ${jump} : 0);`,
		);
		let up = 0;
		const clock = { now: () => Date.now() + (++up > 2 ? jump : 0), up: () => performance.now() };
		const { shell } = setStage({ clock, execArgv: [...defaultExecArgv, `--import=file://${module}`] });

		const run = shell('for i in 1 2 3 4 5 6 7 8; do echo $i; sleep 0.1; done');

		const state = await reachOver(run);
		const events = await collect(run.follow(1, new AbortController().signal));
		const times = events.flatMap((event) => ('time' in event ? [event.time] : []));
		if (state.kind !== 'ended') throw new Error('The run has not ended.');
		expect(state.elapsedMs).toBeGreaterThanOrEqual(800);
		expect(state.elapsedMs).toBeLessThan(60_000);
		expect(times).toEqual(times.toSorted((one, other) => one - other));
		expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeLessThan(60);
		expect(events.map(({ n }) => n)).toEqual(events.map((_, index) => index + 1));
	},
);

test('nothing limits how long a run may take: no timer of its keepers, however long, ends it', async () => {
	const module = join(makeFolder(), 'hurry.mjs');
	// Whoever waits for more than a minute has waited for it at once.
	writeFileSync(
		module,
		`const real = globalThis.setTimeout;
		globalThis.setTimeout = (act, ms, ...rest) => real(act, ms > 60_000 ? 0 : ms, ...rest);
		AbortSignal.timeout = (ms) => AbortSignal.abort();`,
	);
	const { shell } = setStage({ execArgv: [...defaultExecArgv, `--import=file://${module}`] });

	const run = shell('echo begun; read go; echo on; read go; exit 7');
	await begun(run);
	// Every timer that was set at the start is over when the answer to this has gone through all keepers.
	await run.input('1', Buffer.from('\n'));
	await reachText(run, 'on\r\n');
	expect(run.state.kind).toBe('running');
	await run.input('2', Buffer.from('\n'));

	expect(await reachOver(run)).toMatchObject({ kind: 'ended', end: { code: 7 }, output: { kind: 'whole' } });
});

test('a path too long for a socket is replaced by a short one in a folder of our own', async () => {
	const long = join(makeFolder(), 'x'.repeat(100));
	mkdirSync(long);
	const { shell, state } = setStage({ state: openState(join(long, 'state')) });
	const run = shell('echo begun; read x');
	await begun(run);

	const { socket } = readLive(state, run.id);
	expect(Buffer.byteLength(socket)).toBeLessThanOrEqual(107);
	expect(lstatSync(join(socket, '..')).mode & 0o777).toBe(0o700);
	await run.input('1', Buffer.from('\n'));
	await reachOver(run);
	await until(
		() => !readdirSync('/tmp').includes(socket.split('/').at(-2) ?? ''),
		'the folder to be removed',
	);
});

test('files are 0600 and folders 0700 under umask 0, and the program has the umask of the reader', async () => {
	const before = process.umask(0);
	onTestFinished(() => void process.umask(before));
	const parent = join(makeFolder(), 'open');
	mkdirSync(parent);
	chmodSync(parent, 0o755);
	const { shell, state } = setStage({ state: openState(join(parent, 'state')) });
	const run = shell('umask; echo begun; read x');
	await begun(run);

	const entries = (): [string, string][] =>
		readdirSync(state.path, { recursive: true, withFileTypes: true }).map((entry) => {
			const path = join(entry.parentPath, entry.name);
			return [
				path,
				`${entry.isDirectory() ? 'folder' : 'file'} ${(lstatSync(path).mode & 0o777).toString(8)}`,
			];
		});
	expect(entries().filter(([, mode]) => mode !== 'folder 700' && mode !== 'file 600')).toEqual([]);
	await run.input('1', Buffer.from('\n'));
	await reachOver(run);
	const { supervisor } = readLive(state, run.id);
	await until(() => !readdirSync('/proc').includes(String(supervisor.pid)), 'the end of the supervisor');
	expect(entries().filter(([, mode]) => mode !== 'folder 700' && mode !== 'file 600')).toEqual([]);
	expect(await run.output()).toMatch(/^0000\r\n/);
});

test('a program gets the environment of the reader, not ours', async () => {
	const env = {
		PATH: '/work/node_modules/.bin:/usr/bin:/bin',
		HOME: '/root',
		DOCKER_HOST: 'unix:///x',
		npm_config_registry: 'x',
		NODE_OPTIONS: '--no-warnings',
		NODE_COMPILE_CACHE: '/x',
		DROVER_PASSWORD: 'secret',
		BASH_ENV: '/x',
		'BASH_FUNC_ls%%': '() { echo x; }',
		PROMPT_COMMAND: 'x',
		TMUX: 'x',
		TERM: 'dumb',
	};
	const { start } = setStage({ env });

	const run = start({ argv: ['env'], env: { GIVEN: 'yes' }, cwd: '/tmp' });

	await reachOver(run);
	const lines = (await run.output()).trimEnd().split('\r\n').sort();
	expect(lines).toEqual([
		'DOCKER_HOST=unix:///x',
		`DROVER_RUN=${run.id}`,
		'GIVEN=yes',
		'HOME=/root',
		'PATH=/usr/bin:/bin',
		'PWD=/tmp',
		'TERM=xterm-256color',
	]);
	expect(readerEnvironment({})).toEqual({});
});

test('an id is used once, and cannot leave the folder of runs', async () => {
	const { start, state } = setStage();
	await reachOver(start({ id: 'one', argv: ['true'] }));

	expect(() => start({ id: 'one', argv: ['true'] })).toThrow('it is there already');
	for (const id of ['../two', '', '.', 'a/b', 'A', '-x', 'x'.repeat(65)]) {
		expect(() => start({ id, argv: ['true'] })).toThrow();
	}
	expect(() => start({ argv: [] })).toThrow(RangeError);
	expect(readdirSync(state.runs)).toEqual(['one']);
});

test('the recording is a cast that a player reads: a header, then events', async () => {
	const { shell, state } = setStage();
	const run = shell('echo 牧道');
	await reachOver(run);

	const [header = '', ...events] = readFileSync(join(state.runs, run.id, 'recording.cast'), 'utf8')
		.trimEnd()
		.split('\n');

	expect(JSON.parse(header)).toMatchObject({ version: 2, width: 80, height: 24 });
	expect(events.map((line) => JSON.parse(line).slice(1))).toEqual([['o', '牧道\r\n']]);
	expect(formatEvent({ kind: 'output', time: 0, text: '牧道\r\n' })).toBe('[0,"o","牧道\\r\\n"]\n');
});

test('closing the runs of a server ends none of them', async () => {
	const stage = setStage();
	const run = stage.start({ argv: ['sleep', '600'] });
	await reachKind(run, 'running');
	const live = readLive(stage.state, run.id);

	stage.runs.close();

	expect([live.supervisor, live.holder, live.program].map((who) => isAlive(who))).toEqual([
		'alive',
		'alive',
		'alive',
	]);
});
