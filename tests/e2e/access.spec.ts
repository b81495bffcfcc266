import { strings } from '../../src/i18n/strings.ts';
import { expect, inEnglish, mayRun, openedRunbook, test } from './fixtures.ts';
import { startServer } from './start-server.ts';
import { reload } from './reload.ts';

const day = 24 * 3_600_000;

for (const locale of inEnglish) {
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

		await expect(page.getByText(t('access.code-refused-long'))).toBeVisible();
		await expect(page.getByRole('button', { name: t('access.reading') })).toBeVisible();
	});

	test(`a used code, as a history keeps it, takes nothing from who has access: not in the same tab, not beside another (${locale})`, async ({ server, page, context }) => {
		const address = `${server.origin}/${locale}/field/walk/#${server.served.address().split('#')[1] ?? ''}`;
		const { t } = openedRunbook(page, 'walk', locale);
		await page.goto(address);
		await expect(page.getByRole('button', { name: t(mayRun) })).toBeVisible();

		const beside = await context.newPage();
		await beside.goto(address);
		await expect(beside.getByRole('button', { name: t(mayRun) })).toBeVisible();
		await page.goto('about:blank');
		await page.goto(address);
		await expect(page.getByRole('button', { name: t(mayRun) })).toBeVisible();
	});

	test(`after a day a press is refused, and the page says at once what happened and what to do, again after a reload; a new address brings everything back (${locale})`, async ({ page }) => {
		let now = Date.now();
		const server = await startServer(undefined, 0, { nowMs: () => now });
		const open = () => page.goto(`${server.origin}/${locale}/field/walk/#${server.served.address().split('#')[1] ?? ''}`);
		await open();
		await page.locator('html[data-alive]').waitFor();
		const { t, field, button } = openedRunbook(page, 'walk', locale);
		await field('folder').fill(server.folder);
		await button('count', 'step.check').click();
		await expect(page.getByRole('button', { name: t(mayRun) })).toBeVisible();
		const told = page.getByRole('dialog', { name: t('access.label') }).getByText(t('access.expired-long'));

		await expect(button('fence', 'step.run')).toBeVisible();
		now += day;
		// Without waiting: a page that asks for Docker from time to time may find out by itself, and take the button away.
		await button('fence', 'step.run').evaluate((one: HTMLElement) => one.click());

		await expect(told).toBeVisible();
		await expect(page.getByRole('button', { name: t('access.expired') })).toBeVisible();
		await expect(button('fence', 'step.run')).toBeHidden();
		for (let time = 0; time < 2; time += 1) {
			await reload(page);
			await expect(told).toBeVisible();
		}
		await page.keyboard.press('Escape');
		await expect(told).toBeHidden();
		expect(await page.evaluate(() => JSON.stringify(sessionStorage))).not.toMatch(/[\w-]{43}/);

		await open();
		await expect(page.getByRole('button', { name: t(mayRun) })).toBeVisible();
		await expect(told).toBeHidden();
		await expect(field('folder')).toHaveValue(server.folder);
		await expect(button('fence', 'step.run')).toBeVisible();
		await server.close();
	});

	test(`after a day the page says so although nobody touches it; and on a page that is only read it is said after a reload (${locale})`, async ({ page }) => {
		let now = Date.now();
		const server = await startServer(undefined, 0, { nowMs: () => now });
		const code = server.served.address().split('#')[1] ?? '';
		await page.goto(`${server.origin}/${locale}/field/walk/#${code}`);
		const { t } = openedRunbook(page, 'walk', locale);
		await expect(page.getByRole('button', { name: t(mayRun) })).toBeVisible();

		now += day;

		await expect(page.getByText(t('access.expired-long'))).toBeVisible({ timeout: 40_000 });
		await page.goto(`${server.origin}/${locale}/guide/grass/`);
		await expect(page.getByText(t('access.expired-long'))).toBeVisible();
		await server.close();
	});

	test(`a server that goes away is told, and found again (${locale})`, async ({ openRunbook, server, page }) => {
		const { t, field } = await openRunbook('walk', locale);
		await field('folder').fill(server.folder);
		await expect(page.getByRole('button', { name: t(mayRun) })).toBeVisible();
		const { port } = server.served;
		const state = server.served.runtime.ready ? server.served.runtime.folder : '';
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
