/**
 * Values: what a reader, a file or detection gives for parameters. A value stays a text (or a list) until it is parsed by its type; after
 * that it can be read by fields, as `port` of `127.0.0.1:8080`.
 */
import { codeOf, findUntrusted, showStart } from '../text/character.ts';
import { listTypes } from '../definition/list-types.ts';
import type { Parameter } from '../definition/parameter.ts';
import { problem, type Problem } from '../problem.ts';
import { findSecret, findSecretOption, hasSecretName, hasSecretValue } from '../text/secret.ts';
import { nodeTexts, textTypes, type Node } from './value-types.ts';
import { mayBeEnvironment } from '../definition/variable-name.ts';

/** A text, or a list of texts or of nodes. Its schema is in `value-schema.ts`. */
export type Value = string | string[] | Node[];

/** Values by the name of their parameter, as they were given. */
export type Values = Readonly<Record<string, Value>>;

/** Linux takes 128 KiB for one argument; what a person types stays far below. */
export const maxValueLength = 32_768;

/** One word's worth of a parsed value. `text` is the whole of it, `fields` are its named parts. */
export interface Item {
	readonly text: string;
	readonly fields: Readonly<Record<string, string>>;
	/** Shown by name only: see `render.ts`. */
	readonly secret: boolean;
}

export interface Parsed {
	readonly items: readonly Item[];
	readonly problems: readonly Problem[];
}

/** Parses a value of a parameter. No item means that it has no value; nothing is repaired. */
export function parseValue(name: string, parameter: Parameter, value: Value): Parsed {
	if (listTypes.has(parameter.type) !== Array.isArray(value)) {
		const wrong = Array.isArray(value) ? 'value.not-a-text' : 'value.not-a-list';
		if (value === '') return { items: [], problems: [] };
		return { items: [], problems: [problem(wrong, { parameter: name }, { parameter: name })] };
	}
	const texts: readonly (string | Node)[] = Array.isArray(value) ? value : value === '' ? [] : [value];
	const results = texts.map((one, item) => parseItem(name, parameter, one, Array.isArray(value) ? item : undefined));
	// Of words each stands where it does: the same may come again.
	const problems = [...results.flatMap((result) => result.problems), ...(parameter.type === 'words' ? [] : findDuplicates(name, parameter, texts))];
	const items = results.flatMap((result) => (result.item ? [result.item] : []));
	return { items: parameter.type === 'words' ? hideSecretWords(items) : items, problems };
}

/** A word that holds a password, or that follows an option for one. */
function hideSecretWords(items: readonly Item[]): Item[] {
	return items.map((item, index) => ({ ...item, secret: hasSecretValue(item.text) || hasSecretOption(item.text) || isSecretOption(items[index - 1]?.text ?? '') }));
}

const isSecretOption = (word: string) => /^--?[A-Za-z-]*(?:pass|password|secret|token)$/i.test(word);

/** An option for a password with its value, in the text of a shell. */
function hasSecretOption(text: string): boolean {
	return /(?:^|\s)--?[A-Za-z-]*(?:pass|password|secret|token)[\s=]\s{0,9}\S/i.test(text);
}

function parseItem(name: string, parameter: Parameter, value: string | Node, item: number | undefined): { item?: Item; problems: Problem[] } {
	const where = item === undefined ? { parameter: name } : { parameter: name, item };
	if (parameter.type === 'nodes') return parseNode(name, value, where);
	const text = typeof value === 'string' ? value : '';
	const wrong = findWrongText(name, parameter, text, where);
	if (wrong) return { problems: [wrong] };
	return { item: { text: parameter.type === 'switch' ? switchText(parameter, text) : text, ...readFields(parameter, text) }, problems: [] };
}

function switchText(parameter: Extract<Parameter, { type: 'switch' }>, text: string): string {
	return parameter.word !== undefined && text === 'true' ? parameter.word : text;
}

function findWrongText(name: string, parameter: Exclude<Parameter, { type: 'nodes' }>, text: string, where: Partial<Problem>): Problem | undefined {
	if (text.length > maxValueLength) return problem('value.too-long', { parameter: name, length: text.length, max: maxValueLength }, where);
	const bad = findUntrusted(text);
	if (bad) return problem('value.character', { parameter: name, character: bad.code, code: bad.code, position: bad.position }, where);
	const held = findHeldSecret(parameter, text);
	if (held !== undefined) return problem('value.holds-secret', { parameter: name, name: showStart(held) }, where);
	const shown = showStart(tellable(parameter, text));
	if (parameter.type === 'choice') {
		if (parameter.options.includes(text)) return undefined;
		return problem('value.choice', { parameter: name, value: shown, options: parameter.options.join(', ') }, where);
	}
	if (!mayStartWithDash.has(parameter.type) && text.startsWith('-')) return problem('value.dash', { parameter: name, value: shown }, where);
	const fits = textTypes[parameter.type].test(text) && (parameter.type !== 'path' || parameter.relative || text.startsWith('/'));
	if (fits && (parameter.type === 'number' || parameter.type === 'text')) return findOutOfBounds(name, parameter, text, shown, where);
	if (fits) return parameter.type === 'env' ? findReadVariable(name, text, where) : undefined;
	const wide = /[\uFF01-\uFF5E]/.exec(text);
	if (wide) {
		const position = [...text.slice(0, wide.index)].length + 1;
		return problem('value.character', { parameter: name, character: wide[0], code: codeOf(wide[0]), position }, where);
	}
	const type = parameter.type === 'path' && parameter.relative ? 'relative-path' : parameter.type;
	return problem('value.type', { parameter: name, value: shown, type }, where);
}

