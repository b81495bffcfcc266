/** Which rules each family's values follow. The one place where the core's families meet what is known about their subject. */
import { noRules, type Rules } from './runbook/resolve.ts';
import { rancherRules } from './rancher/rules.ts';

const rules: Readonly<Record<string, Rules>> = { 'rancher-1.6': rancherRules };

export function rulesOf(family: string): Rules {
	return rules[family] ?? noRules;
}
