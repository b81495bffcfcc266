import type { Locator, Page } from '@playwright/test';
import { bothLocales, expect, test } from './fixtures.ts';

/** Hundreds of presses. */
test.describe.configure({ timeout: 300_000 });

/** Presses Tab until an element has the focus, as a reader without a mouse does. */
async function tabTo(page: Page, target: Locator, key = 'Tab'): Promise<void> {
	await expect(target).toBeVisible();
	for (let presses = 0; presses < 300; presses += 1) {
		if (await target.evaluate((element) => element === document.activeElement)) return;
		await page.keyboard.press(key);
	}
	throw new Error(`Tab does not come to ${String(target)}.`);
}

/** The same the other way. */
async function tabBack(page: Page, target: Locator): Promise<void> {
	await tabTo(page, target, 'Shift+Tab');
}

/** What has the focus; nothing does when it fell back to the page itself. */
const focused = (page: Page) => page.evaluate(() => document.activeElement?.tagName.toLowerCase() ?? 'body');

for (const locale of bothLocales) {
	test(`a runbook is walked to its end by keyboard alone (${locale})`, async ({ openRunbook, server, errors }) => {
		const { page, t, field, step, state, button, title } = await openRunbook('walk', locale);
		const { keyboard } = page;
		const press = async (target: Locator) => {
			await tabTo(page, target);
			await keyboard.press('Enter');
		};
		const isSettled = async (id: string, key: Parameters<typeof t>[0]) => {
			await expect(state(id)).toHaveText(t(key));
			expect(await focused(page)).not.toBe('body');
		};
		const confirm = async (key: Parameters<typeof t>[0]) => press(page.getByRole('dialog').getByRole('button', { name: t(key), exact: true }));

		// Past the header, into the form.
		await keyboard.press('Tab');
		await expect(page.getByRole('link', { name: t('header.skip') })).toBeFocused();
		await keyboard.press('Enter');
		for (const [name, value] of [['folder', server.folder], ['herd', 'cows'], ['password', 'a secret of mine']] as const) {
			await tabTo(page, field(name));
			await keyboard.type(value);
		}

		await press(button('count', 'step.check'));
		await isSettled('count', 'status.verified');
		await press(button('fence', 'step.run'));
		await isSettled('fence', 'status.verified');

		// A prompt: into the terminal, and back to the step.
		await press(button('ask', 'step.run'));
		await expect(page.getByRole('log').filter({ hasText: 'How many?' })).toHaveCount(1);
		await keyboard.press('F6');
		await expect(page.locator('.terminal-screen:not([hidden]) .xterm-helper-textarea')).toBeFocused();
		await keyboard.type('seven\n');
		await isSettled('ask', 'status.ran');
		await keyboard.press('F6');
		await expect(page.getByRole('tab', { name: title('ask') })).toBeFocused();
		await keyboard.press('F6');
		await expect(step('ask').locator(':focus')).toHaveCount(1);

		await press(button('found', 'step.run'));
		await isSettled('found', 'status.found');
		await press(button('long', 'step.run'));
		await expect(button('long', 'step.cancel')).toBeEnabled();
		await expect(button('long', 'step.cancel')).toBeFocused();
		await keyboard.press('Enter');
		await isSettled('long', 'status.failed');
		await press(button('long', 'step.by-hand'));
		await isSettled('long', 'status.by-hand');

		await press(button('move', 'step.run'));
		await confirm('confirm.run');
		await isSettled('move', 'status.verified');

		// The way back, one step of it, and on again.
		await press(page.getByRole('region', { name: t('back.title') }).getByRole('button', { name: t('back.undo') }).first());
		await confirm('confirm.undo');
		await isSettled('move', 'status.next');
		await tabBack(page, button('move', 'step.run'));
		await keyboard.press('Enter');
		await confirm('confirm.run');
		await isSettled('move', 'status.verified');
		await press(button('trip', 'step.run'));
		await confirm('confirm.run');
		await isSettled('trip', 'status.failed');
		await press(button('trip', 'step.override'));
		await expect(page.getByLabel(t('reason.label'))).toBeFocused();
		await keyboard.type('There is another way.');
		await confirm('reason.override');
		await isSettled('trip', 'status.overridden');
		await press(button('secret', 'step.run'));
		await confirm('confirm.run');
		await isSettled('secret', 'status.ran');
		await press(button('cross', 'step.run'));
		await confirm('confirm.run');
		await isSettled('cross', 'status.verified');
		await press(button('by-hand', 'step.by-hand'));
		await isSettled('by-hand', 'status.by-hand');

		// What destroys asks for the name.
		await press(button('burn', 'step.run'));
		await tabTo(page, page.getByRole('dialog').getByRole('textbox'));
		await keyboard.type('cows');
		await keyboard.press('Enter');
		await isSettled('burn', 'status.verified');
		await expect(page.getByText(t('progress.done'))).toBeVisible();
		expect(errors).toEqual([]);
	});

	test(`a field keeps its focus and its text while output streams (${locale})`, async ({ openRunbook, server, page }) => {
		const { t, field, state, button, tick } = await openRunbook('herd', locale);
		await field('folder').fill(server.folder);
		await tick('count', 'call', 'paint');
		await field('grass').fill('');

		await button('flood', 'step.run').press('Enter');
		await field('grass').focus();
		await page.keyboard.type('clover and thyme', { delay: 20 });
		await expect(state('flood')).toHaveText(t('status.ran'));

		await expect(field('grass')).toBeFocused();
		await expect(field('grass')).toHaveValue('clover and thyme');
		await expect(page.getByRole('log')).toContainText('200000');
	});
}
