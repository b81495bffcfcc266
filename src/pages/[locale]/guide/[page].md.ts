import type { APIRoute } from 'astro';
import { locales } from '../../../site/content.ts';
import { guideEntries } from '../../../site/site-map.ts';
import { guideMarkdown } from '../../../site/markdown.ts';

export async function getStaticPaths() {
	const pages = await Promise.all(locales.map(async (locale) => ({ locale, entries: await guideEntries(locale) })));
	return pages.flatMap(({ locale, entries }) => entries.map(({ id, data }) => ({ params: { locale, page: id.split('/').at(-1) }, props: { id, title: data.title, description: data.description } })));
}

export const GET: APIRoute<{ id: string; title: string; description: string }> = ({ props: { id, title, description } }) => new Response(guideMarkdown(id, title, description));
