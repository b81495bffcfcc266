/** The downtime is one number once a check has measured the data. */
import { expect, test } from 'vitest';
import { factsOf } from '../../../src/site/runbook-facts.ts';
import { strings } from '../../../src/i18n/strings.ts';
import { measuredGib } from '../../../src/runbook/session/measured.ts';
import { planSteps, usualDowntime } from '../../../src/runbook/session/plan.ts';
import { foldSession } from '../../../src/runbook/session/session.ts';
import type { SessionEvent } from '../../../src/runbook/session/session-event.ts';
import { noRules, resolve } from '../../../src/runbook/values/resolve.ts';
import { runbookOfSteps } from '../fixtures.ts';

const runbook = runbookOfSteps(`
- { id: space, phase: preflight, done_when: { run: du -sk x }, measures: '^database: (\\d+) KiB' }
- { id: stop, phase: change, run: docker stop x, undo: docker start x, usually: 20s }
- { id: copy, phase: change, run: docker cp x y, undo: rm y, usually: [{ time: 2m, per_gib: 30s }] }`);
const resolved = resolve(runbook, noRules, {});

function sessionOf(result: 'passed' | 'failed', text: string) {
	const events: SessionEvent[] = [
		{ type: 'session.opened', session: 's', runbook: 'f/r', name: 'n', definition: 'd', drover: '1' },
		{ type: 'step.looked', step: 'space', for: 'done', result, saw: [{ name: 'output', slots: { text } }] },
	];
	return foldSession(events.map((event, index) => ({ n: index + 1, at: '2026-01-01T00:00:00Z', event })));
}

test.each<[string, 'passed' | 'failed', string, number | undefined, number, number]>([
	['grows with the data', 'passed', 'another text', undefined, 140, 30],
	['counts what was measured, beyond the first GiB', 'passed', 'database: 5242880 KiB\n/: 9 KiB needed', 5, 260, 0],
	['is that of one GiB for less', 'passed', 'database: 1024 KiB', 1 / 1024, 140, 0],
	['is known also where the room is too small', 'failed', 'database: 2097152 KiB', 2, 170, 0],
])('the usual downtime %s', (_, result, text, gib, seconds, perGibSeconds) => {
	const session = sessionOf(result, text);

	expect(measuredGib(runbook, resolved, session)).toBe(gib);
	expect(usualDowntime(planSteps(runbook, resolved, session))).toEqual({ seconds, perGibSeconds });
});

test.each([
	['en', 'usually about 5 min with 5.0 GiB of data'],
	['zh', '数据库为 5.0 GiB，通常约 5 分钟'],
] as const)('the head of the page has one number then (%s)', (locale, text) => {
	const gib = measuredGib(runbook, resolved, sessionOf('passed', 'database: 5242880 KiB'));
	expect(factsOf(planSteps(runbook, resolved, undefined, gib), strings(locale), {}, gib).outage).toBe(text);
});
