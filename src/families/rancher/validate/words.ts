import { problem } from '../problem.ts';
import type { Form } from '../../../runbook/values/resolve.ts';
import { readServerStart, type ServerStart } from '../server-start.ts';
import { isLookedUp } from './nodes.ts';
import { refuse, type Rule, type RuleResult } from './rule.ts';

const hostVariable = 'CATTLE_DB_CATTLE_MYSQL_HOST';

/** The words behind the image, read as the server reads them: they have to start one, on the database of the form. */
export const validateWords: Rule = (form) => {
	if (!form.asks('command_words')) return [];
	const start = readForm(form);
	if (form.items('command_words').length > 0 && (start.how === 'nothing' || start.how === 'broken')) return [refuse(problem('server.words-no-server', { parameter: 'command_words' }, { parameter: 'command_words' }))];
	return [...validateHost(form, start), ...validateAddress(form, start)];
};

function readForm(form: Form): ServerStart {
	const entrypoint = form.items('docker_options').map(({ text }) => /^--entrypoint=(.*)$/.exec(text)?.[1]).find((word) => word !== undefined) ?? '/usr/bin/entry';
	return readServerStart([entrypoint], form.items('command_words').map(({ text }) => text), environmentOf(form));
}

function environmentOf(form: Form): ReadonlyMap<string, string> {
	return new Map(form.items('env').map(({ fields }) => [fields['name'] ?? '', fields['value'] ?? '']));
}

/** What words say of the database comes last, so that it counts: then the form says the same, or its checks ask another one. */
function validateHost(form: Form, start: ServerStart): RuleResult[] {
	if (start.open.has('db_host')) return [];
	const told = start.values.get('db_host') ?? start.variables.get(hostVariable);
	const at = { parameter: 'command_words' };
	if (!form.asks('db_host')) return told ? [refuse(problem('server.words-external', { parameter: 'command_words', value: told }, at))] : [];
	const value = form.text('db_host');
	if (value === undefined) return told ? [refuse(problem('server.words-other-database', { parameter: 'command_words', value: told }, at))] : [];
	if (told && told !== value) return [refuse(problem('server.words-other-database', { parameter: 'command_words', value: told }, at))];
	return form.text('db_style') === 'words' && !told ? validateStyle(form, value) : [];
}

/** Nothing else tells the server its database then. An image of one's own may do so by itself. */
function validateStyle(form: Form, value: string): RuleResult[] {
	const environment = environmentOf(form);
	const at = { parameter: 'db_style' };
	const byVariable = environment.get(hostVariable) || environment.get('MYSQL_PORT_3306_TCP_ADDR');
	if (byVariable) return byVariable === value ? [] : [refuse(problem('server.words-other-database', { parameter: 'env', value: byVariable }, { parameter: 'db_host' }))];
	const isLinked = form.items('docker_options').some(({ text }) => /^--link=[^:]+:mysql$/.test(text));
	const isOwnImage = form.text('image') !== 'rancher/server';
	return isLinked || isOwnImage || environment.get('CATTLE_DB_CATTLE_MYSQL_URL') ? [] : [refuse(problem('server.words-no-database', { parameter: 'db_style', value }, at))];
}

/** The same words start every node. */
function validateAddress(form: Form, start: ServerStart): RuleResult[] {
	const value = start.values.get('nodes') ?? '';
	if (form.items('nodes').length < 2 || value === '' || start.open.has('nodes') || isLookedUp(value)) return [];
	return [refuse(problem('nodes.address-in-words', { parameter: 'command_words', value }, { parameter: 'command_words' }))];
}
