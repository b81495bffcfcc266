/**
 * The one function that makes a command of a step. The page draws its parts, the server runs its argv, the journal keeps its display; they
 * cannot differ, because they come from the same call.
 *
 * The display is a command line of a POSIX shell: read by one, it gives exactly `env` and `argv`. A secret stands in it as a variable
 * (`"$db_password"`), so that it can be shown, kept and copied; in a shell where that variable is set, the same holds.
 */
import type { Command, Runbook, Step } from '../definition/definition.ts';
import type { Made } from '../run/made-schema.ts';
import { madeName } from '../run/made.ts';
import { problem, type Problem } from '../problem.ts';
import type { Part, Role } from './part.ts';
import { quoteFar, scriptFar, sshParts } from './far-line.ts';
import { quote, quoteForShells } from './quote.ts';
import { machineOf, onlyHere, type FarMachine } from '../values/machine.ts';
import { holds, reachedNode, type Resolved } from '../values/resolve.ts';
import type { ScriptUse } from '../definition/script.ts';
import type { Group, Piece, Slot, Text, Word } from '../definition/snippet.ts';
import type { Node, StepNode } from '../values/value-types.ts';
import type { Item } from '../values/value.ts';

export type { Part, Role } from './part.ts';

/** A command with values in. With problems it can be shown, not run. On another machine the display is the line for here, `argv` and `env` are those over there. */
export interface Rendered {
	/** The other machine that it runs on. */
	readonly machine?: FarMachine;
	readonly argv: readonly string[];
	readonly env: Readonly<Record<string, string>>;
	/** The same, with each secret as `$name`: for output that others read. */
	readonly masked: { readonly argv: readonly string[]; readonly env: Readonly<Record<string, string>> };
	readonly parts: readonly Part[];
	readonly display: string;
	/** Texts that must never be written anywhere. */
	readonly secrets: readonly string[];
	readonly problems: readonly Problem[];
}

export interface RenderOptions {
	/** The node that the step runs for. */
	readonly node?: StepNode;
	/** What the run made that an undo takes back; undefined where no run is known, as on the page before the step was run. */
	readonly made?: Made;
	/** Write secrets out, for `--show-secrets`. */
	readonly showSecrets?: boolean;
}

/** How every script runs. Source of the flags: bash(1), "set". */
export const shell = ['bash', '-euo', 'pipefail', '-c'] as const;

/** Renders the command of a step, or its undo; undefined when none of its variants applies. */
export function renderStep(step: Step, kind: 'run' | 'undo', resolved: Resolved, options: RenderOptions = {}): Rendered | undefined {
	if (!holds(step.when, resolved.answers, options.node)) return undefined;
	return renderCommand(step[kind], resolved, { ...options, step: step.id });
}

/** Renders the first command whose condition holds. */
export function renderCommand(commands: readonly Command[], resolved: Resolved, options: RenderOptions & { step: string }): Rendered | undefined {
	const command = commands.find((one) => holds(one.when, resolved.answers, options.node));
	if (!command) return undefined;
	const writer = new Writer(resolved, options);
	if (command.kind === 'script') writer.script(command.script, command.uses, command.env);
	else writer.argvCommand(command.snippet.items, command.env);
	return writer.result();
}

/** Fills a text (an address, an expected output). Undefined, with problems, when a value is missing. */
export function renderText(text: Text, resolved: Resolved, options: RenderOptions & { step: string }): { text: string; problems: readonly Problem[] } {
	const writer = new Writer(resolved, options);
	const filled = text.map((piece) => (piece.kind === 'text' ? piece.text : (writer.find(piece)?.text ?? ''))).join('');
	return { text: filled, problems: writer.result().problems };
}

/** The nodes that a step runs for: `undefined` stands for "once". */
export function nodesOf(step: Step, resolved: Resolved): readonly (StepNode | undefined)[] {
	if (!step.each) return [undefined];
	const nodes = (resolved.answers.get('nodes')?.items ?? []).map(({ fields }) => ({ name: fields['name'] ?? '', ssh: fields['ssh'] ?? '', address: fields['address'] ?? '' }));
	return nodes.map((node) => reachedNode(node, resolved));
}

/** Whether any step of a runbook runs once for each node. */
export function hasNodes(runbook: Runbook): boolean {
	return runbook.steps.some((step) => step.each);
}

interface Found {
	readonly text: string;
	readonly secret: boolean;
	/** The variable that a secret is shown as. */
	readonly variable: string;
	/** Absent for what no field of the form gives. */
	readonly parameter?: string;
}

class Writer {
	readonly #resolved: Resolved;
	readonly #options: RenderOptions & { step: string };
	readonly #argv: string[] = [];
	readonly #env = new Map<string, string>();
	readonly #maskedArgv: string[] = [];
	readonly #maskedEnv = new Map<string, string>();
	readonly #prefix: Part[] = [];
	readonly #parts: Part[] = [];
	readonly #secrets = new Set<string>();
	readonly #problems = new Map<string, Problem>();

