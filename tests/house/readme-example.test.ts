/** The runbook that the README shows is one: it is the smallest example, which loads with nothing added. */
import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { lintFolder } from '../../src/content/lint.ts';
import { readContent } from '../../src/content/read-content.ts';

const root = resolve(import.meta.dirname, '../..');
test.each([['README.md', 'minimal'], ['README.zh.md', 'minimal-zh']])('%s shows every file of the example "%s", as it is', (readme, example) => {
	const folder = join(root, 'examples', example);
	const shown = [...readFileSync(join(root, readme), 'utf8').matchAll(/^\*\*(\S+\.(?:yaml|mdx))\*\*.*\n\n```\w+\n([\s\S]*?)```$/gm)].map(([, path = '', text = '']) => ({ path, text }));

	expect(shown.map(({ path }) => path).sort()).toEqual(globSync('**/*.{yaml,mdx}', { cwd: folder }).sort());
	for (const { path, text } of shown) expect(text).toBe(readFileSync(join(folder, path), 'utf8'));
});

test.each([['minimal', 'en', 'Stop the container'], ['minimal-zh', 'zh', '停止容器']])('the example "%s" has no error, and is a runbook in one language', (name, locale, title) => {
	const content = readContent(join(root, 'examples', name));

	expect(lintFolder(join(root, 'examples', name))).toEqual([]);
	expect(content.config.locales).toEqual([locale]);
	expect(content.families[0]?.words[locale]?.runbooks['containers/stop']?.steps['stop']).toBe(title);
});
