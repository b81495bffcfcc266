import { expect, test } from 'vitest';
import { runOutcome, runOutcomes } from '../../../src/runbook/run/run-outcome.ts';
import { StartError, UnknownReason, type RunEnd } from '../../../src/runbook/run/run-state.ts';

const ended = (end: RunEnd) =>
	runOutcome({
		kind: 'ended',
		end,
		at: '',
		elapsedMs: 0,
		output: { kind: 'whole' },
		terminal: 'closed',
		stayers: [],
	});

test.each([
	[{ code: 0 }, 'ended.success'],
	[{ code: 1 }, 'ended.failed'],
	[{ code: 126 }, 'ended.not-executable-126'],
	[{ code: 127 }, 'ended.not-found-127'],
	[{ code: 130 }, 'ended.like-ctrl-c-130'],
	[{ signal: 'SIGINT' }, 'ended.ctrl-c'],
	[{ code: 137 }, 'ended.like-killed-137'],
	[{ signal: 'SIGKILL' }, 'ended.killed'],
	[{ code: 143 }, 'ended.like-terminated-143'],
	[{ signal: 'SIGTERM' }, 'ended.terminated'],
	[{ signal: 'SIGHUP' }, 'ended.hung-up'],
	[{ signal: 'SIGSEGV' }, 'ended.crashed'],
	[{ signal: 'SIGUSR1' }, 'ended.signal'],
])('%o is "%s"', (end, name) => {
	expect(ended(end).name).toBe(name);
});

test('every outcome fills exactly the slots of its sentence', () => {
	const running = { kind: 'running', startedAt: '' } as const;
	const outcomes = [
		...[0, 1, 126, 127, 130, 137, 143].map((code) => ended({ code })),
		...['SIGINT', 'SIGTERM', 'SIGKILL', 'SIGHUP', 'SIGBUS', 'SIGUSR2'].map((signal) => ended({ signal })),
		runOutcome({ kind: 'asked' }),
		runOutcome({ kind: 'starting' }),
		...(['full', 'signals-only'] as const).flatMap((reach) =>
			[true, false].map((stopped) => runOutcome({ ...running, reach, stopped })),
		),
		runOutcome({ ...running, reach: 'full', stopped: false, unseenSince: 'then' }),
		...StartError.shape.name.options.map((name) =>
			runOutcome({ kind: 'never-started', error: { name, subject: 'x' } }),
		),
		...UnknownReason.options.map((reason) => runOutcome({ kind: 'unknown', reason })),
	];

	const slots = Object.fromEntries(outcomes.map(({ name, slots: given }) => [name, Object.keys(given)]));

	expect(slots).toEqual(runOutcomes);
});
