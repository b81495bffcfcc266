import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { bothLocales, expect, test } from './fixtures.ts';

/** What WCAG 2.2 AA asks for, as far as a machine can tell, and axe's own good practice. */
async function findViolations(page: Page): Promise<string[]> {
	const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']).exclude('.xterm').analyze();
	return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(' ')} ${node.failureSummary?.split('\n')[1] ?? ''}`));
}

for (const locale of bothLocales) {
	for (const theme of ['light', 'dark'] as const) {
		test(`no page has a violation (${locale}, ${theme})`, async ({ page, server }) => {
			await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
			const found: string[] = [];
			for (const path of [`/${locale}/`, `/${locale}/field/`, `/${locale}/guide/grass/`, `/${locale}/field/walk/`, `/${locale}/field/herd/`, '/404-not-there/']) {
				await page.goto(`${server.origin}${path}`);
				found.push(...(await findViolations(page)).map((one) => `${path} ${one}`));
			}
			expect(found).toEqual([]);
		});

		test(`no state of a step has a violation, nor has a dialog or the dock (${locale}, ${theme})`, async ({ page, openRunbook, server }) => {
			await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
			const { t, field, step, button, state } = await openRunbook('walk', locale);
			await field('folder').fill(server.folder);
			await field('herd').fill('-cows');
			const found = await findViolations(page);
			await field('herd').fill('cows');
			await button('count', 'step.look').click();
			await expect(state('count')).toHaveText(t('status.verified'));
			await button('fence', 'step.run').click();
			await expect(state('fence')).toHaveText(t('status.verified'));
			await button('ask', 'step.skip').click();
			found.push(...(await findViolations(page)));
			await page.getByLabel(t('reason.label')).fill('why not');
			await page.getByRole('dialog').getByRole('button', { name: t('reason.skip'), exact: true }).click();
			await button('found', 'step.run').click();
			await expect(state('found')).toHaveText(t('status.found'));
			await button('long', 'step.run').click();
			await expect(state('long')).toHaveText(t('status.running'));
			found.push(...(await findViolations(page)));
			await button('long', 'step.cancel').click();
			await expect(state('long')).toHaveText(t('status.failed'));
			await button('long', 'step.by-hand').click();
			await button('move', 'step.run').click();
			found.push(...(await findViolations(page)));
			await page.getByRole('dialog').getByRole('button', { name: t('confirm.run'), exact: true }).click();
			await expect(state('move')).toHaveText(t('status.verified'));
			for (const fold of await step('move').locator('summary').all()) await fold.click();
			await button('trip', 'step.run').click();
			await page.getByRole('dialog').getByRole('button', { name: t('confirm.run'), exact: true }).click();
			await expect(step('trip').getByRole('alert')).not.toBeEmpty();
			found.push(...(await findViolations(page)));
			await page.getByRole('button', { name: t('dock.text') }).click();
			found.push(...(await findViolations(page)));
			await page.getByRole('dialog').getByRole('button', { name: t('dialog.close') }).click();
			await page.setViewportSize({ width: 390, height: 844 });
			found.push(...(await findViolations(page)));

			expect([...new Set(found)]).toEqual([]);
		});
	}
}
