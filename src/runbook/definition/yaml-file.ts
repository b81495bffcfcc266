import { LineCounter, isMap, isNode, isPair, isScalar, parseDocument, visit, type Document } from 'yaml';
import type { z } from 'zod';
import { findUntrusted } from '../text/character.ts';
import { suggest } from '../text/suggest.ts';
import type { LintError, LintRule } from './lint-rules.ts';
import { findOddPlace } from './yaml-shape.ts';
import { tellIssue } from './shape-issue.ts';

export type { LintError } from './lint-rules.ts';

/** A text file of the content, by its path from the project's folder. */
export interface SourceFile {
	readonly path: string;
	readonly text: string;
}

/** Keys and indexes from the top of a YAML file to a place in it. */
export type Path = readonly (string | number)[];

/**
 * Takes the part of a content that an issue is about out of it, so that the rest can be read: returns the part that is gone, or undefined when nothing is left without it.
 */
export type Repair = (content: Record<string, unknown>, path: Path) => Path | undefined;

/** What could be read of a file, and the parts that could not: nothing more is said of those. */
export interface Read<T> {
	readonly data: T;
	readonly broken: readonly Path[];
}

/** More of them than a file has parts. */
const maxRepairs = 1000;

/** One YAML text while it is read: knows its lines, collects its lint errors. */
export class YamlFile {
	readonly lintErrors: LintError[] = [];
	readonly #file: SourceFile;
	readonly #lines = new LineCounter();
	readonly #document: Document.Parsed;
	readonly #isReadable: boolean;
	/** Lines of the file before the text. */
	readonly #linesBefore: number;

