import type { ContainerDocument } from '../inspect/documents.ts';
import * as shape from '../inspect/shapes.ts';
import { bakedVariables, developerVariables, obsoleteVariables } from '../variables.ts';
import type { ImageDefaults } from './image-defaults.ts';
import type { Notes } from './notes.ts';

/** The variables that somebody set, by name. Who takes one out has dealt with it. */
export type OwnVariables = Map<string, string>;

/** Returns the variables of a container without those of its image; those that must not be repeated are told instead. */
export function readOwnVariables(container: ContainerDocument, image: ImageDefaults, notes: Notes): OwnVariables {
	const own: OwnVariables = new Map();
	for (const pair of container.config.read('Env', shape.texts) ?? []) {
		const at = pair.indexOf('=');
		const name = at < 0 ? pair : pair.slice(0, at);
		const value = pair.slice(at + 1);
		// `-e NAME`, not set where it was started, takes a variable of the image away.
		if (at < 0) notes.warn('variable-unset', { variable: name });
		else if (!image.hasVariable(name, value)) {
			if (own.has(name)) notes.warn('variable-twice', { variable: name });
			own.set(name, value);
		}
	}
	for (const name of [...own.keys()]) dropHarmful(name, own, notes);
	return own;
}

function dropHarmful(name: string, own: OwnVariables, notes: Notes): void {
	if (bakedVariables.has(name)) notes.warn('variable-baked', { variable: name });
	else if (obsoleteVariables.has(name)) notes.warn('variable-obsolete', { variable: name });
	else if (developerVariables.has(name)) notes.warn('variable-developer', { variable: name });
	else return;
	own.delete(name);
}

/** Removes a variable and returns its value; undefined when nobody set it, or to nothing. */
export function takeVariable(own: OwnVariables, name: string): string | undefined {
	const value = own.get(name);
	own.delete(name);
	return value === '' ? undefined : value;
}

/** Takes the proxy, the heap and everything else over: into a field where one fits, else as they are. */
export function carryVariables(own: OwnVariables, notes: Notes): void {
	carryProxy(own, notes);
	const heap = own.get('JAVA_OPTS');
	if (heap && fits(notes, 'java_opts', 'JAVA_OPTS', heap)) {
		notes.set('java_opts', heap);
		own.delete('JAVA_OPTS');
	}
	for (const [name, value] of own) notes.addVariable(name, value);
}

/** The field sets both variables alike. Where they differ, or hold what it refuses (a password, a slash at the end), they stay variables. */
function carryProxy(own: OwnVariables, notes: Notes): void {
	const [http, https] = [own.get('http_proxy'), own.get('https_proxy')];
	if (!http || http !== https || !fits(notes, 'proxy', 'http_proxy', http)) return;
	notes.set('proxy', http);
	for (const name of ['http_proxy', 'https_proxy']) own.delete(name);
	const [lower, upper] = [takeVariable(own, 'no_proxy'), takeVariable(own, 'NO_PROXY')];
	const spared = lower ?? upper;
	if (spared !== undefined) notes.set('no_proxy', spared);
	if (lower !== undefined && upper !== undefined && lower !== upper) notes.warn('variable-differs', { variable: 'no_proxy', other_variable: 'NO_PROXY' });
}

/** Whether a field takes a value; that it stays a variable is told with the reason. */
function fits(notes: Notes, parameter: 'java_opts' | 'proxy', variable: string, value: string): boolean {
	const problem = notes.check(parameter, value);
	const isSecret = parameter === 'java_opts' && notes.isSecret(value);
	if (problem || isSecret) notes.warn('variable-kept', { parameter, variable }, problem);
	return !problem && !isSecret;
}
