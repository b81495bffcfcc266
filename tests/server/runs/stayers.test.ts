import { describe, expect, test } from 'vitest';
import { identify, isAlive } from '../../../server/state/identity.ts';
import { reach, reachOver, reachText, readLive, setStage, until, type Stage } from './harness.ts';
import type { Run } from '../../../server/runs/run.ts';
import type { RunState } from '../../../src/runbook/run/run-state.ts';

type Ended = RunState & { kind: 'ended' };

/** Resolves when the stayers are known, by the names that they have after `exec`. */
async function reachStayers(run: Run): Promise<Ended> {
	const isKnown = (one: RunState): boolean =>
		one.kind === 'ended' && one.stayers.some(({ name }) => name === 'sleep');
	const state = await reach(run, (one) => run.isOver || isKnown(one));
	if (state.kind !== 'ended') throw new Error(`The run is "${state.kind}".`);
	return state;
}

const names = ({ stayers }: Ended): string[] => [...new Set(stayers.map(({ name }) => name))];

function killStayers({ stayers }: Ended): void {
	for (const { pid } of stayers) process.kill(pid, 'SIGKILL');
}

describe('what a program leaves behind is named, and keeps the terminal open', () => {
	test.each([
		['in the background', 'sleep 600 & exit 3'],
		['with its output elsewhere', 'sleep 600 >/dev/null 2>&1 </dev/null & exit 3'],
		['twice removed', '(sh -c "sleep 600 &") & wait; exit 3'],
		['in a session of its own, printing here', 'setsid sleep 600 & exit 3'],
		['deaf to the hang-up', '(trap "" HUP; exec sleep 600) & exit 3'],
	])('%s', async (_, script) => {
		const { shell, told } = setStage();
		const run = shell(script);

		const ended = await reachStayers(run);

		expect(ended).toMatchObject({ end: { code: 3 }, terminal: 'open', output: { kind: 'pending' } });
		expect(names(ended)).toEqual(['sleep']);
		killStayers(ended);
		expect(await reachOver(run)).toMatchObject({
			terminal: 'closed',
			output: { kind: 'whole' },
			stayers: [],
		});
		expect(told.map(({ type }) => type)).toEqual(['run.asked', 'run.started', 'run.ended', 'run.closed']);
	});
});

test('one that has left the terminal altogether is named and does not keep it open', async () => {
	const { shell } = setStage();

	const run = shell('setsid sleep 600 >/dev/null 2>&1 </dev/null & sleep 0.2; exit 0');

	const state = await reachOver(run);
	expect(state).toMatchObject({
		terminal: 'closed',
		output: { kind: 'whole' },
		stayers: [{ name: 'sleep' }],
	});
	if (state.kind === 'ended') killStayers(state);
});

test('what is printed after the end of the program is recorded', async () => {
	const { shell } = setStage();

	const run = shell('(sleep 0.5; echo late) & echo early');

	expect(await reachOver(run)).toMatchObject({ output: { kind: 'whole' } });
	expect(await run.output()).toBe('early\r\nlate\r\n');
});

describe('the reader', () => {
	const leave = async (stage: Stage): Promise<{ run: Run; ended: Ended }> => {
		const run = stage.shell('sleep 600 & echo done');
		await reachText(run, 'done');
		return { run, ended: await reachStayers(run) };
	};

	test('may close the terminal, which hangs up who is in it', async () => {
		const stage = setStage();
		const { run, ended } = await leave(stage);
		const [stayer] = ended.stayers;
		const who = identify(stayer?.pid ?? 0);

		run.release();

		expect(await reachOver(run)).toMatchObject({ terminal: 'closed', stayers: [{ name: 'sleep' }] });
		await until(() => isAlive(who) !== 'alive', 'the end of what was hung up');
	});

	test('may cancel what has stayed', async () => {
		const stage = setStage({ graceMs: 400 });
		const { run } = await leave(stage);

		await run.cancel();

		expect(await reachOver(run)).toMatchObject({ terminal: 'closed', stayers: [] });
	});

	test('cannot type into a program that has ended', async () => {
		const { run, ended } = await leave(setStage());

		expect(await run.input('1', Buffer.from('x'))).toBe('refused');
		killStayers(ended);
	});

	test('finds them again after a restart of the server', async () => {
		const stage = setStage();
		const { ended } = await leave(stage);
		stage.runs.close();

		const [again] = setStage({ state: stage.state }).runs.list();

		if (!again) throw new Error('Cannot find the run again.');
		expect(await reachStayers(again)).toMatchObject({ terminal: 'open', stayers: ended.stayers });
		killStayers(ended);
		await reachOver(again);
	});
});

test('the keepers of a run leave with it', async () => {
	const { shell, state } = setStage();
	const run = shell('exit 0');
	await reachOver(run);
	const { supervisor, holder } = readLive(state, run.id);

	await until(() => isAlive(supervisor) !== 'alive' && isAlive(holder) !== 'alive', 'the end of the keepers');
});
