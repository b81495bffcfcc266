/** What is known of each family's subject. The one place where the core's families meet it. */
import { noRules, type Rules } from './runbook/resolve.ts';
import { pathIds } from './rancher/detect/path.ts';
import { furtherReadingOf } from './rancher/further-reading.ts';
import { rancherRules } from './rancher/rules.ts';

interface Subject {
	/** Which rules the values follow. */
	readonly rules: Rules;
	/** Ids of the runbooks that a look at a machine may lead to. */
	readonly paths: readonly string[];
	/** Page and anchor of the guide, `page#anchor`, that says more about a hint. */
	readonly furtherReadingOf: (step: string, hint: string) => string | undefined;
}

const subjects: Readonly<Record<string, Subject>> = { 'rancher-1.6': { rules: rancherRules, paths: pathIds, furtherReadingOf } };

export function rulesOf(family: string): Rules {
	return subjects[family]?.rules ?? noRules;
}

/** Ids of the family's runbooks that a look at a machine may lead to. */
export function pathsOf(family: string): readonly string[] {
	return subjects[family]?.paths ?? [];
}

/** The address of the page of the guide that says more about a hint, from the root of the site. */
export function guidePageOf(family: string, step: string, hint: string, locale: string): string | undefined {
	const [page, anchor] = subjects[family]?.furtherReadingOf(step, hint)?.split('#') ?? [];
	return page === undefined ? undefined : `/${locale}/guide/${page}/${anchor === undefined ? '' : `#${anchor}`}`;
}
