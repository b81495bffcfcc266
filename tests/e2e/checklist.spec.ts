import { bothLocales, expect, openedRunbook, test } from './fixtures.ts';

for (const locale of bothLocales) {
	test(`on a phone the checklist opens at the next step, leads to a step and goes (${locale})`, async ({ page, server }) => {
		await page.setViewportSize({ width: 390, height: 480 });
		await page.goto(`${server.origin}/${locale}/field/walk/`);
		await page.locator('html[data-alive]').waitFor();
		const { t, title, step, tick } = openedRunbook(page, 'walk', locale);
		const opener = page.getByRole('button', { name: t('sidebar.checklist') });
		const sheet = page.getByRole('region', { name: t('sidebar.checklist') });
		await tick('count', 'fence', 'ask', 'found', 'long', 'move', 'trip', 'secret');

		await opener.click();
		await expect(sheet.locator('[aria-current="step"]')).toBeInViewport({ ratio: 1 });
		await expect(sheet.locator('[aria-current="step"]')).toContainText(title('cross'));
		await expect(sheet.getByRole('button', { name: t('dialog.close') })).toBeInViewport({ ratio: 1 });
		await sheet.getByRole('button', { name: t('dialog.close') }).click();
		await expect(sheet).toBeHidden();
		await expect(opener).toBeFocused();

		await opener.press('Enter');
		await sheet.getByRole('link', { name: title('burn') }).click();
		await expect(sheet).toBeHidden();
		await expect(step('burn')).toBeInViewport();

		await opener.press('Enter');
		await page.keyboard.press('Escape');
		await expect(sheet).toBeHidden();
	});
}
