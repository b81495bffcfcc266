/** What a runner of tests has counted, read from its report in JSON. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';

export interface Counts {
	readonly passed: number;
	readonly failed: number;
	readonly skipped: number;
	/** Seconds that each file took, the slowest first. */
	readonly files: readonly (readonly [file: string, seconds: number])[];
}

const Vitest = z.looseObject({
	numPassedTests: z.int(),
	numFailedTests: z.int(),
	numPendingTests: z.int(),
	numTodoTests: z.int(),
	testResults: z.array(z.looseObject({ name: z.string(), startTime: z.number(), endTime: z.number() })),
});

interface Suite {
	readonly file: string;
	readonly specs?: readonly { readonly tests: readonly { readonly results: readonly { readonly duration: number }[] }[] }[] | undefined;
	readonly suites?: readonly Suite[] | undefined;
}
const Suite: z.ZodType<Suite> = z.lazy(() =>
	z.looseObject({
		file: z.string(),
		specs: z.array(z.looseObject({ tests: z.array(z.looseObject({ results: z.array(z.looseObject({ duration: z.number() })) })) })).optional(),
		suites: z.array(Suite).optional(),
	}),
);
const Playwright = z.looseObject({
	suites: z.array(Suite),
	stats: z.looseObject({ expected: z.int(), unexpected: z.int(), flaky: z.int(), skipped: z.int() }),
});

/** Reads a report of Vitest or Playwright. A test that passed only at a second try has failed. @throws Error when there is none, or it is another's. */
export function readCounts(path: string): Counts {
	const report: unknown = JSON.parse(readFileSync(path, 'utf8'));
	const vitest = Vitest.safeParse(report);
	if (vitest.success) {
		const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults } = vitest.data;
		const files = testResults.map(({ name, startTime, endTime }): [string, number] => [name.replace(/^.*\/tests\//, ''), (endTime - startTime) / 1000]);
		return { passed: numPassedTests, failed: numFailedTests, skipped: numPendingTests + numTodoTests, files: files.sort(([, one], [, other]) => other - one) };
	}
	const { suites, stats } = Playwright.parse(report);
	const files = suites.map((suite): [string, number] => [suite.file, secondsOf(suite)]);
	return { passed: stats.expected, failed: stats.unexpected + stats.flaky, skipped: stats.skipped, files: files.sort(([, one], [, other]) => other - one) };
}

function secondsOf({ specs = [], suites = [] }: Suite): number {
	const own = specs.flatMap(({ tests }) => tests.flatMap(({ results }) => results.map(({ duration }) => duration / 1000)));
	return [...own, ...suites.map(secondsOf)].reduce((sum, one) => sum + one, 0);
}
