import { describe, expect, test } from 'vitest';
import { findUntrusted } from '../../../src/runbook/text/character.ts';
import { YamlFile } from '../../../src/runbook/definition/yaml-file.ts';

const unseen = ['\u0000', '\u001b', '\u007f', '\u0085', '\u00a0', '\u00ad', '\u034f', '\u061c', '\u115f', '\u1160', '\u17b4', '\u180b', '\u180e', '\u2007', '\u200b', '\u200d', '\u200e', '\u2028', '\u202e', '\u2060', '\u2066', '\u2800', '\u3000', '\u3164', '\ufe0f', '\ufeff', '\uffa0', '\ufff9', '\ufffc', '\uffff', '\ue000', '\u0378', '\ud800', '\u{1d159}', '\u{1d173}', '\u{e0001}', '\u{e0100}', '\u{f0000}', '\u{10ffff}'];

test('what cannot be seen is found, and what can be is not', () => {
	for (const char of unseen) expect(findUntrusted(`ab${char}c`), JSON.stringify(char)).toEqual({ code: expect.stringMatching(/^U\+/), position: 3 });
	expect(findUntrusted('a word, 漢字 牧道 é café ñ ü ß – — “ ” … · ✓ 한글 हिन्दी ไทย العربية 🐄')).toBeUndefined();
});

describe('a definition', () => {
	const lintErrors = (text: string) => new YamlFile({ path: 'a.yaml', text }).lintErrors.map(({ line, message }) => [line, /U\+[0-9A-F]+/.exec(message)?.[0]]);

	test('has no character that its author cannot see, in a command, a script, a comment, by an escape', () => {
		expect(lintErrors('id: a\nsteps:\n  - run: rm \u202eoot\n')).toEqual([[3, 'U+202E']]);
		expect(lintErrors('id: a\nscript: |\n  echo one\n  rm\u200b -rf x\n')).toEqual([[4, 'U+200B']]);
		expect(lintErrors('id: a # \u2066note\n')).toEqual([[1, 'U+2066']]);
		expect(lintErrors('id: a\nrun: "rm \\u202eoot"\n')).toEqual([[2, 'U+202E']]);
		expect(lintErrors('id: a\nrun: "rm \\x07"\n')).toEqual([[2, 'U+0007']]);
		expect(lintErrors('id: a\nrun: echo\u3164x\n')).toEqual([[2, 'U+3164']]);
		expect(lintErrors('\ufeffid: a\r\nrun: "a\\tb\\n"\r\nscript: |\r\n  x\ty\r\n')).toEqual([]);
	});
});
