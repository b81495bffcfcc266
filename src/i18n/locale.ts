export const locales = ['zh', 'en'] as const;
export type Locale = (typeof locales)[number];

/** The language tag of a locale, for `lang` attributes and dates. */
export const languageTags: Readonly<Record<Locale, string>> = { zh: 'zh-CN', en: 'en' };

/** The locale that a list of language tags asks for first (`navigator.languages`, `LANG`); English when none is ours. */
export function pickLocale(tags: readonly string[]): Locale {
	for (const tag of tags) {
		if (/^zh\b/i.test(tag.replace('_', '-'))) return 'zh';
		if (/^en\b/i.test(tag.replace('_', '-'))) return 'en';
	}
	return 'en';
}
