import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { noRules, resolve } from '../../../src/runbook/values/resolve.ts';
import { nextStep, planSteps, wayBack, whyNotMark, whyNotRun, whyNotUndo } from '../../../src/runbook/session/plan.ts';
import { foldSession, GrowingSession } from '../../../src/runbook/session/session.ts';
import { SessionEvent, type Entry } from '../../../src/runbook/session/session-event.ts';
import type { Grade } from '../../../src/runbook/check/sight.ts';
import { runbookOfSteps } from '../fixtures.ts';

const runbook = runbookOfSteps(`
- { id: look, phase: preflight, done_when: { run: docker ps } }
- { id: pull, phase: prepare, run: docker pull x }
- { id: stop, phase: change, run: docker stop x, undo: docker start x, done_when: { run: docker ps } }
- { id: move, phase: change, run: docker rename x y, undo: docker rename y x }
- { id: start, phase: change, run: docker run x, point_of_no_return: true, done_when: { run: docker ps }, required: true }
- { id: remove, phase: finish, effect: destroy, object: container, run: "docker rm \${container}", point_of_no_return: true }`);
const resolved = resolve(runbook, noRules, {});

const saw = [{ name: 'output' as const, slots: { text: 'x' } }];
const asked = (run: string, step: string, kind: 'run' | 'undo' = 'run'): SessionEvent => ({ type: 'run.asked', run, step, kind, display: 'x', definition: 'd', values: {} });
const ended = (run: string, code: number): SessionEvent => ({ type: 'run.ended', run, end: { code }, endedAt: '2026-01-01T00:00:00Z', elapsedMs: 5 });
const looked = (step: string, passed: boolean, what: 'done' | 'skip' | 'undone' = 'done'): SessionEvent => ({ type: 'step.looked', step, for: what, result: passed ? 'passed' : 'failed', saw });
const marked = (step: string, mark: 'by-hand' | 'skipped' | 'overridden' | 'cleared', reason = 'r'): SessionEvent => ({ type: 'step.marked', step, mark, reason });
const opened: SessionEvent = { type: 'session.opened', session: 's', runbook: 'f/r', name: 'n', definition: 'd', drover: '1' };

function fold(...events: SessionEvent[]) {
	const entries: Entry[] = [opened, ...events].map((event, index) => ({ n: index + 1, at: `2026-01-01T00:00:${String(index).padStart(2, '0')}Z`, event }));
	const session = foldSession(entries);
	if (!session) throw new Error('no session');
	return session;
}
const plan = (...events: SessionEvent[]) => planSteps(runbook, resolved, fold(...events));
const kindOf = (step: string, ...events: SessionEvent[]) => fold(...events).steps.get(step)?.kind ?? 'todo';

describe('a session that grows', () => {
	const entriesOf = (events: readonly SessionEvent[]): Entry[] => [opened, ...events].map((event, index) => ({ n: index + 1, at: '2026-01-01T00:00:00Z', event }));

	test('is at each moment what its events make of it, and what was seen before stays', () => {
		const event = fc.constantFrom(asked('r1', 'stop'), asked('r2', 'move'), ended('r1', 0), ended('r2', 1), looked('stop', true), looked('stop', false), marked('pull', 'by-hand'), marked('pull', 'cleared'), { type: 'run.signalled', run: 'r1', signal: 'SIGINT', sent: [], refused: [], unlisted: 0 } as const);
		fc.assert(
			fc.property(fc.array(event), fc.array(fc.nat(4)), (events, steps) => {
				const entries = entriesOf(events);
				const growing = new GrowingSession();
				let count = 1;
				const seen = [1, ...steps].map((step) => ({ count: (count = Math.min(entries.length, count + step)), session: growing.fold(entries.slice(0, count)) }));

				for (const one of seen) expect(one.session).toEqual(foldSession(entries.slice(0, one.count)));
				expect(growing.fold(entries.slice(0, 1))).toEqual(foldSession(entries.slice(0, 1)));
			}),
		);
	});

	test('reads each of 3,000 events once', () => {
		let reads = 0;
		const entries: Entry[] = [];
		const growing = new GrowingSession();
		for (const { event, ...rest } of entriesOf(Array.from({ length: 3_000 }, (_, index) => (index % 2 === 0 ? asked(`r${index}`, 'stop') : ended(`r${index - 1}`, 0))))) {
			entries.push({ ...rest, get event() {
				reads += 1;
				return event;
			} });
			growing.fold(entries);
		}

		expect(reads).toBe(entries.length);
	});
});

