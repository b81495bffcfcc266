import { bothLocales, expect, openedRunbook, test } from './fixtures.ts';

const words = { zh: ['数据卷', '牧草指南', '围栏'], en: ['volume', 'Guide to grass', 'fence'] } as const;

for (const locale of bothLocales) {
	test(`search finds pages and steps by keyboard alone, in the page's language (${locale})`, async ({ page, server }) => {
		await page.goto(`${server.origin}/${locale}/field/herd/`);
		const { t, title } = openedRunbook(page, 'walk', locale);
		const [inGuide, guide, step] = words[locale];

		await page.keyboard.press('/');
		const box = page.getByRole('searchbox', { name: t('search.label') });
		await expect(box).toBeFocused();
		await box.fill(inGuide);
		await expect(page.getByRole('dialog').getByRole('link').filter({ hasText: guide })).toBeVisible();
		await box.fill(step);
		const found = page.getByRole('dialog').locator('a[href$="#step-fence"]');
		await expect(found).toContainText(title('fence'));
		await page.keyboard.press('Escape');
		await expect(page.getByRole('dialog')).toHaveCount(0);

		await page.keyboard.press('Control+k');
		await box.fill(inGuide);
		await expect(page.getByRole('dialog').getByRole('link').first()).toBeVisible();
		await page.keyboard.press('Enter');
		await expect(page).toHaveURL(new RegExp(`/${locale}/guide/grass/`));
	});

	test(`a word that is nowhere is said to be nowhere (${locale})`, async ({ page, server }) => {
		await page.goto(`${server.origin}/${locale}/`);
		const { t } = openedRunbook(page, 'walk', locale);

		await page.getByRole('button', { name: t('search.open') }).click();
		await page.getByRole('searchbox').fill('xyzzyqq');

		await expect(page.getByRole('dialog').getByRole('status')).toHaveText(t('search.none', { query: 'xyzzyqq' }));
	});
}
