/** What a look at a machine may have to name. It stands in many pages, so it must not grow with what else there is to read. */
import { canDetect, declaredOf, sentencesOf, wordsIn, type FamilyContent } from '../content/content.ts';
import type { DeclaredDetection } from '../families/declared.ts';
import { hasDetection, pathsOf } from '../families/families.ts';
import type { Locale } from '../i18n/locale.ts';

export interface DetectWords {
	/** Titles of the runbooks that a look may lead to, by id. */
	readonly runbooks: Readonly<Record<string, string>>;
	/** Labels of the parameters that it may find. */
	readonly labels: Readonly<Record<string, string>>;
	/** Families that detect by code, and those that declare it, with their sentences. */
	readonly families: readonly string[];
	readonly declared: readonly DeclaredDetection[];
	readonly sentences: Readonly<Record<string, string>>;
}

export function detectWords(families: readonly FamilyContent[], locale: Locale): DetectWords {
	const detecting = families.filter(canDetect);
	const ways = detecting.map((family) => ({ paths: [...pathsOf(family.id), ...Object.values(family.inspections).map(({ runbook }) => `${family.id}/${runbook}`)], words: wordsIn(family, locale) }));
	return {
		families: detecting.map(({ id }) => id).filter(hasDetection),
		declared: detecting.flatMap(declaredOf),
		sentences: Object.assign({}, ...detecting.map((family) => sentencesOf(family, locale))) as Readonly<Record<string, string>>,
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
