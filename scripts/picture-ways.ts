/**
 * Makes the pictures of "Which way is yours": the first screen of each way, in both languages, into `public/pictures`. `npm exec -- node scripts/picture-ways.ts`, after a
 * change of what these screens say.
 */
import { chromium, type Browser } from '@playwright/test';
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readWords } from '../server/words.ts';
import { ensureSite } from '../server/site/ensure-site.ts';
import { strings } from '../src/i18n/strings.ts';
import type { OwnLocale as Locale } from '../src/i18n/locale.ts';
import { serveStatic } from '../tests/e2e/static-server.ts';

const root = join(import.meta.dirname, '..');
const folder = join(root, 'public/pictures');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
const archive = `drover-${version}-linux-x64`;

/** What is typed before Drover prints its address. */
const typed: Readonly<Record<string, readonly string[]>> = {
	here: ['npm ci', 'npm start'],
	image: [
		'gunzip -c drover-image.tar.gz | docker load',
		'docker run -d --name drover --network host --security-opt label=disable \\\n    -v /var/run/docker.sock:/var/run/docker.sock -v drover-state:/var/lib/drover \\\n    -v /srv/rancher-backup:/srv/rancher-backup -w /srv/rancher-backup drover',
		'docker logs drover',
	],
	archive: ['sha256sum -c SHA256SUMS', `tar xzf ${archive}.tar.gz`, `${archive}/drover`],
};
/** What a typed command prints. */
const printed: Readonly<Record<string, string>> = {
	'sha256sum -c SHA256SUMS': `${archive}.tar.gz: OK`,
	'gunzip -c drover-image.tar.gz | docker load': 'Loaded image: drover:latest',
	[typed['image']?.[1] ?? '']: '2febdf8b9dac2f61a83d3a64b3a0d038c0a57bfa2527e6e24a0243772de44944',
};

/** As the engine of the rig prints a server of one container. */
const inspected = JSON.stringify((JSON.parse(readFileSync(join(root, 'tests/families/rancher/fixtures/quick-start.json'), 'utf8')) as { documents: unknown }).documents, null, 4);

/** What a start prints until it waits. The code in it was never used, and is gone. */
async function startText(locale: Locale, way: string): Promise<string> {
	const stateDir = mkdtempSync(join(tmpdir(), 'drover-picture-'));
	const env = { ...process.env, LC_ALL: locale === 'zh' ? 'zh_CN.UTF-8' : 'C.UTF-8', ...(way === 'image' && { DROVER_CONTAINER: 'yes' }) };
	const child = spawn('sh', [join(root, 'bin/drover'), 'start', '--no-open', '--state-dir', stateDir], { env, stdio: ['ignore', 'pipe', 'inherit'] });
	let text = '';
	for await (const chunk of child.stdout.setEncoding('utf8')) {
		text += chunk as string;
		if (/ssh -L.*\n$/.test(text)) break;
	}
	child.kill();
	rmSync(stateDir, { recursive: true, force: true });
	// The pages of the archive are built, and those of a checkout are the second time.
	return text.replace(`${readWords(root)[locale]('cli.start.building')}\n`, '').trimEnd();
}

async function shootTerminal(browser: Browser, locale: Locale, way: string): Promise<void> {
	const lines = (typed[way] ?? []).flatMap((command) => [`$ ${command}`, ...(printed[command] === undefined ? [] : [printed[command]])]);
	const page = await browser.newPage({ viewport: { width: 960, height: 330 } });
	await page.setContent('<body style="margin: 0"><pre style="margin: 0; padding: 16px; background: #16181d; color: #e6e6e6; font: 14px/1.5 monospace; white-space: pre-wrap"></pre>');
	await page.locator('pre').evaluate((pre, text) => void (pre.textContent = text), [...lines, await startText(locale, way)].join('\n'));
	await page.locator('pre').screenshot({ path: join(folder, `way-${way}-${locale}.png`) });
	await page.close();
}

/** The page on a machine that is not the server's: what was read there is pasted. */
async function shootPaste(browser: Browser, origin: string, locale: Locale): Promise<void> {
	const t = strings(locale);
	const page = await browser.newPage({ viewport: { width: 960, height: 640 }, colorScheme: 'light', reducedMotion: 'reduce' });
	await page.goto(`${origin}/${locale}/`, { waitUntil: 'networkidle' });
	const box = page.getByLabel(t('detect.paste-label'));
	await box.fill(inspected);
	await page.getByRole('button', { name: t('detect.read') }).click();
	await page.locator('.found-server').waitFor();
	await box.evaluate((one) => {
		one.scrollTop = 0;
		window.scrollTo({ top: one.getBoundingClientRect().top + window.scrollY - 150, behavior: 'instant' });
	});
	await page.evaluate(() => document.fonts.ready);
	await page.screenshot({ path: join(folder, `way-elsewhere-${locale}.png`) });
	await page.close();
}

mkdirSync(folder, { recursive: true });
const host = await serveStatic(await ensureSite(root), '/');
const browser = await chromium.launch({ executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
for (const locale of ['zh', 'en'] as const) {
	for (const way of Object.keys(typed)) await shootTerminal(browser, locale, way);
	await shootPaste(browser, host.origin, locale);
}
await browser.close();
await host.close();
