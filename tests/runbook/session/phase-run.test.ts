import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { partsOf, questionOf, runnableSteps, whyNotTogether } from '../../../src/runbook/session/phase-run.ts';
import { planSteps, whyNotRun, whyOutOfOrder, type PlannedStep } from '../../../src/runbook/session/plan.ts';
import { noRules, resolve } from '../../../src/runbook/values/resolve.ts';
import { foldSession } from '../../../src/runbook/session/session.ts';
import type { SessionEvent } from '../../../src/runbook/session/session-event.ts';
import type { Node } from '../../../src/runbook/values/value-types.ts';
import type { Values } from '../../../src/runbook/values/value.ts';
import { runbookOfSteps } from '../fixtures.ts';

const node = (name: string, ssh = '') => ({ name, ssh, address: '10.0.0.1' });
const runbook = runbookOfSteps(`
- { id: engine, phase: preflight, done_when: { run: docker version } }
- { id: ask, phase: preflight, do: by-hand }
- { id: disk, phase: preflight, done_when: { run: df x } }
- { id: pull, phase: prepare, run: docker pull x, done_when: { run: docker image inspect x } }
- { id: keep, phase: prepare, run: docker create x, undo: docker rm x }
- { id: stop, phase: change, each: nodes, run: docker stop x, undo: docker start x }
- { id: copy, phase: change, effect: prepare, when: { is: { style: env } }, run: docker cp x y }
- { id: start, phase: change, run: docker run -d x, undo: 'docker rm \${made}', point_of_no_return: { is: { style: env } } }
- { id: others, phase: change, run: docker start y, undo: docker stop y }
- { id: version, phase: verify, done_when: { run: docker version } }
- { id: data, phase: verify, done_when: { run: df x } }
- { id: call, phase: finish, effect: read, do: by-hand }
- { id: remove, phase: finish, effect: destroy, object: container, run: docker rm x, point_of_no_return: true }
- { id: sweep, phase: finish, effect: destroy, object: container, run: docker rm y, point_of_no_return: true }`);
const ids = runbook.steps.map((step) => step.id);

/** The plan of a session with these events. */
function plan(events: readonly SessionEvent[], values: Values = { style: 'flags', nodes: [node('a')] }): readonly PlannedStep[] {
	const opened: SessionEvent = { type: 'session.opened', session: 's', runbook: runbook.id, name: '', definition: '', drover: '' };
	const session = foldSession([opened, ...events].map((event, index) => ({ n: index + 1, at: '2026-01-01T00:00:00Z', event })));
	return planSteps(runbook, resolve(runbook, noRules, values), session);
}

const skipped = (...steps: string[]): SessionEvent[] => steps.map((step) => (step === 'stop' ? { type: 'step.marked', step, node: 'a', mark: 'skipped', reason: 'r' } : { type: 'step.marked', step, mark: 'skipped', reason: 'r' }));
const looked = (step: string, result: 'passed' | 'failed'): SessionEvent => ({ type: 'step.looked', step, for: 'done', result, saw: [] });
const keys = (steps: readonly { key: string }[] | undefined) => steps?.map(({ key }) => key);
const before = (step: string) => skipped(...ids.slice(0, ids.indexOf(step)));

describe('one press does', () => {
	test.each<[string, SessionEvent[], string, string[]]>([
		['all checks of the preflight, whatever waits between them', [], 'flags', ['engine', 'disk']],
		['all of prepare', before('pull'), 'flags', ['pull', 'keep']],
		['the changes up to the point of no return', before('stop'), 'env', ['stop@a', 'copy']],
		['the point of no return alone, where more changes follow', before('start'), 'env', ['start']],
		['all changes, and the checks after them, where nothing is without a way back', before('stop'), 'flags', ['stop@a', 'start', 'others', 'version', 'data']],
		['the changes after a point of no return, and the checks', before('others'), 'env', ['others', 'version', 'data']],
		['all of verify', before('version'), 'flags', ['version', 'data']],
		['what destroys, alone', before('remove'), 'flags', ['remove']],
	])('%s', (_, events, style, wanted) => {
		expect(keys(runnableSteps(plan(events, { style, nodes: [node('a')] }))?.steps)).toEqual(wanted);
	});

	test('nothing where a step is for the reader, or on a machine elsewhere', () => {
		expect(runnableSteps(plan(before('call')))).toBeUndefined();
		expect(runnableSteps(plan(before('stop'), { style: 'flags', nodes: [node('b', 'root@b')] }))).toBeUndefined();
	});

	test('nothing again that no longer holds, but checks it again', () => {
		const steps = plan([...before('pull'), looked('pull', 'passed'), looked('pull', 'failed')]);
		expect(runnableSteps(steps)).toBeUndefined();
		expect(keys(runnableSteps(plan([looked('engine', 'passed'), looked('engine', 'failed')]))?.steps)).toEqual(['engine', 'disk']);
	});

	test('checks once more that have passed, when asked', () => {
		const steps = plan([looked('engine', 'passed'), looked('disk', 'passed')]);
		expect(keys(runnableSteps(steps, 'engine', { again: true })?.steps)).toEqual(['engine', 'disk']);
		expect(runnableSteps(steps, 'engine')).toBeUndefined();
	});
});

