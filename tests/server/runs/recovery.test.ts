import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Live } from '../../../server/runs/files/run-files.ts';
import type { Run } from '../../../server/runs/run.ts';
import { identify, isAlive } from '../../../server/state/identity.ts';
import {
	begun,
	openState,
	reach,
	reachKind,
	reachOver,
	readLive,
	setStage,
	until,
	type Stage,
} from './harness.ts';

/** Lets go of the runs and opens them anew, as a server does that starts after another. */
function restart({ runs, state }: Stage): Stage & { run: Run } {
	runs.close();
	const next = setStage({ state, unclaimedMs: 0 });
	const [run] = next.runs.list();
	if (!run) throw new Error('Cannot find the run again.');
	return { ...next, run };
}

function rewriteLive({ state }: Stage, run: string, change: (live: Live) => Live): void {
	const live = change(readLive(state, run));
	writeFileSync(join(state.runs, run, 'live.json'), JSON.stringify(live));
}

const kill = (who: { pid: number }): boolean => process.kill(who.pid, 'SIGKILL');
const waiting = 'echo begun; read line; echo "got $line"; exit 5';

test('the next server finds a run that goes on: types into it, reads all of it, sees its true end', async () => {
	const first = setStage();
	await begun(first.shell(waiting));

	const { run } = restart(first);
	expect(await reachKind(run, 'running')).toMatchObject({ reach: 'full' });
	expect(await run.input('1', Buffer.from('me\n'))).toBe('typed');

	expect(await reachOver(run)).toMatchObject({ end: { code: 5 }, output: { kind: 'whole' } });
	expect(await run.output()).toBe('begun\r\nme\r\ngot me\r\n');
});

test('a run that ended while no server was there is told by the next one', async () => {
	const first = setStage();
	const run = first.shell('echo begun; sleep 0.3; exit 6');
	await begun(run);
	first.runs.close();
	const folder = join(first.state.runs, run.id);
	await until(() => readdirSync(folder).includes('end.json'), 'the end of the run');

	const again = restart(first).run;

	expect(again.state).toMatchObject({ kind: 'ended', end: { code: 6 }, output: { kind: 'whole' } });
	expect(await again.output()).toBe('begun\r\n');
});

describe('without its supervisor', () => {
	test('a program goes on, can be cancelled, and its end is told; output is lost from there on', async () => {
		const first = setStage();
		const run = first.shell('trap "" HUP; echo begun; while [ ! -e /nowhere ]; do sleep 0.1; done');
		await begun(run);

		kill(readLive(first.state, run.id).supervisor);
		expect(
			await reach(run, (state) => state.kind === 'running' && state.reach === 'signals-only'),
		).toMatchObject({ stopped: false });
		expect(await run.input('1', Buffer.from('x'))).toBe('unreachable');
		await run.cancel();

		expect(await reachOver(run)).toMatchObject({
			kind: 'ended',
			end: { signal: 'SIGINT' },
			output: { kind: 'lost', afterEvent: 1 },
		});
		expect(await run.output()).toBe('begun\r\n');
		expect(first.told.find(({ type }) => type === 'run.closed')).toMatchObject({ output: { kind: 'lost' } });
	});

	test('a program that ends by itself has its true exit code, also for the next server', async () => {
		const first = setStage();
		const run = first.shell('echo begun; sleep 0.5; exit 9');
		await begun(run);
		const { supervisor } = readLive(first.state, run.id);
		first.runs.close();

		kill(supervisor);

		const again = restart(first).run;
		expect(await reachOver(again)).toMatchObject({
			end: { code: 9 },
			output: { kind: 'lost', afterEvent: 1 },
		});
	});

	test('what it still has in the background is not hung up by the end of the holder', async () => {
		const first = setStage();
		const run = first.shell('echo begun; (trap "" TTOU; exec sleep 30) >/dev/null 2>&1 & sleep 0.5');
		await begun(run);
		const live = readLive(first.state, run.id);
		kill(live.supervisor);
		const ended = await reachOver(run);

		expect(ended).toMatchObject({ kind: 'ended', stayers: [{ name: 'sleep' }] });
		const [stayer] = ended.kind === 'ended' ? ended.stayers : [];
		expect(isAlive(live.holder)).toBe('alive');
		if (stayer) kill(stayer);
		await until(() => isAlive(live.holder) !== 'alive', 'the end of the holder');
	});
});

