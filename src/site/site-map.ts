/** Which pages there are, and what they are called: for navigation, search and links. */
import { getCollection, type CollectionEntry } from 'astro:content';
import { wordsIn } from '../content/content.ts';
import type { Locale } from '../i18n/locale.ts';
import { families, locales } from './content.ts';

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
const familiesOf = new Map(locales.map((locale) => [locale, makeFamilyPages(locale)]));

/** Families and their runbooks, in order. */
export function familyPages(locale: Locale): readonly SiteFamily[] {
	return familiesOf.get(locale) ?? [];
}

function makeFamilyPages(locale: Locale): readonly SiteFamily[] {
	return families.map((family) => {
		const words = wordsIn(family, locale);
		const { title, description } = words.family;
		const runbooks = family.runbooks.flatMap((runbook) => {
			const own = words.runbooks[runbook.id];
			return own ? [{ path: `/${locale}/${runbook.id}/`, short: own.short, title: own.title, description: own.description }] : [];
		});
		return { id: family.id, path: `/${locale}/${family.id}/`, short: title, title, description, runbooks };
	});
}

/** Every page of the guide in a language, in order: its own or, where it has none, that of the first language that has. */
export async function guideEntries(locale: Locale): Promise<readonly CollectionEntry<'guide'>[]> {
	const entries = await getCollection('guide');
	const places = [locale, ...locales];
	const placeOf = ({ id }: { id: string }) => places.indexOf(id.split('/')[0] ?? '');
	const byPage = Map.groupBy(entries, ({ id }) => id.split('/').at(-1) ?? '');
	const chosen = [...byPage.values()].flatMap((same) => same.toSorted((one, other) => placeOf(one) - placeOf(other)).slice(0, 1));
	return chosen.toSorted((one, other) => one.data.order - other.data.order);
}

/** Pages of the guide, in order. */
export async function guidePages(locale: Locale): Promise<readonly SitePage[]> {
	const entries = await guideEntries(locale);
	return entries.map(({ id, data }) => ({ path: `/${locale}/guide/${id.split('/').at(-1)}/`, short: data.short, title: data.title, description: data.description }));
}

/** The same page in another locale. */
export function inLocale(path: string, locale: Locale): string {
	return path.replace(/^\/[^/]+(?=\/|$)/, `/${locale}`);
}
