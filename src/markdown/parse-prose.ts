/**
 * Prose as a tree. It is read with the grammar of MDX but without its JavaScript, so that everything that would compute is a node to point at, and a page with
 * several lint errors tells them all: what cannot be read is blanked and the rest is read again.
 *
 * Source: the micromark extensions that the MDX compiler itself uses, without a parser of JavaScript.
 */
import type { Root } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { mdxExpressionFromMarkdown } from 'mdast-util-mdx-expression';
import { mdxJsxFromMarkdown } from 'mdast-util-mdx-jsx';
import { mdxExpression } from 'micromark-extension-mdx-expression';
import { mdxJsx } from 'micromark-extension-mdx-jsx';
import { mdxMd } from 'micromark-extension-mdx-md';

/** What cannot be read. `line` and `column` count from 1 within the text. */
export interface ProseError {
	readonly line: number;
	readonly column: number;
	readonly message: string;
}

export interface Prose {
	/** What could be read; positions are those of the text. */
	readonly tree: Root;
	readonly errors: readonly ProseError[];
}

/** More lint errors of one page than anybody mends in one go. */
const maxErrors = 20;

/** Reads the body of a page. Never throws for what an author wrote. */
export function parseProse(body: string): Prose {
	const errors: ProseError[] = [];
	let text = body;
	for (;;) {
		try {
			return { tree: parse(text), errors };
		} catch (error) {
			const start = startOf(error, text);
			if (errors.length >= maxErrors || start === undefined) throw error;
			const before = text.slice(0, start).split('\n');
			errors.push({ line: before.length, column: (before.at(-1)?.length ?? 0) + 1, message: reasonOf(error) });
			text = `${text.slice(0, start)} ${text.slice(start + 1)}`;
		}
	}
}

function parse(text: string): Root {
	return fromMarkdown(text, {
		extensions: [mdxMd(), mdxExpression(), mdxJsx()],
		mdastExtensions: [mdxExpressionFromMarkdown(), mdxJsxFromMarkdown()],
	});
}

interface Failure {
	readonly reason: string;
	readonly place?: { readonly offset?: number; readonly start?: { readonly offset?: number } };
}

function isFailure(error: unknown): error is Failure {
	return typeof error === 'object' && error !== null && 'reason' in error && typeof error.reason === 'string';
}

/** The offset of the `<` or `{` that began what cannot be read; undefined when there is none, which the grammar never does. */
function startOf(error: unknown, text: string): number | undefined {
	if (!isFailure(error)) return undefined;
	const tag = /\((\d+):(\d+)-\d+:\d+\)/.exec(error.reason);
	if (tag) return offsetAt(text, Number(tag[1]), Number(tag[2]));
	const offset = error.place?.offset ?? error.place?.start?.offset;
	if (offset === undefined) return undefined;
	const start = Math.max(text.lastIndexOf('<', offset), text.lastIndexOf('{', offset));
	return start < 0 ? undefined : start;
}

function offsetAt(text: string, line: number, column: number): number {
	const before = text.split('\n').slice(0, line - 1);
	return before.reduce((sum, one) => sum + one.length + 1, 0) + column - 1;
}

/** The first sentence of the grammar's reason, without the notes for users of JavaScript and without places, which count from the body. */
function reasonOf(error: unknown): string {
	if (!isFailure(error)) return String(error);
	return error.reason.replace(/ \((?:note:[^)]*\)[^)]*|\d+:\d+-\d+:\d+)\)/g, '').replace(/ \(note:.*$/s, '');
}
