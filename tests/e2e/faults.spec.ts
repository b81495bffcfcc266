/** What a reader sees of faults: reloads, stops, who stays behind, a disk that goes, a page that is older than its server. */
import type { Page } from '@playwright/test';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serve } from '../../server/serve.ts';
import { Live } from '../../server/runs/files/run-files.ts';
import { readContent } from '../../src/content/read-content.ts';
import { expect, inEnglish, mayRun, openedRunbook, test, type OpenedRunbook } from './fixtures.ts';
import { testContent, testSite } from './site-folder.ts';
import { startServer, type TestServer } from './start-server.ts';
import { reload } from './reload.ts';

function runtimeOf({ served: { runtime } }: TestServer) {
	if (!runtime.ready) throw new Error('Nothing runs here.');
	return runtime;
}

function programOf(server: TestServer): number {
	const { folder, runs } = runtimeOf(server);
	const run = runs.list().at(-1)?.id ?? '';
	return Live.parse(JSON.parse(readFileSync(join(folder, 'runs', run, 'live.json'), 'utf8'))).program.pid;
}

/** Settles what stands before a step. */
async function comeTo(book: OpenedRunbook, folder: string, steps: readonly string[]): Promise<void> {
	await book.field('folder').fill(folder);
	await book.tick(...steps);
}

async function startLong(book: OpenedRunbook, server: TestServer): Promise<void> {
	await comeTo(book, server.folder, ['count', 'fence', 'ask', 'found']);
	await book.button('long', 'step.run').click();
	await expect(book.button('long', 'step.cancel')).toBeEnabled();
}

test('a page that is reloaded five times a second finds the same run, its whole output and its true end, in both languages', async ({ openRunbook, server, page, context }) => {
	const book = await openRunbook('herd', 'en');
	await comeTo(book, server.folder, ['count', 'call', 'paint', 'flood']);
	await book.button('tally', 'step.run').click();
	await expect(book.button('tally', 'step.cancel')).toBeEnabled();
	const [run] = runtimeOf(server).runs.list();

	let reloads = 0;
	while (!run?.isOver) {
		await page.waitForTimeout(200);
		await reload(page, { waitUntil: 'commit' });
		reloads += 1;
	}
	await reload(page);
	const other = await context.newPage();
	await other.goto(`${server.origin}/zh/field/herd/`);
	const screens: string[] = [];
	for (const one of [book, openedRunbook(other, 'herd', 'zh')]) {
		await expect(one.state('tally')).toHaveText(one.t('status.ran'));
		await one.page.getByRole('button', { name: one.t('terminal.label') }).click();
		await one.page.getByRole('tab', { name: one.title('tally') }).click();
		await expect(one.page.getByRole('log')).toContainText('cow 80');
		screens.push(await one.page.getByRole('log').innerText());
		await one.page.getByRole('button', { name: one.t('terminal.text') }).click();
		await expect(one.page.getByRole('dialog').locator('pre')).toHaveText(Array.from({ length: 80 }, (_, index) => `cow ${index + 1}`).join('\n'));
	}

	expect(reloads).toBeGreaterThan(5);
	expect(screens[0]).toBe(screens[1]);
	expect(run.state).toMatchObject({ end: { code: 0 }, output: { kind: 'whole' } });
});

test('of two pages the one that typed last drives, and the other is told', async ({ openRunbook, server, context }) => {
	const one = await openRunbook('walk', 'en');
	await comeTo(one, server.folder, ['count', 'fence']);
	await one.button('ask', 'step.run').click();
	await expect(one.page.getByRole('log')).toContainText('How many?');
	const second = await context.newPage();
	await second.goto(`${server.origin}/zh/field/walk/`);
	const other = openedRunbook(second, 'walk', 'zh');
	await expect(second.getByRole('log')).toContainText('How many?');
	await expect(second.getByText(other.t('terminal.drives-not'))).toBeVisible();

	await second.locator('.terminal-screen:not([hidden]) .xterm').click();
	await second.keyboard.type('se');
	await expect(one.page.getByText(one.t('terminal.drives-not'))).toBeVisible();
	await one.page.locator('.terminal-screen:not([hidden]) .xterm').click();
	await one.page.keyboard.type('ven\n');

	await expect(one.page.getByRole('log')).toContainText('You said seven for clover');
	await expect(other.state('ask')).toHaveText(other.t('status.ran'));
});

