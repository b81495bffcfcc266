import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { planSteps } from '../../../src/runbook/session/plan.ts';
import { noRules, resolve } from '../../../src/runbook/values/resolve.ts';
import { foldSession } from '../../../src/runbook/session/session.ts';
import type { PageStore } from '../../../src/browser/store/page-store.ts';
import { runbookOfSteps } from '../../runbook/fixtures.ts';

const runbook = runbookOfSteps('- { id: fence, phase: prepare, run: mkdir x, done_when: { file: /x } }');
const page = Object.assign(new EventTarget(), { visibilityState: 'visible', documentElement: { dataset: { locale: 'en', root: './' } } });
let looks: number;
let store: EventTarget & { session: ReturnType<typeof foldSession>; values: object; server: object; steps: object };

beforeEach(async () => {
	vi.useFakeTimers();
	vi.stubGlobal('document', page);
	vi.stubGlobal('location', new URL('http://127.0.0.1:4600/en/'));
	page.visibilityState = 'visible';
	looks = 0;
	const opened = { type: 'session.opened', session: 's', runbook: 'f/r', name: 'n', definition: 'd', drover: '1' } as const;
	const session = foldSession([
		{ n: 1, at: 'x', event: opened },
		{ n: 2, at: 'x', event: { type: 'step.looked', step: 'fence', for: 'done', result: 'passed', saw: [] } },
	]);
	const steps = planSteps(runbook, resolve(runbook, noRules, {}), session);
	const server = { check: () => Promise.resolve(void (looks += 1)) };
	store = Object.assign(new EventTarget(), { session, values: {}, server, steps });
	const [{ recheckGently }, { connection }] = await Promise.all([import('../../../src/browser/progress/recheck.ts'), import('../../../src/browser/connection/connection.ts')]);
	connection.access = 'ready';
	recheckGently(store as unknown as PageStore);
	store.dispatchEvent(new Event('change'));
});

afterEach(() => {
	vi.unstubAllGlobals();
	vi.useRealTimers();
});

/** Seconds from now at which it is looked, up to a limit. */
async function timesOfLooks(untilSeconds: number): Promise<number[]> {
	const times: number[] = [];
	for (let second = 1; second <= untilSeconds; second += 1) {
		const before = looks;
		await vi.advanceTimersByTimeAsync(1000);
		if (looks > before) times.push(second);
	}
	return times;
}

test('what is done is looked at again, less and less often while nothing changes, at last every five minutes', async () => {
	const times = await timesOfLooks(1800);

	const pauses = times.map((time, index) => time - (times[index - 1] ?? 0));
	expect(pauses[0]).toBe(20);
	expect(pauses).toEqual(pauses.toSorted((one, other) => one - other));
	expect(pauses.at(-1)).toBeLessThanOrEqual(301);
	expect(times.length).toBeLessThan(12);
	expect(times.length).toBeGreaterThan(5);
});

test('as soon as something changes it is looked at soon again', async () => {
	await timesOfLooks(600);
	if (store.session) store.session = { ...store.session, n: 3 };
	store.dispatchEvent(new Event('change'));

	expect((await timesOfLooks(30))[0]).toBe(20);
});

test('nothing is looked at while nobody looks at the page', async () => {
	page.visibilityState = 'hidden';
	page.dispatchEvent(new Event('visibilitychange'));
	expect(await timesOfLooks(600)).toEqual([]);

	page.visibilityState = 'visible';
	page.dispatchEvent(new Event('visibilitychange'));
	expect((await timesOfLooks(30))[0]).toBe(20);
});

test('nothing is looked at in a closed session', async () => {
	if (store.session) store.session = { ...store.session, closed: true };

	expect(await timesOfLooks(600)).toEqual([]);
});
