import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readContent } from '../../src/content/read-content.ts';
import { locales } from '../../src/i18n/locale.ts';
import { detectWords } from '../../src/site/detect-words.ts';
import { pathIds } from '../../src/families/rancher/detect/path.ts';

const { families } = readContent(join(import.meta.dirname, '../..'));

test.each(locales)('every path that a look may lead to is a runbook with a title, and no other runbook is named (%s)', (locale) => {
	expect(Object.keys(detectWords(families, locale).runbooks)).toEqual(pathIds);
});

test.each(locales)('every parameter of the family has its label (%s)', (locale) => {
	const family = families.find(({ id }) => id === 'rancher-1.6');

	expect(Object.keys(detectWords(families, locale).labels)).toEqual(Object.keys(family?.words[locale]?.family.parameters ?? {}));
});

test('a family without a look leaves nothing in the pages', () => {
	expect(detectWords(families.map((family) => ({ ...family, id: 'other' })), 'en')).toEqual({ runbooks: {}, labels: {}, families: [], declared: [], sentences: {} });
});
