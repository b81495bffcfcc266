/** What a runner of tests has counted, read from its report in JSON. */
import { readFileSync } from 'node:fs';
import { stripVTControlCharacters } from 'node:util';
import { z } from 'zod';

export interface Counts {
	readonly passed: number;
	readonly failed: number;
	readonly skipped: number;
	/** Seconds that each file took, the slowest first. */
	readonly files: readonly (readonly [file: string, seconds: number])[];
	/** What failed: file, title, and the beginning of what was said of it. */
	readonly failures: readonly string[];
}

const Vitest = z.looseObject({
	numPassedTests: z.int(),
	numFailedTests: z.int(),
	numPendingTests: z.int(),
	numTodoTests: z.int(),
	testResults: z.array(
		z.looseObject({
			name: z.string(),
			startTime: z.number(),
			endTime: z.number(),
			status: z.string(),
			assertionResults: z.array(z.looseObject({ fullName: z.string(), status: z.string(), failureMessages: z.array(z.string()).optional() })),
		}),
	),
});

interface Spec {
	readonly title: string;
	readonly line: number;
	readonly tests: readonly { readonly status: string; readonly results: readonly { readonly duration: number; readonly errors?: readonly { readonly message?: string | undefined }[] | undefined }[] }[];
}

interface Suite {
	readonly file: string;
	readonly specs?: readonly Spec[] | undefined;
	readonly suites?: readonly Suite[] | undefined;
}
const Suite: z.ZodType<Suite> = z.lazy(() =>
	z.looseObject({
		file: z.string(),
		specs: z
			.array(
				z.looseObject({
					title: z.string(),
					line: z.number(),
					tests: z.array(z.looseObject({ status: z.string(), results: z.array(z.looseObject({ duration: z.number(), errors: z.array(z.looseObject({ message: z.string().optional() })).optional() })) })),
				}),
			)
			.optional(),
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
		const files = testResults.map(({ name, startTime, endTime }): [string, number] => [inTests(name), (endTime - startTime) / 1000]);
		const failures = testResults.flatMap(({ name, status, assertionResults }) => {
			const failed = assertionResults.filter((one) => one.status === 'failed').map(({ fullName, failureMessages = [] }) => `${inTests(name)} > ${fullName}${briefly(failureMessages[0])}`);
			// A file that could not be read has failed without a test.
			return status === 'failed' && failed.length === 0 ? [inTests(name)] : failed;
		});
		return { passed: numPassedTests, failed: numFailedTests, skipped: numPendingTests + numTodoTests, files: files.sort(([, one], [, other]) => other - one), failures };
	}
	const { suites, stats } = Playwright.parse(report);
	const files = suites.map((suite): [string, number] => [suite.file, secondsOf(suite)]);
	return { passed: stats.expected, failed: stats.unexpected + stats.flaky, skipped: stats.skipped, files: files.sort(([, one], [, other]) => other - one), failures: suites.flatMap(failuresOf) };
}

const inTests = (path: string): string => path.replace(/^.*\/tests\//, '');

const mostLetters = 400;
const briefly = (message = ''): string => (message === '' ? '' : `: ${stripVTControlCharacters(message).replace(/\s+/g, ' ').slice(0, mostLetters)}`);

function failuresOf({ file, specs = [], suites = [] }: Suite): string[] {
	const own = specs.filter(({ tests }) => tests.some(({ status }) => status === 'unexpected' || status === 'flaky')).map(({ title, line, tests }) => `${file}:${line} > ${title}${briefly(tests.flatMap(({ results }) => results.flatMap(({ errors = [] }) => errors))[0]?.message)}`);
	return [...own, ...suites.flatMap(failuresOf)];
}

function secondsOf({ specs = [], suites = [] }: Suite): number {
	const own = specs.flatMap(({ tests }) => tests.flatMap(({ results }) => results.map(({ duration }) => duration / 1000)));
	return [...own, ...suites.map(secondsOf)].reduce((sum, one) => sum + one, 0);
}
