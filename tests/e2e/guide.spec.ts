import { releases } from '../../src/rancher/releases.ts';
import { bothLocales, expect, openedRunbook, test } from './fixtures.ts';

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
