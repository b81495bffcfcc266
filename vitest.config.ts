import { defineConfig } from 'vitest/config';

/** Docker's programs are started thousands of times and end at once: each needs a quarter less of the processors when it does not spread over all of them, and less again when it does not tidy its memory. */
const rigEnvironment = { GOMAXPROCS: '1', GOGC: '400' };
/** What is drawn by chance is the same in every run. */
const setupFiles = ['tests/seed.ts'];
const aloneInTheRig = ['tests/rig/engine.test.ts', 'tests/rig/page/*.test.ts'];

export default defineConfig({
	test: {
		projects: [
			{
				// Everything that needs neither a browser nor a Docker engine.
				test: {
					name: 'unit',
					setupFiles,
					include: ['tests/**/*.test.ts'],
					exclude: ['tests/rig/**', 'tests/e2e/**', '**/*.root.test.ts'],
					// Nets for what hangs, wide enough for a machine with other work: no test waits for a time.
					testTimeout: 120_000,
					hookTimeout: 120_000,
					// As many as there are processors, not one less: half of the tests wait for a process.
					maxWorkers: '100%',
				},
			},
			{
				// What only root can do, because it takes two users: `.ci/run` runs it.
				test: {
					name: 'root',
					setupFiles,
					include: ['tests/**/*.root.test.ts'],
					testTimeout: 120_000,
					hookTimeout: 120_000,
					maxWorkers: 1,
					sequence: { groupOrder: 1 },
				},
			},
			{
				// The real Docker rig (root, Debian packages), three files side by side, since each waits for a third of its time: each has engines of its own at a place of its own. `.ci/run` runs it.
				test: {
					name: 'rig',
					setupFiles,
					include: ['tests/rig/**/*.test.ts'],
					exclude: aloneInTheRig,
					// Nets for what hangs: wide enough for a machine with other work.
					testTimeout: 1_200_000,
					hookTimeout: 1_200_000,
					maxWorkers: 3,
					env: rigEnvironment,
					sequence: { groupOrder: 2 },
				},
			},
			{
				// What compares the whole machine before and after, and what has a browser: it loses what it loads when an engine beside it changes a network.
				test: {
					name: 'rig-alone',
					setupFiles,
					include: aloneInTheRig,
					testTimeout: 1_200_000,
					hookTimeout: 1_200_000,
					fileParallelism: false,
					env: rigEnvironment,
					sequence: { groupOrder: 3 },
				},
			},
		],
	},
});
