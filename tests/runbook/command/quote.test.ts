import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { quote } from '../../../src/runbook/command/quote.ts';
import { hostileText } from '../hostile.ts';

for (const shell of ['bash', 'sh']) {
	test(`${shell} reads every quoted text as exactly that text`, () => {
		const texts = [...fc.sample(hostileText, 2000), '', '-', '~', '=x', "'", "'''", '\\', '!', '!!', '$HOME', '`id`', 'a\nb', '\r', '｜', '🐂'];

		const printed = execFileSync(`/bin/${shell}`, { input: texts.map((text) => `printf '%s\\0' ${quote(text)}`).join('\n'), encoding: 'utf8', maxBuffer: 1 << 27 });

		expect(printed.split('\0').slice(0, -1)).toEqual(texts);
	});
}

test('joined quoted pieces are one word', () => {
	fc.assert(
		fc.property(hostileText, hostileText, (a, b) => {
			fc.pre(a !== '' && b !== '');
			const script = `set -- ${quote(a)}${quote(b)}; printf '%s\\0' "$#" "$1"`;
			expect(execFileSync('/bin/sh', { input: script, encoding: 'utf8' }).split('\0')).toEqual(['1', a + b, '']);
		}),
		{ numRuns: 60 },
	);
});

test('a text with NUL is refused', () => {
	expect(() => quote('a\0b')).toThrow(RangeError);
});
