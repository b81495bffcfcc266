import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'drover-pages-'));
const write = (locale: string, text: string) => {
	mkdirSync(join(folder, locale, 'guide'), { recursive: true });
	writeFileSync(join(folder, locale, 'guide/tags.mdx'), text);
};

beforeAll(() => vi.stubEnv('DROVER_CONTENT', folder));
afterAll(() => {
	vi.unstubAllEnvs();
	rmSync(folder, { recursive: true, force: true });
});

test('a page lags when its translation has changed since both were compared, and it has not', async () => {
	const { hashText, isLagging } = await import('../../src/site/translations.ts');
	const recorded = { 'guide/tags': { zh: hashText('标签'), en: hashText('Tags') } };
	write('zh', '标签');
	write('en', 'Tags');
	expect(isLagging('zh/guide/tags', recorded)).toBe(false);

	write('en', 'Tags, and more');
	expect(isLagging('zh/guide/tags', recorded)).toBe(true);
	expect(isLagging('en/guide/tags', recorded)).toBe(false);

	write('zh', '标签，以及更多');
	expect(isLagging('zh/guide/tags', recorded)).toBe(false);
	expect(isLagging('zh/guide/unknown', recorded)).toBe(false);
});
