/** The search: pages and, below them, steps and sections; what holds the words side by side comes first. The index is made of the built pages and is loaded when it is first asked. */
import { make } from './dom.ts';
import { siteRoot } from './locale.ts';
import { t } from './words.ts';

interface SubResult {
	readonly title: string;
	readonly url: string;
	readonly excerpt: string;
	readonly weighted_locations: readonly { readonly balanced_score: number }[];
}

interface Result {
	readonly url: string;
	readonly meta: { readonly title?: string; readonly short?: string };
	readonly excerpt: string;
	readonly sub_results: readonly SubResult[];
}

interface Found {
	readonly results: readonly { readonly id: string; data(): Promise<Result> }[];
}

interface Index {
	options(options: { baseUrl: string; excerptLength: number }): Promise<void>;
	search(query: string): Promise<Found>;
	debouncedSearch(query: string, options: object, waitMs: number): Promise<Found | null>;
}

let index: Promise<Index> | undefined;
const maxPages = 8;
const maxSteps = 4;
/** Pages that are weighed against each other by their names. */
const maxCandidates = 24;

async function loadIndex(): Promise<Index> {
	const found = (await import(/* @vite-ignore */ new URL('pagefind/pagefind.js', siteRoot).href)) as Index;
	await found.options({ baseUrl: siteRoot.pathname, excerptLength: 24 });
	return found;
}

export function openSearch(): void {
	const input = make('input', { type: 'search', 'aria-label': t('search.label'), placeholder: t('search.label'), autocomplete: 'off', spellcheck: 'false' });
	const count = make('p', { role: 'status' }, t('search.hint'));
	const list = make('ul', { class: 'search-results' });
	const dialog = make('dialog', { class: 'search-dialog', 'aria-label': t('search.open') }, input, count, list);
	input.addEventListener('input', () => void search(input.value.trim(), count, list));
	dialog.addEventListener('keydown', (event) => moveAlong(event, input, list));
	dialog.addEventListener('click', (event) => {
		if (event.target === dialog || (event.target instanceof Element && event.target.closest('a'))) dialog.close();
	});
	dialog.addEventListener('close', () => dialog.remove());
	document.body.append(dialog);
	dialog.showModal();
	input.focus();
}

async function search(query: string, count: HTMLElement, list: HTMLElement): Promise<void> {
	if (query === '') {
		count.textContent = t('search.hint');
		list.replaceChildren();
		return;
	}
	try {
		index ??= loadIndex();
		const loaded = await index;
		const found = await loaded.debouncedSearch(query, {}, 80);
		if (!found) return;
		const exact = await loaded.search(`"${query.replaceAll('"', ' ')}"`);
		const sideBySide = new Set(exact.results.map((result) => result.id));
		const { results } = found;
		const candidates = results.toSorted((one, other) => Number(sideBySide.has(other.id)) - Number(sideBySide.has(one.id))).slice(0, maxCandidates);
		const pages = await Promise.all(candidates.map((result) => result.data()));
		const shown = pages.toSorted((one, other) => nearness(namesOf(other), query) - nearness(namesOf(one), query)).slice(0, maxPages);
		count.textContent = results.length === 0 ? t('search.none', { query }) : t('search.count', { count: results.length });
		list.replaceChildren(...shown.flatMap((page) => showPage(page, query)));
	} catch (error) {
		index = undefined;
		count.textContent = t('search.failed');
		console.warn(error);
	}
}

function namesOf({ meta }: Result): readonly string[] {
	return [meta.short ?? '', meta.title ?? ''];
}

/** How near names come to what is sought: 2 when one is just that, 1 when one holds it. What is called so comes before what speaks of it. */
function nearness(names: readonly string[], query: string): number {
	const sought = query.toLowerCase();
	const own = names.map((name) => name.toLowerCase());
	return own.includes(sought) ? 2 : own.some((name) => name.includes(sought)) ? 1 : 0;
}

function showPage(page: Result, query: string): HTMLElement[] {
	const title = page.meta.title ?? page.url;
	const steps = bestOf(page.sub_results.filter((one) => one.url !== page.url && one.title !== title), query);
	return [entry(title, page.url, page.excerpt, ''), ...steps.map((one) => entry(one.title, one.url, one.excerpt, 'sub'))];
}

/** The steps that are called what is sought or hold most of it, in the order of the page. */
function bestOf(steps: readonly SubResult[], query: string): readonly SubResult[] {
	const score = ({ title, weighted_locations }: SubResult) => nearness([title], query) * 1e6 + weighted_locations.reduce((sum, { balanced_score }) => sum + balanced_score, 0);
	const best = new Set(steps.toSorted((one, other) => score(other) - score(one)).slice(0, maxSteps));
	return steps.filter((step) => best.has(step));
}

function entry(title: string, url: string, excerpt: string, className: string): HTMLElement {
	return make('li', { class: className }, make('a', { href: url }, make('strong', {}, title), make('span', {}, ...readExcerpt(excerpt))));
}

/** The index marks what was found by `<mark>` in text that is otherwise escaped; it becomes elements, never markup. */
function readExcerpt(excerpt: string): (Node | string)[] {
	return excerpt.split(/(<mark>.*?<\/mark>)/).map((piece) => {
		const marked = /^<mark>(.*)<\/mark>$/.exec(piece)?.[1];
		return marked === undefined ? unescape(piece) : make('mark', {}, unescape(marked));
	});
}

function unescape(text: string): string {
	const names: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', '#39': "'" };
	return text.replace(/&(lt|gt|amp|quot|#39);/g, (whole, name: string) => names[name] ?? whole);
}

function moveAlong(event: KeyboardEvent, input: HTMLInputElement, list: HTMLElement): void {
	// A search field would only empty itself.
	if (event.key === 'Escape') return input.closest('dialog')?.close();
	const links = [...list.querySelectorAll('a')];
	const at = links.findIndex((link) => link === document.activeElement);
	if (event.key === 'ArrowDown') links[Math.min(at + 1, links.length - 1)]?.focus();
	else if (event.key === 'ArrowUp') (at <= 0 ? input : links[at - 1])?.focus();
	else if (event.key === 'Enter' && document.activeElement === input) links[0]?.click();
	else return;
	event.preventDefault();
}

