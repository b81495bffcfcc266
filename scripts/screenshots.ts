/**
 * Makes the pictures: every view in both languages and both themes, wide, on a laptop, a tablet and a phone, with steps in every state. `npm exec -- node
 * scripts/screenshots.ts` writes them all below `test-results/pictures`; with `--keep` the important ones go to `docs/pictures` for the READMEs; `--phases` makes those of
 * phase runs alone, `--guide` those of the guide, into `public/pictures`.
 */
import { chromium, type Browser, type Page } from '@playwright/test';
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSite } from '../server/site/build-site.ts';
import { ensureSite } from '../server/site/ensure-site.ts';
import { everyState, openKept } from '../tests/e2e/every-state.ts';
import { root, testContent, testSite } from '../tests/e2e/site-folder.ts';
import { startServer, type TestServer } from '../tests/e2e/start-server.ts';
import { serveStatic } from '../tests/e2e/static-server.ts';

const folder = join(root, 'test-results/pictures');
const sizes = { wide: { width: 1440, height: 900 }, laptop: { width: 1180, height: 760 }, tablet: { width: 820, height: 1180 }, phone: { width: 390, height: 844 } } as const;
const args = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

/** Pictures that the READMEs show. */
const kept = ['home-en-light-wide', 'home-zh-light-wide', 'single-container-en-light-wide', 'single-container-zh-dark-wide', 'states-en-light-wide', 'states-zh-dark-wide', 'states-zh-light-phone'];

async function shoot(page: Page, name: string): Promise<void> {
	await page.evaluate(() => document.fonts.ready);
	await page.screenshot({ path: join(folder, `${name}.png`) });
}

/** Every reading view of the product's own pages. */
async function shootPages(browser: Browser, origin: string): Promise<void> {
	const views = { home: '', family: 'rancher-1.6/', guide: 'guide/choose-your-path/', 'single-container': 'rancher-1.6/single-container/' };
	for (const locale of ['zh', 'en'] as const) {
		for (const theme of ['light', 'dark'] as const) {
			for (const [size, viewport] of Object.entries(sizes)) {
				const page = await browser.newPage({ viewport, colorScheme: theme, reducedMotion: 'reduce' });
				for (const [name, path] of Object.entries(views)) {
					await page.goto(`${origin}/${locale}/${path}`, { waitUntil: 'networkidle' });
					await shoot(page, `${name}-${locale}-${theme}-${size}`);
				}
				await shootWindows(page, `${locale}-${theme}-${size}`, locale === 'zh' ? '数据容器' : 'data container');
				await page.close();
			}
		}
	}
}

/** The gate with its command explained, the search, the checklist of a phone. */
async function shootWindows(page: Page, name: string, query: string): Promise<void> {
	await page.locator('#field-container').fill('rancher-server');
	await page.locator('#field-old_tag').fill('v1.6.14');
	await page.locator('#start .explain-fold summary').click();
	await page.locator('#start').evaluate((step) => step.scrollIntoView({ block: 'start' }));
	await shoot(page, `gate-${name}`);
	await page.keyboard.press('Control+k');
	await page.locator('.search-dialog input').fill(query);
	await page.locator('.search-dialog a').first().waitFor();
	await shoot(page, `search-${name}`);
	await page.keyboard.press('Escape');
	if (!(await page.locator('.checklist-button').isVisible())) return;
	await page.locator('.checklist-button').click();
	await shoot(page, `checklist-${name}`);
}

/** Steps in every state, the dock, dialogs: on the tests' runbook, whose commands are harmless. */
async function shootStates(browser: Browser, server: TestServer, locale: 'zh' | 'en'): Promise<void> {
	const page = await browser.newPage({ viewport: sizes.wide, reducedMotion: 'reduce' });
	const press = (step: string, action: string) => page.locator(`#${step} [data-do="${action}"]`).first().click();
	const reach = (step: string, state: string) => page.locator(`#${step}[data-state="${state}"]`).waitFor();
	await page.goto(`${server.origin}/${locale}/field/walk/#${server.served.address().split('#')[1] ?? ''}`);
	await page.locator('#field-folder').fill(server.folder);
	await page.locator('#field-herd').fill('cows');
	await press('count', 'look');
	await reach('count', 'verified');
	await press('fence', 'run');
	await reach('fence', 'verified');
	await press('ask', 'skip');
	await shootAll(page, `dialog-reason-${locale}`);
	await page.locator('dialog textarea').fill('Asked before');
	await page.locator('dialog [type="submit"]').click();
	await reach('ask', 'skipped');
	await press('found', 'run');
	await reach('found', 'found');
	await press('long', 'by-hand');
	await reach('long', 'by-hand');
	await press('move', 'run');
	await shootAll(page, `dialog-run-${locale}`);
	await page.locator('dialog [type="submit"]').click();
	await reach('move', 'verified');
	await press('trip', 'run');
	await page.locator('dialog [type="submit"]').click();
	await reach('trip', 'failed');
	await page.locator('#trip .hint').waitFor();
	await shootAll(page, `states-${locale}`, '#move');
	await page.locator('.terminal-panel [data-do="close"]').click();
	await shootAll(page, `rollback-plan-${locale}`, '#rollback-plan');
	await page.locator('.session-button').click();
	await page.locator('.session-list li').waitFor();
	await shootAll(page, `sessions-${locale}`);
	await page.close();
}

