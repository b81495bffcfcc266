/**
 * Measures the pages and prints the figures: `npm ci && npm run bench` in this folder, after `npm ci` in the project's. Chromium is the machine's own.
 * `results.json` keeps the figures of the last run with the machine they were taken on.
 */
import { chromium, type Browser, type Page } from '@playwright/test';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { buildSite } from '../../server/site/build-site.ts';
import { root, testContent, testSite } from '../../tests/e2e/site-folder.ts';
import { startServer } from '../../tests/e2e/start-server.ts';
import { serveStatic } from '../../tests/e2e/static-server.ts';
import { writeContent } from './content.ts';

const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
const args = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
const work = mkdtempSync(join(tmpdir(), 'drover-bench-'));
const results: Record<string, unknown> = { machine: `${cpus()[0]?.model.trim()}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB`, node: process.version };

function report(name: string, figures: unknown): void {
	results[name] = figures;
	console.log(name, JSON.stringify(figures));
}

/** Bytes by kind that a page loads, raw and compressed as a server would. */
async function weigh(browser: Browser, address: string, act: (page: Page) => Promise<void> = () => Promise.resolve()): Promise<Record<string, number>> {
	const page = await browser.newPage();
	const sums: Record<string, number> = { requests: 0, scriptBytes: 0, scriptGzip: 0, styleBytes: 0, styleGzip: 0, htmlBytes: 0, htmlGzip: 0 };
	const waiting: Promise<void>[] = [];
	page.on('response', (response) => {
		const kind = response.request().resourceType();
		waiting.push(
			response.body().then((body) => {
				sums['requests'] = (sums['requests'] ?? 0) + 1;
				const name = { script: 'script', stylesheet: 'style', document: 'html' }[kind];
				if (!name) return;
				sums[`${name}Bytes`] = (sums[`${name}Bytes`] ?? 0) + body.length;
				sums[`${name}Gzip`] = (sums[`${name}Gzip`] ?? 0) + gzipSync(body).length;
			}, () => undefined),
		);
	});
	await page.goto(address, { waitUntil: 'networkidle' });
	await act(page);
	await Promise.all(waiting);
	await page.close();
	return sums;
}

/** Sum of layout shifts while a page loads and is scrolled through. */
async function layoutShift(browser: Browser, address: string): Promise<number> {
	const page = await browser.newPage();
	await page.addInitScript(() => {
		const seen = window as unknown as { shift: number };
		seen.shift = 0;
		new PerformanceObserver((list) => {
			for (const entry of list.getEntries() as unknown as { value: number; hadRecentInput: boolean }[]) if (!entry.hadRecentInput) seen.shift += entry.value;
		}).observe({ type: 'layout-shift', buffered: true });
	});
	await page.goto(address, { waitUntil: 'networkidle' });
	await page.mouse.wheel(0, 4000);
	await page.waitForLoadState('networkidle');
	const shift = await page.evaluate(() => (window as unknown as { shift: number }).shift);
	await page.close();
	return Math.round(shift * 10_000) / 10_000;
}

/** Time from a keystroke to the redrawn commands, in ms: 40 parameters, 20 steps that use all of them. */
async function redraw(browser: Browser): Promise<Record<string, number>> {
	const content = join(work, 'forty');
	writeContent(content, { runbooks: 1, parameters: 40, steps: 20 });
	const site = join(work, 'forty-site');
	await buildSite({ root, content, out: site });
	const host = await serveStatic(site, '/');
	const page = await browser.newPage();
	await page.goto(`${host.origin}/en/made/runbook-0/`, { waitUntil: 'networkidle' });
	const times = await page.evaluate(() => {
		const input = document.querySelector<HTMLInputElement>('#field-value_0');
		const measured: number[] = [];
		for (let count = 0; input && count < 60; count += 1) {
			input.value = `typed${count}`;
			const start = performance.now();
			input.dispatchEvent(new Event('input', { bubbles: true }));
			measured.push(performance.now() - start);
		}
		return measured.slice(10).sort((one, other) => one - other);
	});
	await page.close();
	await host.close();
	const round = (value: number | undefined) => Math.round((value ?? Number.NaN) * 100) / 100;
	return { medianMs: round(times[Math.floor(times.length / 2)]), worstMs: round(times.at(-1)) };
}

/** Longest time from an input to the next paint while a program prints as fast as it can. */
async function interaction(browser: Browser): Promise<Record<string, unknown>> {
	const server = await startServer();
	const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
	const page = await context.newPage();
	const weight = { scriptBytes: 0, scriptGzip: 0 };
	page.on('response', (response) => {
		if (response.request().resourceType() !== 'script') return;
		void response.body().then((body) => {
			weight.scriptBytes += body.length;
			weight.scriptGzip += gzipSync(body).length;
		}, () => undefined);
	});
	await page.goto(`${server.origin}/en/field/herd/#${server.served.address().split('#')[1] ?? ''}`);
	await page.getByLabel('Folder', { exact: true }).fill(server.folder);
	for (const id of ['count', 'call', 'paint']) {
		await page.locator(`#${id}`).getByRole('button', { name: 'Done by hand' }).click();
		await page.locator(`#${id}[data-state='by-hand']`).waitFor();
	}
	await page.evaluate(() => {
		const seen = window as unknown as { longest: number };
		seen.longest = 0;
		new PerformanceObserver((list) => {
			for (const entry of list.getEntries()) seen.longest = Math.max(seen.longest, entry.duration);
		}).observe({ type: 'event', durationThreshold: 16 } as PerformanceObserverInit);
	});
	const started = performance.now();
	await page.locator('#flood').getByRole('button', { name: 'Run' }).click();
	await page.getByRole('log').filter({ hasText: '1' }).waitFor({ state: 'attached' });
	const firstOutputMs = Math.round(performance.now() - started);
	const field = page.getByLabel('Grass', { exact: true });
	while (await page.locator('#flood').getByRole('button', { name: 'Cancel' }).isVisible()) await field.press('a');
	const longest = await page.evaluate(() => (window as unknown as { longest: number }).longest);
	await context.close();
	await server.close();
	return { interactionToNextPaintMs: longest, runToFirstOutputSeenMs: firstOutputMs, withTerminal: weight };
}

