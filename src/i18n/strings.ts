/** Words of every locale, for whoever runs outside a browser: the build, the server, the command line. A page loads only its own. */
import enPage from '../../en/page.json' with { type: 'json' };
import enPhase from '../../en/phase.json' with { type: 'json' };
import zhPage from '../../zh/page.json' with { type: 'json' };
import zhPhase from '../../zh/phase.json' with { type: 'json' };
import type { FamilyKey } from '../families/all-families.ts';
import { familyWords } from '../families/families.ts';
import { table as en } from './en.ts';
import { contentSentences, learnedWords } from './catalogue.ts';
import type { Locale } from './locale.ts';
import { translator, type PageKey, type PhaseKey, type Table, type Translate, type WordKey } from './words.ts';
import { table as zh } from './zh.ts';

const english: Table = { ...enPage, ...enPhase, ...familyWords('en'), ...en };
const tables: Readonly<Record<Locale, Table>> = { zh: { ...zhPage, ...zhPhase, ...familyWords('zh'), ...zh }, en: english };

/** Returns the words of a locale. */
export function strings(locale: Locale): Translate<WordKey | PageKey | PhaseKey | FamilyKey> {
	return translator({ ...(tables[locale] ?? english), ...learnedWords(locale), ...contentSentences(locale) });
}
