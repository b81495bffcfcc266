import { problem } from '../../../runbook/problem.ts';
import { mask } from '../mask.ts';
import { refuse, type Rule } from './rule.ts';

/** What stands for a secret in masked output is no secret: a form filled from it would lock the server out of its database. */
export const validateSecrets: Rule = (form) => [
	...['db_password', 'secret_key'].filter((parameter) => form.text(parameter) === mask).map((parameter) => refuse(problem('secret.masked', { parameter }, { parameter }))),
	...form.items('command_words').flatMap(({ text }, item) => (text.includes(mask) ? [refuse(problem('secret.masked', { parameter: 'command_words' }, { parameter: 'command_words', item }))] : [])),
	...form.items('env').flatMap(({ fields }, item) => (fields['value'] === mask ? [refuse(problem('secret.masked', { parameter: 'env' }, { parameter: 'env', item }))] : [])),
];
