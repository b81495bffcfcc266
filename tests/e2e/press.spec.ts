/** A press on a button that moves away below the pointer, since something is drawn above it in the meantime. */
import { expect, inChinese, inEnglish, test, type OpenedRunbook } from './fixtures.ts';
import type { Locator } from '@playwright/test';

/** Points at a button and presses, without letting go. */
async function hold(button: Locator): Promise<{ x: number; y: number }> {
	await button.scrollIntoViewIfNeeded();
	const box = await button.boundingBox();
	if (!box) throw new Error('The button is not shown.');
	const at = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
	await button.page().mouse.move(at.x, at.y);
	await button.page().mouse.down();
	return at;
}

/** What a result, a hint or a list does to what stands below it. */
const grow = ({ step }: OpenedRunbook, id: string) => step(id).locator('.actions').evaluate((actions) => actions.before(Object.assign(document.createElement('div'), { style: 'block-size: 220px' })));

for (const locale of [...inChinese, ...inEnglish]) {
	test(`what was pressed is done, though it is no longer under the pointer (${locale})`, async ({ openRunbook }) => {
		const opened = await openRunbook('walk', locale);
		const button = opened.button('count', 'step.by-hand');
		await hold(button);

		await grow(opened, 'count');
		await opened.page.mouse.up();

		await expect(opened.state('count')).toHaveText(opened.t('status.by-hand'));
	});
}

test('a reader who leaves the button before he lets go has pressed nothing', async ({ openRunbook }) => {
	const opened = await openRunbook('walk', 'en');
	const button = opened.button('count', 'step.by-hand');
	const { x, y } = await hold(button);

	await grow(opened, 'count');
	await opened.page.mouse.move(x, y + 40);
	await opened.page.mouse.up();
	await opened.button('count', 'step.skip').click();

	await expect(opened.page.getByRole('dialog')).toBeVisible();
	await expect(opened.state('count')).toHaveText(opened.t('status.next'));
});

test('a button that goes away while it is held does nothing', async ({ openRunbook }) => {
	const opened = await openRunbook('walk', 'en');
	const button = opened.button('count', 'step.by-hand');
	await hold(button);

	await button.evaluate((one: HTMLElement) => (one.hidden = true));
	await opened.page.mouse.up();
	await opened.button('count', 'step.skip').click();

	await expect(opened.page.getByRole('dialog')).toBeVisible();
	await expect(opened.state('count')).toHaveText(opened.t('status.next'));
});
