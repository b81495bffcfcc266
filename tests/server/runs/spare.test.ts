import { readdirSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { Spares, type SpareOptions } from '../../../server/runs/spare.ts';
import { defaultExecArgv } from '../../../server/runs/spawn-supervisor.ts';
import { findAlive } from '../../../server/state/identity.ts';
import { isMarked, listProcesses } from '../../../server/runs/files/processes.ts';
import { killAll, makeFolder, openState, reachOver, readLive, setStage, until } from './harness.ts';

const marked = (run: string): number[] => listProcesses().filter(({ pid }) => isMarked(pid, run)).map(({ pid }) => pid);
const gibibyte = 2 ** 30;

function makeSpares(more: Partial<SpareOptions> = {}) {
	const state = openState();
	const spares = new Spares({ runs: state.runs, sockets: state.sockets, cache: state.cache, execArgv: defaultExecArgv, memory: () => gibibyte, ...more });
	onTestFinished(() => {
		spares.dismiss();
		killAll(state);
	});
	return { spares, state };
}

test('a run is taken up by the processes that stood ready, and others stand ready after it', async () => {
	const { runs, start, state } = setStage({ spare: true });
	runs.expect();
	const id = runs.readyRun ?? '';
	await until(() => marked(id).length === 1, 'a leader that stands ready');
	const [leader] = marked(id);

	const run = start({ argv: ['sh', '-c', 'echo printed; exit 7'] });
	await reachOver(run);

	expect(run.id).toBe(id);
	expect(run.state).toMatchObject({ kind: 'ended', end: { code: 7 }, output: { kind: 'whole' } });
	expect(await run.output()).toBe('printed\r\n');
	expect(readLive(state, id).holder.pid).toBe(leader);
	expect(readdirSync(join(state.runs, id)).sort()).toEqual(['claim', 'end.json', 'exit.json', 'live.json', 'plan.json', 'recording.cast', 'supervisor.log']);
	expect(dirname(readLive(state, id).socket)).toBe(state.sockets);
	await until(() => readdirSync(state.sockets).length === 0, 'the end of its socket');
	await until(() => runs.readyRun !== undefined && marked(runs.readyRun).length === 1, 'the next leader');
	expect(runs.readyRun).not.toBe(id);
});

test('what stands ready ends with its server, and leaves nothing', async () => {
	const state = openState(join(makeFolder(), 'state'));
	onTestFinished(() => killAll(state));
	const script = `const { createRuns } = await import(${JSON.stringify(join(import.meta.dirname, '../../../server/runs/runs.ts'))});
		const runs = createRuns({ state: ${JSON.stringify(state)}, journal: () => {}, spare: true });
		runs.expect();
		console.log(runs.readyRun);
		setInterval(() => {}, 1e6);`;
	const server = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
	const [said] = (await once(server.stdout, 'data')) as [Buffer];
	const run = said.toString().trim();
	await until(() => marked(run).length === 1, 'a leader that stands ready');

	server.kill('SIGKILL');

	await until(() => marked(run).length === 0, 'the end of the leader');
	await until(() => readdirSync(state.cache).every((name) => !name.includes('.sock')), 'the end of its files');
	expect(readdirSync(state.sockets)).toEqual([]);
	expect(readdirSync(state.runs)).toEqual([]);
});

test('one that was killed is replaced; its run is started by others', async () => {
	const { runs, start } = setStage({ spare: true });
	runs.expect();
	const id = runs.readyRun ?? '';
	await until(() => marked(id).length === 1, 'a leader that stands ready');
	const leader = findAlive({ pid: marked(id)[0] ?? 0, start: listProcesses().find(({ pid }) => pid === marked(id)[0])?.start ?? '' });

	process.kill(leader?.parent ?? 0, 'SIGKILL');
	await until(() => runs.readyRun === undefined, 'that it is missed');
	const run = start({ argv: ['true'] });

	expect(await reachOver(run)).toMatchObject({ kind: 'ended', end: { code: 0 } });
});

test('nothing stands ready for long without a reader, nor when memory is short', async () => {
	let memory = gibibyte;
	const { spares } = makeSpares({ memory: () => memory });
	const isThere = (): boolean => spares.run !== undefined;

	spares.expect(0);
	expect(isThere()).toBe(true);
	spares.review(9 * 60_000);
	expect(isThere()).toBe(true);
	spares.review(11 * 60_000);
	expect(isThere()).toBe(false);

	spares.expect(12 * 60_000);
	expect(isThere()).toBe(true);
	memory = gibibyte / 8;
	spares.review(12 * 60_000);
	expect(isThere()).toBe(false);
	spares.expect(12 * 60_000);
	expect(isThere()).toBe(false);
});
