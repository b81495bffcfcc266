/** What the end of `npm test` counts. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { readCounts } from '../counts.ts';

function reportOf(content: object): string {
	const folder = mkdtempSync(join(tmpdir(), 'drover-counts-'));
	onTestFinished(() => rmSync(folder, { recursive: true }));
	writeFileSync(join(folder, 'report.json'), JSON.stringify(content));
	return join(folder, 'report.json');
}

test('skipped tests and those that are still to be written are counted, files from the slowest on, and what failed is named', () => {
	const file = (name: string, endTime: number, status = 'passed', assertionResults: object[] = []) => ({ name: `/x/tests/${name}`, startTime: 1000, endTime, status, assertionResults });
	const testResults = [file('a.test.ts', 2000, 'failed', [{ fullName: 'of a', status: 'passed' }, { fullName: 'of b', status: 'failed', failureMessages: ['Error: no\n  at b'] }]), file('b/c.test.ts', 9000, 'failed')];
	const report = reportOf({ numPassedTests: 5, numFailedTests: 2, numPendingTests: 3, numTodoTests: 1, testResults });

	expect(readCounts(report)).toEqual({ passed: 5, failed: 2, skipped: 4, files: [['b/c.test.ts', 8], ['a.test.ts', 1]], failures: ['a.test.ts > of b: Error: no at b', 'b/c.test.ts'] });
});

test('a page test that passed at its second try has failed', () => {
	const spec = (title: string, status: string, ...durations: number[]) => ({ title, line: 7, tests: [{ status, results: durations.map((duration) => ({ duration, errors: status === 'expected' ? [] : [{ message: '\u001b[31mnot there\u001b[39m' }] })) }] });
	const suites = [
		{ file: 'a.spec.ts', specs: [spec('one', 'expected', 1000)], suites: [{ file: 'a.spec.ts', specs: [spec('two', 'flaky', 500, 1500)] }] },
		{ file: 'b.spec.ts', specs: [spec('three', 'unexpected', 9000)] },
	];
	const report = reportOf({ suites, stats: { expected: 7, unexpected: 1, flaky: 2, skipped: 1 } });

	const failures = ['a.spec.ts:7 > two: not there', 'b.spec.ts:7 > three: not there'];
	expect(readCounts(report)).toEqual({ passed: 7, failed: 3, skipped: 1, files: [['b.spec.ts', 9], ['a.spec.ts', 3]], failures });
});

test('a report of nobody that is known is no report', () => {
	expect(() => readCounts(reportOf({ tests: 7 }))).toThrow();
});