	readonly #machine: FarMachine | undefined;
	readonly #quote: (text: string) => string;

	constructor(resolved: Resolved, options: RenderOptions & { step: string }) {
		this.#resolved = resolved;
		this.#options = options;
		this.#machine = machineOf(resolved.machines ?? onlyHere, options.node);
		this.#quote = this.#machine ? quoteFar : quote;
	}

	result(): Rendered {
		const parts = this.#machine ? sshParts(this.#machine, this.#prefix, this.#parts) : [...this.#prefix, ...this.#parts];
		return {
			...(this.#machine && { machine: this.#machine }),
			argv: this.#argv,
			env: Object.fromEntries(this.#env),
			masked: { argv: this.#maskedArgv, env: Object.fromEntries(this.#maskedEnv) },
			parts,
			display: parts.map((part) => part.text).join(''),
			secrets: [...this.#secrets],
			problems: [...this.#problems.values()],
		};
	}

	argvCommand(items: readonly (Word | Group)[], env: Readonly<Record<string, string>>): void {
		this.#variables(Object.entries(env).map(([variable, name]) => ({ variable, name, optional: false })));
		for (const item of items) {
			if (item.kind === 'word') this.#word(item);
			else if (item.repeat) this.#repeat(item);
			else if (this.#has(item.words.flatMap((word) => word.pieces))) for (const word of item.words) this.#word(word);
		}
	}

	script(script: string, uses: readonly ScriptUse[], env: Readonly<Record<string, string>>): void {
		this.#variables([...uses, ...Object.entries(env).map(([variable, name]) => ({ variable, name, optional: false }))]);
		this.#push(...shell, script);
		this.#parts.push(
			{ text: shell[0], role: 'program' },
			{ text: ` ${shell.slice(1).join(' ')} `, role: 'option' },
			{ text: "'", role: 'blank' },
			// A quote of its own closes the quotes around it, and opens them again.
			{ text: this.#machine ? scriptFar(script) : script.replaceAll("'", String.raw`'\''`), role: 'script' },
			{ text: "'", role: 'blank' },
		);
	}

	/** Looks a slot up; notes a problem when it has no value. */
	find(slot: Slot, item?: Item): Found | undefined {
		const found = this.#lookUp(slot, item);
		if (!found && slot.name === madeName) {
			this.#problems.set(madeName, problem('step.made-unknown', { step: this.#options.step }, { step: this.#options.step }));
		} else if (!found) {
			const parameter = slot.name === 'node' ? 'nodes' : slot.name;
			const awaited = this.#resolved.awaited.get(parameter);
			this.#problems.set(parameter, awaited ? { ...awaited, step: this.#options.step } : problem('value.missing', { parameter }, { parameter, step: this.#options.step }));
		} else if (found.secret) this.#secrets.add(found.text);
		return found;
	}

	/** What a step will give has no field that a click could lead to. */
	#missing(slot: Slot): Part {
		const { parameter, ...part } = missingPart(slot);
		return parameter === undefined || this.#resolved.awaited.has(parameter) ? part : { ...part, parameter };
	}

	#lookUp(slot: Slot, given?: Item): Found | undefined {
		if (slot.name === 'node') {
			const { node } = this.#options;
			const text = node?.[(slot.field ?? 'name') as keyof Node];
			return text === undefined ? undefined : { text: filter(slot, text), secret: false, variable: 'node', parameter: 'nodes' };
		}
		if (slot.name === madeName) {
			const { made } = this.#options;
			if (!made || made.kind === 'unknown') return undefined;
			return { text: made.kind === 'container' ? made.id : '', secret: false, variable: madeName };
		}
		const answer = this.#resolved.answers.get(slot.name);
		const item = given ?? answer?.items[0];
		if (!item) return undefined;
		const text = filter(slot, slot.field === undefined ? item.text : (item.fields[slot.field] ?? ''));
		const variable = answer?.parameter.type === 'env' ? (item.fields['name'] ?? slot.name) : given && answer ? `${slot.name}_${answer.items.indexOf(given) + 1}` : slot.name;
		return { text, secret: item.secret, variable, parameter: slot.name };
	}

	/** An optional part stands when each of its slots has a value; a switch has one when it is on. */
	#has(pieces: readonly Piece[]): boolean {
		return pieces.every((piece) => {
			if (piece.kind === 'text') return true;
			if (piece.kind === 'optional') return true;
			const answer = this.#resolved.answers.get(piece.name);
			if (answer?.parameter.type === 'switch') return answer.items[0] !== undefined && answer.items[0].text !== 'false';
			const found = this.#lookUp(piece);
			return found !== undefined && found.text !== '';
		});
	}

	#repeat(group: Group): void {
		const slot = group.words.flatMap((word) => word.pieces).find((piece) => piece.kind === 'slot');
		const items = slot ? (this.#resolved.answers.get(slot.name)?.items ?? []) : [];
		for (const item of items) for (const word of group.words) this.#word(word, item);
	}

	#word(word: Word, item?: Item): void {
		if (this.#argv.length > 0) this.#parts.push({ text: word.breakBefore ? ' \\\n  ' : ' ', role: 'blank' });
		const before = this.#parts.length;
		const literalRole: Role = this.#argv.length === 0 ? 'program' : startsWithDash(word) ? 'option' : 'word';
		const text = this.#pieces(word.pieces, literalRole, item);
		if (this.#parts.length === before) this.#parts.push({ text: this.#quote(''), role: literalRole });
		this.#argv.push(text.real);
		this.#maskedArgv.push(text.masked);
	}

	#push(...words: readonly string[]): void {
		this.#argv.push(...words);
		this.#maskedArgv.push(...words);
	}

	/** Writes the pieces of a word; returns what the program gets. */
	#pieces(pieces: readonly Piece[], role: Role, item?: Item): Written {
		const written = pieces.map((piece): Written => {
			if (piece.kind === 'optional') return this.#has(piece.pieces) ? this.#pieces(piece.pieces, role, item) : same('');
			if (piece.kind === 'slot') return this.#slot(piece, item);
			if (piece.text !== '') this.#parts.push({ text: this.#quote(piece.text), role });
			return same(piece.text);
		});
		return { real: written.map((one) => one.real).join(''), masked: written.map((one) => one.masked).join('') };
	}

	#slot(slot: Slot, item?: Item): Written {
		const found = this.find(slot, item);
		if (!found) {
			this.#parts.push(this.#missing(slot));
			return same('');
		}
		if (found.secret && item?.fields['name'] !== undefined) return same(this.#secretVariable(found, item));
		if (found.text !== '') this.#parts.push(this.#valuePart(found));
		return { real: found.text, masked: mask(found) };
	}

	/** `-e NAME` takes the value from the environment: a password or token stays out of the process list. Source: docker run, "--env". */
	#secretVariable(found: Found, item: Item): string {
		const name = item.fields['name'] ?? '';
		const value = item.fields['value'] ?? '';
		this.#secrets.delete(found.text);
		if (value !== '') this.#secrets.add(value);
		this.#assign(name, { ...found, text: value });
		this.#parts.push({ text: this.#quote(name), role: 'secret', ...ofParameter(found) });
		return name;
	}

	#valuePart(found: Found): Part {
		const hide = found.secret && !this.#options.showSecrets;
		return { text: hide ? `"$${found.variable}"` : this.#quote(found.text), role: found.secret ? 'secret' : 'value', ...ofParameter(found) };
	}

	#variables(uses: readonly ScriptUse[]): void {
		for (const use of uses) {
			const slot: Slot = { kind: 'slot', name: use.name, ...(use.field !== undefined && { field: use.field }), ...(use.filter && { filter: use.filter }) };
			const found = use.optional && use.name !== madeName ? this.#lookUp(slot) : this.find(slot);
			if (found) {
				if (found.secret) this.#secrets.add(found.text);
				this.#assign(use.variable, found);
			} else if (use.optional && use.name !== madeName) this.#assign(use.variable, { text: '', secret: false, variable: use.variable, parameter: use.name });
			else this.#prefix.push({ text: `${use.variable}=`, role: 'word' }, this.#missing(slot), lineBreak);
		}
	}

