/** The search: pages and, below them, steps and sections; what holds the words side by side comes first. The index is made of the built pages and is loaded when it is first asked. */
import { button, make, setText } from '../ground/dom.ts';
import { siteRoot } from '../ground/locale.ts';
import { t } from '../ground/words.ts';

interface SubResult {
	readonly title: string;
	readonly url: string;
	readonly excerpt: string;
	readonly weighted_locations: readonly { readonly balanced_score: number }[];
}

interface Result {
	readonly url: string;
	readonly meta: { readonly title?: string; readonly short?: string; readonly lead?: string };
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
	destroy(): Promise<void>;
}

/** What is shown for a query: how many places there are, and the pages to list. */
interface Answer {
	readonly count: number;
	readonly pages: readonly Result[];
}

let index: Promise<Index> | undefined;
let timesLoaded = 0;
const retryMs = 500;
/** After this the reader is told that the search is at work. */
const slowMs = 400;
const maxPages = 8;
const maxSteps = 4;
/** Pages that are weighed against each other by their names. */
const maxCandidates = 24;

/** A browser never asks again for a module that it lost, and an index that lost a piece never works again: each load has an address of its own, and so a state of its own. */
async function loadIndex(): Promise<Index> {
	const address = new URL(`pagefind/pagefind.js?load=${timesLoaded++}`, siteRoot);
	const found = (await import(/* @vite-ignore */ address.href)) as Index;
	await found.options({ baseUrl: siteRoot.pathname, excerptLength: 24 });
	return found;
}

/** The next question loads an index anew, unless another question has done so. */
function forget(broken: Promise<Index>): void {
	if (index === broken) index = undefined;
	void broken.then((loaded) => loaded.destroy()).catch(() => undefined);
}

/** Opens the search, once. */
export function openSearch(): void {
	if (document.querySelector('.search-dialog')) return;
	const input = make('input', { type: 'search', 'aria-label': t('search.label'), placeholder: t('search.label'), autocomplete: 'off', spellcheck: 'false' });
	const status = make('p', { role: 'status' }, t('search.hint'));
	const list = make('ul', { class: 'search-results' });
	const dialog = make('dialog', { class: 'search-dialog', 'aria-label': t('search.open') }, input, status, list);
	const search = (event: Event) => {
		// Chinese is composed: what stands in the field meanwhile is not sought yet.
		if (!(event instanceof InputEvent && event.isComposing)) void showAnswer(input, status, list);
	};
	input.addEventListener('input', search);
	input.addEventListener('compositionend', search);
	dialog.addEventListener('keydown', (event) => moveAlong(event, input, list));
	dialog.addEventListener('click', (event) => {
		if (event.target === dialog || (event.target instanceof Element && event.target.closest('a'))) dialog.close();
	});
	dialog.addEventListener('close', () => dialog.remove());
	document.body.append(dialog);
	dialog.showModal();
	input.focus();
}

/** An answer is shown while its question still stands in the field: a later one may be answered first. */
async function showAnswer(input: HTMLInputElement, status: HTMLElement, list: HTMLElement): Promise<void> {
	const query = input.value.trim();
	const stands = () => input.isConnected && input.value.trim() === query;
	if (list.dataset.open !== query) delete list.dataset.open;
	if (query === '') {
		status.textContent = t('search.hint');
		list.replaceChildren();
		return;
	}
	const slow = setTimeout(() => {
		if (stands()) setText(status, t('search.searching'));
	}, slowMs);
	try {
		const answer = await askTwice(query, stands);
		if (!answer || !stands()) return;
		status.textContent = answer.count === 0 ? t('search.none', { query }) : t('search.count', { count: answer.count });
		list.replaceChildren(...answer.pages.flatMap((page) => showPage(page, query)));
		list.dataset.query = query;
		if (list.dataset.open === query) list.querySelector('a')?.click();
	} catch (error) {
		console.warn(error);
		if (!stands()) return;
		const again = button(t('search.again'), 'button small', () => {
			input.focus();
			void showAnswer(input, status, list);
		});
		status.replaceChildren(t('search.failed'), again);
		list.replaceChildren();
	} finally {
		clearTimeout(slow);
	}
}

/** What was lost on the way once is asked for once more, after a moment. So is what was not found: an index that lost a piece of itself keeps silent and finds nothing there. */
async function askTwice(query: string, stands: () => boolean): Promise<Answer | undefined> {
	const answer = await ask(query).catch(() => 'lost' as const);
	if (answer === undefined || (answer !== 'lost' && answer.count > 0)) return answer;
	await new Promise((resolve) => setTimeout(resolve, retryMs));
	if (!stands()) return undefined;
	if (index) forget(index);
	return ask(query);
}

