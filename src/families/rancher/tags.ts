/**
 * Tags of `rancher/server`, read as versions.
 *
 * Source: https://rancher.com/docs/rancher/v1.6/en/upgrading/ ("Rancher Server Tags"): `latest` and `stable` move, releases are `vX.Y.Z`, and `rc{n}` is a test
 * build; the pages of v1.0 and v1.1 name `-pre{n}` and `-dev{n}` as such.
 */

/** A tag that begins with a version. */
export interface Version {
	/** As many as were written: `[1, 6, 30]`. */
	readonly numbers: readonly number[];
	/** What follows the numbers, without its dash: `rc1` of `v1.6.14-rc1`. */
	readonly suffix: string;
	/** It begins with a v, as the tags of releases do. */
	readonly hasV: boolean;
}

const versionPattern = /^(v?)(\d{1,6}(?:\.\d{1,6}){0,4})(?:[-_.]?([A-Za-z0-9_.-]*))$/;

/** Returns the version that a tag begins with; undefined for `latest` and other words. */
export function parseTag(tag: string): Version | undefined {
	const match = versionPattern.exec(tag);
	if (!match?.[2]) return undefined;
	return { numbers: match[2].split('.').map(Number), suffix: match[3] ?? '', hasV: match[1] === 'v' };
}

/** A build for tests, wherever its tag says so: `v1.6.14-rc1`, `v1.6.14-patch1-rc1`, `v1.0.0-pre2`, `v1.1.0-dev5-rc3`. */
export function isTestBuild(tag: string): boolean {
	return /(?:^|[-_.\d])rc(?:[-_.]|$)|rc\d|[-_.](?:pre|dev)/i.test(tag);
}

/** A tag that names another image as time goes by. Source: the same page; README of rancher/rancher, branch v1.6. */
export function isMoving(tag: string): boolean {
	return tag === 'latest' || tag === 'stable';
}

/**
 * Compares two tags: negative when `a` is older, 0 when they are of the same version, positive when `a` is newer; undefined when one of them
 * is no version. A test build comes before its release (`v1.6.14-rc1` < `v1.6.14`), any other suffix after it (`v1.2.0` < `v1.2.0-1`).
 */
export function compareTags(a: string, b: string): number | undefined {
	const [left, right] = [parseTag(a), parseTag(b)];
	if (!left || !right) return undefined;
	const length = Math.max(left.numbers.length, right.numbers.length);
	for (let i = 0; i < length; i += 1) {
		const difference = (left.numbers[i] ?? 0) - (right.numbers[i] ?? 0);
		if (difference !== 0) return difference;
	}
	return rank(left.suffix) - rank(right.suffix) || compareSuffixes(left.suffix, right.suffix);
}

/** Whether a tag is of this version or a newer one. A tag that is no version counts as the newest: `latest` and `stable` are. */
export function isAtLeast(tag: string, version: string): boolean {
	return (compareTags(tag, version) ?? 1) >= 0;
}

function rank(suffix: string): number {
	if (suffix === '') return 1;
	return /^(?:rc|pre|dev|alpha|beta)/i.test(suffix) ? 0 : 2;
}

/** Number by number and word by word, so that `rc10` is newer than `rc9`. */
function compareSuffixes(a: string, b: string): number {
	const [left, right] = [piecesOf(a), piecesOf(b)];
	for (let i = 0; i < Math.max(left.length, right.length); i += 1) {
		const [one, other] = [left[i] ?? '', right[i] ?? ''];
		if (one === other) continue;
		const difference = Number(one) - Number(other);
		return Number.isNaN(difference) || difference === 0 ? (one < other ? -1 : 1) : difference;
	}
	return 0;
}

function piecesOf(suffix: string): readonly string[] {
	return suffix.match(/\d+|\D+/g) ?? [];
}
