import { strings } from '../../src/i18n/strings.ts';
import { bothLocales, expect, mayRun, openedRunbook, test } from './fixtures.ts';
import { startServer } from './start-server.ts';

for (const locale of bothLocales) {
	test(`the one-time code leaves the address, and the header says that steps can be run (${locale})`, async ({ openAt, page }) => {
		await openAt(`/${locale}/field/walk/`);
		const { t } = openedRunbook(page, 'walk', locale);

		await expect(page.getByRole('button', { name: t(mayRun) })).toBeVisible();
		expect(new URL(page.url()).hash).toBe('');
		await page.getByRole('button', { name: t(mayRun) }).click();
		await expect(page.locator('.access-long')).toHaveText(/\S{2}/);
	});

	test(`a used code is told plainly, and the page still reads (${locale})`, async ({ server, page, browser }) => {
		const address = server.served.address();
		const context = await browser.newContext();
		await (await context.newPage()).goto(address);
		await expect.poll(async () => (await context.pages()[0]?.evaluate(() => sessionStorage.getItem('drover.token'))) ?? null).not.toBeNull();
		await context.close();

		await page.goto(`${server.origin}/${locale}/field/walk/#${address.split('#')[1] ?? ''}`);
		const { t } = openedRunbook(page, 'walk', locale);
		await page.getByRole('button', { name: t('access.reading') }).click();

		await expect(page.getByText(t('access.code-refused-long'))).toBeVisible();
	});

	test(`a server that goes away is told, and found again (${locale})`, async ({ openRunbook, server, page }) => {
		const { t, field } = await openRunbook('walk', locale);
		await field('folder').fill(server.folder);
		await expect(page.getByRole('button', { name: t(mayRun) })).toBeVisible();
		const { port } = server.served;
		const state = server.served.workshop.ready ? server.served.workshop.folder : '';
		await server.served.close();
		await expect(page.getByRole('button', { name: t('access.gone') })).toBeVisible();

		const again = await startServer(state, port);
		await expect(page.getByRole('button', { name: t(mayRun) })).toBeVisible();
		await expect(field('folder')).toHaveValue(server.folder);
		await again.served.close();
	});
}

test('the root leads to the reader’s language, code and all', async ({ server, browser }) => {
	const context = await browser.newContext({ locale: 'zh-CN' });
	const page = await context.newPage();

	await page.goto(server.served.address());

	await expect(page).toHaveURL(/\/zh\/$/);
	await expect(page.getByText(strings('zh')(mayRun))).toBeVisible();
	await context.close();
});
