/** What is known of each family's subject. Who runs outside a browser asks here; a page asks `family-loaders.ts`. */
import type { OwnLocale } from '../i18n/locale.ts';
import { noRules, type Rules } from '../runbook/values/resolve.ts';
import { allFamilies as families } from './all-families.ts';
import type { Detection, GuideTable, WordsOfCatalogue } from './family.ts';

const all = Object.values(families);

/** Which rules the values of a family follow. */
export function rulesOf(family: string): Rules {
	return families[family]?.rules ?? noRules;
}

/** Ids of the family's runbooks that a look at a machine may lead to. */
export function pathsOf(family: string): readonly string[] {
	return families[family]?.paths ?? [];
}

/** Page and anchor of the guide, `page#anchor`, that says more about a hint of a family's runbooks. */
export function furtherReadingOf(family: string, step: string, hint: string): string | undefined {
	return families[family]?.furtherReading(step, hint);
}

/** Tables that pages of the guide may place, by name. */
export const guideTables: Readonly<Record<string, GuideTable>> = Object.assign({}, ...all.map(({ tables }) => tables));

/** Sentences of the families' own problems. */
export function familyWords(locale: OwnLocale): Readonly<Record<string, string>> {
	return Object.assign({}, ...all.map(({ words }) => words[locale])) as Readonly<Record<string, string>>;
}

/** The families' files of words, by name. */
export const familyCatalogues: Readonly<Record<string, WordsOfCatalogue>> = Object.assign({}, ...all.map(({ catalogues }) => catalogues));

/** Whether a family has code that reads a machine. */
export function hasDetection(family: string): boolean {
	return families[family]?.detection !== undefined;
}

/** What reads a machine, by code of these families. */
export function detectionsOf(ids: readonly string[]): readonly Detection[] {
	return ids.flatMap((id) => families[id]?.detection ?? []);
}