/** The score of each category, the median of three: one alone was once off by nineteen. */
async function lighthouse(address: string): Promise<Record<string, number>> {
	const scores = [await scoresOf(address), await scoresOf(address), await scoresOf(address)];
	const median = (name: string) => scores.map((one) => one[name] ?? 0).sort((one, other) => one - other)[1] ?? 0;
	return Object.fromEntries(Object.keys(scores[0] ?? {}).map((name) => [name, median(name)]));
}

async function scoresOf(address: string): Promise<Record<string, number>> {
	const out = join(work, `lighthouse-${Date.now()}.json`);
	const command = ['node_modules/lighthouse/cli/index.js', address, '--quiet', '--preset=desktop', '--output=json', `--output-path=${out}`, `--chrome-flags=--headless=new ${args.join(' ')}`];
	const child = spawn(process.execPath, command, { cwd: import.meta.dirname, env: { ...process.env, CHROME_PATH: executablePath }, stdio: ['ignore', 'ignore', 'inherit'] });
	const [code] = await once(child, 'close');
	if (code !== 0) throw new Error(`Lighthouse ended with exit code ${String(code)}.`);
	const { categories } = JSON.parse(readFileSync(out, 'utf8')) as { categories: Record<string, { score: number }> };
	return Object.fromEntries(Object.entries(categories).map(([name, { score }]) => [name, Math.round(score * 100)]));
}

/** Builds the runbook's page, as Markdown, in Starlight. */
function buildStarlight(site: string): string {
	const folder = join(import.meta.dirname, 'starlight');
	const [heading = '', ...body] = readFileSync(join(site, 'en/field/walk.md'), 'utf8').split('\n');
	mkdirSync(join(folder, 'src/content/docs'), { recursive: true });
	writeFileSync(join(folder, 'src/content/docs/index.md'), `---\ntitle: "${heading.slice(2)}"\ndescription: The same page in Starlight.\n---\n${body.join('\n')}`);
	const out = join(work, 'starlight');
	const { status, stderr, stdout } = spawnSync(process.execPath, ['../node_modules/astro/bin/astro.mjs', 'build', '--outDir', out], { cwd: folder, encoding: 'utf8', env: { ...process.env, ASTRO_TELEMETRY_DISABLED: '1' } });
	if (status !== 0) throw new Error(`Starlight's build ended with ${status}: ${stdout.slice(-500)}${stderr.slice(-500)}`);
	return out;
}

async function buildTimes(): Promise<Record<string, number>> {
	const times: Record<string, number> = {};
	for (const runbooks of [10, 100, 1000]) {
		const content = join(work, `made-${runbooks}`);
		writeContent(content, { runbooks, parameters: 12, steps: 10 });
		const start = performance.now();
		await buildSite({ root, content, out: join(work, `site-${runbooks}`) });
		times[`${runbooks} runbooks, both languages, s`] = Math.round((performance.now() - start) / 100) / 10;
	}
	return times;
}

const only = process.argv.slice(2);
const wants = (name: string) => only.length === 0 || only.includes(name);

try {
	await buildSite({ root, content: testContent, out: testSite });
	const browser = await chromium.launch({ executablePath, args });
	const host = await serveStatic(testSite, '/');
	const pages = { reading: `${host.origin}/en/guide/grass/`, runbook: `${host.origin}/en/field/walk/`, home: `${host.origin}/en/` };
	if (wants('weight')) for (const [name, address] of Object.entries(pages)) report(`weight of a ${name} page`, await weigh(browser, address));
	if (wants('shift')) for (const [name, address] of Object.entries(pages)) report(`layout shift of a ${name} page`, await layoutShift(browser, address));
	if (wants('redraw')) report('redraw per keystroke, 40 parameters', await redraw(browser));
	if (wants('interaction')) report('while output streams', await interaction(browser));
	if (wants('lighthouse')) for (const [name, address] of Object.entries(pages)) report(`Lighthouse, ${name} page`, await lighthouse(address));
	if (wants('starlight')) {
		const peer = await serveStatic(buildStarlight(testSite), '/');
		report('weight of the same page in Starlight', await weigh(browser, `${peer.origin}/`));
		report('layout shift of the same page in Starlight', await layoutShift(browser, `${peer.origin}/`));
		report('Lighthouse, the same page in Starlight', await lighthouse(`${peer.origin}/`));
		await peer.close();
	}
	await host.close();
	await browser.close();
	if (wants('build')) report('build time', await buildTimes());
	// A part that was measured alone takes its place among the others.
	const file = join(import.meta.dirname, 'results.json');
	const before = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>) : {};
	writeFileSync(file, `${JSON.stringify({ ...before, ...results }, undefined, '\t')}\n`);
} finally {
	rmSync(work, { recursive: true, force: true });
}
