import { parseValue, type Values } from '../../../runbook/values/value.ts';
import type { Found as DetectedServer } from '../../family.ts';
import { mask } from '../mask.ts';
import { parameterOf } from '../parameters.ts';
import type { Finding } from './finding.ts';
import type { Kind } from './kind.ts';

/** What Rancher's detection found out of one container. Which of its values are secret: {@link secretsOf}. */
export interface Found extends DetectedServer {
	readonly kind: Kind;
	readonly reasons: readonly Finding[];
	readonly warnings: readonly Finding[];
}

/** Which of the values are secret: parameters, and among the environment variables those of these names. */
export function secretsOf(values: Values): { readonly parameters: readonly string[]; readonly variables: readonly string[] } {
	const variables = readVariables(values).filter((item) => item.secret);
	const parameters = ['db_password', 'command_words'].filter((name) => values[name] !== undefined && (name === 'db_password' || readWords(values).some(({ secret }) => secret)));
	return { parameters, variables: variables.map((item) => item.fields['name'] ?? '') };
}

function readWords(values: Values) {
	return parseValue('command_words', parameterOf('command_words'), values['command_words'] ?? []).items;
}

function readVariables(values: Values) {
	return parseValue('env', parameterOf('env'), values['env'] ?? []).items;
}

/** The same with every secret hidden, for output that others may read. */
export function maskFound(found: Found): Found {
	const { parameters, variables } = secretsOf(found.values);
	const values = { ...found.values };
	for (const name of parameters) values[name] = name === 'command_words' ? readWords(values).map(({ text, secret }) => (secret ? mask : text)) : mask;
	if (variables.length > 0) values['env'] = readVariables(values).map((item) => (item.secret ? `${item.fields['name'] ?? ''}=${mask}` : item.text));
	return { ...found, values };
}

/** What `detect --json` tells of a container. */
export function describeFound({ container, version, runbook, airGapped, reasons, warnings, values }: Found): Omit<Found, 'kind'> {
	return { container, version, runbook, airGapped, reasons, warnings, values };
}
