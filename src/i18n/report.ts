/** Words of the report, with those of the page that it shares: it is made where there is no browser, so every language is at hand. */
import enPage from '../../en/page.json' with { type: 'json' };
import en from '../../en/report.json' with { type: 'json' };
import zhPage from '../../zh/page.json' with { type: 'json' };
import zh from '../../zh/report.json' with { type: 'json' };
import { table as enSaid } from './en.ts';
import { contentSentences, learnedWords } from './catalogue.ts';
import type { Locale } from './locale.ts';
import type { reportNotes } from './notes/report.ts';
import type { PageKey, Table, WordKey } from './words.ts';
import { table as zhSaid } from './zh.ts';

export type ReportKey = keyof typeof reportNotes | WordKey | PageKey;

const english: Table = { ...enPage, ...enSaid, ...en };
const tables: Readonly<Record<Locale, Table>> = { zh: { ...zhPage, ...zhSaid, ...zh }, en: english };

export function reportTable(locale: Locale): Table {
	return { ...(tables[locale] ?? english), ...learnedWords(locale), ...contentSentences(locale) };
}
