/** A link within the site leads to a page, a section or a step that is there, in its own language. */
import type { FamilyDraft } from '../runbook/definition/load.ts';
import type { LintError } from '../runbook/definition/yaml-file.ts';
import { suggest } from '../runbook/text/suggest.ts';
import type { ProsePage } from './prose-page.ts';

/** Whether a file of the site's own is there, by its address. */
export type HasFile = (path: string) => boolean;

/** What is wrong with the links of pages that belong together. */
export function checkLinks(pages: readonly ProsePage[], families: readonly FamilyDraft[], hasFile: HasFile): LintError[] {
	const anchors = anchorsByAddress(pages, families);
	return pages.flatMap((page) =>
		page.links.flatMap(({ url, line, column }): LintError[] => {
			const wrong = findWrong(url, page, anchors, hasFile);
			return wrong ? [{ file: page.file.path, line, column, rule: 'prose.link', ...wrong }] : [];
		}),
	);
}

type Wrong = Pick<LintError, 'message' | 'advice'>;
type Anchors = ReadonlyMap<string, readonly string[]>;

function findWrong(url: string, page: ProsePage, anchors: Anchors, hasFile: HasFile): Wrong | undefined {
	if (/^[a-z][a-z0-9+.-]*:|^\/\//i.test(url)) return undefined;
	const own = addressOf(page);
	// The words of a shared step stand on the page of every runbook that uses it.
	if (own === undefined && !url.startsWith('/')) return undefined;
	const { pathname, hash } = new URL(url, `http://site${own ?? '/'}`);
	const [path, anchor] = [decodeURI(pathname), decodeURIComponent(hash.slice(1))];
	const locale = page.file.path.split('/')[0] ?? '';
	if (/\.(?!md$)[a-z0-9]{2,5}$/.test(path)) return findWrongFile(path, locale, hasFile);
	const address = path.endsWith('.md') ? `${path.slice(0, -'.md'.length)}/` : path;
	const known = anchors.get(address);
	if (!address.startsWith(`/${locale}/`)) return { message: `the link to "${path}" leads into another language`, advice: `Lead to /${locale}/….` };
	if (!known && anchors.has(`${address}/`)) return { message: `the link to "${path}" has no slash at its end`, advice: `Write ${address}/.` };
	if (!known) return { message: `there is no such page: "${path}"`, advice: nearest(address, [...anchors.keys()].filter((one) => one.startsWith(`/${locale}/`)), 'Lead to a page that is there.') };
	// What stands on the home page no file of prose says.
	if (anchor === '' || known.includes(anchor) || address === `/${locale}/`) return undefined;
	return { message: `there is no such section or step: "#${anchor}" of ${address}`, advice: nearest(anchor, known, 'Lead to a heading [#…] or to the id of a step.', '#') };
}

function findWrongFile(path: string, locale: string, hasFile: HasFile): Wrong | undefined {
	if (!hasFile(path)) return { message: `there is no such file: "${path}"`, advice: 'Put it into "public", or remove the link.' };
	const language = /-(zh|en)\.[a-z]+$/.exec(path)?.[1];
	return language === undefined || language === locale ? undefined : { message: `the picture "${path}" is in another language`, advice: `Take the one that ends in -${locale}.` };
}

function nearest(word: string, known: readonly string[], otherwise: string, sign = ''): string {
	const near = suggest(word, known);
	return near === '' ? otherwise : `Did you mean "${sign}${near}"?`;
}

/** Every page of the site, with where a link may lead on it. */
function anchorsByAddress(pages: readonly ProsePage[], families: readonly FamilyDraft[]): Anchors {
	const anchors = new Map<string, readonly string[]>();
	for (const page of pages) {
		const [locale = ''] = page.file.path.split('/');
		anchors.set(`/${locale}/`, []);
		const address = addressOf(page);
		if (address !== undefined) anchors.set(address, [...page.anchors, ...page.steps.map(({ id }) => id), ...stepsOf(address, families)]);
	}
	return anchors;
}

function stepsOf(address: string, families: readonly FamilyDraft[]): readonly string[] {
	const id = address.split('/').slice(2, 4).join('/');
	return families.flatMap(({ runbooks }) => runbooks.filter((runbook) => runbook.id === id).flatMap(({ steps }) => steps.map((step) => step.id)));
}

/** The address of a page; undefined for the words of a shared step. */
function addressOf({ file, kind }: ProsePage): string | undefined {
	const [locale = '', , ...rest] = file.path.replace(/\.mdx$/, '').split('/');
	if (kind === 'guide') return `/${locale}/guide/${rest.join('/')}/`;
	if (kind === 'family') return `/${locale}/${rest.slice(0, -1).join('/')}/`;
	return kind === 'runbook' ? `/${locale}/${rest.join('/')}/` : undefined;
}