/** A browser that has not been asked yet for notifications, and notes what it is asked and told. */
async function mayNotify(page: Page): Promise<void> {
	await page.addInitScript(() => {
		const seen: { asked: number; told: string[] } = { asked: 0, told: [] };
		class Shown {
			static permission = 'default';
			static requestPermission(): Promise<string> {
				seen.asked += 1;
				Shown.permission = 'granted';
				return Promise.resolve('granted');
			}
			constructor(title: string) {
				seen.told.push(title);
			}
		}
		Object.assign(window, { Notification: Shown, seen });
	});
}

for (const locale of inEnglish) {
	test(`a program that is stopped says so until it goes on, and who refuses a signal is named (${locale})`, async ({ openRunbook, server }) => {
		const book = await openRunbook('walk', locale);
		const { t, step, button } = book;
		await startLong(book, server);
		const stopped = step('long').getByText(t('run.running.stopped'));

		process.kill(programOf(server), 'SIGSTOP');
		await expect(stopped).toBeVisible();
		process.kill(programOf(server), 'SIGCONT');
		await expect(stopped).toBeHidden();
		const { runs, sessions } = runtimeOf(server);
		const run = runs.list().at(-1)?.id ?? '';
		sessions.list()[0]?.append({ type: 'run.signalled', run, signal: 'SIGTERM', sent: [], refused: [{ pid: 77, name: 'docker' }], unlisted: 0 });
		await expect(step('long').getByText(t('state.signal-refused', { signal: 'SIGTERM', names: 'docker (77)' }))).toBeVisible();
		await button('long', 'step.cancel').click();

		await expect(step('long').getByText(t('run.ended.ctrl-c', { signal: 'SIGINT' }))).toBeVisible();
	});

	test(`what a program leaves behind is named, and its terminal stays open until the reader closes it (${locale})`, async ({ openRunbook, server, page }) => {
		const book = await openRunbook('herd', locale);
		const { t, step } = book;
		await comeTo(book, server.folder, ['count', 'call', 'paint', 'flood', 'tally']);

		await book.button('graze', 'step.run').click();
		await expect(page.locator('.terminal-notice')).toHaveText(t('state.stayers', { names: 'sleep' }));
		await expect(step('graze').getByText(/sleep \(\d+\)/)).toBeVisible();
		await page.getByRole('button', { name: t('terminal.release') }).click();

		await expect(page.locator('.terminal-notice')).toHaveText(t('terminal.ended'));
		await expect(page.getByRole('button', { name: t('terminal.release') })).toBeHidden();
		await expect(page.getByRole('log')).toContainText('grazing on clover');
	});

	test(`a page that is older than its server shows both commands, runs nothing and loses nothing (${locale})`, async ({ openRunbook, server, page }) => {
		const book = await openRunbook('walk', locale);
		const { t, field, button, state } = book;
		await comeTo(book, server.folder, ['count']);
		await field('password').fill('not-for-the-disk');
		await expect.poll(() => runtimeOf(server).sessions.list()[0]?.session.values['folder']).toBe(server.folder);
		const { folder: stateDir } = runtimeOf(server);
		const content = mkdtempSync(join(tmpdir(), 'drover-newer-'));
		cpSync(testContent, content, { recursive: true });
		const definition = join(content, 'src/content/runbooks/field/walk.yaml');
		writeFileSync(definition, readFileSync(definition, 'utf8').replace('mkdir -p ${folder}/pasture', 'mkdir -p -m 750 ${folder}/pasture'));
		await server.served.close();
		const newer = await serve({ content: readContent(content), site: testSite, folder: server.folder, version: 'newer', stateDir, port: server.served.port, exactPort: true });
		await expect(page.getByRole('button', { name: t(mayRun) })).toBeVisible();
		// A browser that was asleep has typed something meanwhile.
		await field('herd').fill('cows');

		await button('fence', 'step.run').click();
		const dialog = page.getByRole('dialog');
		await expect(dialog.getByText(`mkdir -p ${server.folder}/pasture`, { exact: true })).toBeVisible();
		await expect(dialog.getByText(`mkdir -p -m 750 ${server.folder}/pasture`, { exact: true })).toBeVisible();
		await dialog.getByRole('button', { name: t('dialog.cancel') }).click();

		await expect(field('herd')).toHaveValue('cows');
		await expect(field('password')).toHaveValue('not-for-the-disk');
		await expect(state('count')).toHaveText(t('status.by-hand'));
		await expect(state('fence')).toHaveText(t('status.next'));
		expect(newer.runtime.ready && newer.runtime.runs.list()).toEqual([]);
		await reload(page);
		await expect(page.getByText(t('session.other-definition'))).toBeVisible();
		await expect(field('herd')).toHaveValue('cows');
		await newer.close();
		rmSync(content, { recursive: true });
	});

	test(`what is typed while the server is away is kept as soon as it is back (${locale})`, async ({ openRunbook, server, page }) => {
		const { t, field } = await openRunbook('walk', locale);
		await field('folder').fill(server.folder);
		await expect.poll(() => runtimeOf(server).sessions.list()[0]?.session.values['folder']).toBe(server.folder);
		const { folder: stateDir } = runtimeOf(server);
		await server.served.close();
		await expect(page.getByRole('button', { name: t('access.gone') })).toBeVisible();

		await field('herd').fill('sheep');
		const again = await startServer(stateDir, server.served.port);
		await expect(page.getByRole('button', { name: t(mayRun) })).toBeVisible();

		await expect.poll(() => runtimeOf(again).sessions.list()[0]?.session.values['herd']).toBe('sheep');
		await again.served.close();
	});

	test(`a state directory that is gone turns running off and says why; what runs can be ended, and all is on again when it is back (${locale})`, async ({ openRunbook, server, page }) => {
		const book = await openRunbook('walk', locale);
		const { t, field, step, button } = book;
		await startLong(book, server);
		const { folder: stateDir } = runtimeOf(server);

		renameSync(stateDir, `${stateDir}-elsewhere`);
		await field('herd').fill('sheep');
		await page.getByRole('button', { name: t('access.no-state') }).click();
		await expect(page.getByText(t('problem.state.missing', { path: stateDir })).first()).toBeVisible();
		await page.keyboard.press('Escape');
		await expect(button('long', 'step.cancel')).toBeEnabled();
		renameSync(`${stateDir}-elsewhere`, stateDir);

		await expect(page.getByRole('button', { name: t(mayRun) })).toBeVisible();
		await expect.poll(() => runtimeOf(server).sessions.list()[0]?.session.values['herd']).toBe('sheep');
		await button('long', 'step.cancel').click();
		await expect(step('long').getByText(t('run.ended.ctrl-c', { signal: 'SIGINT' }))).toBeVisible();
	});

	test(`what was proven is looked at again, turns stale with what was seen, and is proven again (${locale})`, async ({ openRunbook, server, page }) => {
		await page.clock.install();
		const book = await openRunbook('walk', locale);
		const { t, step, state, button } = book;
		const pasture = join(server.folder, 'pasture');
		await comeTo(book, server.folder, ['count']);
		await button('fence', 'step.run').click();
		await expect(state('fence')).toHaveText(t('status.verified'));
		const again = async () => {
			await page.clock.fastForward(21_000);
			await page.clock.resume();
		};

		rmdirSync(pasture);
		await again();
		await expect(state('fence')).toHaveText(t('status.stale'));
		await expect(step('fence').getByText(t('saw.file-absent', { path: pasture }))).toBeVisible();
		// What was ticked by hand and holds stays ticked by hand: nobody has asked for more.
		await expect(state('count')).toHaveText(t('status.by-hand'));
		mkdirSync(pasture);
		await again();

		await expect(state('fence')).toHaveText(t('status.verified'));
		await expect(step('fence').getByText(t('saw.file-there', { path: pasture }))).toBeVisible();
	});

	test(`the outage is counted from the first change until all of it is taken back (${locale})`, async ({ openRunbook, server, page }) => {
		const book = await openRunbook('walk', locale);
		const { t, button } = book;
		mkdirSync(join(server.folder, 'pasture'));
		await book.field('herd').fill('cows');
		await comeTo(book, server.folder, ['count', 'fence', 'ask', 'found', 'long']);
		const clock = page.locator('outage-clock').first();
		await expect(clock).toBeHidden();

		await button('move', 'step.run').click();
		await page.getByRole('dialog').getByRole('button', { name: t('confirm.run'), exact: true }).click();
		await expect(page.locator('#move .step-word').first()).toHaveText(t('status.verified'));
		await expect(clock).toContainText(t('outage.running', { at: '', elapsed: '' }).slice(0, 3));
		await expect(page.locator('#move')).toContainText(t('state.took-usually', { time: '', usually: t('time.seconds', { count: 5 }) }).slice(-6));
		await page.getByRole('region', { name: t('back.title') }).getByRole('button', { name: t('back.undo'), exact: true }).first().click();
		await page.getByRole('dialog').getByRole('button', { name: t('confirm.undo'), exact: true }).click();

		await expect(page.locator('#move .step-word').first()).toHaveText(t('status.next'));
		await expect(clock).toContainText(t('outage.over', { time: '\n', from: '', to: '' }).split('\n')[0] ?? '');
	});

	test(`a notification is asked for once, and tells when a long step has ended while nobody looked (${locale})`, async ({ openRunbook, server, page }) => {
		await mayNotify(page);
		const seen = () => page.evaluate(() => (window as unknown as { seen: { asked: number; told: string[] } }).seen);
		const look = (state: string) => page.evaluate((value) => Object.defineProperty(document, 'visibilityState', { value, configurable: true }), state);
		const book = await openRunbook('walk', locale);
		const { t, button, state, title } = book;
		await startLong(book, server);
		expect(await seen()).toEqual({ asked: 0, told: [] });

		await button('long', 'notify.ask').click();
		await expect(button('long', 'notify.ask')).toHaveCount(0);
		await look('hidden');
		process.kill(programOf(server), 'SIGTERM');
		await expect.poll(async () => (await seen()).told).toEqual([t('notify.title', { step: title('long'), status: t('status.failed') })]);
		await look('visible');
		await expect(state('long')).toHaveText(t('status.failed'));
		await button('long', 'step.run-again').click();
		await expect(button('long', 'step.cancel')).toBeEnabled();

		await expect(button('long', 'notify.ask')).toHaveCount(0);
		expect((await seen()).asked).toBe(1);
		await button('long', 'step.cancel').click();
		await expect(state('long')).toHaveText(t('status.failed'));
	});

	test(`a notification that nobody asked for is no longer offered when the step has ended (${locale})`, async ({ openRunbook, server, page }) => {
		await mayNotify(page);
		const book = await openRunbook('walk', locale);
		const { t, button, state } = book;
		await startLong(book, server);
		await expect(button('long', 'notify.ask')).toBeVisible();

		process.kill(programOf(server), 'SIGTERM');

		await expect(state('long')).toHaveText(t('status.failed'));
		await expect(button('long', 'notify.ask')).toHaveCount(0);
	});
}