/** A phase by one press: what is asked before, how far it is, and each way in which it ends. */
async function shootPhases(browser: Browser, server: TestServer, locale: 'zh' | 'en', shootThem = shootAll): Promise<void> {
	const page = await browser.newPage({ viewport: sizes.wide, reducedMotion: 'reduce' });
	const phase = (name: string) => page.locator(`phase-run[data-phase="${name}"]`);
	const press = (name: string) => phase(name).locator('.actions .button:not([hidden])').first().click();
	const ended = (name: string) => phase(name).locator('.phase-state > [data-tone]').waitFor();
	const file = (name: string) => join(server.folder, name);
	const confirm = () => page.locator('dialog [type="submit"]').click();
	await page.goto(`${server.origin}/${locale}/field/drive/#${server.served.address().split('#')[1] ?? ''}`);
	await page.locator('#field-folder').fill(server.folder);
	await page.locator('#field-herd').fill('cows');
	await phase('preflight').locator('.button').first().waitFor();
	await shootThem(page, `phase-before-${locale}`, '.glance');
	writeFileSync(file('storm'), '');
	await press('preflight');
	await ended('preflight');
	await shootThem(page, `phase-failed-${locale}`, '#phase-preflight');
	rmSync(file('storm'));
	await press('preflight');
	await page.locator('#weather[data-state="verified"]').waitFor();
	await shootThem(page, `phase-passed-${locale}`, '#phase-preflight');
	writeFileSync(file('slow'), '');
	await press('prepare');
	await page.locator('#fence[data-state="running"]').waitFor();
	await page.locator('.terminal-panel:not([hidden])').waitFor();
	await shootThem(page, `phase-running-${locale}`, '#phase-prepare');
	await phase('prepare').locator('.button.danger').click();
	await ended('prepare');
	await shootThem(page, `phase-stopped-${locale}`, '#phase-prepare');
	rmSync(file('slow'));
	await page.locator('#fence[data-state="verified"]').waitFor();
	await press('prepare');
	await page.locator('#ask[data-state="verified"]').waitFor();
	await press('change');
	await shootThem(page, `phase-ask-${locale}`);
	await confirm();
	await page.locator('#open[data-state="verified"]').waitFor();
	await press('change');
	await shootThem(page, `phase-ask-gate-${locale}`);
	writeFileSync(file('noise'), '');
	await confirm();
	await page.locator('#quiet[data-state="failed"]').waitFor();
	await ended('change');
	await page.locator('#quiet [data-do="override"]').click();
	await shootThem(page, `phase-accept-${locale}`);
	await page.locator('dialog textarea').fill('Wind');
	await confirm();
	await page.locator('#quiet[data-state="overridden"]').waitFor();
	await shootThem(page, `phase-accepted-${locale}`, '#phase-verify');
	await press('finish');
	await shootThem(page, `phase-destroy-${locale}`);
	await page.locator('dialog input').fill('cows');
	await confirm();
	await page.locator('#burn[data-state="verified"]').waitFor();
	await shootThem(page, `phase-done-${locale}`, '#phase-finish');
	await page.close();
}

/** A step in every state there is, pages whole: sessions as a static site keeps them. */
async function shootEveryState(browser: Browser, origin: string): Promise<void> {
	for (const locale of ['zh', 'en'] as const) {
		for (const theme of ['light', 'dark'] as const) {
			for (const size of ['wide', 'phone'] as const) {
				const context = await browser.newContext({ viewport: sizes[size], colorScheme: theme, reducedMotion: 'reduce' });
				const page = await context.newPage();
				for (const [index, session] of everyState.entries()) {
					await openKept(page, origin, locale, session);
					await page.evaluate(() => document.fonts.ready);
					await page.screenshot({ path: join(folder, `every-state-${index + 1}-${locale}-${theme}-${size}.png`), fullPage: true });
				}
				await context.close();
			}
		}
	}
}

/** `place`: what comes to the top of each picture. */
async function shootAll(page: Page, name: string, place?: string): Promise<void> {
	for (const theme of ['light', 'dark'] as const) {
		await page.emulateMedia({ colorScheme: theme });
		for (const [size, viewport] of Object.entries(sizes)) {
			await page.setViewportSize(viewport);
			if (place !== undefined) await page.locator(place).evaluate((one) => one.scrollIntoView({ block: 'start' }));
			await shoot(page, `${name}-${theme}-${size}`);
		}
	}
	await page.setViewportSize(sizes.wide);
	await page.emulateMedia({ colorScheme: 'light' });
}

/** Those of "Using Drover": what stopped a phase, and what is asked before one. */
async function shootGuide(page: Page, name: string, place?: string): Promise<void> {
	if (!/^phase-(?:ask|failed)-(?:zh|en)$/.test(name)) return;
	await page.setViewportSize(sizes.laptop);
	if (place !== undefined) await page.locator(place).evaluate((one) => one.scrollIntoView({ block: 'start' }));
	await page.evaluate(() => document.fonts.ready);
	await page.screenshot({ path: join(root, 'public/pictures', `${name}.png`) });
	await page.setViewportSize(sizes.wide);
}

mkdirSync(folder, { recursive: true });
const guide = process.argv.includes('--guide');
const all = !guide && !process.argv.includes('--phases');
await buildSite({ root, content: testContent, out: testSite });
const browser = await chromium.launch({ executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium', args });
if (all) {
	const host = await serveStatic(await ensureSite(root), '/');
	await shootPages(browser, host.origin);
	await host.close();
	const testHost = await serveStatic(testSite, '/');
	await shootEveryState(browser, testHost.origin);
	await testHost.close();
}
for (const locale of ['zh', 'en'] as const) {
	const server = await startServer();
	if (all) await shootStates(browser, server, locale);
	await server.close();
	const another = await startServer();
	await shootPhases(browser, another, locale, guide ? shootGuide : shootAll);
	await another.close();
}
await browser.close();
if (process.argv.includes('--keep')) {
	mkdirSync(join(root, 'docs/pictures'), { recursive: true });
	for (const name of kept) copyFileSync(join(folder, `${name}.png`), join(root, 'docs/pictures', `${name}.png`));
}
