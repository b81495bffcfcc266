import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareTags, isAtLeast, isMoving, isTestBuild, parseTag } from '../../../src/families/rancher/tags.ts';

test('tags are ordered as versions are', () => {
	const inOrder = ['v1.0.0', 'v1.1.0-dev5-rc3', 'v1.1.0-rc1', 'v1.1.0', 'v1.2.0-pre4-rc9', 'v1.2.0-pre4-rc12', 'v1.2.0', 'v1.2.0-1', 'v1.2.9', 'v1.2.10', 'v1.6.14-rc9', 'v1.6.14-rc10', 'v1.6.14', 'v1.6.14-patch1-rc1', 'v1.6.30', 'v2.0.0'];

	const shuffled = inOrder.toReversed().sort((a, b) => compareTags(a, b) ?? Number.NaN);

	expect(shuffled).toEqual(inOrder);
});

test.each([['v1.6.30', 'latest'], ['stable', 'v1.6.30'], ['master', 'latest']])('%s and %s have no order', (a, b) => {
	expect(compareTags(a, b)).toBeUndefined();
});

test('a tag that is no version counts as the newest', () => {
	expect([isAtLeast('latest', 'v1.6.30'), isAtLeast('v1.2.0', 'v1.2.0'), isAtLeast('v1.1.4', 'v1.2.0'), isAtLeast('v1.2.0-rc1', 'v1.2.0')]).toEqual([true, true, false, false]);
});

test('comparing is antisymmetric and agrees with equality, for every pair of versions', () => {
	const tag = fc.tuple(fc.nat(3), fc.nat(12), fc.nat(40), fc.constantFrom('', '-1', '-rc1', '-rc10', '-pre2', '-dev3-rc1', '-patch1', '-corp')).map(([a, b, c, suffix]) => `v${a}.${b}.${c}${suffix}`);
	fc.assert(
		fc.property(tag, tag, tag, (a, b, c) => {
			const [ab, ba, bc, ac] = [compareTags(a, b) ?? NaN, compareTags(b, a) ?? NaN, compareTags(b, c) ?? NaN, compareTags(a, c) ?? NaN];
			expect(Math.sign(ab) + Math.sign(ba)).toBe(0);
			expect(ab === 0).toBe(a === b);
			if (ab <= 0 && bc <= 0) expect(ac).toBeLessThanOrEqual(0);
		}),
	);
});

describe('test builds', () => {
	test.each(['v1.6.14-rc1', 'v1.6.14-patch1-rc1', 'v1.6.14rc2', 'v1.6.14-RC1', 'rc3', 'v1.0.0-pre2', 'v1.1.0-dev5', 'v1.1.0-dev5-rc3', 'v1.6.0-rc.1', 'v1.6.14-rc1-corp', 'v1.6.30_rc2', '1.6.30-rc1'])('%s is one', (tag) => {
		expect(isTestBuild(tag)).toBe(true);
	});

	test.each(['v1.6.30', 'v1.2.0-1', 'v1.6.30-arch', 'v1.6.30-prod', 'latest', 'stable', 'v1.6.30-patch1', 'march', 'v1.6.30-src'])('%s is none', (tag) => {
		expect(isTestBuild(tag)).toBe(false);
	});
});

test('latest and stable move, a release does not', () => {
	expect(['latest', 'stable', 'v1.6.30'].map(isMoving)).toEqual([true, true, false]);
});

test.each([
	['v1.6.30', { numbers: [1, 6, 30], suffix: '', hasV: true }],
	['1.6.30', { numbers: [1, 6, 30], suffix: '', hasV: false }],
	['v1.2.0-1', { numbers: [1, 2, 0], suffix: '1', hasV: true }],
	['v1.6', { numbers: [1, 6], suffix: '', hasV: true }],
	['latest', undefined],
	['rancher/server', undefined],
	['', undefined],
])('%s is read as %o', (tag, version) => {
	expect(parseTag(tag)).toEqual(version);
});
