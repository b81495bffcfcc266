import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fixtureRoot } from '../server/drover.ts';
import { project, runDrover } from './run-drover.ts';

let folder = '';
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), 'drover-lint-'));
	cpSync(fixtureRoot, join(folder, 'content'), { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const change = (path: string, from: string, to: string) => {
	const file = join(folder, 'content', path);
	const text = readFileSync(file, 'utf8');
	expect(text).toContain(from);
	writeFileSync(file, text.replace(from, to));
};
const spoil = () => {
	change('src/content/runbooks/demo/files.yaml', 'run: mkdir ${folder}/${name}', 'run: mkdir ${folder}/${nam}');
	change('en/runbooks/demo/files.mdx', '<Step id="tools">', '{1}\n\n<Step id="tools">');
};

test('lint says that nothing is wrong, and of how many files', async () => {
	expect(await runDrover(['lint'])).toMatchObject({ code: 0, err: '', out: expect.stringMatching(/^No errors in \d{3} files\.\n$/) });
	expect(await runDrover(['lint', 'content'], { env: { INIT_CWD: folder } })).toMatchObject({ code: 0, err: '' });
});

test('lint lists errors of definitions and pages at once, one line each: place, what, why, what to write', async () => {
	spoil();

	const { code, out, err } = await runDrover(['lint', 'content'], { env: { INIT_CWD: folder } });

	expect({ code, out }).toEqual({ code: 2, out: '' });
	expect(err.split('\n')).toEqual([
		expect.stringMatching(/^content\/en\/runbooks\/demo\/files\.mdx:\d+:1 {2}"\{1\}" would be computed\. Prose is Markdown, and computes nothing\. Prose computes nothing\. Write braces/),
		expect.stringMatching(/^content\/src\/content\/runbooks\/demo\/files\.yaml:\d+:\d+ {2}"nam" is not a parameter of this runbook\. A name that is not declared never has a value\. Did you mean "name"\?$/),
		'2 errors in 12 files.',
		'',
	]);
	expect((await runDrover(['lint', 'content'], { env: { INIT_CWD: folder }, locale: 'zh' })).err).toContain('12 个文件中有 2 处错误。');
});

test('lint --json prints the same for programs, and nothing else', async () => {
	spoil();

	const { code, out, err } = await runDrover(['lint', '--json', join(folder, 'content')]);

	expect({ code, err }).toEqual({ code: 2, err: '' });
	expect(JSON.parse(out)).toMatchObject([{ rule: 'prose.element' }, { rule: 'parameter.unknown', line: expect.any(Number), column: expect.any(Number), message: expect.any(String), why: expect.any(String), advice: 'Did you mean "name"?' }]);
	expect(JSON.parse((await runDrover(['lint', '--json'], { root: project })).out)).toEqual([]);
});

test.each([
	['nowhere', /Cannot read|cannot be read|nowhere/],
	['.', /is not a content directory: it has no drover\.yaml/],
])('a folder that is none, %s, is a clear sentence', async (path, sentence) => {
	const { code, err } = await runDrover(['lint', path], { env: { INIT_CWD: folder } });

	expect(code).toBe(2);
	expect(err).toMatch(sentence);
	expect(err.trim().split('\n')).toHaveLength(1);
});
