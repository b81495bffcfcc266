/** What every journey starts from: a server of its own, a page that may run, words of the reader's language. */
import { test as base, type Locator, type Page } from '@playwright/test';
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
	/** The step's item on the trail. */
	step(id: string): Locator;
	/** The word that tells how a step stands. */
	state(id: string): Locator;
	button(step: string, key: Parameters<TranslateAll>[0]): Locator;
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
	server: async ({}, use) => {
		const server = await startServer();
		await use(server);
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

export { expect } from '@playwright/test';

/** The same page read by its words. */
export function openedRunbook(page: Page, runbook: string, locale: Locale): OpenedRunbook {
	const t = strings(locale);
	const words = family?.words[locale];
	const own = words?.runbooks[`field/${runbook}`];
	const title = (step: string) => own?.steps[step] ?? words?.steps[step]?.title ?? step;
	const label = (name: string) => words?.family.parameters[name]?.label ?? name;
	const step = (id: string) => page.getByRole('listitem').filter({ has: page.getByRole('heading', { level: 3, name: title(id), exact: true }) });
	return {
		page,
		t,
		title,
		label,
		step,
		state: (id) => step(id).locator('.step-word'),
		field: (name) => page.getByLabel(label(name), { exact: true }).first(),
		button: (id, key) => step(id).getByRole('button', { name: t(key), exact: true }),
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

/** Both languages. */
export const bothLocales = ['zh', 'en'] as const;
