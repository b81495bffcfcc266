import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readContent } from '../../src/content/read-content.ts';
import type { Runbook } from '../../src/runbook/definition/definition.ts';
import { byHand, coverage } from '../rig/runbooks/coverage.ts';

const root = join(import.meta.dirname, '../..');
const runbooks = readContent(root).families.flatMap((family) => family.runbooks);
const nameOf = (runbook: Runbook) => runbook.id.split('/')[1] ?? '';

test.each(runbooks)('every step of $id is executed in the rig, and no other is promised', (runbook) => {
	const promised = coverage[nameOf(runbook)] ?? {};

	expect(Object.keys(promised).sort()).toEqual(runbook.steps.map((step) => step.id).sort());
});

test('by hand is what the runbook says is by hand, and has nothing that could be executed', () => {
	const promised = runbooks.flatMap((runbook) => runbook.steps.filter((step) => coverage[nameOf(runbook)]?.[step.id] === byHand).map((step) => ({ runbook, step })));

	expect(promised.filter(({ step }) => !step.byHand || step.run.length > 0 || step.doneWhen.length > 0).map(({ runbook, step }) => `${runbook.id} ${step.id}`)).toEqual([]);
});

test('every other step has a command or a check to execute', () => {
	const executed = runbooks.flatMap((runbook) => runbook.steps.filter((step) => coverage[nameOf(runbook)]?.[step.id] !== byHand).map((step) => ({ runbook, step })));

	expect(executed.filter(({ step }) => step.run.length === 0 && step.doneWhen.length === 0).map(({ runbook, step }) => `${runbook.id} ${step.id}`)).toEqual([]);
});

describe.each([...new Set(Object.values(coverage).flatMap((steps) => Object.values(steps)))].filter((file) => file !== byHand))('%s', (file) => {
	const path = join(root, 'tests/rig/runbooks', file);

	test('is there', () => expect(existsSync(path)).toBe(true));

	test('is held to what it promises, and leaves no test out', () => {
		const source = readFileSync(path, 'utf8');

		expect(source).toContain(`useScene('${file}')`);
		expect(source).not.toMatch(/\b(?:describe|test|it)\.(?:skip|only|todo|fails|runIf|skipIf)\b/);
	});
});
