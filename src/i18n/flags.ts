import en from '../../en/flags.json' with { type: 'json' };
import zh from '../../zh/flags.json' with { type: 'json' };
import { learnedWords } from './catalogue.ts';
import type { Locale } from './locale.ts';
import type { Table } from './words.ts';

/** The dictionary of programs and flags. */
export function flagTable(locale: Locale): Table {
	return { ...(locale === 'zh' ? zh : en), ...learnedWords(locale) };
}
