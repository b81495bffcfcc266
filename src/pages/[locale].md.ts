import type { APIRoute } from 'astro';
import type { Locale } from '../i18n/locale.ts';
import { strings } from '../i18n/strings.ts';
import { pageMarkdown } from '../site/markdown.ts';
import { sentenceIn } from '../content/content-config.ts';
import { config, locales } from '../site/content.ts';
import { familyPages, guidePages } from '../site/site-map.ts';

export function getStaticPaths() {
	return locales.map((locale) => ({ params: { locale }, props: { locale } }));
}

export const GET: APIRoute<{ locale: Locale }> = async ({ props: { locale } }) => {
	const t = strings(locale);
	const line = (page: { title: string; path: string; description: string }) => `- [${page.title}](${page.path}): ${page.description}`;
	const families = familyPages(locale).map((family) => `## ${family.title}\n\n${family.description}\n\n${family.runbooks.map(line).join('\n')}`);
	const guide = await guidePages(locale);
	const body = [...families, ...(guide.length > 0 ? [`## ${t('nav.guide')}\n\n${guide.map(line).join('\n')}`] : [])].join('\n\n');
	return new Response(pageMarkdown(sentenceIn(config.title, locale), sentenceIn(config.lead, locale), body));
};
