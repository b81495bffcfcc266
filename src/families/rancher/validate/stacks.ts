import { problem } from '../problem.ts';
import { warn, type Rule } from './rule.ts';

/** Orchestrations are stacks of the infrastructure, and are not upgraded like them. Source: https://rancher.com/docs/rancher/v1.6/en/kubernetes/upgrading/ */
const orchestration = /^(?:k8s|kubernetes|mesos|swarm|swarmkit|windows)(?:$|[-_])/i;

export const validateStacks: Rule = (form) => {
	const value = form.text('stack');
	return value === undefined || !orchestration.test(value) ? [] : [warn(problem('server.stack-orchestration', { parameter: 'stack', value }, { parameter: 'stack' }))];
};
