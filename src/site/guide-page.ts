import { furtherReadingOf } from '../families/families.ts';

/** The address of the page of the guide that says more about a hint, from the root of the site. */
export function guidePageOf(family: string, step: string, hint: string, locale: string): string | undefined {
	const [page, anchor] = furtherReadingOf(family, step, hint)?.split('#') ?? [];
	return page === undefined ? undefined : `/${locale}/guide/${page}/${anchor === undefined ? '' : `#${anchor}`}`;
}
