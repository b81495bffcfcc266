/** The upgrade of a single-container server as a reader does it: by the page, in his language, on a real engine. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Browser } from 'playwright-core';
import type { OwnLocale as Locale } from '../../../src/i18n/locale.ts';
import { beyondTheRig, engineState, useScene } from '../runbooks/scene.ts';
import { startDrover, type Drover } from './drover.ts';
import { launchChromium, patienceMs, Reader, seen } from './reader.ts';
import { reload } from '../../e2e/reload.ts';

const scene = useScene('page/upgrade.test.ts');
let browser: Browser;
let drover: Drover | undefined;
beforeAll(async () => {
	browser = await launchChromium();
});
afterEach(async () => {
	for (const page of browser.contexts().flatMap((one) => one.pages())) if (process.env['SHOTS']) await page.screenshot({ path: join(process.env['SHOTS'], 'last.png') });
	for (const context of browser.contexts()) await context.close();
	await drover?.close();
	drover = undefined;
});
afterAll(() => browser.close());

/** An old server with data, and Drover beside it. */
async function begin(locale: Locale, ...options: readonly string[]) {
	await scene.rig.server({ name: 'rancher', tag: 'v1.6.14', data: true, options: ['-p', `${scene.publish}:8080`, ...options] });
	const start = { rows: await scene.rig.fingerprint({ container: 'rancher' }), engine: await engineState(scene.rig) };
	const place = { env: scene.rig.env, folder: scene.rig.folder(), stateDir: join(scene.rig.folder(), 'state') };
	drover = await startDrover(place);
	const reader = await Reader.open(browser, locale, 'single-container');
	return { start, place, drover, reader };
}

const values = { container: 'rancher', old_tag: 'v1.6.14' };

/** Looks at everything that is looked at before; what cannot hold in the rig is passed over, with the reason that a reader would give. */
async function preflight(reader: Reader): Promise<void> {
	for (const step of reader.steps(values).filter((one) => one.phase === 'preflight')) {
		if (!(beyondTheRig as readonly string[]).includes(step.id)) {
			await reader.take(step);
			continue;
		}
		await reader.button(step.id, 'step.check').click();
		await reader.stands(step.id, 'status.failed', 'status.warned', 'status.verified');
		if ((await reader.state(step.id).textContent()) === reader.t('status.failed')) await reader.override(step.id, reader.locale === 'zh' ? '演练环境' : 'A rehearsal');
	}
}

test('from the look at the machine to the report, every tick proven, no row lost (zh)', async () => {
	const { start, drover: { address }, reader } = await begin('zh', '--restart=always', '-e', 'NOTE=牧道 "a b"');
	const { page, t } = reader;

	await page.goto(address);
	await seen(page.getByText(t('access.ready'), { exact: true })).toBeVisible();
	await page.getByRole('button', { name: t('detect.start'), exact: true }).click();
	await seen(page.getByRole('heading', { name: t('detect.found', { container: 'rancher', version: 'v1.6.14' }) })).toBeVisible();
	await reader.shoot('found');
	await page.getByRole('button', { name: t('detect.use', { runbook: reader.words.runbooks[reader.runbook.id]?.title ?? '' }), exact: true }).click();
	await reader.ready();
	for (const [name, value] of [['container', 'rancher'], ['old_tag', 'v1.6.14'], ['publish', scene.publish], ['env', 'NOTE=牧道 "a b"']] as const) await seen(reader.field(name)).toHaveValue(value);
	await reader.field('new_container').fill('rancher-new');
	await reader.shoot('filled');

	// What a form says otherwise than the running server is shown as soon as the preflight has begun, before anything changes.
	await reader.field('publish').fill('127.0.0.1:9');
	await reader.button('engine', 'step.check').click();
	await seen(page.getByText(t('compare.line', { parameter: reader.words.family.parameters['publish']?.label ?? '', form: '127.0.0.1:9', server: scene.publish }))).toBeVisible();
	await reader.shoot('differs', page.getByText(t('compare.title')));
	await page.getByRole('button', { name: t('compare.take'), exact: true }).click();
	await seen(page.getByText(t('compare.same'))).toBeVisible();
	await seen(reader.field('publish')).toHaveValue(scene.publish);

	await preflight(reader);
	await reader.shoot('preflight');
	for (const step of reader.steps(values).filter((one) => one.phase !== 'preflight')) {
		await reader.take(step, 'rancher');
		await reader.shoot(`after-${step.id}`, reader.step(step.id).locator('.target-state'));
	}
	await seen(page.getByText(t('arrival.done'))).toBeVisible();
	// The terminals went with the end of the run.
	await page.getByRole('button', { name: t('terminal.label'), exact: true }).click();
	await seen(page.getByRole('tab', { name: reader.title('remove'), exact: true })).toBeInViewport();
	await seen(page.getByRole('button', { name: t('terminal.close'), exact: true })).toBeInViewport();
	await reader.shoot('arrived', page.getByText(t('arrival.done')));

	expect(await scene.rig.fingerprint({ container: 'rancher-new' })).toEqual(start.rows);
	expect(await engineState(scene.rig)).toMatchObject([{ name: '/rancher-data', running: false }, { name: '/rancher-new', running: true, restart: 'unless-stopped', env: expect.arrayContaining(['NOTE=牧道 "a b"']) }]);
	const downloading = page.waitForEvent('download');
	await page.getByRole('button', { name: t('report.markdown'), exact: true }).click();
	const report = readFileSync(await (await downloading).path(), 'utf8');
	expect(report).toContain(reader.title('remove'));
	expect(report).toContain('docker rm rancher');
	expect(report).toContain(t('status.warned'));
	expect(reader.errors).toEqual([]);
});

