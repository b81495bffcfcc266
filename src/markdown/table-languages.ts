/** Cells in another language than the page's: columns titled by the name of a language say so, for whoever hears the page and for the fonts. */
import { languageTag, locales } from '../i18n/locale.ts';
import { strings } from '../i18n/strings.ts';

/** The few fields of a Markdown tree that are touched. */
interface Node {
	type: string;
	value?: string;
	children?: Node[];
	data?: { hProperties?: Record<string, unknown> };
}

/** Tags of languages, by what each calls itself. */
const languages: Readonly<Record<string, string>> = Object.fromEntries(locales.map((locale) => [strings(locale)('locale.name'), languageTag(locale)]));

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
