/** The words of this page's locale, loaded once. Only pages that speak load them. */
import { translator } from '../i18n/words.ts';
import { locale } from './locale.ts';

const { table } = locale === 'zh' ? await import('../i18n/zh.ts') : await import('../i18n/en.ts');

export const t = translator(table);
