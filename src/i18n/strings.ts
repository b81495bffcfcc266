/** Words of both locales, for whoever runs outside a browser: the build, the server, the command line. A page loads only its own. */
import enPage from '../../en/page.json' with { type: 'json' };
import enPhase from '../../en/phase.json' with { type: 'json' };
import enRancher from '../../en/rancher.json' with { type: 'json' };
import zhPage from '../../zh/page.json' with { type: 'json' };
import zhPhase from '../../zh/phase.json' with { type: 'json' };
import zhRancher from '../../zh/rancher.json' with { type: 'json' };
import { table as en } from './en.ts';
import type { Locale } from './locale.ts';
import { translator, type Table, type TranslateAll } from './words.ts';
import { table as zh } from './zh.ts';

const tables: Readonly<Record<Locale, Table>> = { zh: { ...zhPage, ...zhPhase, ...zhRancher, ...zh }, en: { ...enPage, ...enPhase, ...enRancher, ...en } };

/** Returns the words of a locale. */
export function strings(locale: Locale): TranslateAll {
	return translator(tables[locale]);
}
