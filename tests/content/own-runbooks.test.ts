/** The guide's "Write your own runbooks": what it shows is a content directory without an error, the same commands in both languages, and it does what the page says. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { lintFolder } from '../../src/content/lint.ts';
import { locales } from '../../src/i18n/locale.ts';
import { runDrover } from '../cli/run-drover.ts';
import { makeFolder } from '../server/make-folder.ts';

const root = join(import.meta.dirname, '../..');
const read = (locale: string) => readFileSync(join(root, locale, 'guide/write-your-own.mdx'), 'utf8');

/** Every fence stands below the name of its file. */
function filesIn(page: string): readonly { path: string; text: string }[] {
	const files = [...page.matchAll(/^\*\*(\S+\.(?:yaml|mdx|json))\*\*.*\n\n```\w+\n([\s\S]*?)```$/gm)].map(([, path = '', text = '']) => ({ path, text }));
	expect(files.length).toBe([...page.matchAll(/^```\w/gm)].length);
	return files;
}

function writeFolder(locale: string): string {
	const folder = makeFolder();
	for (const { path, text } of filesIn(read(locale))) {
		mkdirSync(join(folder, dirname(path)), { recursive: true });
		writeFileSync(join(folder, path), text);
	}
	return folder;
}

test.each(locales)('every snippet is a file of one directory that has no error (%s)', (locale) => {
	expect(lintFolder(writeFolder(locale))).toEqual([]);
});

test('both languages show the same commands', () => {
	const definitions = (locale: string) => filesIn(read(locale)).filter(({ path }) => path.startsWith('runbooks/'));

	expect(definitions('zh')).toEqual(definitions('en'));
	expect(definitions('en').length).toBe(2);
});

test.each([['en', 'The tag "latest" can be another image tomorrow. Enter the tag that runs.\n'], ['zh', 'tag: 标签 latest 对应的镜像随时会变，请填写实际运行的标签。\n']] as const)('its rules speak (%s)', async (locale, err) => {
	expect(await runDrover(['render', 'databases/restart', '--set', 'container=db', '--set', 'tag=latest', '--set', 'volume=data', '--content', writeFolder(locale)], { locale })).toMatchObject({ code: 2, err });
});