test('in whatever order facts of a run are written down, an end that was told stays the end', () => {
	const facts: SessionEvent[] = [
		{ type: 'run.started', run: 'r1', startedAt: 'x' },
		{ type: 'run.unknown', run: 'r1', reason: 'keepers-gone' },
		{ type: 'run.closed', run: 'r1', output: { kind: 'whole' }, stayers: [] },
		{ type: 'run.started', run: 'r1', startedAt: 'y' },
	];
	fc.assert(
		fc.property(fc.shuffledSubarray([...facts, ended('r1', 0)]), (told) => {
			const run = fold(asked('r1', 'stop'), ...told).runs.get('r1');

			if (told.some(({ type }) => type === 'run.ended')) expect(run?.state).toMatchObject({ kind: 'ended', end: { code: 0 } });
		}),
	);
});

describe('what is known of a step', () => {
	test.each<[string, SessionEvent[]]>([
		['running', [asked('r1', 'stop')]],
		['ran', [asked('r1', 'stop'), ended('r1', 0)]],
		['failed', [asked('r1', 'stop'), ended('r1', 1)]],
		['failed', [asked('r1', 'stop'), { type: 'run.ended', run: 'r1', end: { signal: 'SIGKILL' }, endedAt: 'x', elapsedMs: 1 }]],
		['failed', [asked('r1', 'stop'), { type: 'run.never-started', run: 'r1', error: { name: 'no-command', subject: 'docker' } }]],
		['unknown', [asked('r1', 'stop'), { type: 'run.unknown', run: 'r1', reason: 'rebooted' }]],
		['verified', [asked('r1', 'stop'), ended('r1', 0), looked('stop', true)]],
		['failed', [asked('r1', 'stop'), ended('r1', 0), looked('stop', false)]],
		['stale', [asked('r1', 'stop'), ended('r1', 0), looked('stop', true), looked('stop', false)]],
		['verified', [asked('r1', 'stop'), ended('r1', 0), looked('stop', true), looked('stop', false), looked('stop', true)]],
		['found', [looked('stop', true, 'skip')]],
		['todo', [looked('stop', false, 'skip')]],
		['by-hand', [marked('stop', 'by-hand')]],
		['stale', [marked('stop', 'by-hand'), looked('stop', false)]],
		['verified', [marked('stop', 'by-hand'), looked('stop', true)]],
		['skipped', [marked('stop', 'skipped')]],
		['todo', [marked('stop', 'skipped'), marked('stop', 'cleared')]],
		['undone', [asked('r1', 'stop'), ended('r1', 0), asked('r2', 'stop', 'undo'), ended('r2', 0)]],
		['failed', [asked('r1', 'stop'), ended('r1', 0), asked('r2', 'stop', 'undo'), ended('r2', 1)]],
		['failed', [asked('r1', 'stop'), ended('r1', 0), asked('r2', 'stop', 'undo'), ended('r2', 0), looked('stop', false, 'undone')]],
		['running', [asked('r1', 'stop'), ended('r1', 1), asked('r2', 'stop')]],
		['unknown', [asked('r1', 'stop'), { type: 'run.unknown', run: 'r1', reason: 'keepers-gone' }, looked('stop', false)]],
		['verified', [asked('r1', 'stop'), { type: 'run.unknown', run: 'r1', reason: 'keepers-gone' }, looked('stop', true)]],
		['ran', [asked('r1', 'stop'), { type: 'run.unknown', run: 'r1', reason: 'keepers-gone' }, ended('r1', 0)]],
		['running', [asked('r1', 'stop'), ended('r1', 0), asked('r2', 'stop'), ended('r1', 1)]],
	])('%s after %j', (kind, events) => {
		expect(kindOf('stop', ...events)).toBe(kind);
	});

	test('a run whose end is unknown has no exit code', () => {
		const session = fold(asked('r1', 'stop'), { type: 'run.unknown', run: 'r1', reason: 'rebooted' });
		expect(session.runs.get('r1')?.state).toEqual({ kind: 'unknown', reason: 'rebooted' });
	});
});

