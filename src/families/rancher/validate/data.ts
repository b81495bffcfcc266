import { problem } from '../problem.ts';
import type { Form } from '../../../runbook/values/resolve.ts';
import { isGiven, refuse, type Rule, type RuleResult } from './rule.ts';

const places = ['data_container', 'data_volume', 'data_dir'] as const;

/** The database lies in one place, and the containers around it have different names. */
export const validateData: Rule = (form) => [...validatePlaces(form), ...validateDirectory(form), ...validateNames(form)];

function validatePlaces(form: Form): RuleResult[] {
	const [first, ...more] = places.filter((name) => isGiven(form, name));
	return more.map((name) => refuse(problem('server.data-twice', { parameter: name, field: first ?? '' }, { parameter: name })));
}

/** Its owner is changed with everything in it, and it is mounted as a database: neither may happen to a folder that the system shares. */
const systemFolder = /^\/(?:(?:dev|proc|sys)(?:\/.*)?|bin|boot|etc|home|lib|lib64|root|run|sbin|tmp|usr(?:\/[^/]*)?|var(?:\/(?:cache|lib|log|opt|run|spool|tmp))?|var\/lib\/docker(?:\/[^/]*)?)?$/;

function validateDirectory(form: Form): RuleResult[] {
	const value = form.text('data_dir');
	if (value === undefined || !isSystemFolder(value)) return [];
	return [refuse(problem('server.data-dir-system', { parameter: 'data_dir', value }, { parameter: 'data_dir' }))];
}

/** With dots and doubled slashes read as a file system reads them. */
function isSystemFolder(path: string): boolean {
	const parts: string[] = [];
	for (const part of path.split('/')) {
		if (part === '..') parts.pop();
		else if (part !== '' && part !== '.') parts.push(part);
	}
	return systemFolder.test(`/${parts.join('/')}`);
}

/** Docker gives a name once. */
function validateNames(form: Form): RuleResult[] {
	const owners = new Map<string, string>();
	return ['container', 'new_container', 'data_container'].flatMap((parameter) => {
		const value = form.text(parameter);
		if (value === undefined) return [];
		const owner = owners.get(value);
		owners.set(value, owner ?? parameter);
		return owner === undefined ? [] : [refuse(problem('server.same-name', { parameter, value, field: owner }, { parameter }))];
	});
}
