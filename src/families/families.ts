/** What is known of each family's subject. The one place where the core's families meet it. */
import { noRules, type Rules } from '../runbook/values/resolve.ts';
import { pathIds } from './rancher/detect/path.ts';
import { rancherRules } from './rancher/rules.ts';

type OfFamily<T> = Readonly<Record<string, T>>;
const rules: OfFamily<Rules> = { 'rancher-1.6': rancherRules };
const paths: OfFamily<readonly string[]> = { 'rancher-1.6': pathIds };

/** Which rules the values of a family follow. */
export function rulesOf(family: string): Rules {
	return rules[family] ?? noRules;
}

/** Ids of the family's runbooks that a look at a machine may lead to. */
export function pathsOf(family: string): readonly string[] {
	return paths[family] ?? [];
}