test('a supervisor that does not answer leaves the run to be watched', async () => {
	const { state, start } = setStage();
	const run = start({ argv: ['sleep', '600'] });
	await reachKind(run, 'running');
	const { supervisor } = readLive(state, run.id);

	process.kill(supervisor.pid, 'SIGSTOP');
	expect(await reach(run, (one) => one.kind === 'running' && one.reach === 'signals-only')).toMatchObject({
		kind: 'running',
	});

	process.kill(supervisor.pid, 'SIGCONT');
	expect(await reach(run, (one) => one.kind === 'running' && one.reach === 'full')).toMatchObject({
		kind: 'running',
	});
});

describe('nobody saw the end', () => {
	test('when supervisor and holder are killed and the program is gone', async () => {
		const { state, shell, told } = setStage();
		const run = shell('echo begun; sleep 600');
		await begun(run);
		const { supervisor, holder, program } = readLive(state, run.id);

		for (const one of [supervisor, holder, program]) kill(one);

		expect(await reachOver(run)).toEqual({ kind: 'unknown', reason: 'keepers-gone' });
		expect(told.at(-1)).toEqual({ type: 'run.unknown', run: run.id, reason: 'keepers-gone' });
		expect(await run.output()).toBe('begun\r\n');
	});

	test('a program that outlives all who kept it is running until it is gone', async () => {
		const { state, start } = setStage();
		const run = start({ argv: ['sh', '-c', 'trap "" HUP; echo begun; while :; do sleep 0.1; done'] });
		await begun(run);
		const { supervisor, holder, program } = readLive(state, run.id);

		kill(supervisor);
		kill(holder);
		expect(await reach(run, (one) => one.kind === 'running' && one.reach === 'signals-only')).toMatchObject({
			kind: 'running',
		});
		kill(program);

		expect(await reachOver(run)).toEqual({ kind: 'unknown', reason: 'keepers-gone' });
	});

	test('a machine that was booted since says so, and signals nobody', async () => {
		const first = setStage();
		const run = first.start({ argv: ['sleep', '600'] });
		await reachKind(run, 'running');
		const live = readLive(first.state, run.id);
		const before = (who: Live['holder']): Live['holder'] => ({ ...who, boot: 'the boot before' });
		rewriteLive(first, run.id, (one) => ({
			...one,
			supervisor: before(one.supervisor),
			holder: before(one.holder),
			program: before(one.program),
		}));

		const again = restart(first).run;

		expect(again.state).toEqual({ kind: 'unknown', reason: 'rebooted' });
		expect(isAlive(live.program)).toBe('alive');
	});

	test('a stranger with the pid of a dead program is not the run, and is never signalled', async () => {
		const stranger = spawn('sleep', ['600']);
		onTestFinished(() => void stranger.kill('SIGKILL'));
		const pid = stranger.pid ?? 0;
		const first = setStage();
		const run = first.start({ argv: ['sleep', '600'] });
		await reachKind(run, 'running');
		const { supervisor, holder, program } = readLive(first.state, run.id);
		for (const one of [supervisor, holder, program]) kill(one);
		await reachOver(run);
		rewriteLive(first, run.id, (one) => ({
			...one,
			holder: { ...one.holder, pid },
			program: { ...one.program, pid },
		}));

		const again = restart(first).run;

		expect(again.state).toEqual({ kind: 'unknown', reason: 'keepers-gone' });
		await expect(again.cancel()).rejects.toThrow(RangeError);
		expect(isAlive(identify(pid))).toBe('alive');
	});
});

