/** Words of both locales, for whoever runs outside a browser: the build, the server, the command line. A page loads only its own. */
import { table as en } from './en.ts';
import type { Locale } from './locale.ts';
import { translator, type Table, type Translate } from './words.ts';
import { table as zh } from './zh.ts';

const tables: Readonly<Record<Locale, Table>> = { zh, en };

/** Returns the words of a locale. */
export function strings(locale: Locale): Translate {
	return translator(tables[locale]);
}
