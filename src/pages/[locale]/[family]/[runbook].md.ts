import type { APIRoute } from 'astro';
import type { Locale } from '../../../i18n/locale.ts';
import { families, locales } from '../../../site/content.ts';
import { runbookMarkdown } from '../../../site/markdown.ts';
import { makeContext } from '../../../site/runbook-context.ts';

export function getStaticPaths() {
	return families.flatMap((family) =>
		family.runbooks.flatMap((runbook) =>
			locales.map((locale) => ({ params: { locale, family: family.id, runbook: runbook.id.slice(family.id.length + 1) }, props: { locale, family, runbook } })),
		),
	);
}

type Props = { locale: Locale; family: (typeof families)[number]; runbook: (typeof families)[number]['runbooks'][number] };

export const GET: APIRoute<Props> = ({ props: { locale, family, runbook } }) => new Response(runbookMarkdown(makeContext(family, runbook, locale)));
