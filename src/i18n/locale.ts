/** Languages whose words of the interface Drover brings. */
export const locales = ['zh', 'en'] as const;
export type OwnLocale = (typeof locales)[number];

/** A folder of words: `zh`, `en`, or another that a content folder has. */
export type Locale = string;

/** The language tag of a locale, for `lang` attributes and dates. */
export function languageTag(locale: Locale): string {
	return locale === 'zh' ? 'zh-CN' : locale;
}

/** The locale that a list of language tags asks for first (`navigator.languages`, `LANG`); English, or else the first, when none is among these. */
export function pickLocale<L extends Locale>(tags: readonly string[], among: readonly L[]): L {
	const plain = (tag: string) => tag.toLowerCase().replaceAll('_', '-').replace(/[.@].*$/, '');
	for (const tag of tags.map(plain)) {
		const found = among.find((one) => one === tag) ?? among.find((one) => one.split('-')[0] === tag.split('-')[0]);
		if (found !== undefined) return found;
	}
	const [first] = among;
	if (first === undefined) throw new RangeError('There is no locale to pick from.');
	return among.find((one) => one === 'en') ?? first;
}
