import type { APIRoute } from 'astro';
import { getCollection } from 'astro:content';
import { guideMarkdown } from '../../../site/markdown.ts';

export async function getStaticPaths() {
	const entries = await getCollection('guide');
	return entries.map(({ id, data }) => {
		const [locale, , page] = id.split('/');
		return { params: { locale, page }, props: { id, title: data.title, description: data.description } };
	});
}

export const GET: APIRoute<{ id: string; title: string; description: string }> = ({ props: { id, title, description } }) => new Response(guideMarkdown(id, title, description));