/** Of a number its size, of a text its length and form. */
function findOutOfBounds(parameter: string, { type, min, max, ...more }: Extract<Parameter, { type: 'number' | 'text' }>, text: string, value: string, where: Partial<Problem>): Problem | undefined {
	const size = type === 'number' ? Number(text) : [...text].length;
	if (min !== undefined && size < min) return type === 'number' ? problem('value.too-small', { parameter, value, min }, where) : problem('value.too-short', { parameter, length: size, min }, where);
	if (max !== undefined && size > max) return type === 'number' ? problem('value.too-big', { parameter, value, max }, where) : problem('value.too-long', { parameter, length: size, max }, where);
	if ('pattern' in more && more.pattern !== undefined && !new RegExp(`^(?:${more.pattern})$`, 'u').test(text)) return problem('value.pattern', { parameter, value }, where);
	return undefined;
}

/** What makes a value secret that stands in the command, in files and on the page as it is. */
function findHeldSecret({ type }: Parameter, text: string): string | undefined {
	if (type === 'docker-options') return findSecretOption(text);
	return type === 'secret' || type === 'env' ? undefined : findSecret(text);
}

/** A secret goes to the container through the environment of the client, which may read the variable itself. */
function findReadVariable(parameter: string, text: string, where: Partial<Problem>): Problem | undefined {
	const at = text.indexOf('=');
	const [name, value] = [text.slice(0, at), text.slice(at + 1)];
	if (value === '' || !isSecret(name, value) || mayBeEnvironment(name)) return undefined;
	return problem('value.variable-read', { parameter, name: showStart(name) }, where);
}

/** What may be told of a refused value: nothing that may be a password, of a variable its name alone. */
function tellable({ type }: Parameter, text: string): string {
	if (type === 'secret') return '';
	if (hasSecretValue(text) || type === 'words') return '…';
	return type === 'env' ? text.replace(/^([^=]*=|[^=\s:]+(?=[\s:][^=]*$)).*$/s, '$1…') : text;
}

/** Their snippets put a name before them (`JAVA_OPTS=`, `--db-pass`), or they are options and are meant to be. */
const mayStartWithDash: ReadonlySet<string> = new Set(['java-options', 'secret', 'docker-options', 'words']);

function parseNode(name: string, value: string | Node, where: Partial<Problem>): { item?: Item; problems: Problem[] } {
	if (!isNode(value)) {
		const shown = showStart(JSON.stringify(value));
		return { problems: [problem('value.type', { parameter: name, value: shown, type: 'nodes' }, where)] };
	}
	return { item: { text: value.name, fields: { ...value }, secret: false }, problems: [] };
}

/** Its parts, each of its kind, and nothing else. */
function isNode(value: unknown): value is Node {
	if (typeof value !== 'object' || value === null || Object.keys(value).length !== Object.keys(nodeTexts).length) return false;
	const parts = new Map<string, unknown>(Object.entries(value));
	return Object.entries(nodeTexts).every(([part, pattern]) => {
		const text = parts.get(part);
		return typeof text === 'string' && pattern.test(text);
	});
}

function readFields(parameter: Parameter, text: string): Pick<Item, 'fields' | 'secret'> {
	if (parameter.type === 'publish') return { fields: publishFields(text), secret: false };
	if (parameter.type === 'env') {
		const at = text.indexOf('=');
		const name = text.slice(0, at);
		const value = text.slice(at + 1);
		return { fields: { name, value }, secret: isSecret(name, value) && (value !== '' || mayBeEnvironment(name)) };
	}
	if (parameter.type === 'path') return { fields: { folder: folderOf(text) }, secret: false };
	return { fields: {}, secret: parameter.type === 'secret' };
}

function isSecret(name: string, value: string): boolean {
	return hasSecretName(name) || hasSecretValue(value);
}

function folderOf(path: string): string {
	const at = path.replace(/\/+$/, '').lastIndexOf('/');
	if (at < 0) return '.';
	return path.slice(0, at) || '/';
}

/** `host` is where this machine reaches the port: the address it is bound to, or loopback when it is bound to all. */
function publishFields(text: string): Record<string, string> {
	const at = text.lastIndexOf(':');
	const ip = text.slice(0, Math.max(at, 0));
	const host = ip === '' || ip === '0.0.0.0' ? '127.0.0.1' : ip === '[::]' ? '[::1]' : ip;
	return { port: text.slice(at + 1), ip, host };
}

function findDuplicates(name: string, parameter: Parameter, texts: readonly (string | Node)[]): Problem[] {
	const keyOf = (one: string | Node) => {
		if (typeof one !== 'string') return one.name;
		return parameter.type === 'env' ? one.slice(0, one.indexOf('=')) : one;
	};
	const seen = new Set<string>();
	return texts.flatMap((one, item) => {
		const key = keyOf(one);
		const again = seen.has(key);
		seen.add(key);
		return again ? [problem('value.duplicate', { parameter: name, value: showStart(key) }, { parameter: name, item })] : [];
	});
}
