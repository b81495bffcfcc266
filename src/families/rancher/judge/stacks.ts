import { problem } from '../problem.ts';
import { warn, type Judge } from './verdict.ts';

/** Orchestrations are stacks of the infrastructure, and are not upgraded like them. Source: https://rancher.com/docs/rancher/v1.6/en/kubernetes/upgrading/ */
const orchestration = /^(?:k8s|kubernetes|mesos|swarm|swarmkit|windows)(?:$|[-_])/i;

export const judgeStacks: Judge = (form) => {
	const value = form.text('stack');
	return value === undefined || !orchestration.test(value) ? [] : [warn(problem('server.stack-orchestration', { parameter: 'stack', value }, { parameter: 'stack' }))];
};
