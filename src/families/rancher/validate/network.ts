import { problem } from '../problem.ts';
import { warn, type Rule } from './rule.ts';

/**
 * What the form says of the ways out: a private registry and a proxy.
 *
 * Source: rancher/rancher#13440, #13246 (agents are pulled without the environment's credentials);
 * https://rancher.com/docs/rancher/v1.6/en/installing-rancher/installing-server/ (HTTP proxy).
 */
export const validateNetwork: Rule = (form) => {
	const registry = form.text('registry');
	const login = registry === undefined ? [] : [warn(problem('server.registry-login', { parameter: 'registry', registry }, { parameter: 'registry' }))];
	if (form.text('proxy') === undefined || !form.asks('no_proxy')) return login;
	const spared = (form.text('no_proxy') ?? '').split(',').map((entry) => entry.trim().replace(/^\*?\./, ''));
	const hosts = ['localhost', registry?.replace(/(?::\d+)?(?:\/.*)?$/, ''), form.text('db_host')];
	const lacking = hosts.filter((host) => host !== undefined && !spared.some((entry) => host === entry || host.endsWith(`.${entry}`)));
	return [...login, ...lacking.map((host) => warn(problem('server.no-proxy-lacks', { parameter: 'no_proxy', host: host ?? '' }, { parameter: 'no_proxy' })))];
};
