import type { SitePage } from './site-map.ts';

/** A list that nobody reads to its end helps nobody, and would make a site grow with the square of its runbooks. */
const longest = 40;

/** Returns a list of pages, or of a long one the stretch around a page. */
export function pagesAround(pages: readonly SitePage[], current: string): readonly SitePage[] {
	if (pages.length <= longest) return pages;
	const at = pages.findIndex(({ path }) => path === current);
	const first = Math.min(Math.max(at - longest / 2, 0), pages.length - longest);
	return pages.slice(first, first + longest);
}
