/** Cells in another language than the page's: columns titled 中文 or English say so, for whoever hears the page and for the fonts. */

/** The few fields of a Markdown tree that are touched. */
interface Node {
	type: string;
	value?: string;
	children?: Node[];
	data?: { hProperties?: Record<string, unknown> };
}

const languages: Readonly<Record<string, string>> = { 中文: 'zh-CN', English: 'en' };

/** A plugin for remark. */
export function tableLanguages() {
	return (tree: Node): void => {
		for (const table of tree.children?.filter(({ type }) => type === 'table') ?? []) {
			const [head, ...rows] = table.children ?? [];
			for (const [column, title] of (head?.children ?? []).entries()) {
				const lang = languages[title.children?.[0]?.value ?? ''];
				if (lang === undefined) continue;
				for (const cell of [title, ...rows.flatMap((row) => row.children?.[column] ?? [])]) cell.data = { ...cell.data, hProperties: { ...cell.data?.hProperties, lang } };
			}
		}
	};
}