test('the reader is asked for what changes, and by name for what destroys', () => {
	const questions = partsOf(plan([], { style: 'env', nodes: [node('a')] })).map(({ name, steps }) => [name, questionOf(steps)]);
	expect(questions).toEqual([['preflight', 'none'], ['prepare', 'none'], ['change', 'confirm'], ['point-of-no-return', 'confirm'], ['change', 'confirm'], ['verify', 'none'], ['finish', 'none'], ['destroy', 'object'], ['destroy', 'object']]);
});

const place = fc.constantFrom(...ids).map((step) => (step === 'stop' ? { step, node: 'a' } : { step }));
const anyEvent: fc.Arbitrary<SessionEvent> = fc.oneof(
	fc.tuple(fc.constantFrom('r1', 'r2', 'r3'), place, fc.constantFrom('run' as const, 'undo' as const)).map(([run, where, kind]): SessionEvent => ({ type: 'run.asked', run, ...where, kind, display: '', definition: '', values: {} })),
	fc.tuple(fc.constantFrom('r1', 'r2', 'r3'), fc.constantFrom(0, 1)).map(([run, code]): SessionEvent => ({ type: 'run.ended', run, end: { code }, endedAt: '', elapsedMs: 1 })),
	fc.constantFrom('r1', 'r2').map((run): SessionEvent => ({ type: 'run.unknown', run, reason: 'keepers-gone' })),
	fc.tuple(place, fc.constantFrom('passed' as const, 'warned' as const, 'failed' as const, 'could-not-check' as const)).map(([where, result]): SessionEvent => ({ type: 'step.looked', ...where, for: 'done', result, saw: [] })),
	fc.tuple(place, fc.constantFrom('by-hand' as const, 'skipped' as const, 'cleared' as const)).map(([where, mark]): SessionEvent => ({ type: 'step.marked', ...where, mark, reason: 'r' })),
	// Far enough to reach the later phases.
	fc.constantFrom(...ids).chain((step) => fc.constantFrom(...(before(step).length > 0 ? before(step) : skipped('engine')))),
);
const anyPlan = fc.tuple(fc.constantFrom(...ids), fc.array(anyEvent, { maxLength: 20 }), fc.constantFrom('flags', 'env'), fc.constantFrom<Node[]>([node('a')], [node('a'), node('b')], [node('b', 'root@b')], []))
	.map(([from, events, style, nodes]) => plan([...before(from), ...events], { style, nodes }));
const anyPress = fc.tuple(anyPlan, fc.nat(), fc.boolean()).map(([steps, at, again]) => ({ steps, run: runnableSteps(steps, at % 3 === 0 ? undefined : steps[at % steps.length]?.key, { again }) }));

/** The plan as it stands when these steps have been settled. */
const settle = (steps: readonly PlannedStep[], settled: readonly string[]) => steps.map((one): PlannedStep => (settled.includes(one.key) ? { ...one, settled: true } : one));

describe('for every session', () => {
	test('one press never goes over a point of no return, and does what destroys alone', () => {
		fc.assert(fc.property(anyPress, ({ run }) => {
			const alone = (run?.steps ?? []).filter(({ pointOfNoReturn, step }) => pointOfNoReturn || step.effect === 'destroy');
			if (!run || alone.length === 0) return;
			expect(alone).toEqual([run.steps[0]]);
			expect(run.steps.slice(1).every(({ step }) => step.effect === 'read')).toBe(true);
		}), { numRuns: 2000 });
	});

	test('each step may be taken alone once those before it are settled', () => {
		fc.assert(fc.property(anyPress, ({ steps, run }) => {
			const order = keys(run?.steps) ?? [];
			for (const [index, key] of order.entries()) {
				const now = settle(steps, order.slice(0, index));
				const planned = now.find((one) => one.key === key)!;
				expect(planned.way === 'check' ? whyOutOfOrder(now, planned) : whyNotRun(now, key)).toBeUndefined();
			}
		}), { numRuns: 2000 });
	});

	test('what is offered may be asked for, whole or its beginning, and nothing may be left out or put after it that goes further', () => {
		fc.assert(fc.property(anyPress, fc.nat(), ({ steps, run }, cut) => {
			const order = keys(run?.steps) ?? [];
			if (!run || order.length === 0) return;
			expect(whyNotTogether(steps, order)).toBeUndefined();
			expect(whyNotTogether(steps, order.slice(0, (cut % order.length) + 1))).toBeUndefined();
			const parts = partsOf(steps);
			const after = parts.slice(parts.indexOf(parts.find(({ steps: [first] }) => first?.key === run.part.steps[0]?.key)!) + 1).flatMap((part) => part.steps);
			for (const one of after.filter(({ pointOfNoReturn, step }) => pointOfNoReturn || step.effect === 'destroy')) expect(whyNotTogether(steps, [...order, one.key])?.name).toBe('phase.steps');
			// What has passed already may be left out of a second check.
			if (run.part.name !== 'preflight' && order.length > 2 && !run.steps[1]?.settled) expect(whyNotTogether(steps, order.filter((_, index) => index !== 1))).toBeDefined();
			expect(whyNotTogether(steps, [...order, order[0]!])).toBeDefined();
		}), { numRuns: 2000 });
	});
});
