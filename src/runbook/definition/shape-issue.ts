/** Puts what a schema says of a file into sentences for its author: things by their ids, the nearest known word, what to write. */
import type { z } from 'zod';
import { suggest } from '../text/suggest.ts';
import { FamilySource, RunbookSource, StepSource } from './definition.ts';
import type { LintRule } from './lint-rules.ts';
import { parameterTypes } from './parameter.ts';

export interface TellableIssue {
	readonly path: readonly (string | number)[];
	readonly rule: LintRule;
	readonly message: string;
	readonly advice: string;
}

type Issue = z.core.$ZodIssue;
type Keys = readonly (string | number)[];

/** What a schema says of a content, as sentences. */
export function tellIssue(issue: Issue, content: unknown, outer: Keys = []): TellableIssue[] {
	const path: Keys = [...outer, ...issue.path.map((key) => (typeof key === 'number' ? key : String(key)))];
	if (issue.code === 'invalid_union' && issue.errors.length > 0) {
		const nearest = [...issue.errors].sort((a, b) => compare(costs(a), costs(b)))[0] ?? [];
		return nearest.flatMap((inner) => tellIssue(inner, content, path));
	}
	const value = valueAt(content, path);
	const key = String(path.at(-1) ?? 'the file');
	const where = nameOf(path.slice(0, -1), content);
	const of = where === '' ? '' : `${where}: `;
	const shown = typeof value === 'string' ? `"${value.slice(0, 60)}"` : value === null ? 'empty' : Array.isArray(value) ? 'a list' : typeof value === 'object' ? 'a map' : String(value);
	const say = (rule: LintRule, message: string, advice: string): TellableIssue[] => [{ path, rule, message, advice }];

	if (issue.code === 'unrecognized_keys') {
		return issue.keys.map((one) => ({ path: [...path, one], rule: 'shape.unknown', message: `"${one}" is not known here`, advice: adviceOn(one, knownKeys) }));
	}
	if (value === undefined) return say('shape.missing', `${of}"${key}" is missing`, `Write "${key}: …".`);
	if (issue.code === 'invalid_value') return say('shape.value', `${of}"${key}" is ${shown}`, adviceOn(typeof value === 'string' ? value : '', issue.values.map(String)));
	if (issue.code === 'invalid_union') return say('shape.value', `${of}"${key}" is ${shown}`, adviceOn(typeof value === 'string' ? value : '', parameterTypes));
	if (issue.code === 'invalid_type') return say('shape.value', `${of}"${key}" is ${shown}`, `Write ${kinds[issue.expected] ?? issue.expected}.`);
	if (issue.code === 'too_small' && (value === '' || (Array.isArray(value) && value.length === 0))) return say('shape.value', `${of}"${key}" is empty`, 'Write it, or remove the key.');
	if (issue.code === 'too_small') return say('shape.value', `${of}"${key}" is ${shown}`, `Write ${Array.isArray(value) ? 'at least' : 'a number of at least'} ${issue.minimum}.`);
	if (issue.code === 'too_big') return say('shape.value', `${of}"${key}" is ${shown}`, `Write a number of at most ${issue.maximum}.`);
	// What a schema of ours says is an advice.
	if (/^write /.test(issue.message)) return say('shape.value', `${of}"${key}" is ${shown}`, `${issue.message.charAt(0).toUpperCase()}${issue.message.slice(1)}.`);
	if (issue.code === 'invalid_key') return say('shape.value', `${of}"${key}" is no name`, `${sentence(issue.issues[0]?.message ?? 'write another name')}.`);
	return say('shape.value', `${of}"${key}" is ${shown}`, 'See CONTRIBUTING.md for the shape of a runbook.');
}

const sentence = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

/** A thing by its id: an index says nothing to an author. */
function nameOf(path: Keys, content: unknown): string {
	const [list, id] = path;
	const rest = path.slice(2).filter((key) => typeof key === 'string');
	const inner = rest.length > 0 ? `, ${rest.join('.')}` : '';
	if (list === 'steps' && typeof id === 'number') {
		const step = valueAt(content, [list, id]);
		const known = typeof step === 'object' && step !== null ? ((step as { id?: unknown }).id ?? (step as { use?: unknown }).use) : undefined;
		return typeof known === 'string' ? `step "${known}"${inner}` : `the step without an id${inner}`;
	}
	const kind = typeof list === 'string' && Object.hasOwn(parts, list) ? parts[list] : undefined;
	if (kind !== undefined && typeof id === 'string') return `${kind} "${id}"${inner}`;
	return path.filter((key) => typeof key === 'string').join('.');
}

const parts: Readonly<Record<string, string>> = { steps: 'shared step', parameters: 'parameter', derived: 'derived value', functions: 'function', defaults: 'default' };
const kinds: Readonly<Record<string, string>> = { string: 'a text, in quotes where YAML would read something else', array: 'a list', object: 'a map', record: 'a map', boolean: 'true or false', number: 'a number', int: 'a whole number' };

function valueAt(content: unknown, path: Keys): unknown {
	return path.reduce<unknown>((value, key) => (typeof value === 'object' && value !== null && Object.hasOwn(value, key) ? (value as Record<string | number, unknown>)[key] : undefined), content);
}

/** How far a branch of a union is from what was written: another kind of thing, keys it does not know, keys it lacks, then how deep it was followed. */
function costs(issues: readonly Issue[]): readonly number[] {
	const kind = issues.filter((issue) => issue.path.length === 0 && issue.code === 'invalid_type').length;
	const unknown = issues.reduce((sum, issue) => sum + (issue.code === 'unrecognized_keys' && issue.path.length === 0 ? issue.keys.length : 0), 0);
	const lacking = issues.filter((issue) => issue.code === 'invalid_type' && issue.path.length === 1 && / undefined$/.test(issue.message)).length;
	return [kind, unknown + lacking, issues.length];
}

const compare = (a: readonly number[], b: readonly number[]) => a.map((one, index) => one - (b[index] ?? 0)).find((one) => one !== 0) ?? 0;

function adviceOn(word: string, known: readonly string[]): string {
	const near = suggest(word, known);
	if (near !== '') return `Did you mean "${near}"?`;
	return known.length <= 40 && known !== knownKeys ? `Write one of: ${known.join(', ')}.` : 'Remove it, or see CONTRIBUTING.md for what is known.';
}

/** Every key that some definition knows, for suggestions. */
const knownKeys = [
	...Object.keys(StepSource.shape),
	...Object.keys(RunbookSource.shape),
	...Object.keys(FamilySource.shape),
	...['use', 'when', 'given', 'missing', 'is', 'exit', 'prints', 'equals', 'matches', 'lacks', 'every', 'within', 'for', 'timeout', 'severity', 'machine', 'http', 'body', 'status', 'refused', 'headers', 'json'],
	...['user', 'password', 'file', 'exists', 'holds', 'ends', 'type', 'default', 'group', 'advanced', 'options', 'word', 'relative', 'pattern', 'min', 'max', 'warn', 'from'],
];
