import type { Page } from '@playwright/test';
import { bothLocales, expect, openedRunbook, test } from './fixtures.ts';
import { testSite } from './site-folder.ts';
import { serveStatic } from './static-server.ts';

let host: Awaited<ReturnType<typeof serveStatic>>;
test.beforeAll(async () => {
	host = await serveStatic(testSite, '/');
});
test.afterAll(() => host.close());

/** As a browser that blocks cookies does. */
async function switchStorageOff(page: Page): Promise<void> {
	await page.addInitScript(() => {
		for (const name of ['localStorage', 'sessionStorage']) {
			Object.defineProperty(window, name, {
				get() {
					throw new DOMException('Access is denied for this document.', 'SecurityError');
				},
			});
		}
	});
}

for (const locale of bothLocales) {
	test(`without storage the page still fills in, ticks, changes its theme and finds, and says that nothing is kept (${locale})`, async ({ page, errors }) => {
		await switchStorageOff(page);
		await page.goto(`${host.origin}/${locale}/field/walk/`);
		const { t, field, step, button } = openedRunbook(page, 'walk', locale);

		await field('folder').fill('/srv');
		await expect(step('fence')).toContainText('mkdir -p /srv/pasture');
		await button('count', 'step.by-hand').click();
		await expect(step('count')).toHaveAttribute('data-state', 'by-hand');
		await expect(page.getByText(t('session.unkept-words'))).toBeVisible();
		await expect(page.getByText(t('session.unkept'), { exact: true })).toBeVisible();

		for (const theme of ['light', 'dark'] as const) {
			await page.locator('theme-switch button').click();
			await expect(page.locator('html')).toHaveAttribute('data-theme', theme);
		}
		await page.keyboard.press('/');
		await expect(page.getByRole('searchbox')).toBeFocused();
		await expect(page.locator('html')).toHaveAttribute('data-alive');
		expect(errors).toEqual([]);
	});

	test(`a page that nobody can run anything from says so from the first paint on, and never another thing (${locale})`, async ({ page }) => {
		await page.addInitScript(() => {
			const said = new Set<string>();
			Object.assign(window, { said });
			new MutationObserver(() => {
				const text = document.querySelector('.access-short')?.textContent;
				if (text) said.add(text);
			}).observe(document, { subtree: true, childList: true, characterData: true });
		});
		await page.goto(`${host.origin}/${locale}/field/walk/`);
		const { t } = openedRunbook(page, 'walk', locale);
		await page.locator('html[data-access="reading"]').waitFor();

		expect(await page.evaluate(() => [...(window as unknown as { said: Set<string> }).said])).toEqual([t('access.reading')]);
	});
}
