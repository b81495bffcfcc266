/**
 * A script is constant Bash text for what needs a pipe, a redirection or a loop. Parameters reach it as environment variables, so a value is
 * never parsed by the shell, provided that it stays one word and is never computed; that is what this file sees to.
 */
import { readShell, type Expansion, type ShellText } from './shell-reader.ts';
import { SnippetError } from './snippet.ts';
import { isReadByPrograms } from './variable-name.ts';

/** A parameter (or a field of it, `publish_port`) in a script, by the variable that carries it. */
export interface ScriptUse {
	readonly variable: string;
	readonly name: string;
	readonly field?: string;
	/** The variable holds the value as one word of another shell: `"$folder_sh"`. */
	readonly filter?: 'sh';
	/** The script says what happens without a value: `${ca_cert:-}` or `${ca_cert:+…}`. */
	readonly optional: boolean;
}

export interface ParsedScript {
	readonly uses: readonly ScriptUse[];
	readonly shell: ShellText;
	/** By the variables that carry them: parameters, and what the script makes of parameters. */
	readonly tainted: ReadonlyMap<string, string>;
	readonly errors: readonly SnippetError[];
}

/** What a variable of a script stands for. */
type Carried = Omit<ScriptUse, 'optional'>;

/** Finds the parameters that a script uses, and everything that is wrong with how. `fields` says which names carry which fields. */
export function readScript(script: string, fields: ReadonlyMap<string, readonly string[]>, shell = readShell(script)): ParsedScript {
	const variables = variablesOf(fields);
	const uses = new Map<string, ScriptUse>();
	const errors = shell.faults.map(({ offset, message, advice }) => new SnippetError(offset, message, advice));
	const seen = new Set<string>();
	/** One mistake with a name is told once. */
	const add = (kind: string, { name, offset }: Expansion, message: string, advice: string) => {
		if (!seen.has(`${kind} ${name}`)) errors.push(new SnippetError(offset, message, advice));
		seen.add(`${kind} ${name}`);
	};
	for (const found of shell.expansions) {
		const use = variables.get(found.name);
		if (!use) {
			// In arithmetic a name alone is a variable; one that is not set counts as 0, or is the index of a map.
			if (found.place !== 'arithmetic' && !shell.assigned.has(found.name) && !isReadByPrograms(found.name)) {
				add('unknown', found, `"${found.name}" is neither a parameter nor set by the script`, 'Use a parameter of the runbook, or set the variable first.');
			}
			continue;
		}
		if (shell.assigned.has(found.name)) add('set', found, `the script sets "${found.name}", which is a parameter`, 'Give the variable of the script a name of its own.');
		else if (found.place === 'word') add('bare', found, `parameter "${found.name}" stands outside double quotes`, `Write "$${found.name}", so that its value stays one word.`);
		const before = uses.get(found.name);
		uses.set(found.name, { ...use, optional: found.optional && (before?.optional ?? true) });
	}
	return { uses: [...uses.values()], shell, tainted: findTainted(shell, uses), errors: errors.toSorted((a, b) => a.offset - b.offset) };
}

/**
 * The same for a script that must be right.
 *
 * @throws SnippetError at the first lint error.
 */
export function parseScript(script: string, fields: ReadonlyMap<string, readonly string[]>): readonly ScriptUse[] {
	const { uses, errors } = readScript(script, fields);
	if (errors[0]) throw errors[0];
	return uses;
}

function variablesOf(fields: ReadonlyMap<string, readonly string[]>): Map<string, Carried> {
	const variables = new Map<string, Carried>();
	for (const [name, names] of fields) {
		variables.set(name, { variable: name, name });
		for (const field of names) variables.set(`${name}_${field}`, { variable: `${name}_${field}`, name, field });
	}
	// A parameter whose own name ends so comes first.
	for (const [variable, carried] of [...variables]) if (!variables.has(`${variable}_sh`)) variables.set(`${variable}_sh`, { ...carried, variable: `${variable}_sh`, filter: 'sh' });
	return variables;
}

/** Parameters, and variables that the script makes of them without asking a program. What `_sh` holds may stand in another shell. */
function findTainted(shell: ShellText, uses: ReadonlyMap<string, ScriptUse>): Map<string, string> {
	const tainted = new Map([...uses.values()].filter(({ filter }) => !filter).map((use) => [use.variable, use.name]));
	for (let size = -1; size !== tainted.size; ) {
		size = tainted.size;
		for (const [variable, words] of shell.assigned) {
			const from = words.flatMap((word) => word.holes.flatMap((one) => (one && tainted.get(one.name)) ?? []))[0];
			if (from !== undefined && !tainted.has(variable)) tainted.set(variable, from);
		}
	}
	return tainted;
}