test('the page is reloaded and Drover killed in the middle of the start, and nothing of the run is lost; the way back leads to the same server (en)', async () => {
	const { start, place, drover: first, reader } = await begin('en', '--restart=always', '-e', 'A=b');
	await scene.rig.turn({ container: 'rancher' }, { migration_seconds: 15 });
	const { page, t } = reader;
	const engine = Number(readFileSync(join(scene.rig.place.scratch, 'main', 'dockerd.pid'), 'utf8'));

	await page.goto(first.address);
	await page.getByRole('link', { name: reader.words.runbooks[reader.runbook.id]?.title ?? '' }).first().click();
	await reader.ready();
	await page.getByRole('button', { name: t('detect.open'), exact: true }).click();
	await reader.dialog.getByRole('button', { name: t('detect.start'), exact: true }).click();
	await reader.dialog.getByRole('button', { name: t('detect.use', { runbook: reader.words.runbooks[reader.runbook.id]?.title ?? '' }), exact: true }).click();
	await seen(reader.field('publish')).toHaveValue(scene.publish);
	await preflight(reader);
	const steps = reader.steps(values).filter((one) => one.phase === 'prepare' || one.phase === 'change');
	for (const step of steps.filter((one) => one.id !== 'start')) await reader.take(step);
	const before = globSync(join(place.stateDir, 'runs/*/exit.json')).length;

	// An engine that stands still keeps the program in its middle.
	process.kill(engine, 'SIGSTOP');
	try {
		await reader.run(reader.stepOf('start'));
		await reader.stands('start', 'status.running');
		await first.kill();
		await seen(page.getByText(t('access.gone'), { exact: true })).toBeVisible();
		await reader.shoot('gone', reader.step('start').locator('.target-state'));
	} finally {
		process.kill(engine, 'SIGCONT');
	}
	await expect.poll(() => globSync(join(place.stateDir, 'runs/*/exit.json')).length, { timeout: patienceMs }).toBe(before + 1);
	const second = (drover = await startDrover({ ...place, port: first.port }));
	await reader.ready();
	await seen(reader.step('start').getByText(t('run.ended.success'))).toBeVisible();
	await reader.stands('start', 'status.checking', 'status.verified');
	await reader.shoot('checking', reader.step('start').locator('.target-state'));
	await reload(page);
	await reader.ready();
	await reader.stands('start', 'status.checking', 'status.verified');
	await second.kill();
	drover = await startDrover({ ...place, port: first.port });
	await reader.stands('start', 'status.verified');
	await reader.unfold('start');
	await reader.button('start', 'step.output').click();
	await page.getByRole('button', { name: t('terminal.text'), exact: true }).click();
	const made = await scene.rig.docker('ps', '--latest', '--no-trunc', '--format', '{{.ID}}');
	await seen(reader.dialog).toContainText(made);
	await page.keyboard.press('Escape');

	for (const step of steps.filter((one) => one.undo.length > 0).reverse()) {
		await reader.undo(step.id);
		await reader.shoot(`undone-${step.id}`, reader.rollbackSteps.getByRole('heading').first());
	}
	await scene.rig.untilUp('rancher');
	expect(await scene.rig.fingerprint({ container: 'rancher' })).toEqual(start.rows);
	expect(await engineState(scene.rig)).toEqual(start.engine);
	expect(reader.errors).toEqual([]);
});
