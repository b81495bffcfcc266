/**
 * Pages that work below any address: every link from the root of the site becomes one from the page itself. Nothing else in a page is touched.
 */

const attribute = /(<[a-z][^>]*?\s(?:href|src)=")\/(?!\/)([^"]*)"/g;

/** Returns the page with relative links. `path` is the file's path in the site, as `zh/guide/tags/index.html`. */
export function makeLinksRelative(html: string, path: string): string {
	const up = '../'.repeat(path.split('/').length - 1);
	const once = (text: string) => text.replace(attribute, (_, before: string, target: string) => `${before}${up}${target || './'}"`);
	// A tag with two such attributes needs a second round.
	return once(once(html));
}

/** Returns a style sheet with relative addresses. `path` is its path in the site. */
export function makeUrlsRelative(css: string, path: string): string {
	const up = '../'.repeat(path.split('/').length - 1);
	return css.replace(/url\((["']?)\/(?!\/)/g, (_, quote: string) => `url(${quote}${up}`);
}
