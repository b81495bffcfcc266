import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readContent } from '../../src/content/read-content.ts';
import { byHand, coverage } from '../rig/runbooks/coverage.ts';

const root = join(import.meta.dirname, '../..');
const runbooks = readContent(root).families.flatMap((family) => family.runbooks);

test.each(runbooks)('every step of $id is executed in the rig, and no other is promised', (runbook) => {
	const promised = coverage[runbook.id.split('/')[1] ?? ''] ?? {};

	expect(Object.keys(promised).sort()).toEqual(runbook.steps.map((step) => step.id).sort());
});

test('what is done by hand has nothing that could be executed', () => {
	const executable = runbooks.flatMap((runbook) => runbook.steps.filter((step) => step.run.length > 0 || step.doneWhen.length > 0).map((step) => [runbook.id.split('/')[1] ?? '', step.id] as const));

	expect(executable.filter(([runbook, step]) => coverage[runbook]?.[step] === byHand)).toEqual([]);
});

test('every file that is named is there', () => {
	const files = new Set(Object.values(coverage).flatMap((steps) => Object.values(steps)).filter((file) => file !== byHand));

	expect([...files].filter((file) => !existsSync(join(root, 'tests/rig/runbooks', file)))).toEqual([]);
});