	#assign(variable: string, found: Found): void {
		this.#env.set(variable, found.text);
		this.#maskedEnv.set(variable, mask(found));
		this.#prefix.push({ text: `${variable}=`, role: 'word' });
		if (found.text !== '') this.#prefix.push(this.#valuePart(found));
		this.#prefix.push(lineBreak);
	}
}

/** A value as the slot wants it: as it is, or as one word of another shell. */
const filter = (slot: Slot, text: string) => (slot.filter === 'sh' ? quoteForShells(text) : text);

/** A word or a piece of one, as it is and as others may see it. */
interface Written {
	readonly real: string;
	readonly masked: string;
}

const same = (text: string): Written => ({ real: text, masked: text });
const mask = (found: Found) => (found.secret ? `$${found.variable}` : found.text);

const lineBreak: Part = { text: ' \\\n', role: 'blank' };

function startsWithDash(word: Word): boolean {
	const [first] = word.pieces;
	return first?.kind === 'text' && first.text.startsWith('-');
}

const ofParameter = ({ parameter }: Found) => (parameter === undefined ? {} : { parameter });

function missingPart(slot: Slot): Part {
	const text = placeholder(slot);
	if (slot.name === madeName) return { text, role: 'missing' };
	return { text, role: 'missing', parameter: slot.name === 'node' ? 'nodes' : slot.name };
}

/** What stands for a value that is not there yet: a word that no shell acts on. */
export function placeholder(slot: Slot): string {
	if (slot.name === madeName) return 'CONTAINER_ID';
	return (slot.field === undefined ? slot.name : `${slot.name}_${slot.field}`).toUpperCase();
}
