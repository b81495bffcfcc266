/** The commands at the top of each runbook: there for every runbook, and few. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readContent } from '../../src/content/read-content.ts';

const { families } = readContent(join(import.meta.dirname, '../..'));

test.each(families.flatMap(({ runbooks }) => runbooks.map((runbook) => [runbook.id, runbook] as const)))('%s shows what changes something at its top', (_, { steps }) => {
	const shown = steps.filter(({ glance }) => glance);
	expect(shown.some(({ effect }) => effect !== 'read')).toBe(true);
	expect(shown.filter(({ run }) => run.length === 0)).toEqual([]);
	expect(shown.length).toBeLessThanOrEqual(9);
});
