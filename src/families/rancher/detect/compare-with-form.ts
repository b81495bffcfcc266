import { mask } from '../mask.ts';
import { hasSecretName, hasSecretValue } from '../../../runbook/text/secret.ts';
import type { Values } from '../../../runbook/values/value.ts';
import type { Found } from './found.ts';
import { foundParameters, parameterOf, type FoundParameter } from '../parameters.ts';

/** One thing that a running server has in another way than the form. Secrets are hidden: that they differ is what counts. */
export interface Difference {
	readonly parameter: string;
	/** Empty when the server has none. */
	readonly found: string;
	/** Empty when the form has none. */
	readonly form: string;
}

/** Names of things that are about the form alone: the container is the one that was looked at, the nodes elsewhere are not in its document. */
const notCompared: ReadonlySet<string> = new Set(['container', 'nodes', 'agent_image']);

/**
 * Compares a server with a form. `values` is the form as it stands, defaults included: a parameter that it does not name is not compared, one that is asked and has no
 * value is there as an empty text or list. Of lists each item that only one side has is a difference of its own.
 */
export function compareWithForm(found: Found, values: Values): readonly Difference[] {
	return foundParameters.flatMap((parameter) => {
		const form = Object.hasOwn(values, parameter) ? values[parameter] : undefined;
		if (form === undefined || notCompared.has(parameter)) return [];
		const own = found.values[parameter];
		if (Array.isArray(form) || Array.isArray(own)) return compareLists(parameter, textsOf(own), textsOf(form));
		const [one, other] = [typeof own === 'string' ? own : standardOf(parameter, form), form];
		if (one === other) return [];
		return [parameter === 'db_password' ? { parameter, found: one && mask, form: other && mask } : { parameter, found: one, form: other }];
	});
}

/** What a server has when its document does not say so. The rest is nothing when it is not said. */
const standards: Readonly<Partial<Record<FoundParameter, string>>> = { db_port: '3306', db_user: 'cattle', db_password: 'cattle', db_name: 'cattle', image: 'rancher/server' };

function standardOf(parameter: FoundParameter, form: string): string {
	if (parameterOf(parameter).type === 'switch') return 'false';
	// Without a proxy nothing is spared from one; and how a database is told matters only where there is one.
	return parameter === 'no_proxy' || parameter === 'db_style' || parameter === 'data_container' ? form : (standards[parameter] ?? '');
}

function textsOf(value: Values[string] | undefined): readonly string[] {
	return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}

function compareLists(parameter: string, found: readonly string[], form: readonly string[]): Difference[] {
	const show = (text: string) => {
		const name = text.split('=', 1)[0] ?? '';
		return parameter === 'env' && (hasSecretName(name) || hasSecretValue(text.slice(name.length + 1))) ? `${name}=${mask}` : text;
	};
	const only = (some: readonly string[], others: readonly string[]) => some.filter((one) => !others.includes(one));
	return [
		...only(found, form).map((text) => ({ parameter, found: show(text), form: '' })),
		...only(form, found).map((text) => ({ parameter, found: '', form: show(text) })),
	];
}
