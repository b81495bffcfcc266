/** How the Chinese pages are set: full-width punctuation, and a space between Chinese and Latin. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
const files = globSync('zh/{guide,runbooks}/**/*.mdx', { cwd: root }).map((path) => path.replaceAll('\\', '/')).sort();

/** Lines of a page as a reader sees them: without addresses, marks and the keys of the front matter. */
function linesOf(text: string): { line: number; text: string }[] {
	return text.split('\n').map((raw, index) => ({
		line: index + 1,
		text: raw
			.replace(/<\/?(?:Step|Table|kbd)[^>]*>/g, '')
			.replace(/ \[#[a-z0-9-]+\]$/, '')
			.replace(/^\s*[a-z][a-z0-9_.-]*: "(.*)"$/, '$1')
			.replaceAll('![', '[')
			.replace(/\]\([^)]*\)/g, '')
			.replace(/\[(?=[^\]]*$)|\[/g, '')
			.replaceAll('**', ''),
	}));
}

const rules: readonly (readonly [string, RegExp])[] = [
	['a half-width mark after a Chinese character', /\p{Script=Han}[,;:!?()]/u],
	['a half-width mark before a Chinese character', /[,;:!?()]\p{Script=Han}/u],
	['no space between Chinese and Latin', /\p{Script=Han}[A-Za-z0-9`$]|[A-Za-z0-9`%]\p{Script=Han}/u],
	['a space beside full-width punctuation', /\s[，。；：！？、）”]|[，。；：！？、（“]\s(?!$)/u],
	['a half-width full stop at the end of a Chinese sentence', /\p{Script=Han}\.(?:\s|$)/u],
	['two spaces', /\S {2,}\S/u],
];

test('there are pages', () => expect(files.length).toBeGreaterThan(30));

test.each(rules)('%s is nowhere', (_, pattern) => {
	const found = files.flatMap((path) => linesOf(readFileSync(join(root, path), 'utf8')).filter(({ text }) => pattern.test(text)).map(({ line, text }) => `${path}:${line} ${pattern.exec(text)?.[0] ?? ''} in ${text.trim().slice(0, 60)}`));

	expect(found).toEqual([]);
});

test.each([
	['停止,然后', 0],
	['停止 (然后)停', 1],
	['停止Rancher', 2],
	['用`x`停', 2],
	['停止 ，然后', 3],
	['停止.', 4],
	['停止  然后', 5],
])('"%s" is caught', (text, rule) => {
	expect(rules[rule]?.[1].test(text)).toBe(true);
});

test('emphasis does not end in punctuation, where Markdown would not see its end', () => {
	const found = files.filter((path) => /\*\*[^*\n]*[，。；：！？、）]\*\*/u.test(readFileSync(join(root, path), 'utf8')));

	expect(found).toEqual([]);
});