/** @returns undefined when a later question was asked in the meantime @throws when a piece of the index is lost; it is forgotten then */
async function ask(query: string): Promise<Answer | undefined> {
	const asked = (index ??= loadIndex());
	try {
		const loaded = await asked;
		const found = await loaded.debouncedSearch(query, {}, 80);
		if (!found) return undefined;
		const exact = await loaded.search(`"${query.replaceAll('"', ' ')}"`);
		const sideBySide = new Set(exact.results.map((result) => result.id));
		const { results } = found;
		const candidates = results.toSorted((one, other) => Number(sideBySide.has(other.id)) - Number(sideBySide.has(one.id))).slice(0, maxCandidates);
		const pages = await Promise.all(candidates.map((result) => result.data()));
		const shown = pages.toSorted((one, other) => nearness(namesOf(other), query) - nearness(namesOf(one), query)).slice(0, maxPages);
		return { count: results.length, pages: shown };
	} catch (error) {
		forget(asked);
		throw error;
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
	// Its steps tell where it stands; the page itself then says what it is.
	const own = steps.length > 0 && page.meta.lead !== undefined ? [page.meta.lead] : readExcerpt(page.excerpt, title);
	return [entry(title, page.url, own, ''), ...steps.map((one) => entry(one.title, one.url, readExcerpt(one.excerpt, one.title), 'sub'))];
}

/** The steps that are called what is sought or hold most of it, in the order of the page. */
function bestOf(steps: readonly SubResult[], query: string): readonly SubResult[] {
	const score = ({ title, weighted_locations }: SubResult) => nearness([title], query) * 1e6 + weighted_locations.reduce((sum, { balanced_score }) => sum + balanced_score, 0);
	const best = new Set(steps.toSorted((one, other) => score(other) - score(one)).slice(0, maxSteps));
	return steps.filter((step) => best.has(step));
}

function entry(title: string, url: string, text: readonly (Node | string)[], className: string): HTMLElement {
	return make('li', { class: className }, make('a', { href: url }, make('strong', {}, title), make('span', {}, ...text)));
}

/**
 * The index marks what was found by `<mark>` in text that is otherwise escaped; it becomes elements, never markup. Between blocks it puts a Latin full stop,
 * and it may begin in the title that stands above it, or in the middle of a sentence: neither is shown.
 */
function readExcerpt(excerpt: string, title: string): (Node | string)[] {
	const chinese = excerpt.replace(/(\p{Script=Han}[”）」]?(?:<\/mark>)?)\.(?: |$)/gu, '$1。');
	const pieces = chinese.split(/(<mark>.*?<\/mark>)/).map((piece) => {
		const marked = /^<mark>(.*)<\/mark>$/.exec(piece)?.[1];
		return { text: unescape(marked ?? piece), isMarked: marked !== undefined };
	});
	let skipped = lengthBeforeText(pieces.map(({ text }) => text).join(''), title);
	return pieces.flatMap(({ text, isMarked }) => {
		const rest = text.slice(skipped);
		skipped = Math.max(skipped - text.length, 0);
		return rest === '' ? [] : [isMarked ? make('mark', {}, rest) : rest];
	});
}

/** How much of an excerpt is the end of its title, or what ends another sentence. */
function lengthBeforeText(text: string, title: string): number {
	const ends = Array.from(title, (_, index) => title.slice(index));
	// After a title that ends in a bracket the index puts no full stop.
	const isEnd = (one: string) => text.startsWith(`${one}。`) || text.startsWith(`${one}. `) || text === `${one}.` || (/\p{P}$/u.test(one) && (text.startsWith(`${one} `) || text === one));
	const end = ends.find(isEnd) ?? '';
	return end.length + (/^[\s.,;:!?)\]。，；：！？、）”」]+/.exec(text.slice(end.length))?.[0].length ?? 0);
}

function unescape(text: string): string {
	const names: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', '#39': "'" };
	return text.replace(/&(lt|gt|amp|quot|#39);/g, (whole, name: string) => names[name] ?? whole);
}

function moveAlong(event: KeyboardEvent, input: HTMLInputElement, list: HTMLElement): void {
	// While a word is composed, keys belong to the input method.
	if (event.isComposing) return;
	// A search field would only empty itself.
	if (event.key === 'Escape') return input.closest('dialog')?.close();
	const links = [...list.querySelectorAll('a')];
	const at = links.findIndex((link) => link === document.activeElement);
	if (event.key === 'ArrowDown') links[Math.min(at + 1, links.length - 1)]?.focus();
	else if (event.key === 'ArrowUp') (at <= 0 ? input : links[at - 1])?.focus();
	else if (event.key === 'Enter' && document.activeElement === input) openFirst(input.value.trim(), list);
	else return;
	event.preventDefault();
}

/** Enter may come before the answer: what is shown then belongs to another question, and the first of the answer is opened when it is there. */
function openFirst(query: string, list: HTMLElement): void {
	if (list.dataset.query === query) list.querySelector('a')?.click();
	else list.dataset.open = query;
}
