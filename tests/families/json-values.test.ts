import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { maxDepth, readJsonValues } from '../../src/families/json-values.ts';
import { hostileText } from '../runbook/hostile.ts';

test('values that stand one after the other are read as JSON.parse reads each', () => {
	fc.assert(
		fc.property(fc.array(fc.json(), { maxLength: 5 }), fc.constantFrom('\n', ' ', '\r\n\t'), (texts, blank) => {
			const { values, fault } = readJsonValues(texts.join(blank));
			expect(fault).toBeUndefined();
			expect(values).toEqual(texts.map((text) => JSON.parse(text)));
		}),
	);
});

test('what JSON.parse refuses is refused, and what it takes is taken', () => {
	const jsonLike = fc.array(fc.constantFrom('{', '}', '[', ']', ',', ':', '"a"', '"', '\\', '\\u12', '\\n', '1', '-', '01', '1.5', '1e', '.5', 'true', 'tru', 'null', 'nul', ' ', '\n', "'a'", '\u0001', '//', '\uFEFF', '\u2028'), { maxLength: 8 }).map((parts) => parts.join(''));
	fc.assert(
		fc.property(jsonLike, (text) => {
			const whole = `[${text}]`;
			let isJson = true;
			try {
				JSON.parse(whole);
			} catch {
				isJson = false;
			}
			const { values, fault } = readJsonValues(whole);
			// Several values in a row are fine here: "[1][2]".
			if (isJson) expect([values.length, fault]).toEqual([1, undefined]);
			else if (!fault) expect(values.length).toBeGreaterThan(1);
		}),
		{ numRuns: 3000 },
	);
});

test('no text makes it throw, and a fault lies inside the text', () => {
	fc.assert(
		fc.property(fc.oneof(hostileText, fc.string({ unit: 'binary' })), (text) => {
			const { fault } = readJsonValues(text);
			if (fault) expect(fault.at).toBeGreaterThanOrEqual(0);
			if (fault) expect(fault.at).toBeLessThanOrEqual(text.length);
		}),
	);
});

test('a document that is cut anywhere is told to be cut short, at its end', () => {
	const whole = JSON.stringify({ Id: 'a\\"é🐂', Config: { Env: ['A=1', 'B="x"'], Memory: -1.5e3, Tty: false, Labels: null } });
	for (let at = 1; at < whole.length; at += 1) {
		const { fault, values } = readJsonValues(whole.slice(0, at));
		expect([at, values, fault?.why]).toEqual([at, [], 'cut-short']);
	}
});

describe('the place of a mistake', () => {
	test.each([
		['[1, 2,, 3]', 'not-json', 6],
		['{"a" 1}', 'not-json', 5],
		["{'a': 1}", 'not-json', 1],
		['[1] x', 'not-json', 4],
		['{"a": tru}', 'not-json', 6],
		['["a\tb"]', 'not-json', 3],
		['["\\x"]', 'not-json', 2],
		['Error: No such object: rancher', 'not-json', 0],
		['[{"a": "b', 'cut-short', 9],
		['[1, tru', 'cut-short', 7],
		['["\\u00', 'cut-short', 6],
	])('%j', (text, why, at) => {
		expect(readJsonValues(text).fault).toEqual({ why, at });
	});
});

test('depth is limited, and no depth breaks it', () => {
	const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
	expect(readJsonValues(nested(maxDepth)).fault).toBeUndefined();
	expect(readJsonValues(nested(maxDepth + 1)).fault).toEqual({ why: 'too-deep', at: maxDepth });
	expect(readJsonValues(nested(1_000_000)).fault?.why).toBe('too-deep');
});

test('time grows with the text, not faster', () => {
	const time = (length: number) => {
		const texts = ['a'.repeat(length), '\\\\'.repeat(length / 2), '7'.repeat(length)].map((text, index) => (index < 2 ? `["${text}"]` : `[${text}]`)).concat(`["${'\\'.repeat(length)}`, ' '.repeat(length), '['.repeat(length), '"a",'.repeat(length / 4));
		const start = performance.now();
		for (const text of texts) readJsonValues(text);
		return performance.now() - start;
	};
	time(100_000);
	const [small, big] = [time(250_000), time(4_000_000)];

	expect(big).toBeLessThan(Math.max(small, 5) * 16 * 8);
});
