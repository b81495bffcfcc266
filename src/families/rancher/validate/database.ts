import { problem } from '../problem.ts';
import { databaseParameters, knowsFlags, knowsStrict } from '../server-flags.ts';
import { sharesHostNetwork } from './options.ts';
import { refuse, targetOf, warn, type Rule, type RuleResult } from './rule.ts';
import type { Form } from '../../../runbook/values/resolve.ts';

/** The values of an external database against what the image understands. Source: rancher/rancher, `server/bin/entry` at each tag. */
export const validateDatabase: Rule = (form) => {
	if (form.text('db_host') === undefined) return [];
	const tag = targetOf(form);
	const results: RuleResult[] = [];
	const isStrict = (form.text('db_strict') ?? 'false') !== 'false';
	if (tag !== undefined && form.asks('db_style') && !['env', 'words'].includes(form.text('db_style') ?? '') && !knowsFlags(tag)) {
		results.push(refuse(problem('server.flags-unknown', { parameter: 'db_style', tag }, { parameter: 'db_style' })));
	}
	if (isStrict && tag !== undefined && !knowsStrict(tag)) results.push(refuse(problem('server.strict-unknown', { parameter: 'db_strict', tag }, { parameter: 'db_strict' })));
	const missing = databaseParameters.filter((name) => form.items(name).length === 0);
	if (isStrict && missing.length > 0) results.push(refuse(problem('server.strict-needs-all', { parameter: 'db_strict', missing: missing.join(', ') }, { parameter: 'db_strict' })));
	return [...results, ...validateHost(form)];
};

/** In a container, loopback is the container itself: the image takes "localhost" for its own MySQL. Source: `cattle.sh`, setup_mysql(). */
function validateHost(form: Form): RuleResult[] {
	const value = form.text('db_host');
	if (value === undefined || !/^(?:localhost|127\.\d+\.\d+\.\d+|::1)$/.test(value) || sharesHostNetwork(form)) return [];
	return [warn(problem('server.db-loopback', { parameter: 'db_host', value }, { parameter: 'db_host' }))];
}
