/** Words of the interface that the content folder brings for a language: what a page's scripts say. */
import type { APIRoute } from 'astro';
import { learnedWords } from '../../i18n/catalogue.ts';
import type { Locale } from '../../i18n/locale.ts';
import { locales } from '../../site/content.ts';

export function getStaticPaths() {
	return locales.filter((locale) => Object.keys(learnedWords(locale)).length > 0).map((locale) => ({ params: { locale }, props: { locale } }));
}

export const GET: APIRoute<{ locale: Locale }> = ({ props: { locale } }) => new Response(JSON.stringify(learnedWords(locale)));
