import type { Problem } from '../../../runbook/problem.ts';
import { problem } from '../problem.ts';
import type { Form } from '../../../runbook/values/resolve.ts';
import { parseReference } from '../image-reference.ts';
import { agentImageOf } from '../releases.ts';
import { parseTag } from '../tags.ts';
import { refuse, targetOf, warn, type Rule, type RuleResult } from './rule.ts';

/**
 * The agent that hosts shall run against the one that the release is paired with. A plain release of another number is a tag that somebody forgot to
 * raise: hosts would stay on the old agent. Anything else may be an image of one's own.
 *
 * Source: rancher/cattle, `cattle-global.properties`, `bootstrap.required.image`; rancher/rancher#11061, #5874.
 */
export const validateAgent: Rule = (form) => {
	const value = form.text('agent_image');
	return value === undefined ? [] : compareAgent(form, value, { parameter: 'agent_image' });
};

/** The same of the variable CATTLE_BOOTSTRAP_REQUIRED_IMAGE, given by hand. */
export function validateRequiredAgent(form: Form, value: string, where: Pick<Problem, 'parameter' | 'item'>): RuleResult[] {
	const reference = parseReference(value);
	return reference ? compareAgent(form, `${reference.repository}:${reference.tag ?? 'latest'}`, where) : [];
}

function compareAgent(form: Form, value: string, where: Pick<Problem, 'parameter' | 'item'>): RuleResult[] {
	const tag = targetOf(form);
	const expected = tag === undefined ? undefined : agentImageOf(tag);
	if (tag === undefined || expected === undefined || value === expected) return [];
	const [repository = '', own = ''] = value.split(':');
	const isRelease = parseTag(own)?.suffix === '';
	const slots = { parameter: where.parameter ?? 'agent_image', value, expected, tag };
	if (repository === 'rancher/agent' && isRelease) return [refuse(problem('server.agent-mismatch', slots, where))];
	return [warn(problem('server.agent-custom', slots, where))];
}
