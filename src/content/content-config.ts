/**
 * `drover.yaml`, at the root of a content folder: what the folder is called, which languages it has and where its parts are. Drover's own content has one too, and nothing
 * else is known of it either.
 */
import { z } from 'zod';
import { YamlFile, type LintError, type SourceFile } from '../runbook/definition/yaml-file.ts';

export const configFile = 'drover.yaml';

/** A folder of pages: `en`, `pt-br`. */
export const localeId = z.string().regex(/^[a-z]{2,3}(?:-[a-z0-9]{2,8})*$/, { error: 'write a locale in lower case, as en or pt-br' });
/** Inside the folder: no way leads out of it. */
const place = z.string().regex(/^(?!\/)(?!(?:.*\/)?\.\.(?:\/|$))[\w.-]+(?:\/[\w.-]+)*$/, { error: 'write a path inside the folder, as src/runbooks' });
const sentence = z.string().min(1);
/** One sentence for every language, or one for each. */
const Sentences = z.union([sentence, z.record(localeId, sentence)]);

export const ContentConfig = z.strictObject({
	/** What the runbooks are for, on the home page. */
	title: Sentences,
	/** One or two sentences below it. */
	lead: Sentences,
	/** The languages, the first one stands in for what another lacks. */
	locales: z.array(localeId).min(1),
	/** The order of the families; by name unless said. */
	families: z.array(z.string()).optional(),
	/** `first`: the page of the guide that the home page leads to. */
	guide: z.strictObject({ first: z.string().optional() }).default({}),
	/** Where the definitions are, and the record of pages that were compared in two languages. */
	places: z.strictObject({ runbooks: place.default('runbooks'), translations: place.default('translations.json') }).prefault({}),
});
export type ContentConfig = z.output<typeof ContentConfig>;

/** What is taken for files that come without a `drover.yaml`. */
export const ownLayout: ContentConfig = { title: 'Drover', lead: 'Runbooks.', locales: ['zh', 'en'], guide: {}, places: { runbooks: 'src/content/runbooks', translations: 'src/content/translations.json' } };

/** Reads a `drover.yaml`; undefined with everything that is wrong with it. */
export function parseConfig(file: SourceFile): { readonly config?: ContentConfig; readonly lintErrors: readonly LintError[] } {
	const yaml = new YamlFile(file);
	const config = yaml.parse(ContentConfig);
	if (!config) return { lintErrors: yaml.lintErrors };
	config.locales.forEach((locale, index) => {
		if (config.locales.indexOf(locale) !== index) yaml.lintError(['locales', index], 'locale.duplicate', `locale "${locale}" is listed twice`, 'Remove one.');
	});
	for (const key of ['title', 'lead'] as const) {
		const words = config[key];
		if (typeof words === 'string') continue;
		for (const locale of config.locales) if (words[locale] === undefined) yaml.lintError([key], 'locale.words', `"${key}" has no words in "${locale}"`, 'Write them, or write one sentence for every language.');
		for (const locale of Object.keys(words)) if (!config.locales.includes(locale)) yaml.lintError([key, locale], 'locale.words', `"${locale}" is not a locale of this folder`, 'Add it to "locales", or remove the words.');
	}
	return yaml.lintErrors.length > 0 ? { lintErrors: yaml.lintErrors } : { config, lintErrors: [] };
}

/** The title or the lead in a language. */
export function sentenceIn(words: ContentConfig['title'], locale: string): string {
	return typeof words === 'string' ? words : (words[locale] ?? Object.values(words)[0] ?? '');
}
