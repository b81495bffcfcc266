import { globSync } from 'node:fs';
import { releases } from '../../src/families/rancher/releases.ts';
import { bothLocales, expect, openedRunbook, test } from './fixtures.ts';
import { ownSite } from './site-folder.ts';
import { serveStatic } from './static-server.ts';

const words = { zh: '筛选', en: 'Filter' } as const;
const all = new Set(releases.map(({ schema }) => schema)).size;

for (const locale of bothLocales) {
	test(`a table of the guide shows the rows that hold every word typed (${locale})`, async ({ page, server }) => {
		await page.goto(`${server.origin}/${locale}/guide/grass/#releases`);
		const { t } = openedRunbook(page, 'walk', locale);
		const rows = page.locator('table[data-table="schemas"] tbody').getByRole('row');
		const filter = page.getByRole('searchbox', { name: words[locale] });
		await expect(rows).toHaveCount(all);

		await filter.fill('1.6.15 V1.6.30');
		await expect(rows).toHaveCount(1);
		await expect(rows.first()).toContainText('124');
		await expect(page.getByText(t('table.count', { count: 1, all }), { exact: true })).toBeVisible();
		await filter.press('Enter');
		await expect(page).toHaveURL(/#releases$/);

		await filter.fill('v2.0');
		await expect(rows).toHaveCount(0);
		await expect(page.getByText(t('table.none'))).toBeVisible();

		await filter.fill('');
		await expect(rows).toHaveCount(all);
	});

	test(`a section of the guide has the same address in the other language (${locale})`, async ({ page, server }) => {
		const other = locale === 'zh' ? 'en' : 'zh';
		await page.goto(`${server.origin}/${locale}/guide/grass/#releases`);

		await page.getByRole('navigation').getByRole('link', { name: locale === 'zh' ? '版本' : 'Releases', exact: true }).waitFor();
		await page.goto(`${server.origin}/${other}/guide/grass/#releases`);

		await expect(page.locator('#releases')).toHaveText(other === 'zh' ? '版本' : 'Releases');
	});
}

for (const locale of bothLocales) {
	test(`on the narrowest phone (320 px, WCAG 1.4.10) nothing of the manual goes beyond the edge but what scrolls by itself (${locale})`, async ({ page }) => {
		const host = await serveStatic(ownSite, '/');
		try {
			await page.setViewportSize({ width: 320, height: 740 });
			const cut: string[] = [];
			for (const path of globSync(`${locale}/**/index.html`, { cwd: ownSite })) {
				await page.goto(`${host.origin}/${path.replace(/index\.html$/, '')}`);
				const beyond = await page.evaluate(() => {
					for (const fold of document.querySelectorAll('details')) fold.open = true;
					const scrolls = (one: Element) => one.closest('pre, .table-scroll, [aria-hidden="true"], [popover], .visually-hidden, .skip-link') !== null;
					const far = [...document.querySelectorAll('main *')].filter((one) => !scrolls(one) && one.getBoundingClientRect().width > 0 && one.getBoundingClientRect().right > innerWidth + 1);
					const wide = [...document.querySelectorAll('main table')].filter((one) => !scrolls(one) && one.scrollWidth > one.clientWidth);
					return [...far, ...wide, ...(document.documentElement.scrollWidth > innerWidth ? [document.documentElement] : [])].map((one) => `${one.tagName}.${one.className} ${one.textContent.trim().slice(0, 40)}`);
				});
				cut.push(...beyond.map((one) => `${path}: ${one}`));
			}
			expect(cut).toEqual([]);
		} finally {
			await host.close();
		}
	});
}
