import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createMasker, mask } from '../../../../server/runs/masking/masker.ts';
import { isFindable } from '../../../../server/runs/masking/secret-forms.ts';
import { secretForms } from './listed-spellings.ts';

const secret = `k3Y!p'ss "w$rd/+é中`;

/** Masks a text that comes in these pieces; `pausing` lets every hold run out. */
function maskPieces(secrets: readonly string[], pieces: readonly string[], pausing = false): string {
	const masker = createMasker(secrets);
	return (
		pieces.map((piece) => masker.write(piece) + (pausing ? masker.release() : '')).join('') + masker.end()
	);
}

function everySplitInTwo(text: string): string[][] {
	return Array.from({ length: text.length + 1 }, (_, at) => [text.slice(0, at), text.slice(at)]);
}

describe.each(secretForms(secret).map((form) => [form] as const))('the spelling %s', (form) => {
	const text = `before ${form} after`;

	test('is masked wherever the text is cut in two', () => {
		const seen = new Set(everySplitInTwo(text).map((pieces) => maskPieces([secret], pieces)));

		expect([...seen]).toEqual([`before ${mask} after`]);
	});

	test('is masked when it comes unit by unit', () => {
		expect(maskPieces([secret], text.split(''))).toBe(`before ${mask} after`);
	});

	test('shows at most three leading characters when it comes with pauses', () => {
		const cuts = [text.split(''), ...everySplitInTwo(text)];

		for (const pieces of cuts) {
			const shown = maskPieces([secret], pieces, true)
				.replace('before ', '')
				.replace(mask, '')
				.replace(' after', '');
			expect(shown.length).toBeLessThanOrEqual(3);
			expect(form.startsWith(shown)).toBe(true);
		}
	});
});

test('what real programs make of a secret is masked', () => {
	const inside = (script: string): string =>
		execFileSync('bash', ['--norc', '-c', script], {
			encoding: 'utf8',
			env: { ...process.env, S: secret, LC_ALL: 'C.UTF-8' },
		});
	const printed = {
		quoted: inside('printf %q "$S"'),
		traced: inside('set -x; : "$S" 2>&1') + inside('exec 2>&1; set -x; : "$S"'),
		'base64, first place': inside('printf %s "$S" | base64 -w0'),
		'base64, second place': inside('printf %s "u$S" | base64 -w0'),
		'base64, third place': inside('printf %s "u:$S!" | base64 -w0'),
		json: JSON.stringify({ S: secret }),
		component: encodeURIComponent(secret),
		query: String(new URL(`http://h/?q=${encodeURIComponent(secret)}`)),
		'query as typed': String(new URL(`http://h/?q=${secret}`)),
		path: Object.assign(new URL('http://h/'), { pathname: secret }).href,
		user: Object.assign(new URL('http://h/'), { password: secret }).href,
		form: String(new URLSearchParams({ q: secret })),
	};

	for (const [name, text] of Object.entries(printed)) {
		expect(maskPieces([secret], [text]), name).toContain(mask);
	}
});

test('a newline in a secret is found as a terminal prints it', () => {
	const key = '-----BEGIN KEY-----\nabcdef\nghijkl\n-----END KEY-----';

	expect(maskPieces([key], [`x${key.replaceAll('\n', '\r\n')}y`])).toBe(`x${mask}y`);
});

test('however the text is cut, the same comes out', () => {
	const letters = fc.constantFrom('a', 'b', 'c');
	const word = fc.array(letters, { minLength: 6, maxLength: 9 }).map((units) => units.join(''));
	fc.assert(
		fc.property(
			fc.array(word, { minLength: 1, maxLength: 3 }),
			fc.array(
				fc.array(letters, { maxLength: 12 }).map((units) => units.join('')),
				{ maxLength: 12 },
			),
			(secrets, pieces) => {
				const whole = maskPieces(secrets, [pieces.join('')]);

				expect(maskPieces(secrets, pieces)).toBe(whole);
				for (const one of secrets) expect(whole).not.toContain(one);
			},
		),
		{ numRuns: 2_000 },
	);
});

