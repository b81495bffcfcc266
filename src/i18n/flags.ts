import en from '../../en/flags.json' with { type: 'json' };
import zh from '../../zh/flags.json' with { type: 'json' };
import type { Locale } from './locale.ts';
import type { Table } from './words.ts';

/** The dictionary of programs and flags. */
export const flagTables: Readonly<Record<Locale, Table>> = { zh, en };
