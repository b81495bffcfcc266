import { problem } from '../problem.ts';
import type { Form } from '../../../runbook/values/resolve.ts';
import { bakedVariables, developerVariables, fieldOfVariable, imageVariables, lockRelease, obsoleteVariables, settingOf } from '../variables.ts';
import { refuse, targetOf, warn, type Rule, type RuleResult } from './rule.ts';
import { isAtLeast } from '../tags.ts';
import { validateInTarget } from './target-variables.ts';
import { validateRequiredAgent } from './agent.ts';

/** The environment variables that are given by name. Sources: `../variables.ts`. */
export const validateVariables: Rule = (form) =>
	form.items('env').flatMap(({ fields }, item) => {
		const { name = '', value = '' } = fields;
		const where = { parameter: 'env', item };
		const slots = { parameter: 'env', name };
		if (bakedVariables.has(name)) return [refuse(problem('server.env-baked', slots, where))];
		if (developerVariables.has(name)) return [refuse(problem('server.env-developer', slots, where))];
		if (name === lockRelease) return [refuse(problem('server.env-releases-lock', slots, where))];
		const inTarget = validateInTarget(form, name, value, where);
		const field = fieldOfVariable[name];
		if (field !== undefined && form.text('db_style') === 'words' && isOfDatabase(field)) return [];
		if (field !== undefined && form.asks(field)) {
			const twice = isInCommand(form, name, field);
			if (twice) return [refuse(problem('server.env-twice', { ...slots, field }, where))];
			if (name === 'CATTLE_BOOTSTRAP_REQUIRED_IMAGE') return validateRequiredAgent(form, value, where);
			return [warn(problem('server.env-has-field', { ...slots, field }, where))];
		}
		return [...inTarget, ...validateOther(form, name, where)];
	});

/** Fields whose variables stay what they are where words and variables are repeated as they were. */
const isOfDatabase = (field: string) => field.startsWith('db_') || field === 'nodes' || field === 'advertise_http_port';

function validateOther(form: Form, name: string, where: { parameter: string; item: number }): RuleResult[] {
	const slots = { parameter: 'env', name };
	const setting = settingOf(name);
	if (obsoleteVariables.has(name)) return isAtLeast(targetOf(form) ?? 'latest', 'v1.2.0') ? [warn(problem('server.env-obsolete', slots, where))] : [];
	if (imageVariables.has(name)) return [warn(problem('server.env-from-image', slots, where))];
	return setting === undefined ? [] : [warn(problem('server.env-overrides-setting', { ...slots, setting }, where))];
}

/** Whether the command sets the variable already, by the field: then two values would stand in it. */
function isInCommand(form: Form, name: string, field: string): boolean {
	const has = (parameter: string) => form.items(parameter).length > 0;
	if (field === 'proxy' || field === 'no_proxy') return has('proxy');
	if (name === 'CATTLE_BOOTSTRAP_REQUIRED_IMAGE') return has('registry') && has('agent_image');
	return has(field.startsWith('db_') ? 'db_host' : field);
}
