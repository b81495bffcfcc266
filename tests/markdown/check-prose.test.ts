import { describe, expect, test } from 'vitest';
import { lint, lintFolder } from '../../src/content/lint.ts';
import { checkProse } from '../../src/markdown/check-prose.ts';
import type { ProseKind } from '../../src/markdown/prose-page.ts';
import { join } from 'node:path';

const head = '---\ntitle: A page\n---\n';
/** What is said of a page whose body this is, as `line: message`; the body begins on line 4. */
const textOf = (body: string, kind: ProseKind = 'runbook') => checkProse({ path: 'en/runbooks/x/y.mdx', text: `${head}${body}` }, kind).map(({ line, message }) => `${line}: ${message}`);

describe('what would compute is refused, with its line', () => {
	test.each([
		['export const who = process.getBuiltinModule("node:child_process").execSync("id")', '4: an import or export stands in prose'],
		['import fs from "node:fs"\n\nWords.', '4: an import or export stands in prose'],
		['Words.\n\n{process.env.HOME}', '6: "{process.env.HOME}" would be computed'],
		['Words with {1 + 1} in them.', '4: "{1 + 1}" would be computed'],
		['{/* a comment */}', '4: "{/* a comment */}" would be computed'],
		['The format {{.State.Running}} of Docker.', '4: "{{.State.Running}}" would be computed'],
		['- a list\n- with {x}', '5: "{x}" would be computed'],
		['> {x}', '4: "{x}" would be computed'],
		['| a |\n| --- |\n| {x} |', '6: "{x}" would be computed'],
		['[a {link}](/en/)', '4: "{link}" would be computed'],
		['<Step id={x}>\n</Step>', '4: <Step> holds an attribute that would be computed'],
		['<Step {...x}>\n</Step>', '4: <Step> holds an attribute that would be computed'],
		['Press <kbd onClick={x}>Enter</kbd>.', '4: <kbd> holds an attribute that would be computed'],
	])('%j', (body, said) => {
		expect(textOf(body)).toEqual([said]);
	});
});

describe('markup of its own is refused, with its line', () => {
	test.each([
		['<script>alert(1)</script>', '4: <script> stands in prose'],
		['<script src="https://evil.example/x.js" />', '4: <script> stands in prose'],
		['<form action="https://evil.example"><input name="a" /></form>', '4: <form> stands in prose', '4: <input> stands in prose'],
		['Words <b style="position:fixed">bold</b>', '4: <b> stands in prose'],
		['<img src="x" onerror="alert(1)" />', '4: <img> stands in prose'],
		['<svg><a href="javascript:1">x</a></svg>', '4: <svg> stands in prose', '4: <a> stands in prose'],
		['<astro-island />', '4: <astro-island> stands in prose'],
		['<constructor />', '4: <constructor> stands in prose'],
		['<Foo.Bar />', '4: <Foo.Bar> stands in prose'],
		['<>\nx\n</>', '4: a fragment "<>" stands in prose'],
		['Press <kbd class="x">Enter</kbd>.', '4: <kbd> knows no attribute "class"'],
		['<Step id="a" style="x">\n</Step>', '4: <Step> knows no attribute "style"'],
		['<Table of="engines" />', '4: <Table> stands in prose'],
	])('%j', (body, ...said) => {
		expect(textOf(body)).toEqual(said);
	});

	test.each(['javascript:alert(1)', 'JavaScript:alert(1)', 'data:text/html,x', 'vbscript:x', 'file:///etc/passwd', '//evil.example/x'])('an address %s is refused in a link, a definition and a picture', (address) => {
		expect(textOf(`[a](${address})`)).toEqual([`4: the address "${address}" is refused`]);
		expect(textOf(`[a][b]\n\n[b]: ${address}`)).toEqual([`6: the address "${address}" is refused`]);
		expect(textOf(`![a](${address})`)).toEqual([`4: the picture "${address}" comes from elsewhere`]);
	});

	test('a picture of another host is refused: nothing is fetched from the network', () => {
		expect(textOf('![a](https://example.org/a.png)')).toEqual(['4: the picture "https://example.org/a.png" comes from elsewhere']);
	});
});

test.each([
	['<Step id="a">\nno end', '4: Expected a closing tag for `<Step>`'],
	['no beginning\n\n</Step>', '6: Unexpected closing slash `/` in tag, expected an open tag first'],
	['an address <https://example.org>', '4: Unexpected character `/` (U+002F) before local name, expected a character that can start a name, such as a letter, `$`, or `_`'],
	['<!-- a comment -->', '4: Unexpected character `!` (U+0021) before name, expected a character that can start a name, such as a letter, `$`, or `_`'],
	['a brace { alone', '4: Unexpected end of file in expression, expected a corresponding closing brace for `{`'],
])('what cannot be read is told with its line: %j', (body, said) => {
	expect(textOf(body)).toEqual([said]);
});

