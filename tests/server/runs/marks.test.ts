/** Runs that no file names a process of are looked for in `/proc`: once a tick for all, and less and less often. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { expect, test, vi, onTestFinished } from 'vitest';
import { Marks, MarkSearch } from '../../../server/runs/marks.ts';
import { createRuns } from '../../../server/runs/runs.ts';
import { systemClock } from '../../../server/state/clock.ts';
import { identify } from '../../../server/state/identity.ts';
import { openState } from './harness.ts';

const gone = { ...identify(process.pid), pid: spawnSync('true').pid, start: '1' };

test('ten unknown runs cost an idle server one scan a tick, and a few in an hour', () => {
	vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
	onTestFinished(() => void vi.useRealTimers());
	const state = openState();
	for (let i = 0; i < 10; i += 1) {
		const run = `unknown-${i}`;
		mkdirSync(join(state.runs, run), { mode: 0o700 });
		const plan = { run, session: 's', step: 's', display: 'd', definition: 'd', cwd: '/', columns: 80, rows: 24, at: 'then', up: 1, boot: gone.boot };
		writeFileSync(join(state.runs, run, 'plan.json'), JSON.stringify(plan), { mode: 0o600 });
		writeFileSync(join(state.runs, run, 'claim'), JSON.stringify({ by: 'supervisor', who: gone }), { mode: 0o600 });
	}
	let up = 1_000;
	let scans = 0;
	const runs = createRuns({
		state,
		journal: () => undefined,
		clock: { ...systemClock, up: () => up },
		readMarks: () => {
			scans += 1;
			return new Set();
		},
	});
	onTestFinished(() => runs.close());

	expect(runs.list().map((run) => run.state)).toEqual(Array(10).fill({ kind: 'unknown', reason: 'keepers-gone' }));
	expect(scans).toBe(1);
	for (let second = 0; second < 3_600; second += 60) {
		up += 60_000;
		vi.advanceTimersByTime(1_000);
	}
	expect(scans).toBeGreaterThan(3);
	expect(scans).toBeLessThan(20);
});

test('a mark that was missed once is found by the next search, and then looked for each time', () => {
	let up = 0;
	let there: ReadonlySet<string> = new Set();
	const search = new MarkSearch('one', new Marks(() => there), { ...systemClock, up: () => up });

	expect(search.isThere()).toBe(false);
	there = new Set(['one']);
	expect(search.isThere()).toBe(false);
	up += 1_000;
	expect(search.isThere()).toBe(true);
	there = new Set();
	expect(search.isThere()).toBe(false);
});
