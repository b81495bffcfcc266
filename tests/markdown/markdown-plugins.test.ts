import { expect, test } from 'vitest';
import { anchorsOf, headingAnchors, plainAnchors } from '../../src/markdown/heading-anchors.ts';
import { tableLanguages } from '../../src/markdown/table-languages.ts';
import { tableNames } from '../../src/markdown/table-names.ts';

const text = (value: string) => ({ type: 'text', value });
const row = (...cells: string[]) => ({ type: 'tableRow', children: cells.map((cell) => ({ type: 'tableCell', children: [text(cell)] })) });

test('a heading is given the anchor at its end, and loses the mark', () => {
	const tree = { type: 'root', children: [{ type: 'heading', children: [text('看似成功的空 Rancher [#empty-database]')] }, { type: 'heading', children: [text('No anchor [here]')] }] };

	headingAnchors()(tree);

	expect(tree.children[0]).toMatchObject({ children: [{ value: '看似成功的空 Rancher' }], data: { hProperties: { id: 'empty-database' } } });
	expect(tree.children[1]).toEqual({ type: 'heading', children: [text('No anchor [here]')] });
});

test('in plain Markdown the anchor stands before its heading', () => {
	const source = '## Which tag [#tags]\n\nText.\n\n### `latest` [#latest]\n\n- [#not] one';

	expect(plainAnchors(source)).toBe('<a id="tags"></a>\n\n## Which tag\n\nText.\n\n<a id="latest"></a>\n\n### `latest`\n\n- [#not] one');
	expect(anchorsOf(source)).toEqual(['tags', 'latest']);
});

test('cells below 中文 and English are in that language, others in the page\'s', () => {
	const table = { type: 'table', children: [row('English', '中文', 'Remark'), row('Stack', '应用', 'x')] };

	tableLanguages()({ type: 'root', children: [table] });

	expect(table.children[1]).toMatchObject({ children: [{ data: { hProperties: { lang: 'en' } } }, { data: { hProperties: { lang: 'zh-CN' } } }, {}] });
	expect(table.children[1]?.children[2]).not.toHaveProperty('data');
});

test('a name in a table may break after its joints, and stays the same name', () => {
	const code = (value: string) => ({ type: 'inlineCode', value });
	const [long, flag, outside] = [code('-v CATTLE_DB/v1.6'), code('--restart'), code('a_b')];

	tableNames()({ type: 'root', children: [{ type: 'table', children: [{ type: 'tableRow', children: [{ type: 'tableCell', children: [long, flag] }] }] }, { type: 'paragraph', children: [outside] }] });

	const wbr = { type: 'element', tagName: 'wbr' };
	expect(long).toMatchObject({ value: '-v CATTLE_DB/v1.6', data: { hChildren: [text('-v '), wbr, text('CATTLE_'), wbr, text('DB/'), wbr, text('v1.6')] } });
	expect([flag, outside]).toEqual([code('--restart'), code('a_b')]);
});