	/** `linesBefore`: the text is the front matter of a page, and stands below so many lines. */
	constructor(file: SourceFile, linesBefore?: number) {
		this.#file = file;
		this.#linesBefore = linesBefore ?? 0;
		this.#document = parseDocument(file.text, { lineCounter: this.#lines, version: '1.2', logLevel: 'error' });
		this.#findSyntaxError();
		const odd = findOddPlace(this.#document);
		if (odd) this.#add(odd.offset, 'yaml.shape', odd.message, odd.advice);
		this.#isReadable = this.lintErrors.length === 0;
		// Of a page, prose is held to the same.
		if (linesBefore !== undefined) return;
		if (this.#isReadable) this.#findCutCommands();
		this.#findUnseen();
	}

	/** The first alone: what follows it is read wrongly, and would be told as hundreds more. */
	#findSyntaxError(): void {
		const [error] = this.#document.errors.toSorted((a, b) => a.pos[0] - b.pos[0]);
		if (!error) return;
		const slot = findBareSlot(this.#file.text, error.pos[0]);
		if (slot !== undefined) this.#add(slot, 'yaml.syntax', '"${" begins a map here: in "{ … }" and "[ … ]" YAML reads braces', "Put the text in quotes: { run: 'docker stop ${container}' }.");
		else this.#add(error.pos[0], 'yaml.syntax', (error.message.split('\n')[0] ?? '').replace(/ at line \d+, column \d+:?\.?$/, '').replace(/\.$/, ''), 'Fix the YAML here; quotes around a text are never wrong.');
	}

	/** What an author cannot see, a reader would run: commands, names and expectations alike, comments too. Escapes of YAML count as what they stand for. */
	#findUnseen(): void {
		const refuse = (offset: number, code: string) => this.#add(offset, 'yaml.character', `the file has a character that cannot be seen (${code})`, 'Remove it, and type the place anew. A space is U+0020.');
		this.#file.text.split('\n').forEach((line, index) => {
			const odd = findUntrusted(line.replace(/\r$/, '').replaceAll('\t', ' ').replace(index === 0 ? /^\ufeff/ : /$^/, ''));
			if (odd) refuse((this.#lines.lineStarts[index] ?? 0) + odd.position - 1, odd.code);
		});
		visit(this.#document, {
			Scalar: (_, scalar) => {
				if (typeof scalar.value !== 'string' || scalar.type !== 'QUOTE_DOUBLE' || !scalar.range || !this.#file.text.slice(scalar.range[0], scalar.range[1]).includes('\\')) return;
				const odd = findUntrusted(scalar.value.replace(/[\n\t]/g, ' '));
				if (odd) refuse(scalar.range?.[0] ?? 0, odd.code);
			},
		});
	}

	/** Returns the content as the schema says, or undefined after noting what is wrong. */
	parse<T>(schema: z.ZodType<T>): T | undefined {
		return this.read(schema, () => undefined)?.data;
	}

	/** The same, and where some parts do not fit the schema, the rest, after noting what is wrong with them. */
	read<T>(schema: z.ZodType<T>, repair: Repair): Read<T> | undefined {
		if (!this.#isReadable) return undefined;
		const content = this.#read();
		if (!content) return undefined;
		const { value } = content;
		const broken: Path[] = [];
		for (let round = 0; round < maxRepairs; round += 1) {
			const result = schema.safeParse(value);
			if (result.success) return { data: result.data, broken };
			if (round === 0) for (const issue of result.error.issues) this.#addIssue(issue, value);
			if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
			const [issue] = result.error.issues;
			const gone = repair(value as Record<string, unknown>, issue ? [...issue.path.map(keyOf), ...(issue.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [])] : []);
			if (!gone) return undefined;
			broken.push(gone);
		}
		return undefined;
	}

	/** The content as plain data; undefined after noting an alias of nothing, or of so much that it would fill the memory. */
	#read(): { readonly value: unknown } | undefined {
		try {
			return { value: this.#document.toJS() };
		} catch (error) {
			if (!(error instanceof ReferenceError)) throw error;
			this.#add(0, 'yaml.shape', error.message, 'Write the value out: runbooks need no aliases.');
			return undefined;
		}
	}

	/** Notes a lint error at the value of a path, `offset` units into it. */
	lintError(path: Path, rule: LintRule, message: string, advice: string, offset = 0): void {
		this.#add(this.#offsetOf(path, offset), rule, message, advice);
	}

	#add(offset: number, rule: LintRule, message: string, advice: string): void {
		const { line, col } = this.#lines.linePos(offset);
		this.lintErrors.push({ file: this.#file.path, line: Math.max(line, 1) + this.#linesBefore, column: Math.max(col, 1), rule, message, advice });
	}

	#addIssue(issue: z.core.$ZodIssue, content: unknown): void {
		for (const { path, rule, message, advice } of tellIssue(issue, content)) this.lintError(path, rule, message, advice);
	}

	#offsetOf(path: Path, offset: number): number {
		let node: unknown = this.#document.contents;
		let start = 0;
		for (const key of path) {
			const pair = isMap(node) ? node.items.find((item) => isScalar(item.key) && item.key.value === key) : undefined;
			if (pair && isNode(pair.key)) start = pair.key.range?.[0] ?? start;
			if (isScalar(node)) break;
			const next: unknown = pair ? pair.value : isNode(node) && 'get' in node ? (node as { get(key: unknown, keep: true): unknown }).get(key, true) : undefined;
			if (!isNode(next)) return start;
			node = next;
			if (!pair) start = next.range?.[0] ?? start;
		}
		if (!isScalar(node) || !node.range) return start;
		if (node.type !== 'BLOCK_LITERAL' && node.type !== 'BLOCK_FOLDED') return this.#offsetInText(node.range[0], node.range[1], offset);
		const lines = String(node.value).slice(0, offset).split('\n');
		const { line } = this.#lines.linePos(node.range[0]);
		const first = this.#lines.lineStarts[line] ?? node.range[0];
		const from = this.#lines.lineStarts[line - 1 + lines.length];
		if (from === undefined) return node.range[0];
		const indent = /^[ ]*/.exec(this.#file.text.slice(first))?.[0].length ?? 0;
		return from + indent + (lines.at(-1)?.length ?? 0);
	}

	/** A place in a text of one line: exact as long as its quotes hold no escapes. */
	#offsetInText(start: number, end: number, offset: number): number {
		if (offset === 0) return start;
		const quoted = /^["']/.test(this.#file.text.charAt(start));
		return Math.min(start + offset + (quoted ? 1 : 0), Math.max(end - 1, start));
	}

	/** `run: docker rm #old` is `docker rm` to YAML: the rest would vanish without a word. */
	#findCutCommands(): void {
		visit(this.#document, {
			Pair: (_, pair) => {
				if (!isPair(pair) || !isScalar(pair.key) || !isScalar(pair.value)) return;
				if (!['run', 'script', 'undo', 'http', 'file'].includes(String(pair.key.value))) return;
				if (pair.value.type === 'PLAIN' && pair.value.comment !== undefined && pair.value.comment !== null) {
					this.#add(pair.value.range?.[0] ?? 0, 'yaml.comment', `a YAML comment cuts the command short after "${String(pair.value.value)}"`, 'Put the command in quotes or in a block ("|-").');
				}
			},
		});
	}
}

const keyOf = (key: PropertyKey) => (typeof key === 'number' ? key : String(key));

/** The offset of a `${` outside of quotes, on the line of a YAML error or the line before, in a map or list that is written in braces. */
function findBareSlot(text: string, offset: number): number | undefined {
	const from = text.lastIndexOf('\n', text.lastIndexOf('\n', offset - 1) - 1) + 1;
	const end = text.indexOf('\n', offset);
	let quote = '';
	let depth = 0;
	for (let at = from; at < (end < 0 ? text.length : end); at += 1) {
		const char = text.charAt(at);
		if (quote !== '') {
			if (char === quote) quote = '';
			else if (char === '\n') quote = '';
		} else if ((char === '"' || char === "'") && /[\s{[,:]/.test(text.charAt(at - 1))) quote = char;
		else if (depth > 0 && text.startsWith('${', at)) return at;
		else if (char === '{' || char === '[') depth += 1;
		else if (char === '}' || char === ']') depth -= 1;
		else if (char === '\n') depth = Math.max(depth, 0);
	}
	return undefined;
}

/** An advice that names the nearest known word. */
export function didYouMean(word: string, known: Iterable<string>): string {
	const near = suggest(word, known);
	return near ? `Did you mean "${near}"?` : 'Remove it, or see CONTRIBUTING.md for what is known.';
}