describe('a check that', () => {
	const result = (step: string, graded: Grade, what: 'done' | 'skip' | 'undone' = 'done'): SessionEvent => ({ type: 'step.looked', step, for: what, result: graded, saw });
	const ran = [asked('r1', 'stop'), ended('r1', 0)];
	const at = (step: string, ...events: SessionEvent[]) => plan(...events).find((one) => one.step.id === step);

	test('is only worth a warning settles the step', () => {
		expect(at('stop', ...ran, result('stop', 'warned'))).toMatchObject({ status: { kind: 'warned' }, settled: true });
		expect(at('stop', ...ran, result('stop', 'warned'), result('stop', 'failed'))).toMatchObject({ status: { kind: 'stale', was: 'warned' }, settled: false });
	});

	test.each<[string, boolean, SessionEvent[]]>([
		['todo', false, []],
		['ran', false, ran],
		['failed', false, [...ran, result('stop', 'failed')]],
		['verified', true, [...ran, result('stop', 'passed')]],
		['warned', true, [...ran, result('stop', 'warned')]],
		['stale', false, [...ran, result('stop', 'passed'), result('stop', 'failed')]],
		['by-hand', true, [marked('stop', 'by-hand')]],
		['undone', false, [...ran, asked('r2', 'stop', 'undo'), ended('r2', 0)]],
	])('could not be done leaves a step that is %s as it is, and stands beside it', (kind, settled, events) => {
		const before = at('stop', ...events);
		const after = at('stop', ...events, result('stop', 'could-not-check', kind === 'undone' ? 'undone' : 'done'));

		expect(after).toEqual({ ...before, unchecked: { at: expect.any(String), saw } });
		expect(after).toMatchObject({ status: { kind }, settled });
	});

	test('could not be done is forgotten with the next one that could, with a mark, and with a run', () => {
		for (const next of [result('stop', 'passed'), result('stop', 'failed'), marked('stop', 'by-hand'), asked('r2', 'stop')]) {
			expect(at('stop', ...ran, result('stop', 'could-not-check'), next)?.unchecked).toBeUndefined();
		}
	});

	test('asks nothing for these values changes nothing', () => {
		expect(at('stop', ...ran, result('stop', 'not-applicable'))).toMatchObject({ status: { kind: 'ran' }, settled: false });
	});

	test('an earlier version wrote down is read as what it was', () => {
		const line = { type: 'step.looked', step: 'stop', for: 'done', saw };
		expect(SessionEvent.parse({ ...line, passed: true })).toEqual({ ...line, result: 'passed' });
		expect(SessionEvent.parse({ ...line, passed: false })).toEqual({ ...line, result: 'failed' });
	});
});

describe('hints', () => {
	const hint = (name: string, result: Grade = 'passed'): SessionEvent => ({ type: 'step.looked', step: 'stop', for: { hint: name }, result, saw });
	const shown = (...events: SessionEvent[]) => fold(asked('r1', 'stop'), ended('r1', 1), ...events).hints.get('stop') ?? [];

	test('stand beside a step that failed until they no longer hold', () => {
		expect(shown(hint('a'), hint('b'))).toEqual(['a', 'b']);
		expect(shown(hint('a'), hint('b'), hint('a', 'failed'))).toEqual(['b']);
		expect(shown(hint('a'), hint('a', 'could-not-check'))).toEqual(['a']);
	});

	test.each<[string, SessionEvent]>([
		['verified', looked('stop', true)],
		['found done', looked('stop', true, 'skip')],
		['done by hand', marked('stop', 'by-hand')],
		['skipped', marked('stop', 'skipped')],
		['overridden', marked('stop', 'overridden')],
		['run again', asked('r2', 'stop')],
		['being undone', asked('r2', 'stop', 'undo')],
	])('go away when their step is %s, and one that comes late is not shown', (_, event) => {
		expect(shown(hint('a'), event)).toEqual([]);
		if (event.type !== 'run.asked') expect(shown(event, hint('a'))).toEqual([]);
	});
});

describe('the order', () => {
	const ready = [looked('look', true), asked('r1', 'pull'), ended('r1', 0)];

	test('an unsettled step keeps every later one from running, and is named', () => {
		expect(whyNotRun(plan(), 'pull')).toMatchObject({ name: 'step.out-of-order', slots: { before: 'look' } });
		expect(whyNotRun(plan(...ready), 'stop')).toBeUndefined();
		expect(whyNotRun(plan(...ready), 'move')).toMatchObject({ slots: { before: 'stop' } });
		expect(whyNotRun(plan(...ready, asked('r2', 'stop'), ended('r2', 0)), 'move')).toMatchObject({ slots: { before: 'stop' } });
		expect(whyNotRun(plan(...ready, asked('r2', 'stop'), ended('r2', 0), looked('stop', true)), 'move')).toBeUndefined();
		expect(whyNotRun(plan(...ready, asked('r2', 'stop'), ended('r2', 0), looked('stop', true), looked('stop', false)), 'move')).toMatchObject({ slots: { before: 'stop' } });
	});

	test('a settled change does not run a second time, one that failed may', () => {
		const done = [...ready, asked('r2', 'stop'), ended('r2', 0), looked('stop', true)];
		expect(whyNotRun(plan(...done), 'stop')).toMatchObject({ name: 'step.already-done' });
		expect(whyNotRun(plan(...ready, asked('r2', 'stop'), ended('r2', 1)), 'stop')).toBeUndefined();
		expect(whyNotRun(plan(...ready, asked('r2', 'stop')), 'stop')).toMatchObject({ name: 'step.running' });
		expect(whyNotRun(plan(...ready, asked('r2', 'stop'), { type: 'run.unknown', run: 'r2', reason: 'rebooted' }), 'stop')).toMatchObject({ name: 'step.unsettled' });
	});

	test('skipping asks for a reason, and some steps cannot be skipped', () => {
		const steps = plan(...ready, marked('stop', 'skipped'), marked('move', 'skipped'));
		const at = (id: string) => steps.find((one) => one.step.id === id) as (typeof steps)[number];
		expect(whyNotMark(at('start'), steps, 'skipped', 'because')).toMatchObject({ name: 'step.cannot-override' });
		const early = plan(...ready);
		expect(whyNotMark(early[2] as (typeof early)[number], early, 'skipped', ' ')).toMatchObject({ name: 'step.needs-reason' });
		expect(whyNotMark(early[2] as (typeof early)[number], early, 'skipped', 'done by the night shift')).toBeUndefined();
	});
});

