/** What a command must not do with the reader's values, and what one that only reads must not do at all. */
import { findChange } from './changing-commands.ts';
import { findInnerValues, type CodeWord, type Hole } from './inner-code.ts';
import type { LintRule } from './lint-rules.ts';
import type { Parameter } from './parameter.ts';
import type { ParsedScript } from './script.ts';
import { hole, type ShellCommand, type ShellWord } from './shell-reader.ts';
import type { Piece, Snippet } from './snippet.ts';

export interface CommandError {
	readonly rule: LintRule;
	/** In UTF-16 units of the command. */
	readonly offset: number;
	readonly message: string;
	readonly advice: string;
}

export interface CheckedCommand {
	readonly snippet?: Snippet;
	readonly script?: ParsedScript;
	readonly parameterOf: (name: string) => Parameter | undefined;
	/** What calls it says that it only reads. */
	readonly reads: 'step' | 'check' | undefined;
}

/** Types whose texts hold nothing that a shell, SQL or another language acts on. */
const plainTypes: ReadonlySet<string> = new Set(['agent-image', 'container', 'host', 'image', 'key', 'name', 'nodes', 'number', 'port', 'project', 'restart', 'switch', 'tag', 'volume']);
const plainField: Readonly<Record<string, readonly string[]>> = { publish: ['port'], env: ['name'] };
const plainText = /^[A-Za-z0-9_@%+=:,./-]*$/;

/** Lists what is wrong with a command. */
export function checkCommand(command: CheckedCommand): CommandError[] {
	const commands = command.snippet ? [wordsOfSnippet(command.snippet)] : (command.script?.shell.commands ?? []).map(({ words }) => words.map((word) => wordOfShell(word, command.script)));
	return [...commands.flatMap((words) => checkValues(words, command)), ...(command.script ? [...checkArithmetic(command.script, command), ...checkPatterns(command.script, command)] : []), ...(command.reads ? findChanges(commands, command) : [])];
}

function checkValues(words: readonly CodeWord[], { parameterOf, script }: CheckedCommand): CommandError[] {
	if (!words.some(({ holes }) => holes.some((one) => one !== undefined))) return [];
	const inner = findInnerValues(words);
	const errors = inner.flatMap((value): CommandError[] => {
		const parameter = parameterOf(value.name);
		const [shown, filtered] = script ? [`"$${value.name}"`, `"$${value.name}_sh"`] : [`"\${${nameOf(value)}}"`, `"\${${nameOf(value)}|sh}"`];
		if (value.filter) {
			if (parameter?.type === 'secret') return [{ rule: 'inner.secret', offset: value.offset, message: `the secret "${value.name}" stands in the text of another program`, advice: 'Hand it over by "env:", or on its standard input.' }];
			if (value.language !== 'shell') return [{ rule: 'inner.value', offset: value.offset, message: `${filtered} is quoted for a shell, and ${value.reader} reads it`, advice: besideText(value.reader) }];
			if (value.quoted) return [{ rule: 'inner.value', offset: value.offset, message: `${filtered} stands in quotes of the text that ${value.reader} reads`, advice: 'It brings its own quotes: put it outside of them.' }];
			return [];
		}
		if (!parameter || isPlain(parameter, value.field)) return [];
		const advice = value.language === 'shell' ? `Write ${filtered}, outside of quotes in that text, or hand the value over as an argument of its own: sh -c 'ls "$1"' sh ${shown}.` : besideText(value.reader);
		return [{ rule: 'inner.value', offset: value.offset, message: `${shown} stands in a text that ${value.reader} reads`, advice }];
	});
	const known = new Set(inner.map(({ offset }) => offset));
	const astray = words.flatMap(({ holes }) => holes).filter((one): one is Hole => one?.filter !== undefined && !known.has(one.offset) && !script);
	return [...errors, ...astray.map((one): CommandError => ({ rule: 'inner.value', offset: one.offset, message: `"\${${nameOf(one)}|sh}" is no text of another shell`, advice: `Write \${${nameOf(one)}}: a value is one word already.` }))];
}

const nameOf = ({ name, field }: Hole) => (field === undefined ? name : `${name}.${field}`);

/** How a value reaches a program beside its text. */
function besideText(reader: string): string {
	const ways: Readonly<Record<string, string>> = {
		psql: "Hand it over as a variable, and let psql read it: psql -v value=… and :'value' in a text on its standard input.",
		awk: 'Hand it over beside the text: awk -v value=…, or ENVIRON["…"] where it may hold a backslash.',
		jq: 'Hand it over beside the text: jq --arg value ….',
	};
	return ways[reader] ?? 'Hand it over beside the text: as an argument, or as a variable of the environment ("env:").';
}

