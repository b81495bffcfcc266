/** Run all: a phase by one press, through the real server. */
import type { Page } from '@playwright/test';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Locale } from '../../src/i18n/locale.ts';
import { bothLocales, expect, inChinese, inEnglish, openedRunbook, test, type OpenedRunbook } from './fixtures.ts';
import { startServer, type TestServer } from './start-server.ts';

/** The head of a phase: what can be pressed there, and what it says. */
function phaseOf({ page, t }: OpenedRunbook, phase: 'preflight' | 'prepare' | 'change' | 'verify' | 'finish') {
	const place = page.locator(`phase-run[data-phase="${phase}"]`);
	return { place, all: place.getByRole('button', { name: t('phase-run.all'), exact: true }), stop: place.getByRole('button', { name: t('phase-run.stop'), exact: true }), state: place.getByRole('status') };
}

/** A server in a process of its own. */
async function startProcess(stateDir: string, folder: string, port: string): Promise<{ readonly address: string; kill: () => Promise<void> }> {
	const child = spawn(process.execPath, [join(import.meta.dirname, 'serve-process.ts'), stateDir, folder, port], { stdio: ['ignore', 'pipe', 'inherit'] });
	const [address] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
	return {
		address,
		kill: async () => {
			child.kill('SIGKILL');
			await once(child, 'exit');
		},
	};
}

const dialogOf = (page: Page) => page.getByRole('dialog');

/** A runbook whose folder and herd are filled in. */
async function begin(openRunbook: (runbook: string, locale: Locale) => Promise<OpenedRunbook>, server: TestServer, locale: Locale): Promise<OpenedRunbook> {
	const opened = await openRunbook('drive', locale);
	await opened.field('folder').fill(server.folder);
	await opened.field('herd').fill('cows');
	return opened;
}

for (const locale of bothLocales) {
	test(`eight presses and three dialogs lead from the first check to the end (${locale})`, async ({ openRunbook, server, errors }) => {
		const opened = await begin(openRunbook, server, locale);
		const { page, t, title, state } = opened;
		let presses = 0;
		let dialogs = 0;
		const press = async (button: ReturnType<Page['getByRole']>) => {
			await button.click();
			presses += 1;
		};
		const answer = async (act: 'confirm.run' | 'confirm.destroy') => {
			await expect(dialogOf(page)).toBeVisible();
			dialogs += 1;
			await press(dialogOf(page).getByRole('button', { name: t(act), exact: true }));
		};

		await press(phaseOf(opened, 'preflight').all);
		await expect(state('count')).toHaveText(t('status.verified'));
		await expect(phaseOf(opened, 'preflight').state).toContainText(t('phase-run.done', { steps: 2 }));

		await press(phaseOf(opened, 'prepare').all);
		await expect(phaseOf(opened, 'prepare').state).toContainText(t('phase-run.done', { steps: 2 }));
		await expect(state('fence')).toHaveText(t('status.verified'));

		await press(phaseOf(opened, 'change').all);
		// What will run is shown whole, and nothing else is asked.
		await expect(dialogOf(page).getByRole('listitem')).toHaveCount(2);
		await expect(dialogOf(page)).toContainText(`touch ${server.folder}/pasture/cows`);
		await expect(dialogOf(page)).toContainText(`touch ${server.folder}/gate`);
		await answer('confirm.run');
		await expect(state('open')).toHaveText(t('status.verified'));

		await press(phaseOf(opened, 'change').place.getByRole('button', { name: t('phase-run.one', { step: title('cross') }), exact: true }));
		await expect(dialogOf(page)).toContainText(t('confirm.gate'));
		await expect(dialogOf(page)).toContainText(t('phase-run.then-checks', { steps: [title('there'), title('quiet')].join(t('list.separator')) }));
		await answer('confirm.run');
		// The checks of the next phase follow by themselves.
		await expect(state('quiet')).toHaveText(t('status.verified'));

		await press(phaseOf(opened, 'finish').place.getByRole('button', { name: t('phase-run.one', { step: title('burn') }), exact: true }));
		await page.getByLabel(t('confirm.object', { object: 'cows' })).fill('cows');
		await answer('confirm.destroy');
		await expect(state('burn')).toHaveText(t('status.verified'));
		await expect(page.getByText(t('arrival.done'))).toBeVisible();

		expect({ presses, dialogs }).toEqual({ presses: 8, dialogs: 3 });
		expect(existsSync(join(server.folder, 'pasture/cows'))).toBe(false);
		expect(existsSync(join(server.folder, 'crossed'))).toBe(true);
		expect(errors).toEqual([]);
	});

	test(`a step that has passed is one line with its evidence behind it, and opens by keyboard (${locale})`, async ({ openRunbook, server }) => {
		const opened = await begin(openRunbook, server, locale);
		const { page, t, step, title } = opened;
		await phaseOf(opened, 'preflight').all.click();
		await expect(phaseOf(opened, 'preflight').state).toContainText(t('phase-run.done', { steps: 2 }));
		const evidence = step('count').getByText(t('saw.output', { text: server.folder }));
		await expect(evidence).toBeHidden();

		await expect(step('count').getByRole('button', { name: t('step.check'), exact: true })).toBeHidden();
		await step('count').locator('summary', { hasText: t('step.evidence') }).first().focus();
		await page.keyboard.press('Enter');

		await expect(step('count').getByRole('button', { name: t('step.check'), exact: true })).toBeVisible();
		await expect(evidence).toBeVisible();
		await expect(step('count').locator('summary').first()).toContainText(title('count'));
	});

	test(`a failed check stops each phase, and says where, why and what next (${locale})`, async ({ openRunbook, server }) => {
		const opened = await begin(openRunbook, server, locale);
		const { page, t, title, state, button } = opened;
		const stopsAt = async (phase: Parameters<typeof phaseOf>[1], id: string) => {
			await expect(phaseOf(opened, phase).state).toContainText(t('stop.failed', { step: title(id) }));
			await expect(phaseOf(opened, phase).state).toContainText(t('phase-run.then-failed'));
			await expect(phaseOf(opened, phase).state.getByRole('link', { name: t('phase-run.to-step', { step: title(id) }) })).toBeVisible();
			await expect(state(id)).toHaveText(t('status.failed'));
		};
		const confirm = () => dialogOf(page).getByRole('button', { name: t('confirm.run'), exact: true }).click();

		writeFileSync(join(server.folder, 'storm'), '');
		await phaseOf(opened, 'preflight').all.click();
		await stopsAt('preflight', 'weather');
		// The others of the preflight were checked all the same.
		await expect(state('count')).toHaveText(t('status.verified'));
		rmSync(join(server.folder, 'storm'));
		await phaseOf(opened, 'preflight').all.click();
		await expect(state('weather')).toHaveText(t('status.verified'));

		writeFileSync(join(server.folder, 'pasture'), 'no folder');
		await phaseOf(opened, 'prepare').all.click();
		await stopsAt('prepare', 'fence');
		await expect(state('ask')).not.toHaveText(t('status.verified'));
		rmSync(join(server.folder, 'pasture'));
		await phaseOf(opened, 'prepare').all.click();
		await expect(state('ask')).toHaveText(t('status.verified'));

		writeFileSync(join(server.folder, 'wolf'), '');
		await phaseOf(opened, 'change').all.click();
		await confirm();
		await stopsAt('change', 'move');
		rmSync(join(server.folder, 'wolf'));
		await phaseOf(opened, 'change').all.click();
		await confirm();
		await expect(state('open')).toHaveText(t('status.verified'));

		writeFileSync(join(server.folder, 'noise'), '');
		await phaseOf(opened, 'change').place.getByRole('button', { name: t('phase-run.one', { step: title('cross') }) }).click();
		await confirm();
		await expect(state('quiet')).toHaveText(t('status.failed'));
		await expect(phaseOf(opened, 'change').state).toContainText(t('stop.failed', { step: title('quiet') }));

		await button('quiet', 'step.override').click();
		await page.getByLabel(t('reason.label')).fill('It is only the wind');
		await dialogOf(page).getByRole('button', { name: t('reason.override'), exact: true }).click();
		await expect(state('quiet')).toHaveText(t('status.overridden'));
		await expect(opened.step('quiet').getByText('It is only the wind')).toBeVisible();
	});
}

