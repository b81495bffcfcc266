/** The rules of families for a page in a browser: loaded for the page's own family alone. What runs elsewhere asks `families.ts`. */
import { noRules, type Rules } from './runbook/resolve.ts';

const loaders: Readonly<Record<string, () => Promise<Rules>>> = {
	'rancher-1.6': async () => (await import('./rancher/rules.ts')).rancherRules,
};

/** Loads the rules that the values of a family follow. */
export async function loadRules(family: string): Promise<Rules> {
	return (await loaders[family]?.()) ?? noRules;
}