function isPlain(parameter: Parameter, field: string | undefined): boolean {
	if (field !== undefined && plainField[parameter.type]?.includes(field)) return true;
	if (parameter.type === 'choice') return parameter.options.every((option) => plainText.test(option));
	return plainTypes.has(parameter.type);
}

/** A value in `$(( ))`, in an index or behind `-gt` is computed, quoted or not. */
function checkArithmetic({ shell, tainted }: ParsedScript, { parameterOf }: CheckedCommand): CommandError[] {
	const found = shell.expansions.filter(({ name, place }) => place === 'arithmetic' && tainted.has(name));
	return found.flatMap(({ name, offset }): CommandError[] => {
		const parameter = parameterOf(tainted.get(name) ?? '');
		if (parameter && (parameter.type === 'port' || parameter.type === 'number' || (parameter.type === 'choice' && parameter.options.every((option) => /^\d+$/.test(option))))) return [];
		return [{ rule: 'inner.arithmetic', offset, message: `"$${name}" is computed by Bash`, advice: 'Compare with [ … ], which computes nothing, or give the parameter the type "number".' }];
	});
}

/** A value where Bash reads a pattern: a star of it would fit anything. */
function checkPatterns({ shell, uses }: ParsedScript, { parameterOf }: CheckedCommand): CommandError[] {
	return shell.expansions.flatMap(({ name, place, offset }): CommandError[] => {
		const use = place === 'pattern' ? uses.find(({ variable }) => variable === name) : undefined;
		const parameter = use && parameterOf(use.name);
		if (!parameter || isPlain(parameter, use.field)) return [];
		return [{ rule: 'script.syntax', offset, message: `parameter "${name}" stands outside double quotes, where it is a pattern`, advice: `Write "$${name}", so that no sign of its value means anything.` }];
	});
}

function findChanges(commands: readonly (readonly CodeWord[])[], { script, reads }: CheckedCommand): CommandError[] {
	const rule = reads === 'check' ? 'check.changes' : 'step.effect';
	const who = reads === 'check' ? 'a check' : 'a step that only reads';
	const advice = reads === 'check' ? 'Ask for the state, and change it in a step.' : 'Move it to a later phase, or say its "effect".';
	const known = commands.flatMap((words, index): CommandError[] => {
		const change = findChange(words.map(({ text }) => text.replaceAll(hole, '…')));
		return change === undefined ? [] : [{ rule, offset: script?.shell.commands[index]?.words[0]?.offset ?? 0, message: `${who} runs "${change}", which changes something`, advice }];
	});
	const written = (script?.shell.commands ?? []).flatMap(({ writes }: ShellCommand) => writes.filter(({ text }) => !text.startsWith('/dev/')).map((word): CommandError => ({ rule, offset: word.offset, message: `${who} writes the file ${word.raw}`, advice })));
	return [...known, ...written];
}

function wordsOfSnippet({ items }: Snippet): CodeWord[] {
	return items.flatMap((item) => (item.kind === 'word' ? [item] : item.words)).map(({ pieces }) => wordOfPieces(pieces));
}

function wordOfPieces(pieces: readonly Piece[]): CodeWord {
	const parts = pieces.map((piece): CodeWord => {
		if (piece.kind === 'text') return { text: piece.text, holes: [] };
		if (piece.kind === 'optional') return wordOfPieces(piece.pieces);
		return { text: hole, holes: [{ name: piece.name, ...(piece.field !== undefined && { field: piece.field }), ...(piece.filter && { filter: piece.filter }), offset: piece.offset ?? 0 }] };
	});
	return { text: parts.map(({ text }) => text).join(''), holes: parts.flatMap(({ holes }) => holes) };
}

/** Of a script the values are those of its variables that come from the reader. */
function wordOfShell({ text, holes }: ShellWord, script: ParsedScript | undefined): CodeWord {
	return {
		text,
		holes: holes.map((one): Hole | undefined => {
			if (!one) return undefined;
			const use = script?.uses.find(({ variable }) => variable === one.name);
			const name = use?.name ?? script?.tainted.get(one.name);
			return name === undefined ? undefined : { name, ...(use?.field !== undefined && { field: use.field }), ...(use?.filter && { filter: use.filter }), offset: one.offset };
		}),
	};
}