for (const locale of inChinese) {
	test(`Stop begins nothing more, another tab and the other language show the same, and a reload loses nothing (${locale})`, async ({ openRunbook, server, context, errors }) => {
		const opened = await begin(openRunbook, server, locale);
		const { page, t, title, state } = opened;
		await phaseOf(opened, 'preflight').all.click();
		await expect(state('weather')).toHaveText(t('status.verified'));
		writeFileSync(join(server.folder, 'slow'), '');
		await phaseOf(opened, 'prepare').all.click();
		await expect(state('fence')).toHaveText(t('status.running'));

		const other = openedRunbook(await context.newPage(), 'drive', 'en');
		await other.page.goto(page.url().replace(/#.*/, '').replace('/zh/', '/en/'));
		await expect(phaseOf(other, 'prepare').stop).toBeVisible();
		await expect(other.page.locator('phase-run[data-phase="prepare"]')).toContainText(other.t('phase-run.progress', { done: 0, steps: 2 }));
		await page.reload();
		await expect(phaseOf(opened, 'prepare').stop).toBeVisible();
		// Meanwhile no step can be begun beside it.
		await expect(phaseOf(opened, 'prepare').all).toBeHidden();

		await phaseOf(other, 'prepare').stop.click();
		await expect(phaseOf(opened, 'prepare').state).toContainText(t('stop.stopped', { step: title('fence') }));
		await expect(phaseOf(other, 'prepare').state).toContainText(other.t('stop.stopped', { step: other.title('fence') }));
		rmSync(join(server.folder, 'slow'));
		await expect(state('fence')).toHaveText(t('status.verified'));
		await expect(state('ask')).toHaveText(t('status.next'));

		await phaseOf(opened, 'prepare').place.getByRole('button', { name: t('phase-run.one', { step: title('ask') }) }).click();
		await expect(state('ask')).toHaveText(t('status.verified'));
		expect(errors).toEqual([]);
	});
}

for (const locale of inEnglish) {
	test(`a server that ends in the middle says so when it is back, and nothing goes on by itself (${locale})`, async ({ openRunbook, server, page }) => {
		const opened = await begin(openRunbook, server, locale);
		const { t, title, state } = opened;
		await phaseOf(opened, 'preflight').all.click();
		await expect(state('weather')).toHaveText(t('status.verified'));
		writeFileSync(join(server.folder, 'slow'), '');
		await phaseOf(opened, 'prepare').all.click();
		await expect(state('fence')).toHaveText(t('status.running'));

		const { port } = server.served;
		await server.served.close();
		await expect(page.getByText(t('access.gone'), { exact: true })).toBeVisible();
		const second = await startServer(server.stateDir, port);
		try {
			await expect(phaseOf(opened, 'prepare').state).toContainText(t('stop.server-ended', { step: title('fence') }));
			await expect(phaseOf(opened, 'prepare').state).toContainText(t('phase-run.then-server-ended'));
			rmSync(join(server.folder, 'slow'));
			await expect(state('fence')).toHaveText(t('status.verified'));
			await expect(state('ask')).toHaveText(t('status.next'));
		} finally {
			await second.close();
		}
	});

	test(`a server that is killed in the middle leaves what is true, and one sentence (${locale})`, async ({ server, page }) => {
		const start = (port: string) => startProcess(server.stateDir, server.folder, port);
		await server.served.close();
		const first = await start('0');
		const opened = openedRunbook(page, 'drive', locale);
		const { t, title, state } = opened;
		const { origin, hash, port } = new URL(first.address);
		await page.goto(`${origin}/${locale}/field/drive/${hash}`);
		await opened.field('folder').fill(server.folder);
		await opened.field('herd').fill('cows');
		await phaseOf(opened, 'preflight').all.click();
		await expect(state('weather')).toHaveText(t('status.verified'));
		writeFileSync(join(server.folder, 'slow'), '');
		await phaseOf(opened, 'prepare').all.click();
		// Its program runs: before, there is nothing to cancel.
		await expect(opened.button('fence', 'step.cancel')).toHaveAttribute('aria-disabled', 'false');

		await first.kill();
		await expect(page.getByText(t('access.gone'), { exact: true })).toBeVisible();
		const second = await start(port);
		try {
			await expect(phaseOf(opened, 'prepare').state).toContainText(t('stop.server-ended', { step: title('fence') }));
			await expect(phaseOf(opened, 'prepare').state).toContainText(t('phase-run.then-server-ended'));
			// The program went on without the server; nothing is begun after it.
			await expect(state('fence')).toHaveText(t('status.running'));
			await page.reload();
			await expect(phaseOf(opened, 'prepare').state).toContainText(t('stop.server-ended', { step: title('fence') }));
			rmSync(join(server.folder, 'slow'));
			await expect(state('fence')).toHaveText(t('status.verified'));
			await expect(state('ask')).toHaveText(t('status.next'));
			expect(existsSync(join(server.folder, 'asked'))).toBe(false);
		} finally {
			rmSync(join(server.folder, 'slow'), { force: true });
			await second.kill();
		}
	});

	test(`one button is the first to press: that of the phase, where it does the step as well (${locale})`, async ({ openRunbook, server }) => {
		const opened = await begin(openRunbook, server, locale);
		const { page, button, t } = opened;
		const colour = (one: ReturnType<Page['getByRole']>) => one.evaluate((element) => getComputedStyle(element).backgroundColor);
		await expect(phaseOf(opened, 'preflight').all).toBeVisible();
		await expect(button('count', 'step.check')).toBeVisible();

		const [phase, step] = [await colour(phaseOf(opened, 'preflight').all), await colour(button('count', 'step.check'))];
		const raised = await page.evaluate(() => {
			const probe = document.body.appendChild(document.createElement('div'));
			probe.style.background = 'var(--paper-raised)';
			const found = getComputedStyle(probe).backgroundColor;
			probe.remove();
			return found;
		});

		expect(step).toBe(raised);
		expect(phase).not.toBe(step);
		await expect(page.getByRole('button', { name: t('phase-run.all'), exact: true })).toHaveCount(1);
	});

	test(`the terminals go when the run has ended well, and stay for who uses them (${locale})`, async ({ openRunbook, server, page }) => {
		const opened = await begin(openRunbook, server, locale);
		const { t, state } = opened;
		const dock = page.getByRole('region', { name: t('terminal.label'), exact: true });
		await phaseOf(opened, 'preflight').all.click();
		await expect(state('weather')).toHaveText(t('status.verified'));
		writeFileSync(join(server.folder, 'slow'), '');
		await phaseOf(opened, 'prepare').all.click();
		await expect(dock).toBeVisible();

		rmSync(join(server.folder, 'slow'));

		await expect(state('ask')).toHaveText(t('status.verified'));
		await expect(dock).toBeHidden();
		await expect(page.getByRole('button', { name: t('terminal.label'), exact: true })).toBeVisible();
	});
}
