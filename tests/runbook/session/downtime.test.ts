import { describe, expect, test } from 'vitest';
import { downtimeOf, planSteps } from '../../../src/runbook/session/plan.ts';
import { noRules, resolve } from '../../../src/runbook/values/resolve.ts';
import type { RunState } from '../../../src/runbook/run/run-state.ts';
import { foldSession, showLive } from '../../../src/runbook/session/session.ts';
import type { SessionEvent } from '../../../src/runbook/session/session-event.ts';
import { runbookOfSteps } from '../fixtures.ts';

const runbook = runbookOfSteps(`
- { id: pull, phase: prepare, run: docker pull x }
- { id: stop, phase: change, run: docker stop x, undo: docker start x }
- { id: start, phase: change, run: docker start y, undo: docker stop y }
- { id: remove, phase: finish, effect: destroy, object: container, run: "docker rm \${container}", point_of_no_return: true }`);

const opened: SessionEvent = { type: 'session.opened', session: 's', runbook: 'f/r', name: 'n', definition: 'd', drover: '1' };
let runs = 0;

/** A run from its second on, for one second: `12` is asked at 12 and ends at 13. */
function run(step: string, second: number, kind: 'run' | 'undo' = 'run', code = 0): [number, SessionEvent][] {
	const id = `r${(runs += 1)}`;
	return [
		[second, { type: 'run.asked', run: id, step, kind, display: 'x', definition: 'd', values: {} }],
		[second + 1, { type: 'run.ended', run: id, end: { code }, endedAt: timeOf(second + 1), elapsedMs: 1000 }],
	];
}

const timeOf = (second: number) => `2026-01-01T00:00:${String(second).padStart(2, '0')}Z`;

function fold(...events: [number, SessionEvent][][]) {
	const session = foldSession([[0, opened] as const, ...events.flat()].map(([second, event], index) => ({ n: index + 1, at: timeOf(second), event })));
	if (!session) throw new Error('no session');
	return session;
}

function outage(...events: [number, SessionEvent][][]) {
	const session = fold(...events);
	const { from, to } = downtimeOf(planSteps(runbook, resolve(runbook, noRules, { container: 'x' }), session), session);
	return [from, to];
}

describe('the outage', () => {
	test('has not begun while nothing has changed', () => {
		expect(outage(run('pull', 1))).toEqual([undefined, undefined]);
	});

	test('begins with the first change, also when that fails, and ends with the last', () => {
		expect(outage(run('pull', 1), run('stop', 3, 'run', 1))).toEqual([timeOf(3), undefined]);
		expect(outage(run('pull', 1), run('stop', 3), run('start', 7))).toEqual([timeOf(3), timeOf(8)]);
	});

	test('ends when all that was changed is taken back, and not before', () => {
		expect(outage(run('stop', 3), run('start', 7, 'run', 1), run('start', 9, 'undo'))).toEqual([timeOf(3), undefined]);
		expect(outage(run('stop', 3), run('start', 7, 'run', 1), run('start', 9, 'undo'), run('stop', 12, 'undo'))).toEqual([timeOf(3), timeOf(13)]);
		expect(outage(run('stop', 3), run('stop', 12, 'undo', 1))).toEqual([timeOf(3), undefined]);
	});

	test('ends as well when the end of a short run was written down before its beginning', () => {
		const undo = run('stop', 12, 'undo');
		const late: [number, SessionEvent] = [14, { type: 'run.started', run: `r${runs}`, startedAt: timeOf(12) }];

		expect(outage(run('stop', 3), [...undo, late])).toEqual([timeOf(3), timeOf(13)]);
	});

	test('of the next try begins anew', () => {
		expect(outage(run('stop', 3), run('stop', 12, 'undo'), run('stop', 20))).toEqual([timeOf(20), undefined]);
	});
});

describe('what is known at this moment', () => {
	const stopped: RunState = { kind: 'running', startedAt: 'x', reach: 'full', stopped: true };
	const started = (second: number): [number, SessionEvent][] => [[second, { type: 'run.started', run: `r${runs}`, startedAt: 'x' }]];

	test('says more of a run that goes on, and nothing against the journal', () => {
		const going = fold(run('stop', 3).slice(0, 1), started(4));
		const id = `r${runs}`;
		const over = fold(run('stop', 3));

		expect(showLive(going, new Map([[id, stopped]])).runs.get(id)?.state).toEqual(stopped);
		expect(showLive(going, new Map([[id, { kind: 'unknown', reason: 'damaged' }]])).runs.get(id)?.state.kind).toBe('running');
		expect(showLive(over, new Map([[`r${runs}`, stopped]])).runs.get(`r${runs}`)?.state.kind).toBe('ended');
	});

	test('names who has stayed for as long as the terminal is open, of the same end', () => {
		const session = fold(run('stop', 3));
		const id = `r${runs}`;
		const stays = (code: number): RunState => ({ kind: 'ended', end: { code }, at: 'x', elapsedMs: 1, output: { kind: 'pending' }, terminal: 'open', stayers: [{ pid: 7, name: 'cow' }] });

		expect(showLive(session, new Map([[id, stays(0)]])).runs.get(id)?.state).toEqual(stays(0));
		expect(showLive(session, new Map([[id, stays(1)]])).runs.get(id)?.state).toMatchObject({ end: { code: 0 }, stayers: [] });
	});
});
