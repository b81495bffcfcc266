import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readContent } from '../../src/content/read-content.ts';
import { rulesOf } from '../../src/families/families.ts';
import { loadRules } from '../../src/families/family-loaders.ts';

const families = [...readContent(join(import.meta.dirname, '../..')).families.map(({ id }) => id), 'field'];

test.each(families)('a page loads the rules that everything else asks for (%s)', async (family) => {
	expect(await loadRules(family)).toBe(rulesOf(family));
});
