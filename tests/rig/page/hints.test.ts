/**
 * What goes wrong at the start of the new server says why, in the page and in the reader's language; and can be taken back by the page. One server and one
 * session go through it all: each test ends with the way back, so that the next one finds what the first has found.
 */
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Browser } from 'playwright-core';
import type { Fingerprint } from '../fingerprint.ts';
import { startRig, type Rig } from '../rig.ts';
import { Walk } from '../runbooks/walk.ts';
import { startDrover, type Drover } from './drover.ts';
import { launchChromium, Reader, seen } from './reader.ts';

let rig: Rig;
let browser: Browser;
let drover: Drover;
let reader: Reader;
let publish: string;
let rows: Fingerprint;

/** Everything up to the start is done, and a reader stands before it in Chinese. */
beforeAll(async () => {
	rig = await startRig();
	Object.assign(process.env, rig.env);
	publish = `127.0.0.1:${await rig.freePort()}`;
	await rig.server({ name: 'rancher', tag: 'v1.6.14', data: true, options: ['-p', `${publish}:8080`] });
	await rig.turn({ container: 'rancher' }, { migration_seconds: 20, lock_seconds: '1,1' });
	rows = await rig.fingerprint({ container: 'rancher' });
	const folder = rig.folder();
	const values = { container: 'rancher', old_tag: 'v1.6.14', publish };
	await new Walk('single-container', values, { folder }).through('cold-copy', { preflight: false });

	browser = await launchChromium();
	drover = await startDrover({ env: rig.env, folder, stateDir: join(rig.folder(), 'state') });
	reader = await Reader.open(browser, 'zh', 'single-container');
	await reader.page.goto(drover.address.replace('/#', '/zh/rancher-1.6/single-container/#'));
	await reader.ready();
	for (const [name, value] of Object.entries(values)) await reader.field(name).fill(value);
	for (const step of reader.steps(values).filter((one) => one.phase !== 'verify' && one.phase !== 'finish' && one.id !== 'start')) {
		// Not ticked: a tick would be looked at again, and what the tests break would take it away.
		await reader.skip(step, '已在别处做过');
	}
});
afterEach(async () => {
	if (process.env['SHOTS']) await reader.page.screenshot({ path: join(process.env['SHOTS'], 'last-hints.png') });
});
afterAll(async () => {
	await browser?.close();
	await drover?.close();
	await rig?.close();
});

const newest = async () => (await rig.docker('ps', '--all', '--latest', '--format', '{{.Names}}')).trim();

/** Reads a hint in both languages: one session, two pages. */
async function readHint(step: string, hint: string): Promise<void> {
	await seen(reader.step(step).getByRole('alert')).toContainText(reader.hint(step, hint));
	await reader.shoot(`hint-${hint}`, reader.step(step).getByRole('alert'));
	await reader.page.goto(reader.page.url().replace(/#.*/, '').replace('/zh/', '/en/'));
	const other = reader.inOtherLanguage();
	await other.ready();
	await seen(other.step(step).getByRole('alert')).toContainText(other.hint(step, hint));
	await other.shoot(`hint-${hint}`, other.step(step).getByRole('alert'));
	await reader.page.goto(reader.page.url().replace(/#.*/, '').replace('/en/', '/zh/'));
	await reader.ready();
}

/** Takes the start back, and looks whether everything is there that was there before it. */
async function takeBack(): Promise<void> {
	await reader.undo('start');
	await rig.docker('start', 'rancher');
	await rig.untilUp('rancher');
	expect(await rig.fingerprint({ container: 'rancher' })).toEqual(rows);
	await rig.docker('stop', 'rancher');
}

test('a port in other hands', async () => {
	await rig.docker('run', '-d', '-p', `${publish}:8080`, '--name', 'thief', '--entrypoint', 'sleep', 'rancher/server:v1.6.14', '600');

	await reader.run(reader.stepOf('start'));

	await reader.stands('start', 'status.failed');
	await readHint('start', 'port-taken');
	await rig.docker('rm', '--force', '--volumes', 'thief');
	await takeBack();
});

test('an image that nobody has', async () => {
	await reader.field('new_tag').fill('v1.6.29');
	await reader.button('pull', 'step.clear').click();

	await reader.run(reader.stepOf('pull'));

	await reader.stands('pull', 'status.failed');
	await readHint('pull', 'missing-image');
	await reader.override('pull', '看看会怎样');
	await reader.run(reader.stepOf('start'));
	await reader.stands('start', 'status.failed');
	await readHint('start', 'missing-image');
	await reader.undo('start');
	await reader.field('new_tag').fill('v1.6.30');
	await reader.button('pull', 'step.clear').click();
	await reader.skip(reader.stepOf('pull'), '已有镜像');
});

test('a volume that is not the old one, where the new server starts afresh', async () => {
	await rig.docker('rm', 'rancher-data');
	await rig.docker('create', '--name', 'rancher-data', 'rancher/server:v1.6.14');

	await reader.run(reader.stepOf('start'));

	await readHint('start', 'empty-database');
	await reader.undo('start');
	await rig.docker('rm', '--volumes', 'rancher-data');
	await rig.docker('create', '--volumes-from', 'rancher', '--name', 'rancher-data', 'rancher/server:v1.6.14');
});

test('a migration that is interrupted', async () => {
	await reader.run(reader.stepOf('start'));
	await reader.stands('start', 'status.checking');
	const server = await newest();
	await rig.untilLog(server, /Starting DB migration/);
	await rig.docker('exec', server, 'bash', '-c', 'until [ "$(mysql -N -e "SELECT COUNT(*) FROM DATABASECHANGELOGLOCK WHERE LOCKED = 1" cattle)" = 1 ]; do sleep 0.1; done');
	await rig.docker('kill', server);
	await rig.docker('start', server);

	await readHint('start', 'locked');

	await takeBack();
	expect(reader.errors).toEqual([]);
});
