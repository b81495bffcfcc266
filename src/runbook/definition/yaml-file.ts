import { LineCounter, isMap, isNode, isPair, isScalar, parseDocument, visit, type Document } from 'yaml';
import type { z } from 'zod';
import { findUntrusted } from '../text/character.ts';
import { FamilySource, RunbookSource, StepSource } from './definition.ts';
import { suggest } from '../text/suggest.ts';
import { findOddPlace } from './yaml-shape.ts';

/** A text file of the content, by its path from the project's folder. */
export interface SourceFile {
	readonly path: string;
	readonly text: string;
}

/** Something an author must mend. `line` counts from 1. */
export interface LintError {
	readonly file: string;
	readonly line: number;
	readonly message: string;
	readonly advice: string;
}

/** Keys and indexes from the top of a YAML file to a place in it. */
export type Path = readonly (string | number)[];

/** One YAML file while it is read: knows its lines, collects its lint errors. */
export class YamlFile {
	readonly lintErrors: LintError[] = [];
	readonly #file: SourceFile;
	readonly #lines = new LineCounter();
	readonly #document: Document.Parsed;
	readonly #isReadable: boolean;

	constructor(file: SourceFile) {
		this.#file = file;
		this.#document = parseDocument(file.text, { lineCounter: this.#lines, version: '1.2', logLevel: 'error' });
		for (const error of this.#document.errors) this.#add(error.pos[0], error.message.split('\n')[0] ?? '', 'Mend the YAML.');
		const odd = findOddPlace(this.#document);
		if (odd) this.#add(odd.offset, odd.message, odd.advice);
		this.#isReadable = this.lintErrors.length === 0;
		if (this.#isReadable) this.#findCutCommands();
		this.#findUnseen();
	}

	/** What an author cannot see, a reader would run: commands, names and expectations alike, comments too. Escapes of YAML count as what they stand for. */
	#findUnseen(): void {
		const refuse = (offset: number, code: string) => this.#add(offset, `the file has a character that cannot be seen (${code})`, 'Remove it, and type the place anew. A space is U+0020.');
		this.#file.text.split('\n').forEach((line, index) => {
			const odd = findUntrusted(line.replace(/\r$/, '').replaceAll('\t', ' ').replace(index === 0 ? /^\ufeff/ : /$^/, ''));
			if (odd) refuse(this.#lines.lineStarts[index] ?? 0, odd.code);
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
		if (!this.#isReadable) return undefined;
		const content = this.#read();
		if (!content) return undefined;
		const result = schema.safeParse(content.value);
		if (result.success) return result.data;
		for (const issue of result.error.issues) this.#addIssue(issue, []);
		return undefined;
	}

	/** The content as plain data; undefined after noting an alias of nothing, or of so much that it would fill the memory. */
	#read(): { readonly value: unknown } | undefined {
		try {
			return { value: this.#document.toJS() };
		} catch (error) {
			if (!(error instanceof ReferenceError)) throw error;
			this.#add(0, error.message, 'Write the value out: runbooks need no aliases.');
			return undefined;
		}
	}

	/** Notes a lint error at the value of a path, `offset` units into it. */
	lintError(path: Path, message: string, advice: string, offset = 0): void {
		this.#add(this.#offsetOf(path, offset), message, advice);
	}

	#add(offset: number, message: string, advice: string): void {
		this.lintErrors.push({ file: this.#file.path, line: this.#lines.linePos(offset).line, message, advice });
	}

	#addIssue(issue: z.core.$ZodIssue, outer: Path): void {
		const path = [...outer, ...issue.path.map((key) => (typeof key === 'number' ? key : String(key)))];
		if (issue.code === 'invalid_union') {
			const nearest = [...issue.errors].sort((a, b) => depth(b) - depth(a) || a.length - b.length)[0] ?? [];
			for (const inner of nearest) this.#addIssue(inner, path);
			if (nearest.length > 0) return;
		}
		if (issue.code === 'unrecognized_keys') {
			for (const key of issue.keys) this.lintError([...path, key], `"${key}" is not known here`, didYouMean(key, knownKeys));
			return;
		}
		this.lintError(path, `${path.join('.') || 'the file'}: ${issue.message}`, 'See CONTRIBUTING.md for the shape of a runbook.');
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
		if (node.type !== 'BLOCK_LITERAL' && node.type !== 'BLOCK_FOLDED') return node.range[0];
		const before = String(node.value).slice(0, offset).split('\n').length;
		const { line } = this.#lines.linePos(node.range[0]);
		return this.#lines.lineStarts[line - 1 + before] ?? node.range[0];
	}

	/** `run: docker rm #old` is `docker rm` to YAML: the rest would vanish without a word. */
	#findCutCommands(): void {
		visit(this.#document, {
			Pair: (_, pair) => {
				if (!isPair(pair) || !isScalar(pair.key) || !isScalar(pair.value)) return;
				if (!['run', 'script', 'undo', 'http', 'file'].includes(String(pair.key.value))) return;
				if (pair.value.type === 'PLAIN' && pair.value.comment !== undefined && pair.value.comment !== null) {
					this.#add(pair.value.range?.[0] ?? 0, `a YAML comment cuts the command short after "${String(pair.value.value)}"`, 'Put the command in quotes or in a block ("|-").');
				}
			},
		});
	}
}

const depth = (issues: readonly z.core.$ZodIssue[]) => Math.max(0, ...issues.map((issue) => issue.path.length + (issue.code === 'unrecognized_keys' ? 1 : 0)));

/** Every key that some definition knows, for suggestions. */
const knownKeys = [
	...Object.keys(StepSource.shape),
	...Object.keys(RunbookSource.shape),
	...Object.keys(FamilySource.shape),
	...['use', 'when', 'given', 'missing', 'is', 'exit', 'prints', 'equals', 'matches', 'lacks', 'every', 'within', 'for', 'timeout', 'severity', 'machine', 'http', 'body', 'status', 'refused', 'headers', 'json'],
	...['user', 'password', 'file', 'exists', 'holds', 'ends', 'type', 'default', 'group', 'advanced', 'options', 'word', 'relative'],
];

/** An advice that names the nearest known word. */
export function didYouMean(word: string, known: Iterable<string>): string {
	const near = suggest(word, known);
	return near ? `Did you mean "${near}"?` : 'Remove it, or see CONTRIBUTING.md for what is known.';
}
