/** What a look at a machine may have to name. It stands in many pages, so it must not grow with what else there is to read. */
import { wordsIn, type FamilyContent } from '../content/content.ts';
import { pathsOf } from '../families/families.ts';
import type { Locale } from '../i18n/locale.ts';

export interface LookWords {
	/** Titles of the runbooks that a look may lead to, by id. */
	readonly runbooks: Readonly<Record<string, string>>;
	/** Labels of the parameters that it may find. */
	readonly labels: Readonly<Record<string, string>>;
}

export function lookWords(families: readonly FamilyContent[], locale: Locale): LookWords {
	const ways = families.map((family) => ({ paths: pathsOf(family.id), words: wordsIn(family, locale) })).filter(({ paths }) => paths.length > 0);
	return {
		runbooks: Object.fromEntries(
			ways.flatMap(({ paths, words }) =>
				paths.flatMap((id) => {
					const title = words.runbooks[id]?.title;
					return title === undefined ? [] : [[id, title]];
				}),
			),
		),
		labels: Object.fromEntries(ways.flatMap(({ words }) => Object.entries(words.family.parameters).map(([name, { label }]) => [name, label]))),
	};
}
