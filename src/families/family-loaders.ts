/** What a page in a browser needs of a family: loaded for the page's own family alone. What runs elsewhere asks `families.ts`. */
import type { Locale } from '../i18n/locale.ts';
import type { Table } from '../i18n/words.ts';
import { noRules, type Rules } from '../runbook/values/resolve.ts';

interface Loader {
	readonly rules: () => Promise<Rules>;
	/** The sentences of the problems that those rules find. */
	readonly words: (locale: Locale) => Promise<Table>;
}

const loaders: Readonly<Record<string, Loader>> = {
	'rancher-1.6': {
		rules: async () => (await import('./rancher/rules.ts')).rancherRules,
		words: async (locale) => (locale === 'zh' ? await import('../../zh/rancher.json') : await import('../../en/rancher.json')).default,
	},
};

/** Loads the rules that the values of a family follow. */
export async function loadRules(family: string): Promise<Rules> {
	return (await loaders[family]?.rules()) ?? noRules;
}

/** Loads the words of a family's own problems; of every family where none is named. */
export async function loadFamilyWords(locale: Locale, family?: string): Promise<Table> {
	const wanted = Object.entries(loaders).filter(([name]) => family === undefined || name === family);
	return Object.assign({}, ...(await Promise.all(wanted.map(([, loader]) => loader.words(locale))))) as Table;
}
