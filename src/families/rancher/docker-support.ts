/**
 * Which Docker engines the hosts of a release may run.
 *
 * Source: https://rancher.com/docs/rancher/v1.6/en/hosts/ ("Supported Docker Versions") and the same page of v1.4 and v1.5, v1.1 to v1.3 ("Docker 1.10.3+"); for what
 * the pages leave out rancher/cattle, setting `supported.docker.range` at the version inside each release.
 */
import { compareTags } from './tags.ts';

export interface DockerSupport {
	/** As the documentation writes it. */
	readonly docker: string;
	/** A regular expression for the beginning of `docker version`'s answer, as both `grep -E` and JavaScript read it. */
	readonly pattern: string;
	/** First and last release that supports it; absent: all before, all after. */
	readonly from?: string;
	readonly until?: string;
}

export const dockerSupport: readonly DockerSupport[] = [
	{ docker: '1.10.3', pattern: String.raw`1\.10\.([3-9]|[1-9][0-9])`, until: 'v1.6.5' },
	{ docker: '1.11', pattern: String.raw`1\.11\.`, until: 'v1.3.5' },
	{ docker: '1.12.3', pattern: String.raw`1\.12\.([3-9]|[1-9][0-9])` },
	{ docker: '1.13', pattern: String.raw`1\.13\.`, from: 'v1.5.0' },
	{ docker: '17.03', pattern: String.raw`17\.03\.`, from: 'v1.5.0' },
	{ docker: '17.06', pattern: String.raw`17\.06\.`, from: 'v1.6.3' },
	{ docker: '17.09', pattern: String.raw`17\.09\.`, from: 'v1.6.11' },
	{ docker: '17.12', pattern: String.raw`17\.12\.`, from: 'v1.6.14' },
	{ docker: '18.03', pattern: String.raw`18\.03\.`, from: 'v1.6.17' },
	{ docker: '18.06', pattern: String.raw`18\.06\.`, from: 'v1.6.20' },
	{ docker: '18.09', pattern: String.raw`18\.09\.`, from: 'v1.6.26' },
	{ docker: '19.03.2', pattern: String.raw`19\.03\.([2-9]|[1-9][0-9])`, from: 'v1.6.29' },
];

/** The engines that a tag supports; undefined when the tag is no version. */
export function dockerSupportOf(tag: string): readonly DockerSupport[] | undefined {
	if (compareTags(tag, tag) === undefined) return undefined;
	const reaches = (bound: string | undefined, sign: 1 | -1) => bound === undefined || (compareTags(tag, bound) ?? 0) * sign >= 0;
	return dockerSupport.filter(({ from, until }) => reaches(from, 1) && reaches(until, -1));
}

/** A regular expression that matches the version of each supported engine, for `grep -E` and JavaScript alike; undefined when the tag is no version. */
export function dockerRangeOf(tag: string): string | undefined {
	const supported = dockerSupportOf(tag);
	return supported && `^(${supported.map(({ pattern }) => pattern).join('|')})`;
}
