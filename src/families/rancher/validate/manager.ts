import { problem } from '../problem.ts';
import type { Form } from '../../../runbook/values/resolve.ts';
import { warn, type Rule } from './rule.ts';

/**
 * With `none` a server does not even upgrade the stacks that it cannot run without, so it is for the time of an upgrade alone.
 *
 * Source: rancher/cattle, `UpgradeManager.java`; https://rancher.com/docs/rancher/v1.6/en/upgrading/ ("Infrastructure Services").
 */
export const validateManager: Rule = (form) => {
	if (form.text('upgrade_manager') === 'none') return [warn(problem('manager.none', { parameter: 'upgrade_manager' }, { parameter: 'upgrade_manager' }))];
	const item = decisive(form);
	return item === undefined ? [] : [warn(problem('manager.none', { parameter: 'env' }, { parameter: 'env', item }))];
};

/** The place of the variable that switches automatic upgrades off. DEFAULT_… counts only where the other one is not there or empty, and the last of a name counts; the check `automatic-upgrades` asks in the same order. */
function decisive(form: Form): number | undefined {
	const pairs = form.items('env').map(({ fields }) => fields);
	for (const name of ['CATTLE_UPGRADE_MANAGER', 'DEFAULT_CATTLE_UPGRADE_MANAGER']) {
		const item = pairs.findLastIndex((pair) => pair['name'] === name);
		const value = pairs[item]?.['value'] ?? '';
		if (value !== '') return value.toLowerCase() === 'none' ? item : undefined;
	}
	return undefined;
}