test('the end of an unknown run is told when its evidence still appears', async () => {
	const { state, shell } = setStage();
	const run = shell('echo begun; sleep 600');
	await begun(run);
	const { supervisor, holder, program } = readLive(state, run.id);
	for (const one of [supervisor, holder, program]) kill(one);
	await reachOver(run);

	const exit = { result: { code: 0 }, at: '2026-01-01T00:00:00.000Z', elapsedMs: 1 };
	writeFileSync(join(state.runs, run.id, 'exit.json'), JSON.stringify(exit));

	expect(await reachKind(run, 'ended')).toMatchObject({
		end: { code: 0 },
		output: { kind: 'lost', afterEvent: 1 },
	});
});

describe('what is in the folder of runs', () => {
	const plan = {
		run: 'a',
		session: 's',
		step: 's',
		display: 'd',
		definition: 'h',
		cwd: '/',
		columns: 80,
		rows: 24,
		at: 't',
		up: 1,
		boot: 'b',
	};

	test('a plan that nobody took up never started, and its supervisor comes too late', async () => {
		const state = openState();
		mkdirSync(join(state.runs, 'a'), { mode: 0o700 });
		writeFileSync(join(state.runs, 'a', 'plan.json'), JSON.stringify(plan));

		const { runs, told } = setStage({ state, unclaimedMs: 0 });

		const [run] = runs.list();
		expect(run?.state).toEqual({ kind: 'never-started', error: { name: 'interrupted', subject: '' } });
		expect(told.map(({ type }) => type)).toEqual(['run.never-started']);
		expect(JSON.parse(readFileSync(join(state.runs, 'a', 'claim'), 'utf8'))).toMatchObject({ by: 'server' });
	});

	test('a plan may be taken up for a while', () => {
		const state = openState();
		mkdirSync(join(state.runs, 'a'), { mode: 0o700 });
		writeFileSync(join(state.runs, 'a', 'plan.json'), JSON.stringify(plan));

		const { runs } = setStage({ state });

		expect(runs.list()[0]?.state).toEqual({ kind: 'asked' });
		expect(readdirSync(join(state.runs, 'a'))).toEqual(['plan.json']);
	});

	test('a folder without a plan was never promised to anybody', () => {
		const state = openState();
		mkdirSync(join(state.runs, 'a'), { mode: 0o700 });

		const { runs } = setStage({ state });

		expect([runs.list(), runs.notices]).toEqual([[], []]);
	});

	test('a link in place of a run is refused, its target untouched; the others open', async () => {
		const first = setStage();
		await reachOver(first.shell('exit 0'));
		const target = openState().path;
		symlinkSync(target, join(first.state.runs, 'linked'));
		const before = readdirSync(target);

		const { runs } = restart(first);

		expect(runs.list()).toHaveLength(1);
		expect(runs.notices.map(({ problem, slots }) => [problem, slots])).toEqual([
			['state.symlink', { path: join(first.state.runs, 'linked') }],
		]);
		expect(readdirSync(target)).toEqual(before);
		rmSync(join(first.state.runs, 'linked'));
	});

	test('a damaged plan is named; a damaged file of a run makes it unknown', async () => {
		const first = setStage();
		const run = first.shell('exit 0');
		await reachOver(run);
		writeFileSync(join(first.state.runs, run.id, 'exit.json'), '{"result":');
		mkdirSync(join(first.state.runs, 'a'), { mode: 0o700 });
		writeFileSync(join(first.state.runs, 'a', 'plan.json'), '{}');

		const { runs, run: again } = restart(first);

		expect(again.state).toEqual({ kind: 'unknown', reason: 'damaged' });
		expect(runs.notices.map(({ problem, slots }) => [problem, slots.path])).toEqual([
			['state.failed', join(first.state.runs, 'a', 'plan.json')],
		]);
	});
});
