/**
 * Makes the moving picture of the README from a real run: a step waits for an answer, its server is killed (SIGKILL) and started again, the run is found and
 * takes the answer. `npm exec -- node scripts/moving-picture.ts` writes `docs/pictures/run-is-found-again-<locale>.gif`; needs ffmpeg. On the tests' runbook, whose commands are harmless.
 */
import { chromium } from '@playwright/test';
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { buildSite } from '../server/site/build-site.ts';
import { strings } from '../src/i18n/strings.ts';
import type { Locale } from '../src/i18n/locale.ts';
import { root, testContent, testSite } from '../tests/e2e/site-folder.ts';
import { startServer } from '../tests/e2e/start-server.ts';

const viewport = { width: 1180, height: 720 };
const args = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
const maxBytes = 2_000_000;

interface Child {
	readonly process: ChildProcess;
	readonly address: string;
	readonly folder: string;
}

/** A server in a process of its own, so that it can be killed. */
async function startChild(stateDir: string, port: number): Promise<Child> {
	const child = spawn(process.execPath, [import.meta.filename, '--serve', stateDir, String(port)], { stdio: ['ignore', 'pipe', 'inherit'] });
	for await (const line of createInterface({ input: child.stdout })) {
		const { address, folder } = JSON.parse(line) as { address: string; folder: string };
		return { process: child, address, folder };
	}
	throw new Error(`The server on ${stateDir} ended before it was ready.`);
}

async function kill({ process: child }: Child): Promise<void> {
	const ended = new Promise((resolve) => child.once('exit', resolve));
	child.kill('SIGKILL');
	await ended;
}

async function record(locale: Locale): Promise<void> {
	const frames = mkdtempSync(join(tmpdir(), 'drover-picture-'));
	const stateDir = join(frames, 'state');
	const list: string[] = [];
	const t = strings(locale);
	let server = await startChild(stateDir, 0);
	const browser = await chromium.launch({ executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium', args });
	const page = await browser.newPage({ viewport, reducedMotion: 'reduce' });
	const frame = async (seconds: number) => {
		const file = join(frames, `${list.length}.png`);
		await page.screenshot({ path: file });
		list.push(`file '${file}'\nduration ${seconds}`);
	};
	const reach = (step: string, state: string) => page.locator(`#${step}[data-state="${state}"]`).waitFor();
	const show = (step: string) => page.locator(`#${step}`).evaluate((one) => one.scrollIntoView({ block: 'start' }));
	try {
		const { origin, port, hash } = new URL(server.address);
		await page.goto(`${origin}/${locale}/field/walk/${hash}`);
		await page.locator('#field-folder').fill(server.folder);
		await page.locator('#field-herd').fill('cows');
		await page.locator('#count [data-do="look"]').click();
		await reach('count', 'verified');
		await page.locator('#fence [data-do="run"]').click();
		await reach('fence', 'verified');
		await page.locator('#ask [data-do="run"]').first().click();
		await page.locator('.xterm-rows', { hasText: 'How many?' }).waitFor();
		await show('ask');
		await frame(2.5);

		await kill(server);
		await page.getByText(t('access.gone')).first().waitFor();
		await frame(2.5);

		server = await startChild(stateDir, Number(port));
		await page.reload();
		await page.locator('.xterm-rows', { hasText: 'How many?' }).waitFor();
		await show('ask');
		await frame(2);

		await page.locator('.xterm-helper-textarea').last().focus();
		for (const key of '12') {
			await page.keyboard.press(key);
			await page.locator('.xterm-rows', { hasText: `How many? ${key === '1' ? '1' : '12'}` }).waitFor();
			await frame(0.5);
		}
		await page.keyboard.press('Enter');
		await reach('ask', 'ran');
		await frame(4);
		writeFileSync(join(frames, 'list'), `ffconcat version 1.0\n${list.join('\n')}\nfile '${join(frames, `${list.length - 1}.png`)}'\n`);
		const out = join(root, 'docs/pictures', `run-is-found-again-${locale}.gif`);
		const filter = 'fps=4,scale=960:-1:flags=lanczos,split[a][b];[a]palettegen=max_colors=96[p];[b][p]paletteuse=dither=none:diff_mode=rectangle';
		execFileSync('ffmpeg', ['-loglevel', 'error', '-y', '-safe', '0', '-i', join(frames, 'list'), '-filter_complex', filter, '-loop', '0', out]);
		if (statSync(out).size > maxBytes) throw new RangeError(`${out} has ${statSync(out).size} bytes, more than ${maxBytes}.`);
	} finally {
		await browser.close();
		await kill(server).catch(() => undefined);
		rmSync(frames, { recursive: true, force: true });
	}
}

const [flag, stateDir = '', port = '0'] = process.argv.slice(2);
if (flag === '--serve') {
	const server = await startServer(stateDir, Number(port));
	process.stdout.write(`${JSON.stringify({ address: server.served.address(), folder: server.folder })}\n`);
} else {
	mkdirSync(join(root, 'docs/pictures'), { recursive: true });
	await buildSite({ root, content: testContent, out: testSite });
	for (const locale of ['en', 'zh'] as const) await record(locale);
}
