/**
 * A script is constant Bash text for what needs a pipe, a redirection or a loop. Parameters reach it as environment variables, so a value is
 * never parsed by the shell, provided that each stands in double quotes; that is what this file sees to.
 */
import { SnippetError } from './snippet.ts';

/** A parameter (or a field of it, `publish_port`) in a script, by the variable that carries it. */
export interface ScriptUse {
	readonly variable: string;
	readonly name: string;
	readonly field?: string;
	/** The script says what happens without a value: `${ca_cert:-}` or `${ca_cert:+…}`. */
	readonly optional: boolean;
}

/** Variables that a shell or the reader's machine provides. */
const provided = new Set(['HOME', 'PWD', 'USER', 'HOSTNAME', 'TMPDIR', 'RANDOM', 'SECONDS', 'IFS', 'REPLY', 'LINENO', 'PIPESTATUS']);

type Quotes = 'none' | 'double';

/**
 * Finds the parameters that a script uses. `fields` says which names carry which fields.
 *
 * @throws SnippetError when a parameter stands outside double quotes, a variable is neither a parameter nor set by the script, or a single quote
 * is used (the script is shown inside single quotes).
 */
export function parseScript(script: string, fields: ReadonlyMap<string, readonly string[]>): ScriptUse[] {
	const variables = new Map<string, Omit<ScriptUse, 'optional'>>();
	for (const [name, names] of fields) {
		variables.set(name, { variable: name, name });
		for (const field of names) variables.set(`${name}_${field}`, { variable: `${name}_${field}`, name, field });
	}
	const set = assignedIn(script);
	const uses = new Map<string, ScriptUse>();
	for (const found of expansionsOf(script)) {
		const use = variables.get(found.name);
		if (!use) {
			if (set.has(found.name) || provided.has(found.name)) continue;
			throw new SnippetError(found.offset, `"${found.name}" is neither a parameter nor set by the script`, 'Use a parameter of the runbook, or set the variable first.');
		}
		if (set.has(found.name)) {
			throw new SnippetError(found.offset, `the script sets "${found.name}", which is a parameter`, 'Give the variable of the script a name of its own.');
		}
		if (found.quotes === 'none') {
			throw new SnippetError(found.offset, `parameter "${found.name}" stands outside double quotes`, `Write "$${found.name}", so that its value stays one word.`);
		}
		const before = uses.get(found.name);
		uses.set(found.name, { ...use, optional: found.optional && (before?.optional ?? true) });
	}
	return [...uses.values()];
}

function assignedIn(script: string): Set<string> {
	const names = new Set<string>();
	const assigned = /(?:^|[\s;(|&{])(?:(?:local|declare|readonly|export)\s+)?([A-Za-z_][A-Za-z0-9_]*)\+?=|\bfor\s+([A-Za-z_][A-Za-z0-9_]*)\b/gm;
	for (const [, assignment, loop] of script.matchAll(assigned)) names.add(assignment ?? loop ?? '');
	// read [-r] [-s] [-p "prompt"] name …: bash(1), "read". Its prompt may hold anything.
	for (const [, rest] of script.matchAll(/\bread\b((?:"[^"]*"|[^;|&\n<>")])*)/g)) {
		const words = (rest ?? '').replace(/"[^"]*"/g, ' ').split(/\s+/);
		for (const word of words) if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(word)) names.add(word);
	}
	return names;
}

interface Expansion {
	readonly name: string;
	readonly offset: number;
	readonly quotes: Quotes;
	readonly optional: boolean;
}

/** Every `$name` and `${name…}`, with the quotes that it stands in. A command substitution starts with quotes of its own. */
function expansionsOf(script: string): Expansion[] {
	const found: Expansion[] = [];
	const stack: { quotes: Quotes; parens: number }[] = [{ quotes: 'none', parens: 0 }];
	for (let at = 0; at < script.length; at += 1) {
		const top = stack.at(-1) ?? { quotes: 'none', parens: 0 };
		const char = script.charAt(at);
		if (char === '\\') at += 1;
		else if (char === "'") {
			throw new SnippetError(at, 'a script has a single quote', 'Use double quotes: the script is shown inside single quotes, exactly as it runs.');
		} else if (char === '`') throw new SnippetError(at, 'a script has a backtick', 'Write $(…).');
		else if (char === '"') top.quotes = top.quotes === 'double' ? 'none' : 'double';
		else if (char === '#' && top.quotes === 'none' && /^$|\s/.test(script.charAt(at - 1))) {
			const end = script.indexOf('\n', at);
			at = end < 0 ? script.length : end;
		} else if (script.startsWith('$(', at)) {
			stack.push({ quotes: 'none', parens: 0 });
			at += 1;
		} else if (char === '(' && top.quotes === 'none') top.parens += 1;
		else if (char === ')' && top.quotes === 'none') {
			if (top.parens > 0) top.parens -= 1;
			else if (stack.length > 1) stack.pop();
		} else if (char === '$') {
			const match = /^\$(?:([A-Za-z_][A-Za-z0-9_]*)|\{[#!]?([A-Za-z_][A-Za-z0-9_]*)(:?[-+])?)/.exec(script.slice(at));
			const name = match?.[1] ?? match?.[2];
			if (name) found.push({ name, offset: at, quotes: top.quotes, optional: match?.[3] !== undefined });
		}
	}
	return found;
}