/** Secrets that resemble each other, and texts of their parts in many spellings. */
const resembling = fc.array(
	fc
		.array(fc.constantFrom('a', 'b', 'é', '中', '😀', ' ', "'", '\\', '&', '0', '%41'), {
			minLength: 6,
			maxLength: 12,
		})
		.map((units) => units.join('')),
	{ minLength: 1, maxLength: 3 },
);
const spelled = [JSON.stringify, encodeURIComponent, secretForms].map(
	(spell) => (text: string) => [spell(text)].flat(),
);
const part = (secrets: readonly string[]): fc.Arbitrary<string> =>
	fc.oneof(
		fc.constantFrom(...`\\"'%&=$_ \x1b\b\r\n\x010ab41x;é中`, '\ud83d', '\ude00', '&#', '\\u', '\x1b[1m', '\n   '),
		fc
			.tuple(fc.constantFrom(...secrets), fc.constantFrom(...spelled), fc.nat(), fc.nat(30), fc.nat(30))
			.map(([secret, spell, which, from, length]) => {
				const forms = spell(secret);
				return (forms[which % forms.length] ?? '').slice(from, from + length);
			}),
		fc.constantFrom(...secrets),
	);

test('what is remembered changes nothing: not what comes out, not when', () => {
	const cases = resembling.chain((secrets) =>
		fc.record({
			secrets: fc.constant(secrets),
			pieces: fc.array(
				fc.record({
					text: fc.array(part(secrets), { maxLength: 12 }).map((parts) => parts.join('')),
					isReleased: fc.boolean(),
				}),
				{ maxLength: 12 },
			),
		}),
	);
	const tell = (
		secrets: readonly string[],
		pieces: readonly { text: string; isReleased: boolean }[],
		statesAtMost?: number,
	) => {
		const masker = createMasker(secrets, statesAtMost);
		// A second time over, it is all known.
		const told = [...pieces, ...pieces].map(({ text, isReleased }) => [
			masker.write(text),
			masker.canRelease,
			isReleased ? masker.release() : '',
		]);
		return [...told, masker.end()];
	};
	fc.assert(
		fc.property(cases, ({ secrets, pieces }) => {
			const plainly = tell(secrets, pieces, 0);

			expect(tell(secrets, pieces)).toEqual(plainly);
			expect(tell(secrets, pieces, 7)).toEqual(plainly);
		}),
		{ numRuns: 200 },
	);
});

test('ordinary text costs a look at each character, and no more', () => {
	const line = `2026-11-28 INFO [main] "GET /v3?a=b%20c" 'done' in 12 ms: {\\"a\\":1} &amp; 中\r\n`;
	const masker = createMasker([secret, 'geheim 2026']);
	masker.write(line.repeat(20));
	const before = masker.steps;

	masker.write(line.repeat(1_000));

	expect(masker.steps - before).toBe(line.length * 1_000);
});

test('a text without a secret comes out as it is', () => {
	fc.assert(
		fc.property(fc.array(fc.string({ unit: 'binary' })), (pieces) => {
			const text = pieces.join('');
			fc.pre(!text.includes('sec'));

			expect(maskPieces(['secret-secret'], pieces)).toBe(text);
		}),
	);
});

test('a false start is held until it fails, and then shown whole', () => {
	const masker = createMasker(['password123']);

	expect(masker.write('Enter password')).toBe('Enter ');
	expect(masker.canRelease).toBe(false);
	expect(masker.write(': ')).toBe('password: ');
});

test('a secret that the end cuts off stays hidden', () => {
	expect(maskPieces(['password123'], ['the password12'])).toBe(`the ${mask}`);
});

test('two secrets side by side are one mask, whose length says nothing', () => {
	expect(maskPieces(['first-secret', 'second-one'], ['<first-secretsecond-one>'])).toBe(`<${mask}>`);
});

test('a short secret and a well-known word are not looked for', () => {
	expect([isFindable('abcde'), isFindable('cattle'), isFindable('abcdef')]).toEqual([false, false, true]);
	expect(maskPieces(['cattle', 'abc'], ['cattle abc'])).toBe('cattle abc');
});
