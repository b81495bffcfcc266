/** Tables of the guide that are drawn from what a family knows. Their words stand on the page that places them, the rest lives once, with the family. */
import { guideTables as tables } from '../families/families.ts';
import type { GuideTable } from '../families/family.ts';

/** @throws RangeError for a table that is not there, or one whose columns have no words. */
export function guideTable(of: string, words: Readonly<Record<string, string>>): GuideTable & { readonly head: readonly string[] } {
	const table = tables[of];
	if (!table) throw new RangeError(`Cannot place table "${of}": there are ${Object.keys(tables).join(', ')}.`);
	const head = table.columns.map((column) => {
		const title = words[column];
		if (title === undefined) throw new RangeError(`Cannot place table "${of}": column "${column}" has no words.`);
		return title;
	});
	return { ...table, head };
}

const element = /<Table\s+([^>]*?)\/>/g;

/** `<Table of="engines" docker="Docker" … />` of a page's source as a table in Markdown. */
export function plainTables(text: string): string {
	return text.replace(element, (_, source: string) => {
		const words = Object.fromEntries([...source.matchAll(/([a-z]+)="([^"]*)"/g)].map(([, name, value]) => [name ?? '', value ?? '']));
		const { head, rows } = guideTable(words['of'] ?? '', words);
		const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
		return [line(head), line(head.map(() => '---')), ...rows.map((row) => line(row.map(({ text: cell, isCode }) => (isCode ? `\`${cell}\`` : cell))))].join('\n');
	});
}
