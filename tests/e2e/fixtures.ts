/** What every journey starts from: a server of its own, a page that may run, words of the reader's language. */
import { expect, test as base, type Locator, type Page } from '@playwright/test';
import { strings } from '../../src/i18n/strings.ts';
import type { Locale } from '../../src/i18n/locale.ts';
import type { TranslateAll } from '../../src/i18n/words.ts';
import { readContent } from '../../src/content/read-content.ts';
import { createDocker } from '../../server/docker/docker.ts';
import { testContent } from './site-folder.ts';
import { startServer, type TestServer } from './start-server.ts';

const [family] = readContent(testContent).families;

/** A runbook's page in a language, with its words. */
export interface OpenedRunbook {
	readonly page: Page;
	readonly t: TranslateAll;
	/** Field of a parameter. */
	field(name: string): Locator;
	/** The step's item in the list. */
	step(id: string): Locator;
	/** The word that tells how a step stands. */
	state(id: string): Locator;
	button(step: string, key: Parameters<TranslateAll>[0]): Locator;
	/** Looks at a step, until it is verified. */
	look(step: string): Promise<void>;
	/** Marks steps as done by hand, one after the other: each needs the one before it. */
	tick(...steps: readonly string[]): Promise<void>;
	title(step: string): string;
	label(name: string): string;
}

interface Fixtures {
	readonly server: TestServer;
	/** Opens a page that may run, by a fresh one-time code. */
	readonly openAt: (path: string, page?: Page) => Promise<Page>;
	readonly openRunbook: (runbook: string, locale: Locale) => Promise<OpenedRunbook>;
	readonly errors: string[];
}

export const test = base.extend<Fixtures>({
	server: async ({}, use, test) => {
		const server = await startServer();
		await use(server);
		if (test.status !== test.expectedStatus) console.error(`What the sessions of "${test.title}" have written down:\n${server.journals()}`);
		await server.close();
	},
	errors: async ({ page }, use) => {
		const errors: string[] = [];
		watch(page, errors);
		await use(errors);
	},
	openAt: async ({ server, page: own }, use) => {
		await use(async (path, page = own) => {
			await page.goto(`${server.origin}${path}#${server.served.address().split('#')[1] ?? ''}`);
			return page;
		});
	},
	openRunbook: async ({ openAt }, use) => {
		await use(async (runbook, locale) => {
			const page = await openAt(`/${locale}/field/${runbook}/`);
			await page.locator('html[data-alive]').waitFor();
			return openedRunbook(page, runbook, locale);
		});
	},
});

export { expect };

/** The same page read by its words. */
export function openedRunbook(page: Page, runbook: string, locale: Locale): OpenedRunbook {
	const t = strings(locale);
	const words = family?.words[locale];
	const own = words?.runbooks[`field/${runbook}`];
	const title = (step: string) => own?.steps[step] ?? words?.steps[step]?.title ?? step;
	const label = (name: string) => words?.family.parameters[name]?.label ?? name;
	const step = (id: string) => page.getByRole('listitem').filter({ has: page.getByRole('heading', { level: 3, name: title(id), exact: true }) });
	const state = (id: string) => step(id).locator('.step-word');
	const button: OpenedRunbook['button'] = (id, key) => step(id).getByRole('button', { name: t(key), exact: true });
	return {
		page,
		t,
		title,
		label,
		step,
		state,
		field: (name) => page.getByLabel(label(name), { exact: true }).first(),
		button,
		look: async (id) => {
			await button(id, 'step.check').click();
			await expect(state(id)).toHaveText(t('status.verified'));
		},
		tick: async (...ids) => {
			for (const id of ids) {
				await button(id, 'step.by-hand').click();
				await expect(state(id)).toHaveText(t('status.by-hand'));
			}
		},
	};
}

/** Errors of the page's own scripts, and what its content security policy refused. */
export function watch(page: Page, errors: string[]): void {
	page.on('pageerror', (error) => errors.push(error.message));
	page.on('console', (message) => {
		if (message.type() === 'error' && !/Failed to load resource/.test(message.text())) errors.push(message.text());
	});
}

const { ready } = await createDocker().state();
/** What the header says of a page that may run, by this machine's Docker: the test's own runbooks need none. */
export const mayRun = ready ? 'access.ready' : 'access.no-docker';

/** Both languages: for what is said, and for one walk through a whole runbook. */
export const bothLocales = ['zh', 'en'] as const;
/** One language, for what the page does whatever it says: half of such files in each. */
export const inChinese = ['zh'] as const;
export const inEnglish = ['en'] as const;
