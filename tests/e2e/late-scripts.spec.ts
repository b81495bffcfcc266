import type { Page } from '@playwright/test';
import { strings } from '../../src/i18n/strings.ts';
import { expect, inChinese, openedRunbook, test } from './fixtures.ts';
import { testSite } from './site-folder.ts';
import { serveStatic } from './static-server.ts';
import { reload } from './reload.ts';

/** Holds back what matches until it is let go. */
async function holdBack(page: Page, scripts: RegExp): Promise<() => void> {
	const gate = Promise.withResolvers<void>();
	await page.route(scripts, async (route) => {
		await gate.promise;
		await route.continue();
	});
	return gate.resolve;
}

const allScripts = /\/_astro\/.*\.js$/;

for (const locale of inChinese) {
	test(`a press before the scripts are there is kept, and so is what was set in the form (${locale})`, async ({ page, errors }) => {
		const host = await serveStatic(testSite, '/');
		try {
			const letGo = await holdBack(page, allScripts);
			await page.goto(`${host.origin}/${locale}/field/walk/`, { waitUntil: 'commit' });
			const { t, field, button, state, step } = openedRunbook(page, 'walk', locale);

			await page.locator('theme-switch button').click();
			await button('count', 'step.by-hand').click();
			await page.getByRole('button', { name: t('detect.open') }).click();
			await field('folder').fill('/srv/early');
			await field('style').selectOption('fast');
			letGo();

			await expect(page.locator('html')).toHaveAttribute('data-theme', 'light');
			await expect(page.getByRole('dialog', { name: t('detect.title') })).toBeVisible();
			await page.keyboard.press('Escape');
			await expect(state('count')).toHaveText(t('status.by-hand'));
			await expect(step('fence')).toContainText('mkdir -p /srv/early/pasture');
			await expect(field('style')).toHaveValue('fast');
			expect(errors).toEqual([]);
		} finally {
			await host.close();
		}
	});

	test(`a text that was pasted and a press on "read" before the scripts are there are answered (${locale})`, async ({ page }) => {
		const host = await serveStatic(testSite, '/');
		try {
			const t = strings(locale);
			const letGo = await holdBack(page, allScripts);
			await page.goto(`${host.origin}/${locale}/`, { waitUntil: 'commit' });

			await page.getByLabel(t('detect.paste-label')).fill('no document');
			await page.getByRole('button', { name: t('detect.read') }).click();
			letGo();

			await expect(page.locator('.detect-found')).toContainText(t('problem.detect.unreadable'));
		} finally {
			await host.close();
		}
	});

	test(`what was kept in the browser is there again, and what is typed while it is read stands above it (${locale})`, async ({ page }) => {
		const host = await serveStatic(testSite, '/');
		try {
			await page.goto(`${host.origin}/${locale}/field/walk/`);
			const { t, field, state, tick } = openedRunbook(page, 'walk', locale);
			await field('folder').fill('/srv/kept');
			await field('grass').fill('kept');
			await tick('count');
			const letGo = await holdBack(page, /\/_astro\/session-event\..*\.js$/);
			await reload(page, { waitUntil: 'domcontentloaded' });
			await page.locator('html[data-alive]').waitFor();

			await field('grass').fill('newer');
			await expect(page.locator('#ask')).toContainText('newer');
			letGo();

			await expect(field('folder')).toHaveValue('/srv/kept');
			await expect(field('grass')).toHaveValue('newer');
			await expect(state('count')).toHaveText(t('status.by-hand'));
			await expect.poll(() => page.evaluate(() => localStorage.getItem('drover.session.field/walk'))).toMatch(/kept.*newer|newer.*kept/s);
		} finally {
			await host.close();
		}
	});
}
