import { expect, test } from 'vitest';
import { canMove, isRunActive, isRunSuccess, moveRun } from '../../../src/runbook/run/run.ts';
import { RunState } from '../../../src/runbook/run/run-state.ts';

const states = {
	asked: { kind: 'asked' },
	starting: { kind: 'starting' },
	running: { kind: 'running', startedAt: '2026-01-01T00:00:00.000Z', reach: 'full', stopped: false },
	ended: {
		kind: 'ended',
		end: { code: 0 },
		at: '2026-01-01T00:00:00.000Z',
		elapsedMs: 1,
		output: { kind: 'pending' },
		terminal: 'open',
		stayers: [],
	},
	'never-started': { kind: 'never-started', error: { name: 'no-command', subject: 'x' } },
	unknown: { kind: 'unknown', reason: 'keepers-gone' },
} as const satisfies Record<string, RunState>;

test('a run only moves towards its end', () => {
	const allowed = Object.values(states).flatMap((from) =>
		Object.values(states)
			.filter((to) => canMove(from, to))
			.map((to) => `${from.kind} → ${to.kind}`),
	);

	expect(allowed).toEqual([
		'asked → starting',
		'asked → running',
		'asked → ended',
		'asked → never-started',
		'asked → unknown',
		'starting → running',
		'starting → ended',
		'starting → never-started',
		'starting → unknown',
		'running → running',
		'running → ended',
		'running → unknown',
		'ended → ended',
		'unknown → running',
		'unknown → ended',
		'unknown → never-started',
		'unknown → unknown',
	]);
});

test.each([{ code: 1 }, { signal: 'SIGKILL' }])('an end never turns into another one: %o', (end) => {
	expect(() => moveRun(states.ended, { ...states.ended, end })).toThrow(RangeError);
});

test('more may be learned of an end', () => {
	const closed = { ...states.ended, output: { kind: 'whole' }, terminal: 'closed' } as const;

	expect(moveRun(states.ended, closed)).toEqual(closed);
});

test('only an exit code 0 of its own is a success', () => {
	const ends = [{ code: 0 }, { code: 1 }, { signal: 'SIGTERM' }];

	expect(ends.map((end) => isRunSuccess({ ...states.ended, end }))).toEqual([true, false, false]);
	expect(isRunSuccess(states.unknown)).toBe(false);
});

test('asked, starting and running count as active', () => {
	expect(
		Object.values(states)
			.filter(isRunActive)
			.map(({ kind }) => kind),
	).toEqual(['asked', 'starting', 'running']);
});

test('a state carries nothing that its kind cannot know', () => {
	expect(RunState.safeParse({ kind: 'unknown', reason: 'rebooted', code: 0 }).success).toBe(false);
	expect(RunState.safeParse({ ...states.ended, end: { code: 0, signal: 'SIGINT' } }).success).toBe(false);
});
