import { problem } from '../problem.ts';
import type { Form } from '../../../runbook/values/resolve.ts';
import { sharesHostNetwork } from './options.ts';
import { knowsFlags } from '../server-flags.ts';
import { goesBack, refuse, warn, type Rule, type RuleResult } from './rule.ts';

/** "You will need at least 3 nodes": advice, nothing that a server asks for. Many have two, and after a loss one is left. Source: https://rancher.com/docs/rancher/v1.6/en/installing-rancher/installing-server/ (HA). */
const minNodes = 3;

/** Words that each node turns into an address of its own. Source: rancher/rancher, `server/bin/entry`. */
export const isLookedUp = (address: string) => address === 'awslocal' || address === 'ipify' || isInterface(address);
const isInterface = (address: string) => /^(?:eth\d+|en[opsx][a-z0-9]*\d[a-z0-9]*|em\d+|bond\d+|br\d+|team\d+|p\d+p\d+|wl[a-z0-9]*\d[a-z0-9]*|ib\d+)$/.test(address);
const isLoopback = (address: string) => /^(?:lo|localhost|127\.\d+\.\d+\.\d+|::1)$/.test(address);

/** The servers of a high-availability setup: all of them, each with an address that the others reach. */
export const validateNodes: Rule = (form) => {
	const nodes = form.items('nodes');
	if (nodes.length === 0) return [];
	const few = nodes.length < minNodes ? [warn(problem('nodes.too-few', { parameter: 'nodes', count: nodes.length }, { parameter: 'nodes' }))] : [];
	return [...few, ...validateScript(form), ...validateAddresses(form), ...validatePorts(form)];
};

/** Before 1.2 no server knew how to share a database by itself. Source: https://rancher.com/docs/rancher/v1.1/en/installing-rancher/installing-server/multi-nodes/ */
function validateScript(form: Form): RuleResult[] {
	const tag = form.text('old_tag');
	return goesBack(form) && tag !== undefined && !knowsFlags(tag) ? [refuse(problem('nodes.script-back', { parameter: 'old_tag', tag }, { parameter: 'old_tag' }))] : [];
}

function validateAddresses(form: Form): RuleResult[] {
	const seen = new Set<string>();
	return form.items('nodes').flatMap(({ fields }, item) => {
		const value = fields['address'] ?? '';
		const again = seen.has(value);
		seen.add(value);
		const [slots, where] = [{ parameter: 'nodes', value }, { parameter: 'nodes', item }];
		if (isLoopback(value)) return [refuse(problem('nodes.loopback', slots, where))];
		if (again && !isLookedUp(value)) return [refuse(problem('nodes.same-address', slots, where))];
		// In a network of Docker's own the interface has the container's address, which no other machine reaches.
		return isInterface(value) && !sharesHostNetwork(form) ? [warn(problem('nodes.interface', slots, where))] : [];
	});
}

/** The other servers reach this one at its published HTTP port. Source: the same page, `--advertise-http-port`. */
function validatePorts(form: Form): RuleResult[] {
	if (!form.asks('publish') || sharesHostNetwork(form)) return [];
	const publish = form.items('publish')[0];
	if (!publish) return [warn(problem('nodes.not-published', { parameter: 'publish' }, { parameter: 'publish' }))];
	const { ip = '', port = '' } = publish.fields;
	const advertised = form.text('advertise_http_port') ?? '8080';
	return [
		...(ip !== '' && ip !== '0.0.0.0' && ip !== '[::]' ? [warn(problem('nodes.publish-address', { parameter: 'publish', value: ip }, { parameter: 'publish' }))] : []),
		...(advertised !== port ? [warn(problem('nodes.other-port', { parameter: 'advertise_http_port', value: advertised, port }, { parameter: 'advertise_http_port' }))] : []),
	];
}
