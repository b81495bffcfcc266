import { releases } from '../../src/rancher/releases.ts';
import { bothLocales, expect, openedRunbook, test } from './fixtures.ts';

const words = { zh: '筛选', en: 'Filter' } as const;

for (const locale of bothLocales) {
	test(`the release matrix shows the rows that hold every word typed (${locale})`, async ({ page, server }) => {
		await page.goto(`${server.origin}/${locale}/guide/grass/#releases`);
		const { t } = openedRunbook(page, 'walk', locale);
		const rows = page.locator('table[data-table="releases"] tbody').getByRole('row');
		const filter = page.getByRole('searchbox', { name: words[locale] });
		const all = releases.length;
		await expect(rows).toHaveCount(all);

		await filter.fill('1.6.14 V1.2.9');
		await expect(rows).toHaveCount(1);
		await expect(rows.first()).toContainText('2018-01-11');
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
