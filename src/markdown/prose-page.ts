/** A page of prose, read once: its tree, and what other files are held against. */
import type { Root } from 'mdast';
import type { MdxJsxFlowElement, MdxJsxTextElement } from 'mdast-util-mdx-jsx';
import { visit } from 'unist-util-visit';
import { splitFrontMatter } from '../content/front-matter.ts';
import type { SourceFile } from '../runbook/definition/yaml-file.ts';
import { headingAnchorsIn } from './heading-anchors.ts';
import { parseProse, type ProseError } from './parse-prose.ts';

/** Where prose stands decides which elements it may hold. */
export type ProseKind = 'runbook' | 'step' | 'family' | 'guide';

export type ProseElement = MdxJsxFlowElement | MdxJsxTextElement;

/** A place in a file; both count from 1. */
export interface PagePlace {
	readonly line: number;
	readonly column: number;
}

export interface ProsePage {
	readonly file: SourceFile;
	readonly kind: ProseKind;
	readonly body: string;
	readonly tree: Root;
	readonly errors: readonly (ProseError & PagePlace)[];
	readonly links: readonly (PagePlace & { readonly url: string })[];
	/** Where links within the site may lead on this page, but for its steps. */
	readonly anchors: readonly string[];
	readonly steps: readonly (PagePlace & { readonly id: string })[];
	/** Where a node stands in the file. */
	at(node: { readonly position?: { readonly start: PagePlace } | undefined }): PagePlace;
}

export function readPage(file: SourceFile, kind: ProseKind): ProsePage {
	const { body, bodyLine } = splitFrontMatter(file.text);
	const { tree, errors } = parseProse(body);
	const at: ProsePage['at'] = ({ position }) => ({ line: bodyLine + (position?.start.line ?? 1) - 1, column: position?.start.column ?? 1 });
	const links: (PagePlace & { url: string })[] = [];
	const steps: (PagePlace & { id: string })[] = [];
	visit(tree, (node) => {
		if (node.type === 'link' || node.type === 'definition' || node.type === 'image') links.push({ url: node.url, ...at(node) });
		else if ((node.type === 'mdxJsxFlowElement' || node.type === 'mdxJsxTextElement') && node.name === 'Step') {
			const id = node.attributes.find((one) => one.type === 'mdxJsxAttribute' && one.name === 'id')?.value;
			steps.push({ id: typeof id === 'string' ? id : '', ...at(node) });
		}
	});
	return { file, kind, body, tree, errors: errors.map((error) => ({ ...error, line: bodyLine + error.line - 1 })), links, anchors: headingAnchorsIn(tree), steps, at };
}
