import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, onTestFinished, test } from 'vitest';
import { isNewRunEvent, RunEvent } from '../../../src/runbook/run/run-event.ts';
import type { RunState } from '../../../src/runbook/run/run-state.ts';
import { defaultExecArgv } from '../../../server/runs/spawn-supervisor.ts';
import { openJournal } from '../../../server/state/journal-file.ts';
import { isGone, killAll, makeFolder, openState, reachOver, readLive, setStage, until } from './harness.ts';

interface Case {
	readonly dieAfter?: number;
	readonly dieAt?: string;
}

interface Scene {
	readonly state: ReturnType<typeof openState>;
	/** How often the program ran. */
	readonly timesRan: () => number;
	/** What the server said before it ended by itself; empty when it was killed. */
	readonly said: string;
}

/** Lets a server start a run, and die or not. */
async function playServer(more: Case): Promise<Scene> {
	const state = openState();
	const witness = join(makeFolder(), 'witness');
	onTestFinished(() => killAll(state));
	const script = `echo ran >> ${witness}; echo printed; exit 7`;
	const file = join(import.meta.dirname, 'server-process.ts');
	const task = JSON.stringify({ state: state.path, script, ...more });
	const server = spawn(process.execPath, [file, task], { stdio: ['ignore', 'pipe', 'inherit'] });
	const [said] = await Promise.all([text(server.stdout), once(server, 'exit')]);
	const timesRan = (): number =>
		existsSync(witness) ? readFileSync(witness, 'utf8').split('\n').length - 1 : 0;
	return { state, timesRan, said };
}

interface Found {
	readonly state: RunState | undefined;
	readonly output: string;
	readonly journal: readonly RunEvent[];
}

/** Starts the next server on the same folder, and returns what it makes of the run. */
async function findAgain({ state }: Scene): Promise<Found> {
	const journal = openJournal(join(state.sessions, 'one.jsonl'), { parse: (value) => RunEvent.parse(value) });
	const write = (_: string, event: RunEvent): void => {
		const known = journal.events.map(({ n: _n, at: _at, up: _up, ...one }) => RunEvent.parse(one));
		if (isNewRunEvent(known, event)) journal.append(event);
	};
	const { runs } = setStage({ state, journal: write, unclaimedMs: 0 });
	const [run] = runs.list();
	if (run) await reachOver(run);
	const output = run ? await run.output() : '';
	return { state: run?.state, output, journal: journal.events };
}

const types = (journal: readonly RunEvent[]): string[] => journal.map(({ type }) => type);
const whole = { kind: 'ended', end: { code: 7 }, output: { kind: 'whole' }, terminal: 'closed' };
const story = ['run.asked', 'run.started', 'run.ended', 'run.closed'];

/** Nothing else may be told of a run whose server died, wherever it did. */
async function expectTruth(scene: Scene): Promise<string> {
	const found = await findAgain(scene);
	const { state, journal, output } = found;
	switch (state?.kind) {
		case undefined:
			expect(scene.timesRan()).toBe(0);
			expect(types(journal)).not.toContain('run.started');
			return 'no run';
		case 'never-started':
			expect(scene.timesRan()).toBe(0);
			expect(state.error).toEqual({ name: 'interrupted', subject: '' });
			expect(types(journal).at(-1)).toBe('run.never-started');
			return 'never started';
		default:
			expect(state).toMatchObject(whole);
			expect(scene.timesRan()).toBe(1);
			expect(output).toBe('printed\r\n');
			expect(types(journal)).toEqual(story);
			return 'ended';
	}
}

test('a server that is not killed tells the whole story, also to the next one', async () => {
	const scene = await playServer({});

	expect(Number(scene.said)).toBeGreaterThan(10);
	expect(await expectTruth(scene)).toBe('ended');
});

test('a server that is killed after any of its operations on files leaves a run that the next one finds as it is', async () => {
	const outcomes = new Set<string>();

	for (let dieAfter = 1; dieAfter < 100; dieAfter += 2) {
		const scenes = await Promise.all([playServer({ dieAfter }), playServer({ dieAfter: dieAfter + 1 })]);
		for (const scene of scenes) outcomes.add(await expectTruth(scene));
		if (scenes.some(({ said }) => said !== '')) break;
	}

	expect(outcomes).toEqual(new Set(['no run', 'never started', 'ended']));
}, 180_000);

describe('a server that is killed as soon as its run has written', () => {
	test.each(['claim', 'recording.cast', 'live.json', 'exit.json', 'end.json'])('%s', async (dieAt) => {
		const scene = await playServer({ dieAt });

		expect(scene.said).toBe('');
		expect(await expectTruth(scene)).toBe('ended');
	});
});

describe('a keeper that is killed as soon as it has written', () => {
	const play = async (at: string) => {
		const witness = join(makeFolder(), 'witness');
		const hook = `--import=file://${join(import.meta.dirname, 'kill-at.ts')}?at=${at}&kill=self`;
		const { shell, state, told } = setStage({ execArgv: [...defaultExecArgv, hook] });
		const run = shell(`echo ran >> ${witness}; echo printed; exit 7`);
		await reachOver(run);
		return { run, state, told, ran: existsSync(witness) };
	};

	test.each(['claim', 'recording.cast'])('%s: nobody can tell whether the program ran', async (at) => {
		const { run, ran, told } = await play(at);

		expect(run.state).toEqual({ kind: 'unknown', reason: 'keepers-gone' });
		expect(ran).toBe(false);
		expect(types(told)).toEqual(['run.asked', 'run.unknown']);
	});

	test('live.json: the holder still saw the end; output is lost', async () => {
		const { run, ran } = await play('live.json');

		expect(run.state).toMatchObject({
			kind: 'ended',
			end: { code: 7 },
			output: { kind: 'lost' },
			terminal: 'closed',
		});
		expect(ran).toBe(true);
	});

	test('exit.json: the end is known; nobody can say that the output is whole', async () => {
		const { run } = await play('exit.json');

		expect(run.state).toMatchObject({ kind: 'ended', end: { code: 7 }, output: { kind: 'lost' } });
	});

	test('end.json: nothing is lost, and the holder leaves by itself', async () => {
		const { run, state } = await play('end.json');

		expect(run.state).toMatchObject(whole);
		const { holder } = readLive(state, run.id);
		await until(() => isGone(holder), 'the end of the holder');
	});
});
