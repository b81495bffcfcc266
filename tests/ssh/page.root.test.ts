/** A reader chooses another machine in the page: detection there, the lines that the page then shows, and a check there. The stand-in for Docker's client stands below `tests/rig`, which has real ones. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { ensureSite } from '../../server/site/ensure-site.ts';
import { project } from '../cli/run-drover.ts';
import { launchChromium, Reader, seen } from '../rig/page/reader.ts';
import { startDrover, type Drover } from '../server/drover.ts';
import { readersPath, writeProgram } from './rooms.ts';
import { startSshd, type Sshd } from './sshd.ts';

const path = process.env['PATH'];
let browser: Browser;
let site: string;
let sshd: Sshd;
let drover: Drover;

beforeAll(async () => {
	site = await ensureSite(project);
	browser = await launchChromium();
});
afterAll(() => browser.close());
beforeEach(async () => {
	sshd = await startSshd();
	const { documents } = JSON.parse(readFileSync(join(project, 'tests/families/rancher/fixtures/named-volume.json'), 'utf8')) as { documents: unknown };
	writeFileSync(join(sshd.bin, 'inspected.json'), JSON.stringify(documents, null, 4));
	writeProgram(join(sshd.bin, 'docker'), `#!/bin/sh
case "$*" in
*println*) printf 'client 20.10.24\\nengine 20.10.24\\n' ;;
version*) echo 20.10.24 ;;
ps*) echo 087e27804cc4 ;;
'container inspect'*) cat ${join(sshd.bin, 'inspected.json')} ;;
*) echo "there is no such command here: $*" >&2; exit 1 ;;
esac
`);
	process.env['PATH'] = readersPath(sshd.clientConfig);
	drover = await startDrover({ root: project, site });
});
afterEach(async () => {
	await drover.close();
	await sshd.close();
	process.env['PATH'] = path;
});

test.each(['zh', 'en'] as const)('detection there fills in the runbook, shows its commands as lines for here, and checks there (%s)', async (locale) => {
	const reader = await Reader.open(browser, locale, 'single-container');
	const { page, t } = reader;
	await page.goto(`http://127.0.0.1:${drover.port}/${locale}/#code=${drover.served.keys.makeCode()}`);
	const detect = page.locator('#look');

	await detect.getByLabel(t('detect.ssh-label')).fill('no destination');
	await detect.getByRole('button', { name: t('detect.ssh-start'), exact: true }).click();
	await seen(detect).toContainText(t('problem.machine.invalid', { machine: 'no destination' }));
	await detect.getByLabel(t('detect.ssh-label')).fill('far');
	await detect.getByRole('button', { name: t('detect.ssh-start'), exact: true }).click();
	await detect.getByText(t('detect.commands')).click();
	await seen(detect.getByText("ssh far 'docker container inspect 087e27804cc4'")).toBeVisible();
	await detect.getByRole('button', { name: t('detect.use', { runbook: reader.words.runbooks[reader.runbook.id]?.title ?? '' }), exact: true }).click();

	await page.locator('html[data-alive]').waitFor();
	await seen(page.getByText(t('session.machine', { machine: 'far' }))).toBeVisible();
	await seen(reader.field('container')).toHaveValue('rancher');
	await seen(reader.step('pull').locator('.command').first()).toContainText("ssh far 'docker pull rancher/server:v1.6.30'");
	await reader.button('engine', 'step.check').click();
	await reader.stands('engine', 'status.verified');
	expect(reader.errors).toEqual([]);
	await page.context().close();
});
