import type { Page } from '@playwright/test';
import { strings } from '../../src/i18n/strings.ts';
import { expect, inEnglish, mayRun, test } from './fixtures.ts';

/** Aborts the first request of each kind, as Chromium does when Docker changes the network while a page loads. */
async function loseOnce(page: Page, scripts: RegExp): Promise<string[]> {
	const lost: string[] = [];
	await page.route(scripts, (route) => {
		if (lost.length > 0) return route.continue();
		lost.push(route.request().url());
		return route.abort('internetdisconnected');
	});
	return lost;
}

for (const locale of inEnglish) {
	test(`a page whose script was lost on the way loads itself anew, and keeps its code (${locale})`, async ({ page, openRunbook }) => {
		const lost = await loseOnce(page, /\/_astro\/.*\.js$/);

		const { field, t } = await openRunbook('walk', locale);

		expect(lost).toHaveLength(1);
		await expect(page.getByRole('button', { name: t(mayRun) })).toBeVisible();
		await field('folder').fill('/srv');
		await expect(page.getByRole('alert').filter({ hasText: t('page.scripts-lost') })).toBeHidden();
	});

	for (const [what, scripts] of [['its words', new RegExp(`/_astro/${locale}\\.[^/]*\\.js$`)], ['what a Drover makes possible', /\/_astro\/(?:served|reach)\.[^/]*\.js$/]] as const) {
		test(`so does a page that lost ${what} (${locale})`, async ({ page, openRunbook }) => {
			const lost = await loseOnce(page, scripts);

			const { field, step, t } = await openRunbook('walk', locale);

			expect(lost).toHaveLength(1);
			await expect(page.getByRole('button', { name: t(mayRun) })).toBeVisible();
			await field('folder').fill('/srv');
			await expect(step('fence')).toContainText('mkdir -p /srv/pasture');
			await expect(page.getByRole('alert').filter({ hasText: t('page.scripts-lost') })).toBeHidden();
		});
	}

	test(`a page that loads itself anew before the answer to its code is here keeps it (${locale})`, async ({ page, openRunbook }) => {
		const lost = await loseOnce(page, /\/_astro\/reach\.[^/]*\.js$/);
		await page.route('**/api/access', async (route) => {
			const answer = await route.fetch();
			await expect.poll(() => lost.length).toBe(1);
			await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 200))).catch(() => undefined);
			await route.fulfill({ response: answer }).catch(() => undefined);
		});

		const { t } = await openRunbook('walk', locale);

		await expect(page.getByRole('button', { name: t(mayRun) })).toBeVisible();
	});

	test(`a part that is lost later is told, and a press loads the page again (${locale})`, async ({ page, openRunbook }) => {
		// Every request: a script whose preload alone was lost is asked for again, and comes. Before the page opens: it must not load while requests begin to be caught.
		const search = /\/_astro\/search\.[^/]*\.js$/;
		await page.route(search, (route) => route.abort('internetdisconnected'));
		const { t } = await openRunbook('walk', locale);
		await page.keyboard.press('/');

		await expect(page.getByText(t('page.scripts-lost'))).toBeVisible();
		await page.unroute(search);
		await page.getByRole('link', { name: t('page.load-again') }).click();
		await page.locator('html[data-alive]').waitFor();
		await expect(page.getByText(t('page.scripts-lost'))).toBeHidden();
		await page.keyboard.press('/');
		await expect(page.getByRole('searchbox').or(page.getByRole('combobox')).first()).toBeVisible();
	});
}

test('a page whose scripts never come stays a manual, and says so', async ({ page, server }) => {
	await page.route(/\/_astro\/.*\.js$/, (route) => route.abort('internetdisconnected'));

	await page.goto(`${server.origin}/en/field/walk/`);

	await expect(page.getByText(strings('en')('page.scripts-lost'))).toBeVisible();
	await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
});
