/** What real programs make of a secret, in every spelling that is promised: masked, however it comes. The programs are those of the machine; none is left out. */
import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createMasker, mask } from '../../../../server/runs/masking/masker.ts';

const reviewed = String.raw`aB3&<x"Y'z\/9 kQ#7mN!vT$`;

/** Where its input is a socket, as Node gives it one, bash takes itself for a remote shell and reads `.bashrc` first. */
function inBash(script: string, secret: string, locale = 'C.UTF-8'): string {
	return execFileSync('bash', ['--norc', '-c', script], { encoding: 'utf8', env: { PATH: process.env['PATH'], S: secret, LC_ALL: locale } });
}

function maskPieces(secret: string, pieces: readonly string[], pausing = false): string {
	const masker = createMasker([secret]);
	return pieces.map((piece) => masker.write(piece) + (pausing ? masker.release() : '')).join('') + masker.end();
}

const entities = (text: string, spell: (code: number) => string): string => [...text].map((char) => (/[A-Za-z0-9]/.test(char) ? char : `&${spell(char.codePointAt(0) ?? 0)};`)).join('');
const names: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;', é: '&eacute;', $: '&dollar;', '\\': '&bsol;', '#': '&num;', '!': '&excl;', '/': '&sol;' };
const named = (text: string): string => [...text].map((char) => names[char] ?? char).join('');
const inner = (text: string): string => JSON.stringify(text).slice(1, -1);

