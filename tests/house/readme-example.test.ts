/** The runbook that the READMEs show is one: with nothing added it loads and renders. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readContent } from '../../src/content/read-content.ts';
import { readmes } from '../../scripts/write-figures.ts';

const root = mkdtempSync(join(tmpdir(), 'drover-readme-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** The files that a README shows. */
function filesIn(readme: string): ReadonlyMap<string, string> {
	const text = readFileSync(resolve(import.meta.dirname, '../..', readme), 'utf8');
	return new Map([...text.matchAll(/^\*\*(\S+\.(?:yaml|mdx))\*\*.*\n\n```\w+\n([\s\S]*?)```$/gm)].map(([, path = '', file = '']) => [path, file]));
}

test('the example of the READMEs has no error and is a runbook in both languages', () => {
	const definitions = ['src/content/runbooks/containers/family.yaml', 'src/content/runbooks/containers/stop.yaml'];
	const [en, zh] = [filesIn(readmes.en), filesIn(readmes.zh)];
	expect([...en.keys()]).toEqual([...definitions, 'en/runbooks/containers/family.mdx', 'en/runbooks/containers/stop.mdx']);
	expect([...zh.keys()]).toEqual([...definitions, 'zh/runbooks/containers/family.mdx', 'zh/runbooks/containers/stop.mdx']);
	for (const path of definitions) expect(zh.get(path)).toBe(en.get(path));
	for (const [path, text] of [...en, ...zh]) {
		mkdirSync(join(root, dirname(path)), { recursive: true });
		writeFileSync(join(root, path), text);
	}

	const content = readContent(root);

	expect(content.lintErrors).toEqual([]);
	expect(content.families[0]?.words.en.runbooks['containers/stop']?.steps['stop']).toBe('Stop the container');
	expect(content.families[0]?.words.zh.runbooks['containers/stop']?.steps['stop']).toBe('停止容器');
});
