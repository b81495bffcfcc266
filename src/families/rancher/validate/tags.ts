import { problem } from '../problem.ts';
import { lastRelease, releaseOf } from '../releases.ts';
import { compareTags, isMoving, isTestBuild, parseTag } from '../tags.ts';
import { goesBack, refuse, warn, type Rule, type RuleResult } from './rule.ts';

/** Each tag by itself. Source: https://rancher.com/docs/rancher/v1.6/en/upgrading/ ("Rancher Server Tags"). */
export const validateTags: Rule = (form) => (['old_tag', 'new_tag'] as const).flatMap((parameter) => {
	const value = form.text(parameter);
	return value === undefined ? [] : validateTag(parameter, value, (parameter === 'old_tag') === goesBack(form));
});

/** What runs is a fact: only what shall be started can be refused for being a test build. */
function validateTag(parameter: 'old_tag' | 'new_tag', value: string, isTarget: boolean): RuleResult[] {
	const at = { parameter };
	if (isTestBuild(value)) return [parameter === 'new_tag' && isTarget ? refuse(problem('tag.test-build', { parameter, value, release: lastRelease }, at)) : warn(problem('tag.test-build-runs', { parameter, value }, at))];
	if (isMoving(value)) return [warn(problem('tag.moving', { parameter, value }, at))];
	const version = parseTag(value);
	if (version && version.numbers[0] !== 1) return [refuse(problem('tag.not-1x', { parameter, value }, at))];
	if (version && !version.hasV) return [refuse(problem('tag.missing-v', { parameter, value, release: `v${value}` }, at))];
	// Its hosts get an agent that is a test build. Source: rancher/rancher#14754.
	if (isTarget && value === 'v1.6.19') return [warn(problem('tag.skip-1.6.19', { parameter, value }, at))];
	return releaseOf(value) ? [] : [warn(problem('tag.unknown-release', { parameter, value }, at))];
}

/**
 * One tag against the other. The schema of the database only moves forward, so an upgrade leads to a newer tag and the way back to an older one.
 *
 * Source: rancher/cattle, `resources/content/db/` (change sets without rollback).
 */
export const validateOrder: Rule = (form) => {
	const [old, next] = [form.text('old_tag'), form.text('new_tag')];
	const order = old === undefined || next === undefined ? undefined : compareTags(next, old);
	if (old === undefined || next === undefined || order === undefined) return [];
	if (order === 0) return [warn(problem('tag.same', { parameter: 'new_tag', value: next }, { parameter: 'new_tag' }))];
	if (order > 0) return goesBack(form) ? [] : validateCrossings(old, next);
	if (goesBack(form)) return [refuse(problem('tag.higher', { parameter: 'old_tag', value: old, old: next }, { parameter: 'old_tag' }))];
	return [refuse(problem('tag.lower', { parameter: 'new_tag', value: next, old }, { parameter: 'new_tag' }))];
};

/** Versions from which on something else is asked of hosts, environments or directories. */
const crossings = [
	// Networking moved into stacks; old environments ask for "Upgrade Environment". Source: rancher/rancher#6751; the API page "environmentUpgrade" of v1.6.
	{ to: 'v1.2.0', name: 'tag.crosses-environments' },
	// The stack network-services is upgraded by the first start. Source: release notes of v1.6.7.
	{ to: 'v1.5.0', name: 'tag.crosses-network-services' },
	// The name of an AD or OpenLDAP server must be in its certificate. Source: rancher/rancher#9459, #13384; release notes of v1.6.8.
	{ to: 'v1.6.8', name: 'tag.crosses-directory-names' },
	// Agents from v1.2.7 on refuse a host whose DNS server is a loopback address. Source: https://rancher.com/docs/rancher/v1.6/en/faqs/agents/
	{ to: 'v1.6.11', name: 'tag.crosses-loopback-dns' },
] as const;

/** Whether a version lies behind the older and not behind the newer of two tags. What moves, or is no version, counts as crossing it: nobody knows. */
export function crosses(to: string, old: string, next: string): boolean {
	return (compareTags(old, to) ?? -1) < 0 && (compareTags(next, to) ?? 1) >= 0;
}

function validateCrossings(old: string, next: string): RuleResult[] {
	return crossings.filter(({ to }) => crosses(to, old, next)).map(({ to, name }) => warn(problem(name, { parameter: 'new_tag', tag: to }, { parameter: 'new_tag' })));
}