describe('the way back', () => {
	test('is what was run and not taken back, last first', () => {
		const events = [looked('look', true), asked('r1', 'pull'), ended('r1', 0), asked('r2', 'stop'), ended('r2', 0), looked('stop', true), asked('r3', 'move'), ended('r3', 1)];
		const session = fold(...events);
		const steps = planSteps(runbook, resolved, session);
		const back = wayBack(runbook, steps, session);

		expect(back.map((one) => one.planned.key)).toEqual(['move', 'stop', 'pull']);
		expect(whyNotUndo(back, 'stop')).toMatchObject({ name: 'step.undo-order', slots: { later: 'move' } });
		expect(whyNotUndo(back, 'move')).toBeUndefined();
		expect(whyNotUndo(back, 'pull')).toMatchObject({ name: 'step.no-undo' });
		expect(whyNotUndo(back, 'start')).toMatchObject({ name: 'step.nothing-to-undo' });
	});

	test('what was found, skipped or done by hand is not the session\'s to take back', () => {
		const session = fold(looked('stop', true, 'skip'), marked('move', 'by-hand'));
		expect(wayBack(runbook, planSteps(runbook, resolved, session), session)).toEqual([]);
	});

	test('a step whose end is unknown may have done something', () => {
		const session = fold(asked('r1', 'stop'), { type: 'run.unknown', run: 'r1', reason: 'rebooted' });
		expect(wayBack(runbook, planSteps(runbook, resolved, session), session).map((one) => one.planned.key)).toEqual(['stop']);
	});
});

const ids = runbook.steps.map((step) => step.id);
const anyEvent: fc.Arbitrary<SessionEvent> = fc.oneof(
	fc.tuple(fc.constantFrom('r1', 'r2', 'r3'), fc.constantFrom(...ids), fc.constantFrom('run' as const, 'undo' as const)).map(([run, step, kind]) => asked(run, step, kind)),
	fc.tuple(fc.constantFrom('r1', 'r2', 'r3'), fc.constantFrom(0, 1, 137)).map(([run, code]) => ended(run, code)),
	fc.constantFrom('r1', 'r2', 'r3').map((run): SessionEvent => ({ type: 'run.unknown', run, reason: 'keepers-gone' })),
	fc.tuple(fc.constantFrom(...ids), fc.boolean(), fc.constantFrom('done' as const, 'skip' as const, 'undone' as const)).map(([step, passed, what]) => looked(step, passed, what)),
	fc.tuple(fc.constantFrom(...ids), fc.constantFrom('by-hand' as const, 'skipped' as const, 'overridden' as const, 'cleared' as const)).map(([step, mark]) => marked(step, mark)),
);

describe('for every journal', () => {
	test('a step is verified only when a check has passed after its last run', () => {
		fc.assert(
			fc.property(fc.array(anyEvent, { maxLength: 40 }), (events) => {
				for (const [step, status] of fold(...events).steps) {
					if (status.kind !== 'verified') continue;
					const last = events.findLastIndex((one) => one.type === 'run.asked' && one.step === step);
					expect(events.some((one, index) => index > last && one.type === 'step.looked' && one.step === step && one.for === 'done' && one.result === 'passed')).toBe(true);
				}
			}),
			{ numRuns: 2000 },
		);
	});

	test('a change may run only when everything before it is settled', () => {
		fc.assert(
			fc.property(fc.array(anyEvent, { maxLength: 40 }), (events) => {
				const steps = plan(...events);
				const next = nextStep(steps);
				for (const planned of steps) {
					if (planned.step.phase === 'preflight' || whyNotRun(steps, planned.key)) continue;
					expect(steps.slice(0, steps.indexOf(planned)).every((one) => one.settled)).toBe(true);
				}
				if (next) expect(steps.slice(0, steps.indexOf(next)).every((one) => one.settled)).toBe(true);
			}),
			{ numRuns: 2000 },
		);
	});
});
