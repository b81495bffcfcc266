/** The words of this page's locale, loaded once. Only pages that speak load them. */
import { translator, type Table, type Translate, type WordKey } from '../../i18n/words.ts';
import { locale } from './locale.ts';

const { table } = locale === 'zh' ? await import('../../i18n/zh.ts') : await import('../../i18n/en.ts');

const words: Record<string, string> = { ...table };

export const t = translator(words);

/** Adds words that only some pages need. */
export function addWords(more: Table): void {
	Object.assign(words, more);
}

/** The same, with words that only some pages need. */
export function wordsWith<K extends string>(more: Table): Translate<WordKey | K> {
	addWords(more);
	return translator(words);
}
