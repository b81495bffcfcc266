/** Names in a table may go on in a new line after a joint: a narrow page then neither tears them apart nor hides their end. */

/** The few fields of a Markdown tree that are touched. */
interface Node {
	type: string;
	value?: string;
	children?: Node[];
	data?: { hChildren?: readonly Child[] };
}

type Child = { readonly type: 'text'; readonly value: string } | { readonly type: 'element'; readonly tagName: 'wbr'; readonly properties: object; readonly children: readonly never[] };

/** The parts of a name between which it may break: behind a space, or a sign between two words. A version or a flag's dashes stay whole. */
export function splitAtJoints(name: string): string[] {
	return name.split(/(?<= )|(?<=\w[-_/=:,]+)(?=[\w/])|(?<=\w\.)(?=[A-Za-z])/);
}

/** A plugin for remark: offers a break after each joint of a name in a cell. */
export function tableNames() {
	return (tree: Node): void => visit(tree, false);
}

function visit(node: Node, inCell: boolean): void {
	if (inCell && node.type === 'inlineCode') offerBreaks(node);
	for (const child of node.children ?? []) visit(child, inCell || node.type === 'tableCell');
}

function offerBreaks(node: Node): void {
	const [first = '', ...others] = splitAtJoints(node.value ?? '');
	if (others.length === 0) return;
	const wbr: Child = { type: 'element', tagName: 'wbr', properties: {}, children: [] };
	node.data = { ...node.data, hChildren: [{ type: 'text', value: first }, ...others.flatMap((value): Child[] => [wbr, { type: 'text', value }])] };
}