/** What Python writes between the quotes that it chooses, and of what is beyond ASCII. */
const repr = (text: string): string => (text.includes("'") && text.includes('"') ? text.replace(/[\\']/g, String.raw`\$&`) : text.replaceAll('\\', String.raw`\\`));
const inAscii = (text: string): string => text.replace(/[^ -~]/gu, (char) => {
	const code = char.codePointAt(0) ?? 0;
	const digits = code.toString(16);
	return code < 0x100 ? `\\x${digits.padStart(2, '0')}` : code < 0x1_0000 ? `\\u${digits.padStart(4, '0')}` : `\\U${digits.padStart(8, '0')}`;
});

/** GNU's fold counts bytes and cuts characters apart, which leaves no text: of others than ASCII it is done as a terminal does. */
const inLines = (text: string, width: number): string => (/^[ -~]*$/.test(text) ? inBash(`printf %s "$S" | fold -w ${width}`, text) : ([...text].join('').match(new RegExp(`.{1,${width}}`, 'gsu')) ?? []).join('\n'));

/** Every spelling by one name. Each returns the spelling alone. */
const spellings: Readonly<Record<string, (secret: string) => string>> = {
	'printf %q of bash': (secret) => inBash('printf %q "$S"', secret),
	'printf %q of bash without a locale': (secret) => inBash('printf %q "$S"', secret, 'C').replace(/^\$'|'$/g, ''),
	'@Q of bash': (secret) => inBash('printf %s "${S@Q}"', secret).slice(1, -1),
	'names of HTML': named,
	'entities in decimal': (secret) => entities(secret, (code) => `#${code}`),
	'entities in decimal with zeros': (secret) => entities(secret, (code) => `#00${code}`),
	'entities in hexadecimal': (secret) => entities(secret, (code) => `#x${code.toString(16)}`),
	'entities in upper hexadecimal': (secret) => entities(secret, (code) => `#X${code.toString(16).toUpperCase()}`),
	'every character an entity': (secret) => [...secret].map((char) => `&#${char.codePointAt(0)};`).join(''),
	'HTML in HTML': (secret) => named(named(secret)),
	'HTML in JSON': (secret) => inner(named(secret)),
	'JSON in HTML': (secret) => named(inner(secret)),
	JSON: inner,
	'JSON in JSON': (secret) => inner(inner(secret)),
	'JSON in JSON in JSON': (secret) => inner(inner(inner(secret))),
	'JSON in ASCII, in JSON': (secret) => inner(inner(secret).replace(/[^ -~]|[<>&]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)),
	'JSON in a URL': (secret) => encodeURIComponent(inner(secret)),
	'percent-encoding': encodeURIComponent,
	'percent-encoding twice': (secret) => encodeURIComponent(encodeURIComponent(secret)),
	'percent-encoding of all': (secret) => [...Buffer.from(secret)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join(''),
	'HTML in a URL': (secret) => encodeURIComponent(named(secret)),
	'escape of JavaScript': (secret) => escape(secret),
	'a form': (secret) => new URLSearchParams({ q: secret }).toString().slice(2),
	'lower hexadecimal by od': (secret) => inBash(`printf %s "$S" | od -An -v -tx1 | tr -d ' \\n'`, secret),
	'hexadecimal by od, in columns and lines': (secret) => inBash('printf %s "$S" | od -An -v -tx1', secret).trim(),
	'upper hexadecimal': (secret) => Buffer.from(secret).toString('hex').toUpperCase(),
	'hexadecimal with colons': (secret) => (Buffer.from(secret).toString('hex').match(/../g) ?? []).join(':'),
	'hexadecimal as C writes it': (secret) => (Buffer.from(secret).toString('hex').match(/../g) ?? []).map((pair) => `0x${pair}`).join(', '),
	'\\x for each byte': (secret) => (Buffer.from(secret).toString('hex').match(/../g) ?? []).map((pair) => `\\x${pair}`).join(''),
	'octal for each byte': (secret) => [...Buffer.from(secret)].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join(''),
	// As Python 3.11 and xxd 2022 print them, compared with both.
	'repr of Python': (secret) => repr(secret),
	'ascii of Python': (secret) => inAscii(repr(secret)),
	'repr of Python, of bytes': (secret) => [...Buffer.from(repr(secret))].map((byte) => (byte < 128 ? String.fromCharCode(byte) : `\\x${byte.toString(16)}`)).join(''),
	'unicode_escape of Python': (secret) => inAscii(secret.replaceAll('\\', String.raw`\\`)),
	'json.dumps of Python': (secret) => inner(secret).replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`),
	'quote of Python': (secret) => encodeURIComponent(secret).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`).replaceAll('%2F', '/'),
	'xxd -p': (secret) => (Buffer.from(secret).toString('hex').match(/.{1,60}/g) ?? []).join('\n'),
	'xxd -p -c 5': (secret) => (Buffer.from(secret).toString('hex').match(/.{1,10}/g) ?? []).join('\n'),
	'xxd -i': (secret) => (Buffer.from(secret).toString('hex').match(/.{1,24}/g) ?? []).map((line) => (line.match(/../g) ?? []).map((pair) => `0x${pair}`).join(', ')).join(',\n  '),
	'doubled quotes': (secret) => secret.replaceAll("'", "''"),
	'doubled double quotes': (secret) => secret.replaceAll('"', '""'),
	'backslashes of MySQL': (secret) => secret.replace(/['"\\]/g, String.raw`\$&`),
	'doubled dollars': (secret) => secret.replaceAll('$', '$$$$'),
	'quoted-printable': (secret) => [...Buffer.from(secret)].map((byte) => `=${byte.toString(16).toUpperCase().padStart(2, '0')}`).join(''),
	'every character in quotes': (secret) => [...secret].map((char) => (char === "'" ? `'"'"'` : char)).join(''),
	'a shell line in JSON': (secret) => inner(secret.replaceAll("'", String.raw`'\''`)),
	'Base64, escaped': (secret) => inner(inBash('printf %s "$S" | base64 -w0', secret)).replaceAll('/', String.raw`\/`).replace(/=+$/, ''),
	'Base64 in a URL': (secret) => encodeURIComponent(inBash('printf %s "$S" | base64 -w0', secret).replace(/=+$/, '')),
	...Object.fromEntries([1, 3, 4, 7, 76].map((width) => [`base64 -w ${width}`, (secret: string) => inBash(`printf %s "$S" | base64 -w ${width}`, secret).trimEnd().replace(/(?:=\n?)+$/, '').trimEnd()])),
	...Object.fromEntries([1, 2, 5, 10].map((width) => [`fold -w ${width}`, (secret: string) => inLines(secret, width)])),
	'lines of a terminal': (secret) => inLines(secret, 7).replaceAll('\n', '\r\n'),
	'indented lines': (secret) => inBash('printf %s "$S" | base64 -w 8', secret).trimEnd().replace(/=+$/, '').replaceAll('\n', '\n    '),
	'a carriage return inside': (secret) => `${secret.slice(0, 4)}\r${secret.slice(4)}`,
	'a backspace inside': (secret) => `${secret.slice(0, 4)}\b${secret.slice(4)}`,
	'letters printed over': (secret) => [...secret].map((char) => `${char}\b${char}`).join(''),
	'colours inside': (secret) => `${secret.slice(0, 4)}\x1b[1;31m${secret.slice(4, 5)}\x1b[0m${secret.slice(5)}`,
};

const examples = [reviewed, `a,b#c~é中😀'y`, String.raw`\\server\n%41&amp;`];

describe.each(Object.entries(spellings))('%s', (_, spell) => {
	test.each(examples)('of %s is masked, whole or in pieces, and nothing beside it', (secret) => {
		const text = `before ${spell(secret)} after`;

		expect(maskPieces(secret, [text])).toMatch(/^before (?:\$'|0x)?•{8}\n?[A-Za-z0-9+/]?={0,2} after$/u);
		const cuts = [9, 11, 14, 17].map((at) => [text.slice(0, at), text.slice(at)]);
		expect(new Set([...cuts, text.split('')].map((pieces) => maskPieces(secret, pieces)))).toEqual(new Set([maskPieces(secret, [text])]));
	});
});

const secrets = fc.string({ unit: fc.oneof(fc.constantFrom(...`'"\\&<>%$#!,;= +/_-~.:0axnu`), fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 })), minLength: 6, maxLength: 24 }).filter((text) => !/\p{C}|^\s|\s$/u.test(text) && [...text].length >= 6);
/** Spellings that need no program, so that many secrets can be tried. */
const pure = Object.entries(spellings).filter(([, spell]) => !/inBash|inLines/.test(spell.toString()));

test('any secret is masked in any spelling, in pieces as well as whole', () => {
	expect(pure.length).toBeGreaterThan(25);
	fc.assert(
		fc.property(secrets, fc.constantFrom(...pure), fc.array(fc.nat(200), { maxLength: 5 }), (secret, [, spell], at) => {
			const text = `<${spell(secret)}>`;
			const cuts = [0, ...at.map((one) => one % text.length).sort((a, b) => a - b), text.length];
			const pieces = cuts.slice(1).map((end, index) => text.slice(cuts[index], end));
			const shown = maskPieces(secret, pieces);

			expect(shown).toContain(mask);
			expect(shown.length).toBeLessThanOrEqual(mask.length + 4);
			expect(shown).toBe(maskPieces(secret, [text]));
		}),
		{ numRuns: 2000 },
	);
});

/** The mark that bash sets around a spelling with escapes; a secret that begins or ends with a quote takes that quote of it. */
const hidden = /^<(?:\$'?)?•{8}'?> after$/u;

test('printf %q of bash is masked for any secret', () => {
	fc.assert(
		fc.property(fc.array(secrets, { minLength: 40, maxLength: 40 }), fc.constantFrom('C.UTF-8', 'C'), (many, locale) => {
			const printed = execFileSync('bash', ['--norc', '-c', `for one in "$@"; do printf '%q\\0' "$one"; done`, 'bash', ...many], { encoding: 'utf8', env: { PATH: process.env['PATH'], LC_ALL: locale } }).split('\0');
			for (const [index, secret] of many.entries()) expect(maskPieces(secret, [`<${printed[index] ?? ''}> after`]), secret).toMatch(hidden);
		}),
		{ numRuns: 4, examples: [[[`'+;\u{18000}0~`, `\u{18804}\u{10026}!<\u18cd&~,#"'`], 'C.UTF-8'], [[`'*!\u2f11 n+/,`], 'C']] },
	);
});

test('what only resembles a secret is shown', () => {
	for (const text of ['Tr0ub4dor', 'Tr0ub4dor 3', 'Tr0ub4-dor3', 'r0ub4dor3', 'Tr0u\tb4dor3', 'Tr0%62ub4dor3', 'Tr0 ub4dor3', 'Tr0ub4\n+dor3', 'tr0ub4dor3', '5472307562346f7233', '5472 3075 6234 6f72 33']) {
		expect(maskPieces('Tr0ub4dor3', [`${text}\r\n`])).toBe(`${text}\r\n`);
	}
});

test('a line that ends like a secret begins is shown when the output ends', () => {
	expect(maskPieces('rancher-2016', ['Pulling rancher\r\n'])).toBe('Pulling rancher\r\n');
});

test('no number of line ends, escapes or quotes holds a text for ever', () => {
	for (const filler of ['\n', '\b', '\\', "'", '"', '%', '&', '\x1b[0m', '\r\n   ', '&#', '\\u', '=', '%25', '\x1b[']) {
		const masker = createMasker(['secret-secret']);
		const text = `secret${filler.repeat(600)}`;
		const shown = text.split('').map((unit) => masker.write(unit)).join('');

		expect(text.length - shown.length, JSON.stringify(filler)).toBeLessThan(800);
		expect(text.startsWith(shown)).toBe(true);
	}
});

/** Steps of the masker for each character of the output. */
function stepsFor(secret: string, output: string): number {
	const masker = createMasker([secret]);
	for (let at = 0; at < output.length; at += 997) masker.write(output.slice(at, at + 997));
	masker.end();
	return masker.steps / output.length;
}

describe('a secret sixteen times as long', () => {
	const long = (length: number): Readonly<Record<string, [secret: string, output: string]>> => {
		const mixed = Array.from({ length }, (_, index) => `aB3&<x"Y'z\\/9 kQ#7mN!vT$${index}`).join('').slice(0, length);
		const same = 'a'.repeat(length);
		return {
			'that is printed': [mixed, mixed.repeat(2)],
			'that is printed in JSON': [mixed, inner(mixed)],
			'of one letter, and output of that letter': [same, same.repeat(2)],
			'of one letter, and lines of that letter': [same, 'aa\n'.repeat(length)],
			'of backslashes, and output of backslashes': ['\\'.repeat(length), '\\'.repeat(length * 2)],
			'of entities, and output of them': ['&amp;%25'.repeat(length / 8), '&amp;%25'.repeat(length / 4)],
			'in Base64': [mixed, Buffer.from(mixed).toString('base64')],
			'and other output': [mixed, 'Pulling fs layer "a": done\r\n'.repeat(length / 16)],
		};
	};
	const [short, longer] = [long(128), long(2_048)];

	test.each(Object.keys(short))('%s: costs each character of the output no more', (name) => {
		const [few, many] = [short, longer].map((all) => stepsFor(...(all[name] ?? ['', ''])));

		expect(many).toBeLessThan(1.5 * (few ?? 0) + 2);
	});
});

test('32 KB of secret, printed, are masked, and memory is linear', () => {
	const secret = Array.from({ length: 4_096 }, (_, index) => `k${index.toString(36).padStart(3, '0')}'"\\/`).join('');
	const before = process.memoryUsage().arrayBuffers;
	const masker = createMasker([secret]);

	expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(96 * secret.length);
	expect(masker.write(`<${inner(secret)}>`) + masker.end()).toBe(`<${mask}>`);
});
