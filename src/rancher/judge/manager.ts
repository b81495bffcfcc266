import { problem } from '../../runbook/problem.ts';
import { warn, type Judge } from './verdict.ts';

/**
 * With `none` a server does not even upgrade the stacks that it cannot run without, so it is for the time of an upgrade alone.
 *
 * Source: rancher/cattle, `UpgradeManager.java`; https://rancher.com/docs/rancher/v1.6/en/upgrading/ ("Infrastructure Services").
 */
export const judgeManager: Judge = (form) => {
	if (form.text('upgrade_manager') === 'none') return [warn(problem('manager.none', { parameter: 'upgrade_manager' }, { parameter: 'upgrade_manager' }))];
	return form.items('env').flatMap(({ fields }, item) => (/^(?:DEFAULT_)?CATTLE_UPGRADE_MANAGER$/.test(fields['name'] ?? '') && fields['value']?.toLowerCase() === 'none' ? [warn(problem('manager.none', { parameter: 'env' }, { parameter: 'env', item }))] : []));
};
