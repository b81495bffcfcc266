import { strings } from '../../src/i18n/strings.ts';
import { expect, inChinese, mayRun, test, type OpenedRunbook } from './fixtures.ts';
import { reload } from './reload.ts';

/** Settles what stands before a step of `herd`. */
async function comeTo(book: OpenedRunbook, folder: string, steps: readonly string[]): Promise<void> {
	await book.field('folder').fill(folder);
	await book.tick(...steps);
}

for (const locale of inChinese) {
	test(`a program changes neither the title nor the clipboard of the page (${locale})`, async ({ openRunbook, server, page }) => {
		const book = await openRunbook('herd', locale);
		await page.evaluate(() => navigator.clipboard.writeText('mine'));
		await comeTo(book, server.folder, ['count', 'call']);
		const title = await page.title();

		await book.button('paint', 'step.run').click();
		await expect(book.state('paint')).toHaveText(book.t('status.ran'));

		await expect(page.getByRole('log')).toContainText('red');
		expect(await page.title()).toBe(title);
		expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('mine');
	});

	test(`a run's whole output is found again after a reload, while the page stays usable (${locale})`, async ({ openRunbook, server, page }) => {
		const book = await openRunbook('herd', locale);
		const { t } = book;
		await comeTo(book, server.folder, ['count', 'call', 'paint']);
		await book.button('flood', 'step.run').click();
		await expect(book.state('flood')).toHaveText(t('status.ran'));
		await expect(page.getByRole('log')).toContainText('200000');

		await reload(page);
		await page.getByRole('button', { name: t('terminal.label') }).click();
		await page.getByRole('tab', { name: book.title('flood') }).click();
		await expect(page.getByRole('log')).toContainText('200000');
		await page.getByRole('button', { name: t('terminal.text') }).click();
		await expect(page.getByRole('dialog')).toContainText('\n199999\n200000');
	});

	test(`the dock is sized, searched and left by keyboard (${locale})`, async ({ openRunbook, server, page }) => {
		const book = await openRunbook('herd', locale);
		const { t } = book;
		await comeTo(book, server.folder, ['count', 'call']);
		await book.button('paint', 'step.run').click();
		await expect(book.state('paint')).toHaveText(t('status.ran'));
		await book.button('paint', 'step.output').click();
		await expect(page.locator('.xterm-helper-textarea')).toBeFocused();

		await page.keyboard.press('F6');
		await expect(page.getByRole('tab', { name: book.title('paint') })).toBeFocused();
		const handle = page.getByRole('separator', { name: t('terminal.resize') });
		const height = () => page.locator('terminal-panel').evaluate((dock) => dock.getBoundingClientRect().height);
		const before = await height();
		await handle.focus();
		await page.keyboard.press('ArrowUp');
		await expect.poll(height).toBeGreaterThan(before);
		await page.getByRole('button', { name: t('terminal.find') }).click();
		await expect(page.getByRole('searchbox', { name: t('terminal.find') })).toBeFocused();
		await page.getByRole('button', { name: t('terminal.close') }).click();
		await expect(page.getByRole('button', { name: t('terminal.label') })).toBeFocused();
	});
}

test('a second tab of the same browser may run as well, and sees the same session', async ({ openRunbook, server, context }) => {
	const book = await openRunbook('walk', 'en');
	await book.field('folder').fill(server.folder);
	await book.look('count');

	const second = await context.newPage();
	await second.goto(`${server.origin}/zh/field/walk/`);

	await expect(second.getByText(strings('zh')(mayRun))).toBeVisible();
	await expect(second.locator('#count .step-word')).toHaveText('已验证');
	await second.locator('#fence').getByRole('button', { name: '运行', exact: true }).click();
	await expect(book.state('fence')).toHaveText(book.t('status.verified'));
});

test('the tab of the run that is shown stays in sight when the page becomes narrow', async ({ openRunbook, server, page }) => {
	const { t, field, button, state, tick } = await openRunbook('walk', 'en');
	await field('folder').fill(server.folder);
	await field('herd').fill('cows');
	await tick('count');
	// A run that has ended well closes the terminals.
	const tabs = page.getByRole('tab', { name: /Fence/, includeHidden: true });
	for (const round of [1, 2, 3]) {
		await button('fence', 'step.run').click();
		await expect(state('fence')).toHaveText(t('status.verified'));
		await page.getByRole('region', { name: t('back.title') }).getByRole('button', { name: t('back.undo'), exact: true }).first().click();
		await page.getByRole('dialog').getByRole('button', { name: t('confirm.undo'), exact: true }).click();
		await expect(state('fence')).toHaveText(t('status.next'));
		await expect(tabs).toHaveCount(round * 2);
	}
	await page.getByRole('button', { name: t('terminal.label') }).click();
	await expect(tabs.last()).toHaveAttribute('aria-selected', 'true');

	await page.setViewportSize({ width: 390, height: 844 });

	await expect(tabs.first()).not.toBeInViewport({ ratio: 0.5 });
	await expect.poll(() => tabs.last().evaluate((tab) => {
		const [own, list] = [tab.getBoundingClientRect(), tab.parentElement?.getBoundingClientRect()];
		return list !== undefined && own.left >= list.left - 1 && own.right <= list.right + 1;
	})).toBe(true);
});
