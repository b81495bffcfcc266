/** Which pages there are, and what they are called: for navigation, search and links. */
import { getCollection } from 'astro:content';
import { locales, type Locale } from '../i18n/locale.ts';
import { families } from './content.ts';

export interface SitePage {
	readonly path: string;
	readonly short: string;
	readonly title: string;
	readonly description: string;
}

export interface SiteFamily extends SitePage {
	readonly id: string;
	readonly runbooks: readonly SitePage[];
}

/** Every page asks for them: they are put together once. */
const familiesOf = Object.fromEntries(locales.map((locale) => [locale, makeFamilyPages(locale)])) as Record<Locale, readonly SiteFamily[]>;

/** Families and their runbooks, in order. */
export function familyPages(locale: Locale): readonly SiteFamily[] {
	return familiesOf[locale];
}

function makeFamilyPages(locale: Locale): readonly SiteFamily[] {
	return families.map((family) => {
		const words = family.words[locale];
		const { title, description } = words.family;
		const runbooks = family.runbooks.flatMap((runbook) => {
			const own = words.runbooks[runbook.id];
			return own ? [{ path: `/${locale}/${runbook.id}/`, short: own.short, title: own.title, description: own.description }] : [];
		});
		return { id: family.id, path: `/${locale}/${family.id}/`, short: title, title, description, runbooks };
	});
}

/** Pages of the guide, in order. */
export async function guidePages(locale: Locale): Promise<readonly SitePage[]> {
	const entries = await getCollection('guide', ({ id }) => id.startsWith(`${locale}/`));
	const inOrder = entries.sort((one, other) => one.data.order - other.data.order);
	return inOrder.map(({ id, data }) => ({ path: `/${locale}/guide/${id.split('/').at(-1)}/`, short: data.short, title: data.title, description: data.description }));
}

/** The same page in another locale. */
export function inLocale(path: string, locale: Locale): string {
	return path.replace(/^\/(?:zh|en)(?=\/|$)/, `/${locale}`);
}
