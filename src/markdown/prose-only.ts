/**
 * A plugin of the MDX compiler that lets no program through: whatever in a page would become code stops the build before any code is made of it. Authors are told by
 * `checkProse`, with all lint errors at once; this is the lock behind that door, for a build that nobody has checked before.
 */
import type { Root } from 'mdast';
import { visit } from 'unist-util-visit';
import type { VFile } from 'vfile';

/** What may stand in prose beside Markdown. */
const elements = new Set(['Step', 'Table', 'kbd']);

export function proseOnly() {
	return (tree: Root, file: VFile): void => {
		visit(tree, (node) => {
			const type: string = node.type;
			const isElement = type === 'mdxJsxFlowElement' || type === 'mdxJsxTextElement';
			if (!isElement && !/^(?:mdxjsEsm|mdxFlowExpression|mdxTextExpression|html|raw)$/.test(type)) return;
			if (isElement && isPlain(node)) return;
			file.fail('Prose is not code: only Markdown, <Step>, <Table> and <kbd> may stand here.', node);
		});
	};
}

function isPlain(node: object): boolean {
	const { name, attributes } = node as { name?: string | null; attributes?: readonly { type: string; value?: unknown }[] };
	return elements.has(name ?? '') && (attributes ?? []).every(({ type, value }) => type === 'mdxJsxAttribute' && typeof value === 'string');
}
