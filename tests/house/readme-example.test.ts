/** The runbook that the README shows is one: with nothing added it loads and renders. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readContent } from '../../src/content/read-content.ts';

const root = mkdtempSync(join(tmpdir(), 'drover-readme-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

test('the example of the README has no error and is a runbook in both languages', () => {
	const readme = readFileSync(resolve(import.meta.dirname, '../../README.md'), 'utf8');
	const files = [...readme.matchAll(/^\*\*(\S+\.(?:yaml|mdx))\*\*.*\n\n```\w+\n([\s\S]*?)```$/gm)].map(([, path = '', text = '']) => ({ path, text }));
	expect(files.map(({ path }) => path)).toEqual(['src/content/runbooks/containers/family.yaml', 'src/content/runbooks/containers/stop.yaml', 'en/runbooks/containers/family.mdx', 'en/runbooks/containers/stop.mdx']);
	for (const { path, text } of files) {
		for (const file of path.startsWith('en/') ? [path, path.replace('en/', 'zh/')] : [path]) {
			mkdirSync(join(root, dirname(file)), { recursive: true });
			writeFileSync(join(root, file), text);
		}
	}

	const content = readContent(root);

	expect(content.lintErrors).toEqual([]);
	expect(content.families[0]?.words.zh.runbooks['containers/stop']?.steps['stop']).toBe('Stop the container');
});
