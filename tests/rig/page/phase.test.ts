/** The simplest upgrade, one press a phase: by the page, in either language, on a real engine. */
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Browser, Locator } from 'playwright-core';
import { engineState, useScene } from '../runbooks/scene.ts';
import { startDrover, type Drover } from './drover.ts';
import { launchChromium, Reader, seen } from './reader.ts';

const scene = useScene('page/phase.test.ts');
let browser: Browser;
let drover: Drover | undefined;
beforeAll(async () => {
	browser = await launchChromium();
});
afterEach(async () => {
	for (const context of browser.contexts()) await context.close();
	await drover?.close();
	drover = undefined;
});
afterAll(() => browser.close());

test.each(['zh', 'en'] as const)('a detected server is upgraded by at most eight presses and three dialogs, and no row is lost (%s)', async (locale) => {
	await scene.rig.server({ name: 'rancher', tag: 'v1.6.14', data: true, options: ['-p', `${scene.publish}:8080`, '--restart=always'] });
	const rows = await scene.rig.fingerprint({ container: 'rancher' });
	drover = await startDrover({ env: scene.rig.env, folder: scene.rig.folder(), stateDir: join(scene.rig.folder(), 'state') });
	const reader = await Reader.open(browser, locale, 'single-container');
	const { page, t } = reader;
	let presses = 0;
	let dialogs = 0;
	const press = async (button: Locator) => {
		await button.click();
		presses += 1;
	};
	const phase = (name: string) => page.locator(`phase-run[data-phase="${name}"]`);
	const all = (name: string) => phase(name).getByRole('button', { name: t('phase-run.all'), exact: true });
	const one = (name: string, step: string) => phase(name).getByRole('button', { name: t('phase-run.one', { step: reader.title(step) }), exact: true });
	const answer = async (word: 'confirm.run' | 'confirm.destroy') => {
		await seen(reader.dialog).toBeVisible();
		dialogs += 1;
		await press(reader.dialog.getByRole('button', { name: t(word), exact: true }));
	};

	await page.goto(drover.address);
	await page.getByRole('button', { name: t('detect.start'), exact: true }).click();
	await page.getByRole('button', { name: t('detect.use', { runbook: reader.words.runbooks[reader.runbook.id]?.title ?? '' }), exact: true }).click();
	await reader.ready();
	await seen(reader.field('publish')).toHaveValue(scene.publish);
	await reader.field('new_container').fill('rancher-new');

	await press(all('preflight'));
	await seen(phase('preflight').getByRole('status')).not.toBeEmpty();
	await reader.shoot('phase-preflight', phase('preflight'));
	// The engine of the rig is newer than Rancher, and it has no time server: a warning, and nothing red.
	await seen(page.locator('.step[data-state="failed"], .step[data-state="could-not-check"]')).toHaveCount(0);
	// The database has been measured: one number for the downtime.
	await seen(page.locator('[data-fact="outage"]')).toContainText('0.1 GiB');
	await press(all('prepare'));
	await reader.stands('back-up', 'status.verified');
	await reader.shoot('phase-prepare', phase('prepare'));
	await press(all('change'));
	await reader.shoot('phase-ask');
	await answer('confirm.run');
	await reader.stands('cold-copy', 'status.verified');
	await press(one('change', 'start'));
	await reader.shoot('phase-ask-start');
	await answer('confirm.run');
	// The checks of the verification follow by themselves.
	await reader.stands('automatic-upgrades', 'status.verified', 'status.warned');
	await reader.shoot('phase-verified', phase('verify'));
	await press(one('finish', 'remove'));
	await page.getByLabel(t('confirm.object', { object: 'rancher' })).fill('rancher');
	await answer('confirm.destroy');
	await reader.stands('remove', 'status.verified');
	await seen(page.getByText(t('arrival.done'))).toBeVisible();
	await reader.shoot('phase-arrived', page.getByText(t('arrival.done')));

	expect(presses).toBeLessThanOrEqual(8);
	expect(dialogs).toBeLessThanOrEqual(3);
	expect(await scene.rig.fingerprint({ container: 'rancher-new' })).toEqual(rows);
	expect(await engineState(scene.rig)).toMatchObject([{ name: '/rancher-data', running: false }, { name: '/rancher-new', running: true, restart: 'unless-stopped' }]);
	expect(reader.errors).toEqual([]);
});
