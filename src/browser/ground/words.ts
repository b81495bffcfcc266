/** The words of this page's locale, loaded once. Only pages that speak load them. */
import { translator, type Table, type Translate, type WordKey } from '../../i18n/words.ts';
import { locale, siteRoot } from './locale.ts';

/** Of a language that Drover does not bring, and of words that the content folder has of its own: one file of the site. */
const own: Table = 'ownWords' in document.documentElement.dataset ? ((await (await fetch(new URL(`${locale}/words.json`, siteRoot))).json()) as Table) : {};

const { table } = locale === 'zh' ? await import('../../i18n/zh.ts') : await import('../../i18n/en.ts');

const words: Record<string, string> = { ...table, ...own };

export const t = translator(words);

/** Adds words that only some pages need. */
export function addWords(more: Table): void {
	Object.assign(words, more, own);
}

/** Words with those that the content folder has of its own in their place. */
export function withOwnWords(table: Table): Table {
	return { ...table, ...own };
}

/** The same, with words that only some pages need. */
export function wordsWith<K extends string>(more: Table): Translate<WordKey | K> {
	addWords(more);
	return translator(words);
}