test('all mistakes of a page are told at once, those behind an unreadable one too', () => {
	expect(textOf('<Step id="a">\n\n{x}\n\n<b>x</b>\n\na { b\n\n[l](javascript:1)\n\n~~~zsh\nls\n~~~')).toEqual([
		'10: Unexpected end of file in expression, expected a corresponding closing brace for `{`',
		'4: Expected a closing tag for `<Step>`',
		'6: "{x}" would be computed',
		'8: <b> stands in prose',
		'12: the address "javascript:1" is refused',
		'14: a command stands in prose',
	]);
});

test.each(['```bash\nls\n```', '~~~sh\nls\n~~~', '````console\n$ ls\n````', '> ```zsh\n> ls\n> ```'])('a fence that names a shell is a command in prose: %j', (body) => {
	expect(textOf(body)).toEqual([`4: a command stands in prose`]);
});

test('a step stands outside of everything else', () => {
	expect(textOf('- <Step id="a">\n  x\n  </Step>')).toEqual(['4: <Step> stands inside something else']);
	expect(textOf('<Step id="a">\n<Step id="b">\n</Step>\n</Step>')).toEqual(['5: <Step> stands inside something else']);
	expect(textOf('Words <Step id="a">x</Step> words')).toEqual(['4: <Step> stands inside something else']);
});

test('an invisible character is told, in the front matter too', () => {
	expect(textOf('left\u202Eright')).toEqual(['4: the invisible character U+202E stands here']);
	expect(checkProse({ path: 'a', text: '---\ntitle: a\u200Bb\n---\n' }, 'guide').map(({ line }) => line)).toEqual([2]);
});

test.each<[string, ProseKind]>([
	['Words with `{{.State}}`, `<b>` and 1 < 2.', 'runbook'],
	['<Step id="a">\n\n**Words.** Press <kbd>Enter</kbd>.\n\n- [a](/en/x/#y) [b](https://example.org/) [c](#d) [e](mailto:a@example.org)\n\n</Step>', 'runbook'],
	['<Table of="engines" docker="Docker" from="From" />', 'guide'],
	['| a | b |\n| --- | --- |\n| `-e A={x}` | \\{ |', 'guide'],
	['The word import begins no module.\nexport stands inside a paragraph here.', 'guide'],
])('words are words: %j', (body, kind) => {
	expect(textOf(body, kind)).toEqual([]);
});

const definition = { path: 'src/content/runbooks/x/family.yaml', text: 'family: x\nrunbooks: [y]\nparameters: {}\n' };
const runbook = { path: 'src/content/runbooks/x/y.yaml', text: 'id: x/y\nparameters: []\nsteps:\n  - { id: first, phase: prepare, run: "true" }\n  - { id: second, phase: prepare, run: "true" }\n' };
const page = (body: string) => ({ path: 'en/runbooks/x/y.mdx', text: `---\ntitle: Y\nshort: Y\ndescription: Y.\nsteps: { first: First, second: Second }\n---\n${body}` });

test.each([
	['<Step id="first">\n</Step>\n\n<Step id="second">\n</Step>', []],
	['<Step id="second">\n</Step>\n\n<Step id="first">\n</Step>', ['10 step "first" is out of order. Order: first, second.']],
	['<Step id="first">\n</Step>\n\n<Step id="first">\n</Step>\n\n<Step id="second">\n</Step>', ['10 step "first" stands here a second time. Place each step once.']],
	['<Step id="first">\n</Step>\n\n<Step id="secnd">\n</Step>', ['7 step "second" is not placed. Write <Step id="second"> behind step "first".', '10 there is no step "secnd". Did you mean "second"?']],
	['```text\n<Step id="first">\n```\n\n<Step id="second">\n</Step>', ['7 step "first" is not placed. Write <Step id="first"> where it belongs.']],
])('a page places each step once and in order: %j', (body, said) => {
	const found = lint([definition, runbook, page(body)]).filter(({ file }) => file === 'en/runbooks/x/y.mdx');

	expect(found.map(({ line, message, advice }) => `${line} ${message}. ${advice}`)).toEqual(said);
});

test('the manual and the content of the tests have no mistake', () => {
	const root = join(import.meta.dirname, '../..');

	for (const folder of ['.', 'tests/fixture', 'tests/e2e/content', 'tests/server/report/content']) expect(lintFolder(join(root, folder))).toEqual([]);
});
