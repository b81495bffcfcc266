import type { APIRoute } from 'astro';
import type { Locale } from '../../i18n/locale.ts';
import { families, locales } from '../../site/content.ts';
import { pageMarkdown, readBody } from '../../site/markdown.ts';
import { familyPages } from '../../site/site-map.ts';

export function getStaticPaths() {
	return families.flatMap((family) => locales.map((locale) => ({ params: { locale, family: family.id }, props: { locale, id: family.id } })));
}

export const GET: APIRoute<{ locale: Locale; id: string }> = ({ props: { locale, id } }) => {
	const family = familyPages(locale).find((one) => one.id === id);
	const list = (family?.runbooks ?? []).map((page) => `- [${page.title}](${page.path}): ${page.description}`).join('\n');
	return new Response(pageMarkdown(family?.title ?? id, family?.description ?? '', `${readBody(`${families.find((one) => one.id === id)?.words[locale]?.writtenIn['family'] ?? locale}/runbooks/${id}/family`)}\n\n${list}`));
};
