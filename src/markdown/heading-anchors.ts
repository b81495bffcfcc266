/**
 * Headings with an anchor of their own, the same in both languages: `## Which tag [#tags]`. Who follows a link, or changes the language, arrives
 * at the same place.
 */

import type { Nodes, Root } from 'mdast';
import { splitFrontMatter } from '../content/front-matter.ts';
import { parseProse } from './parse-prose.ts';

/** The few fields of a Markdown tree that are touched. */
interface Node {
	type: string;
	value?: string;
	children?: Node[];
	data?: { hProperties?: Record<string, unknown> };
}

const mark = /\s*\[#([a-z0-9-]+)\]\s*$/;

/** A plugin for remark: takes the mark off a heading and makes it the heading's id. */
export function headingAnchors() {
	return (tree: Node): void => {
		for (const heading of tree.children ?? []) {
			const last = heading.type === 'heading' ? heading.children?.at(-1) : undefined;
			const anchor = mark.exec(last?.value ?? '')?.[1];
			if (!last || anchor === undefined) continue;
			last.value = last.value?.replace(mark, '') ?? '';
			heading.data = { ...heading.data, hProperties: { ...heading.data?.hProperties, id: anchor } };
		}
	};
}

/** The same for a page in plain Markdown: the mark becomes an empty element before the heading, where links find it. */
export function plainAnchors(text: string): string {
	return text.replace(/^(#{2,4} .*?) *\[#([a-z0-9-]+)\] *$/gm, '<a id="$2"></a>\n\n$1');
}

/** Anchors of a page's source, in order. */
export function anchorsOf(text: string): string[] {
	return marksIn(parseProse(splitFrontMatter(text).body).tree);
}

/** Where links may lead: the marks of headings, and of a heading without one what its words become. */
export function headingAnchorsIn(tree: Root): string[] {
	return headingsIn(tree).map((text) => mark.exec(text)?.[1] ?? slug(text));
}

function marksIn(tree: Root): string[] {
	return headingsIn(tree).flatMap((text) => mark.exec(text)?.[1] ?? []);
}

/** Their text, whatever stands in it. */
function headingsIn(tree: Root): string[] {
	return tree.children.filter((node) => node.type === 'heading').map(textOf);
}

function textOf(node: Nodes): string {
	if ('value' in node) return node.value;
	return 'children' in node ? node.children.map(textOf).join('') : '';
}

/** What GitHub, and the MDX compiler after it, makes of a heading. */
function slug(text: string): string {
	return text.trim().toLowerCase().replace(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, '').replaceAll(' ', '-');
}
