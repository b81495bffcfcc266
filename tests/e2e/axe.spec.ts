import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { shownStates } from '../../src/i18n/step-state.ts';
import { everyState, openKept } from './every-state.ts';
import { bothLocales, expect, inChinese, inEnglish, test } from './fixtures.ts';
import { testSite } from './site-folder.ts';
import { serveStatic } from './static-server.ts';

/** What WCAG 2.2 AA asks for, as far as a machine can tell, and axe's own good practice. */
async function findViolations(page: Page): Promise<string[]> {
	// No page has a frame, so it is read in one piece; and what holds is not described.
	const axe = () => new AxeBuilder({ page }).setLegacyMode().options({ resultTypes: ['violations'] }).exclude('.xterm');
	await page.emulateMedia({ colorScheme: 'light' });
	const light = await axe().withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']).analyze();
	// Of all that axe reads, only colours are others in the dark.
	await page.emulateMedia({ colorScheme: 'dark' });
	const dark = await axe().withRules(['color-contrast']).analyze();
	return [...light.violations, ...dark.violations].flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(' ')} ${node.failureSummary?.split('\n')[1] ?? ''}`));
}

/** Each look takes seconds; a test takes several. */
test.describe.configure({ timeout: 300_000 });

/** What `docker inspect` printed of a server. */
const inspected = JSON.stringify([{ Id: 'a'.repeat(64), Name: '/rancher-server', State: { Running: true }, Config: { Image: 'rancher/server:v1.6.14', Env: [] }, HostConfig: { PortBindings: { '8080/tcp': [{ HostIp: '', HostPort: '8080' }] } }, Mounts: [] }]);

for (const locale of bothLocales) {
	test(`no page has a violation (${locale})`, async ({ page, server }) => {
		await page.emulateMedia({ reducedMotion: 'reduce' });
		const found: string[] = [];
		for (const path of [`/${locale}/`, `/${locale}/field/`, `/${locale}/guide/grass/`, `/${locale}/field/walk/`, `/${locale}/field/herd/`, '/404-not-there/']) {
			await page.goto(`${server.origin}${path}`);
			found.push(...(await findViolations(page)).map((one) => `${path} ${one}`));
		}
		expect(found).toEqual([]);
	});
}

// What stands below is the same in both languages but for its words, and that each of them has all words is a test of its own: two of them walk in one language, two in the other.
for (const locale of inChinese) {
	test(`no state of a step has a violation, nor has a dialog or the dock (${locale})`, async ({ page, openRunbook, server }) => {
		await page.emulateMedia({ reducedMotion: 'reduce' });
		const { t, field, step, button, state, look } = await openRunbook('walk', locale);
		await field('folder').fill(server.folder);
		await field('herd').fill('-cows');
		const found = await findViolations(page);
		await field('herd').fill('cows');
		await look('count');
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
		for (const fold of await step('move').locator('.step-more summary').all()) await fold.click();
		await button('trip', 'step.run').click();
		await page.getByRole('dialog').getByRole('button', { name: t('confirm.run'), exact: true }).click();
		await expect(step('trip').getByRole('alert')).not.toBeEmpty();
		found.push(...(await findViolations(page)));
		await page.getByRole('button', { name: t('terminal.text') }).click();
		found.push(...(await findViolations(page)));
		await page.getByRole('dialog').getByRole('button', { name: t('dialog.close') }).click();
		await page.setViewportSize({ width: 390, height: 844 });
		// What is scrolled half below a bar counts as too small for a finger.
		await page.evaluate(() => window.scrollTo(0, 0));
		found.push(...(await findViolations(page)));

		expect([...new Set(found)]).toEqual([]);
	});

	test(`no window has a violation, nor has paper (${locale})`, async ({ page, openRunbook }) => {
		await page.emulateMedia({ reducedMotion: 'reduce' });
		const { t, field } = await openRunbook('walk', locale);
		await field('herd').fill('cows');
		const found: string[] = [];
		await page.getByRole('button', { name: t('detect.open') }).click();
		await page.getByRole('dialog').getByRole('textbox', { name: t('detect.paste-label') }).fill(inspected);
		await page.getByRole('dialog').getByRole('button', { name: t('detect.read') }).click();
		await expect(page.getByRole('dialog').getByRole('heading', { name: /rancher-server/ })).toBeVisible();
		found.push(...(await findViolations(page)));
		await page.keyboard.press('Escape');
		await page.locator('.session-button').click();
		await expect(page.getByRole('button', { name: t('session.rename') })).toBeVisible();
		found.push(...(await findViolations(page)));
		await page.keyboard.press('Escape');
		await page.keyboard.press('Control+k');
		await page.getByRole('searchbox', { name: t('search.label') }).fill(locale === 'zh' ? '围栏' : 'fence');
		await expect(page.getByRole('dialog').getByRole('link').first()).toBeVisible();
		found.push(...(await findViolations(page)));
		await page.keyboard.press('Escape');
		await page.locator('.access-button').click();
		found.push(...(await findViolations(page)));
		await page.keyboard.press('Escape');
		await page.setViewportSize({ width: 390, height: 844 });
		await page.getByRole('button', { name: t('nav.open') }).click();
		await expect(page.getByRole('navigation', { name: t('nav.label') })).toBeVisible();
		found.push(...(await findViolations(page)));
		await page.keyboard.press('Escape');
		await page.emulateMedia({ media: 'print' });
		found.push(...(await findViolations(page)));

		expect([...new Set(found)]).toEqual([]);
	});
}

for (const locale of inEnglish) {
	test(`no state that a step can have has a violation (${locale})`, async ({ page }) => {
		const host = await serveStatic(testSite, '/');
		try {
			await page.emulateMedia({ reducedMotion: 'reduce' });
			const seen = new Set<string>();
			const found: string[] = [];
			for (const session of everyState) {
				await openKept(page, host.origin, locale, session);
				for (const state of await page.locator('.step').evaluateAll((steps) => steps.map((step) => (step as HTMLElement).dataset['state'] ?? ''))) seen.add(state);
				for (const fold of await page.locator('.step[data-folded] .step-body > summary, .step-more summary').all()) await fold.click();
				found.push(...(await findViolations(page)));
			}

			expect([...seen].sort()).toEqual([...shownStates].sort());
			expect([...new Set(found)]).toEqual([]);
		} finally {
			await host.close();
		}
	});

	test(`a step that no longer holds, the search in a terminal and the checklist of a phone have no violation (${locale})`, async ({ page, openRunbook, server }) => {
		await page.emulateMedia({ reducedMotion: 'reduce' });
		const { t, field, button, state, look } = await openRunbook('walk', locale);
		await field('folder').fill(server.folder);
		await field('herd').fill('cows');
		await look('count');
		await button('fence', 'step.run').click();
		await expect(state('fence')).toHaveText(t('status.verified'));
		rmSync(join(server.folder, 'pasture'), { recursive: true });
		await button('fence', 'step.check').click();
		await expect(state('fence')).toHaveText(t('status.stale'));
		await page.getByRole('button', { name: t('terminal.label'), exact: true }).click();
		await page.getByRole('button', { name: t('terminal.find') }).click();
		await expect(page.getByRole('searchbox', { name: t('terminal.find') })).toBeFocused();
		const found = await findViolations(page);
		await page.setViewportSize({ width: 390, height: 844 });
		await page.getByRole('button', { name: t('sidebar.checklist') }).click();
		await expect(page.getByRole('region', { name: t('sidebar.checklist') })).toBeVisible();
		found.push(...(await findViolations(page)));

		expect([...new Set(found)]).toEqual([]);
	});
}

for (const locale of inEnglish) {
	test(`no state of a phase run has a violation, nor has its dialog, nor a step that is one line (${locale})`, async ({ page, openRunbook, server }) => {
		await page.emulateMedia({ reducedMotion: 'reduce' });
		const { t, field, state } = await openRunbook('drive', locale);
		const phase = (name: string) => page.locator(`phase-run[data-phase="${name}"]`);
		const all = (name: string) => phase(name).getByRole('button', { name: t('phase-run.all'), exact: true });
		await field('folder').fill(server.folder);
		await field('herd').fill('cows');
		writeFileSync(join(server.folder, 'storm'), '');
		await all('preflight').click();
		await expect(phase('preflight').getByRole('status')).not.toBeEmpty();
		const found = await findViolations(page);
		rmSync(join(server.folder, 'storm'));
		await all('preflight').click();
		await expect(state('weather')).toHaveText(t('status.verified'));
		writeFileSync(join(server.folder, 'slow'), '');
		await all('prepare').click();
		await expect(state('fence')).toHaveText(t('status.running'));
		found.push(...(await findViolations(page)));
		rmSync(join(server.folder, 'slow'));
		await expect(state('ask')).toHaveText(t('status.verified'));
		await all('change').click();
		found.push(...(await findViolations(page)));
		await page.getByRole('dialog').getByRole('button', { name: t('confirm.run'), exact: true }).click();
		await expect(state('open')).toHaveText(t('status.verified'));
		for (const fold of await page.locator('.step[data-folded] .step-body > summary').all()) await fold.click();
		found.push(...(await findViolations(page)));
		await page.setViewportSize({ width: 390, height: 844 });
		// What is scrolled half below a bar counts as too small for a finger.
		await page.evaluate(() => window.scrollTo(0, 0));
		found.push(...(await findViolations(page)));

		expect([...new Set(found)]).toEqual([]);
	});
}

test('nothing moves for who asks for less motion', async ({ page, server }) => {
	await page.emulateMedia({ reducedMotion: 'reduce' });
	for (const path of ['/en/', '/en/field/walk/']) {
		await page.goto(`${server.origin}${path}`);

		const moving = await page.evaluate(() =>
			[...document.querySelectorAll('*')].filter((element) => {
				const { transitionDuration, animationName, scrollBehavior } = getComputedStyle(element);
				return transitionDuration.split(', ').some((time) => Number.parseFloat(time) > 0) || animationName !== 'none' || scrollBehavior === 'smooth';
			}).map((element) => element.outerHTML.slice(0, 80)),
		);

		expect(moving).toEqual([]);
	}
});
