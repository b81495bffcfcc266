/** What a page in a browser needs of a family: loaded for the page's own family alone. What runs elsewhere asks `families.ts`. */
import type { Locale } from '../i18n/locale.ts';
import type { Table } from '../i18n/words.ts';
import { noRules, type Rules } from '../runbook/values/resolve.ts';
import { allLoaders as loaders } from './all-loaders.ts';
import type { DeclaredDetection } from './declared.ts';
import type { Detection } from './family.ts';

/** Loads the rules that the values of a family follow. */
export async function loadRules(family: string): Promise<Rules> {
	return (await loaders[family]?.rules()) ?? noRules;
}

/** Loads the words of a family's own problems; of every family where none is named. */
export async function loadFamilyWords(locale: Locale, family?: string): Promise<Table> {
	const wanted = Object.entries(loaders).filter(([name]) => family === undefined || name === family);
	return Object.assign({}, ...(await Promise.all(wanted.map(([, loader]) => loader.words(locale))))) as Table;
}

/** Loads what reads a machine for families: code of theirs, and what they declare. Where none knows how, nothing is ever found. */
export async function loadDetection(families: readonly string[], declared: readonly DeclaredDetection[]): Promise<Detection> {
	const [{ combineDetections, declaredDetection }, ...coded] = await Promise.all([import('./declared.ts'), ...families.map((family) => loaders[family]?.detection?.())]);
	return combineDetections([...coded.filter((one) => one !== undefined), ...declared.map(declaredDetection)]) ?? noDetection;
}

/** Loads the sentences of what detection says beside the values. */
export async function loadFindings(locale: Locale): Promise<Table> {
	return (await Object.values(loaders).find(({ findings }) => findings)?.findings?.(locale)) ?? {};
}

const noDetection: Detection = {
	detect: () => ({ found: [], problems: [] }),
	compareWithForm: () => [],
	secretsOf: () => ({ parameters: [], variables: [] }),
	maskFound: (found) => found,
};
