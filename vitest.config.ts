import { defineConfig } from 'vitest/config';

export default defineConfig({
	test: {
		projects: [
			{
				// Everything that needs neither a browser nor a Docker engine.
				test: {
					name: 'unit',
					include: ['tests/**/*.test.ts'],
					exclude: ['tests/rig/**', 'tests/e2e/**', '**/*.root.test.ts'],
					// Nets for what hangs, wide enough for a machine with other work: no test waits for a time.
					testTimeout: 120_000,
					hookTimeout: 120_000,
				},
			},
			{
				// What only root can do, because it takes two users: `.ci/run` runs it.
				test: {
					name: 'root',
					include: ['tests/**/*.root.test.ts'],
					testTimeout: 120_000,
					hookTimeout: 120_000,
				},
			},
			{
				// The real Docker rig (root, Debian packages): `.ci/run` runs it.
				test: {
					name: 'rig',
					include: ['tests/rig/**/*.test.ts'],
					testTimeout: 600_000,
					hookTimeout: 600_000,
					fileParallelism: false,
				},
			},
		],
	},
});
