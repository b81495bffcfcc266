/** Words of the report, with those of the page that it shares: it is made where there is no browser, so both languages are at hand. */
import en from '../../en/report.json' with { type: 'json' };
import zh from '../../zh/report.json' with { type: 'json' };
import { table as enPage } from './en.ts';
import type { Locale } from './locale.ts';
import type { reportNotes } from './notes/report.ts';
import type { Table, WordKey } from './words.ts';
import { table as zhPage } from './zh.ts';

export type ReportKey = keyof typeof reportNotes | WordKey;

export const reportTables: Readonly<Record<Locale, Table>> = { zh: { ...zhPage, ...zh }, en: { ...enPage, ...en } };
