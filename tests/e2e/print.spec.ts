import { bothLocales, expect, openedRunbook, test } from './fixtures.ts';
import { testSite } from './site-folder.ts';
import { serveStatic } from './static-server.ts';

/** Width of the printed area: A4 less its margins, in CSS pixels. */
const paperWidth = Math.floor(((210 - 2 * 15) / 25.4) * 96);
const long = `/srv/${'a-long-folder-name/'.repeat(12)}field`;

for (const locale of bothLocales) {
	test(`on paper stands the filled-in runbook with boxes, and nothing is cut (${locale})`, async ({ page }) => {
		const host = await serveStatic(testSite, '/');
		try {
			await page.goto(`${host.origin}/${locale}/field/walk/`);
			const { t, field, step, tick } = openedRunbook(page, 'walk', locale);
			await page.locator('html[data-alive]').waitFor();
			await field('folder').fill(long);
			await field('password').fill('correct horse battery');
			await tick('count');
			await page.setViewportSize({ width: paperWidth, height: 1000 });
			await page.emulateMedia({ media: 'print' });
			await page.evaluate(() => dispatchEvent(new Event('beforeprint')));

			await expect(step('fence').getByText(`mkdir -p ${long}/pasture`)).toBeVisible();
			await expect(step('fence').getByText(`rmdir ${long}/pasture`)).toBeVisible();
			await expect(step('fence').locator('.checks-fold').getByText(`${long}/pasture`)).toBeVisible();
			await expect(page.locator('value-field[data-name="folder"] .field-paper')).toHaveText(long);
			await expect(page.locator('.paper-box').first()).toBeVisible();
			expect(await page.locator('.paper-box').first().evaluate((box) => getComputedStyle(box, '::after').content)).toContain('✓');
			expect(await page.locator('main').innerText()).not.toContain('correct horse');
			for (const name of [t('step.run'), t('step.copy'), t('search.open')]) await expect(page.getByRole('button', { name, exact: true })).toHaveCount(0);
			const cut = await page.evaluate(
				(width) => [...document.querySelectorAll('main *')].filter((element) => element.clientWidth > 0 && !element.closest('.visually-hidden, .paper-box') && (element.getBoundingClientRect().right > width + 1 || element.scrollWidth > element.clientWidth + 1)).map((element) => `${element.tagName}.${element.className}`),
				paperWidth,
			);
			expect(cut).toEqual([]);
		} finally {
			await host.close();
		}
	});
}
