/**
 * Headings with an anchor of their own, the same in both languages: `## Which tag [#tags]`. Who follows a link, or changes the language, arrives
 * at the same place.
 */

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
	return [...text.matchAll(/^#{2,4} .*\[#([a-z0-9-]+)\] *$/gm)].map(([, anchor]) => anchor ?? '');
}
