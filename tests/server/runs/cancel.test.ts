import { expect, test } from 'vitest';
import type { RunEvent } from '../../../src/runbook/run/run-event.ts';
import { begun, reachKind, reachOver, readLive, setStage } from './harness.ts';

const graceMs = 400;

/** What the journal was told of signals, pids left out. */
function rungs(told: readonly RunEvent[]): unknown[] {
	const names = (list: readonly { name: string }[]): string[] => list.map(({ name }) => name).sort();
	return told.flatMap((event) => {
		if (event.type === 'run.signalled') return [[event.signal, names(event.sent), names(event.refused)]];
		if (event.type === 'run.cancelled') return [['remaining', names(event.remaining)]];
		return [];
	});
}

test('a cancel is SIGINT first, and ends there when that is enough', async () => {
	const { start, told } = setStage();
	const run = start({ argv: ['sleep', '600'] });
	await reachKind(run, 'running');

	await run.cancel();

	expect(await reachOver(run)).toMatchObject({ end: { signal: 'SIGINT' } });
	expect(rungs(told)).toEqual([
		['SIGINT', ['sleep'], []],
		['remaining', []],
	]);
});

test('a program that ignores SIGINT gets SIGTERM', async () => {
	const { shell, told } = setStage({ graceMs });
	const run = shell('trap "" INT; echo begun; exec sleep 600');
	await begun(run);

	await run.cancel();

	expect(await reachOver(run)).toMatchObject({ end: { signal: 'SIGTERM' } });
	expect(rungs(told)).toEqual([
		['SIGINT', ['sleep'], []],
		['SIGTERM', ['sleep'], []],
		['remaining', []],
	]);
});

test('a program that ignores both gets SIGKILL; each step is told', async () => {
	const { shell, told } = setStage({ graceMs });
	// Between the fork and the exec the second process is a shell too.
	const run = shell('trap "" INT TERM; sleep 600 & until [ "$(cat /proc/$!/comm)" = sleep ]; do :; done; echo begun; wait');
	await begun(run);

	await Promise.all([run.cancel(), run.cancel()]);

	expect(await reachOver(run)).toMatchObject({ end: { signal: 'SIGKILL' } });
	expect(rungs(told)).toEqual([
		['SIGINT', ['sh', 'sleep'], []],
		['SIGTERM', ['sh', 'sleep'], []],
		['SIGKILL', ['sh', 'sleep'], []],
		['remaining', []],
	]);
	expect(await run.output()).toBe('begun\r\n');
});

test('a program that is stopped is killed all the same', async () => {
	const { start, state } = setStage({ graceMs });
	const run = start({ argv: ['sleep', '600'] });
	await reachKind(run, 'running');
	process.kill(readLive(state, run.id).program.pid, 'SIGSTOP');

	await run.cancel();

	expect(await reachOver(run)).toMatchObject({ kind: 'ended' });
});

test('what left the session is found by its mark', async () => {
	const { shell, told } = setStage({ graceMs });
	const run = shell('setsid sh -c "trap : INT TERM; echo begun; sleep 600" </dev/null; sleep 600');
	await begun(run);

	await run.cancel();

	await reachOver(run);
	expect(rungs(told).at(-1)).toEqual(['remaining', []]);
	const [, term] = rungs(told);
	expect(term).toEqual(['SIGTERM', expect.arrayContaining(['sleep']), []]);
});

test('a loop that forks without end is killed', async () => {
	const { shell, told } = setStage({ graceMs: 400 });
	const run = shell(
		'trap "" INT TERM; echo begun; while :; do (trap "" INT TERM; sleep 1) & sleep 0.01; done',
	);
	await begun(run);

	await run.cancel();

	expect(await reachOver(run)).toMatchObject({ end: { signal: 'SIGKILL' } });
	expect(rungs(told).at(-1)).toEqual(['remaining', []]);
});

test('only the foreground gets SIGINT, as from the keyboard', async () => {
	const { shell, told } = setStage({ graceMs });
	const run = shell('set -m; sleep 600 & sh -c "trap : INT; echo begun; tail -f /dev/null"');
	await begun(run);

	await run.cancel();

	await reachOver(run);
	const [first, second] = rungs(told);
	expect(first).toEqual(['SIGINT', expect.not.arrayContaining(['sleep']), []]);
	expect(second).toEqual(['SIGTERM', expect.arrayContaining(['sleep']), []]);
});

test('nothing is left to cancel of a run that is over', async () => {
	const { shell } = setStage();
	const run = shell('exit 0');
	await reachOver(run);

	await expect(run.cancel()).rejects.toThrow('nothing of it is known to be alive');
});
