/** A folder needs one language; Drover's own content has each page in both. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readContent } from '../../src/content/read-content.ts';

const root = join(import.meta.dirname, '../..');

test.each(['.', 'tests/fixture', 'tests/e2e/content', 'tests/server/report/content'])('every page of %s is there in Chinese and in English', (folder) => {
	const { config, families } = readContent(join(root, folder));
	const lent = families.flatMap(({ id, words }) => Object.entries(words).flatMap(([locale, { writtenIn }]) => Object.entries(writtenIn).filter(([, own]) => own !== locale).map(([page]) => `${locale}/runbooks/${id}/${page}`)));

	expect(config.locales).toEqual(['zh', 'en']);
	expect(families.length).toBeGreaterThan(0);
	expect(lent).toEqual([]);
});
