import { chmodSync, existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runOutcome } from '../../../src/runbook/run/run-outcome.ts';
import { makeFolder, reach, reachKind, reachOver, reachText, readLive, setStage } from './harness.ts';

describe('how a program ended is told apart', () => {
	test.each([
		['exit 0', 'ended.success', { code: 0 }],
		['exit 3', 'ended.failed', { code: 3 }],
		['exit 130', 'ended.like-ctrl-c-130', { code: 130 }],
		['exit 137', 'ended.like-killed-137', { code: 137 }],
		['kill -KILL $$', 'ended.killed', { signal: 'SIGKILL' }],
		['kill -TERM $$', 'ended.terminated', { signal: 'SIGTERM' }],
		['kill -SEGV $$', 'ended.crashed', { signal: 'SIGSEGV' }],
	])('%s is "%s"', async (script, name, end) => {
		const { shell } = setStage();

		const state = await reachOver(shell(script));

		expect(runOutcome(state).name).toBe(name);
		expect(state).toMatchObject({
			kind: 'ended',
			end,
			output: { kind: 'whole' },
			terminal: 'closed',
			stayers: [],
		});
	});

	test('Ctrl-C is a signal, not exit code 130', async () => {
		const { start } = setStage();
		const run = start({ argv: ['sh', '-c', 'echo ready; exec sleep 600'] });
		await reachText(run, 'ready');

		await run.input('1', Buffer.from('\x03'));

		expect(runOutcome(await reachOver(run))).toEqual({ name: 'ended.ctrl-c', slots: { signal: 'SIGINT' } });
	});

	test('Ctrl-Z has no effect', async () => {
		const { start } = setStage();
		const run = start({ argv: ['sh', '-c', 'echo ready; read line; echo "got $line"'] });
		await reachText(run, 'ready');

		await run.input('1', Buffer.from('\x1a'));
		await run.input('2', Buffer.from('on\n'));

		await reachText(run, 'got on');
		expect(await reachOver(run)).toMatchObject({ end: { code: 0 } });
	});
});

describe('what could not be started never started', () => {
	const folder = (): string => {
		const path = makeFolder();
		writeFileSync(join(path, 'plain'), 'echo ran\n');
		writeFileSync(join(path, 'script'), '#!/no/such/interpreter\n');
		chmodSync(join(path, 'script'), 0o755);
		return path;
	};

	test.each([
		['no-command', ['no-such-command'], 'no-such-command'],
		['no-command', ['./missing'], './missing'],
		['not-executable', ['./plain'], './plain'],
		['no-interpreter', ['./script'], './script'],
		['too-long', ['echo', 'x'.repeat(3_000_000)], 'echo'],
	] as const)('%s', async (name, argv, subject) => {
		const { start, told } = setStage();

		const run = start({ argv, cwd: folder() });

		expect(await reachOver(run)).toEqual({ kind: 'never-started', error: { name, subject } });
		expect(told.map(({ type }) => type)).toEqual(['run.asked', 'run.never-started']);
	});

	test('a folder that is not there', async () => {
		const { start } = setStage();
		const cwd = join(makeFolder(), 'missing');

		const state = await reachOver(start({ argv: ['pwd'], cwd }));

		expect(state).toEqual({ kind: 'never-started', error: { name: 'no-folder', subject: cwd } });
	});
});

test('a program that is stopped is shown as stopped and never killed', async () => {
	const { start, state } = setStage();
	const run = start({ argv: ['sleep', '600'] });
	await reachKind(run, 'running');
	const { program } = readLive(state, run.id);

	process.kill(program.pid, 'SIGSTOP');
	expect(await reach(run, (one) => one.kind === 'running' && one.stopped)).toMatchObject({ reach: 'full' });
	expect(runOutcome(run.state).name).toBe('running.stopped');

	process.kill(program.pid, 'SIGCONT');
	expect(await reach(run, (one) => one.kind === 'running' && !one.stopped)).toMatchObject({
		kind: 'running',
	});
});

test('the journal hears of a run in order: asked, started, ended, closed', async () => {
	const { shell, told } = setStage();

	const run = shell('exit 4');
	await reachOver(run);

	expect(told.map(({ type }) => type)).toEqual(['run.asked', 'run.started', 'run.ended', 'run.closed']);
	expect(told[0]).toEqual({
		type: 'run.asked',
		run: run.id,
		step: 'step',
		display: 'shown',
		definition: 'hash',
	});
	expect(told[2]).toMatchObject({ end: { code: 4 } });
});

test('nothing starts when the journal takes no line', () => {
	const folder = makeFolder();
	const witness = join(folder, 'witness');
	const refuse = (): never => {
		throw new Error('The journal is closed.');
	};
	const { shell, runs, state } = setStage({ journal: refuse });

	expect(() => shell(`touch ${witness}`)).toThrow('The journal is closed.');

	expect(runs.list()).toEqual([]);
	expect(readdirSync(state.runs)).toEqual([]);
	expect(existsSync(witness)).toBe(false);
});
