import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { quote, quoteForShells } from '../../../src/runbook/command/quote.ts';
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

/** Each with what makes it read a text as `sh -c` and `ssh` do. zsh and fish are not on every machine; the gate has the others. */
const shells: readonly (readonly string[])[] = [['/bin/bash'], ['/bin/dash'], ['/bin/busybox', 'sh'], ['/usr/bin/zsh', '-f'], ['/usr/bin/fish', '--no-config']].filter(([path = '']) => existsSync(path));

test.each(shells.map((words) => ({ words, name: words[0] })))('$name reads a text that was quoted for any shell as one word, joined or alone', ({ words: [program = '', ...args] }) => {
	const texts = ['', '-', '~', '=x', '%self', "'", "'''", '\\', "\\'", 'a\\', '!', '!!', '$HOME', '`id`', 'a\nb', '~root', '{a,b}', '*', '#x', '^', '｜', '🐂', ...fc.sample(hostileText, 400)];

	// As many to a process as one word of a command can hold, 128 KiB.
	const asked: string[] = [];
	for (const text of texts) {
		const line = `/usr/bin/printf '%s\\0' ${quoteForShells(text)} x${quoteForShells(text)}y`;
		const last = asked.at(-1);
		if (last === undefined || Buffer.byteLength(last) + Buffer.byteLength(line) > 100_000) asked.push(line);
		else asked[asked.length - 1] = `${last}\n${line}`;
	}
	const printed = asked.map((script) => execFileSync(program, [...args, '-c', script], { encoding: 'utf8', maxBuffer: 1 << 27 })).join('');

	expect(printed.split('\0').slice(0, -1)).toEqual(texts.flatMap((text) => [text, `x${text}y`]));
});
