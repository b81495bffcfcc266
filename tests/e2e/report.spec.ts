import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { AxeBuilder } from '@axe-core/playwright';
import type { Download, Page } from '@playwright/test';
import { reportTable } from '../../src/i18n/report.ts';
import { strings } from '../../src/i18n/strings.ts';
import { languageTag, type Locale } from '../../src/i18n/locale.ts';
import { bothLocales, expect, openedRunbook, test, type OpenedRunbook } from './fixtures.ts';

async function fence({ t, field, step, button, look }: OpenedRunbook, folder: string): Promise<void> {
	await field('folder').fill(folder);
	await field('herd').fill('cows');
	await field('grass').fill('<img src=x onerror="window.hurt=1">`');
	await look('count');
	await button('fence', 'step.run').click();
	await expect(step('fence').getByText(t('run.ended.success'))).toBeVisible();
}

/** A run that prints, waits for an answer and prints again. */
async function ask({ page, t, step, button }: OpenedRunbook): Promise<void> {
	await button('ask', 'step.run').click();
	await expect(page.getByRole('log').filter({ hasText: 'How many?' })).toHaveCount(1);
	await page.locator('.terminal-screen:not([hidden]) .xterm').click();
	await page.keyboard.type('seven\n');
	await expect(step('ask').getByText(t('run.ended.success'))).toBeVisible();
}

async function download(page: Page, name: string): Promise<Download> {
	const [file] = await Promise.all([page.waitForEvent('download'), page.locator('report-links').getByRole('button', { name, exact: true }).click()]);
	return file;
}

for (const locale of bothLocales) {
	const other: Locale = locale === 'zh' ? 'en' : 'zh';

	test(`the report is downloaded from the page, and its recording plays from the disk (${locale})`, async ({ openRunbook, server, browser, errors }) => {
		const opened = await openRunbook('walk', locale);
		const { page, t, title } = opened;
		await fence(opened, server.folder);
		await ask(opened);
		const asked: string[] = [];
		page.on('request', (request) => asked.push(request.url()));

		const file = await download(page, t('report.html'));
		const path = test.info().outputPath('report.html');
		await file.saveAs(path);

		expect(file.suggestedFilename()).toMatch(/^drover-[a-z0-9]+\.html$/);
		expect(asked.filter((url) => url.includes('/report?'))).toEqual([expect.stringMatching(/\/report\?format=html&locale=(?:zh|en)$/)]);
		expect(errors).toEqual([]);

		const words = reportTable(locale);
		const context = await browser.newContext();
		const read = await context.newPage();
		const wrong: string[] = [];
		read.on('console', (message) => wrong.push(message.text())).on('pageerror', (error) => wrong.push(error.message));
		read.on('request', (request) => request.url().startsWith('file:') || wrong.push(request.url()));
		await read.goto(pathToFileURL(path).href);
		await expect(read.locator('html')).toHaveAttribute('lang', languageTag(locale));
		await expect(read.getByRole('heading', { level: 3, name: `2. ${title('fence')}`, exact: true })).toBeVisible();

		const player = read.locator('run-player');
		const screen = player.locator('.screen');
		await expect(player).toHaveCount(1);
		await expect(screen).toBeHidden();
		await player.getByRole('button', { name: words['report.play'] ?? '' }).click();
		await expect(screen).toContainText('You said seven for <img src=x onerror="window.hurt=1">`');
		await expect(player.getByRole('button', { name: words['report.play'] ?? '' })).toBeVisible();

		// The keys: to the beginning, where nothing was answered yet, and to the end.
		await screen.press('Home');
		await expect(screen).not.toContainText('You said');
		await screen.press('End');
		await expect(screen).toContainText('You said seven');
		await player.getByRole('button', { name: words['report.as-text'] ?? '' }).click();
		await expect(screen).toBeHidden();
		await expect(player.locator('.output-text')).toContainText('You said seven');
		const { violations } = await new AxeBuilder({ page: read }).analyze();
		expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
		expect(await read.evaluate(() => 'hurt' in window)).toBe(false);
		expect(wrong).toEqual([]);
		await context.close();
	});

	test(`a session of the other language gives the report in this one, and without scripts it is text (${locale})`, async ({ openRunbook, server, browser }) => {
		const made = await openRunbook('walk', other);
		await fence(made, server.folder);
		await made.page.goto(`${server.origin}/${locale}/field/walk/`);
		await made.page.locator('html[data-alive]').waitFor();
		const { page, t, title, state } = openedRunbook(made.page, 'walk', locale);
		await expect(state('fence')).toHaveText(t('status.verified'));

		const path = test.info().outputPath('report.html');
		await (await download(page, t('report.html'))).saveAs(path);
		const markdown = readFileSync(await (await download(page, t('report.markdown'))).path(), 'utf8');
		const lines = readFileSync(await (await download(page, t('report.jsonl'))).path(), 'utf8').trimEnd().split('\n');

		expect(markdown).toContain(title('fence'));
		expect(markdown).not.toContain(strings(other)('run.ended.success'));
		expect(markdown).toContain(t('run.ended.success'));
		expect(JSON.parse(lines[0] ?? '')).toMatchObject({ report: 'drover', entries: lines.length - 1 });
		const context = await browser.newContext({ javaScriptEnabled: false });
		const read = await context.newPage();
		await read.goto(pathToFileURL(path).href);
		await expect(read.getByRole('heading', { level: 3, name: `2. ${title('fence')}`, exact: true })).toBeVisible();
		await expect(read.getByText(`mkdir -p ${server.folder}/pasture`, { exact: true })).toBeVisible();
		await expect(read.getByRole('button')).toHaveCount(0);
		await context.close();
	});
}
