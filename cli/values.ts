import { readFileSync } from 'node:fs';
import { parseDocument } from 'yaml';
import type { Runbook } from '../src/runbook/definition/definition.ts';
import { listTypes } from '../src/runbook/definition/list-types.ts';
import { problem, Refusal } from '../src/runbook/problem.ts';
import { Value } from '../src/runbook/values/value-schema.ts';
import type { Values } from '../src/runbook/values/value.ts';
import { findOddPlace } from '../src/runbook/definition/yaml-shape.ts';

/**
 * Reads values from a YAML or JSON file. Every scalar is a text: `publish: 8080` and `publish: "8080"` are the same.
 *
 * @throws Refusal when the file cannot be read or holds something else than values.
 */
export function readValuesFile(path: string): Values {
	const document = parseDocument(readText(path), { schema: 'failsafe', logLevel: 'error' });
	const refuse = ({ message }: { readonly message: string }) => new Refusal(problem('file.not-values', { file: path, detail: message.split('\n')[0]?.slice(0, 200) ?? '' }));
	const wrong = document.errors[0] ?? findOddPlace(document);
	if (wrong) throw refuse(wrong);
	let content: unknown;
	try {
		content = document.toJS();
	} catch (cause) {
		// An alias of nothing, or of so much that it would fill the memory.
		throw cause instanceof ReferenceError ? refuse(cause) : cause;
	}
	if (typeof content !== 'object' || content === null || Array.isArray(content)) throw new Refusal(problem('file.not-values', { file: path, detail: 'name: value' }));
	const read = Object.entries(content).map(([name, value]) => {
		const parsed = Value.safeParse(value);
		if (!parsed.success) throw new Refusal(problem('file.not-values', { file: path, detail: name }));
		return [name, parsed.data] as const;
	});
	return Object.fromEntries(read);
}

/** Text of a file, or of standard input for `-`. @throws Refusal `file.unreadable`. */
export function readText(path: string): string {
	try {
		return readFileSync(path === '-' ? 0 : path, 'utf8');
	} catch (error) {
		throw new Refusal(problem('file.unreadable', { file: path, detail: error instanceof Error ? error.message : String(error) }));
	}
}

/** Adds `name=value` settings to values: again and again for a list, once for anything else. */
export function addSettings(runbook: Runbook, values: Values, settings: readonly string[]): Values {
	const result: Record<string, Values[string]> = { ...values };
	const set = new Set<string>();
	for (const setting of settings) {
		const at = setting.indexOf('=');
		if (at < 1) throw new Refusal(problem('command.usage', { detail: `--set ${/^\w{0,60}/.exec(setting)?.[0] ?? ''}…` }));
		const [name, text] = [setting.slice(0, at), setting.slice(at + 1)];
		const parameter = Object.hasOwn(runbook.parameters, name) ? runbook.parameters[name] : undefined;
		if (parameter && listTypes.has(parameter.type)) {
			const before = result[name];
			result[name] = [...(Array.isArray(before) ? before.filter((one) => typeof one === 'string') : []), text];
		} else {
			if (set.has(name)) throw new Refusal(problem('value.given-twice', { parameter: name }, { parameter: name }));
			result[name] = text;
		}
		set.add(name);
	}
	return result;
}
