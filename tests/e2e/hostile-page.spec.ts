/** A page of somebody else, on another port of the same machine, in the browser in which Drover is open. */
import { createServer } from 'node:http';
import { chromium, type Browser, type Page } from '@playwright/test';
import { expect, inEnglish, test as base, watch } from './fixtures.ts';
import type { TestServer } from './start-server.ts';
import { reload } from './reload.ts';

const test = base.extend<{ evil: string }>({
	evil: async ({}, use) => {
		const server = createServer((_req, res) => {
			res.setHeader('Content-Type', 'text/html');
			res.end('<!doctype html><title>Kittens</title><body>Kittens');
		});
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
		const address = server.address();
		await use(`http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`);
		server.closeAllConnections();
		await new Promise((resolve) => server.close(resolve));
	},
});

test.describe.configure({ timeout: 180_000 });

/** What an attack would change. */
function stateOf({ served }: TestServer): string {
	const { runtime } = served;
	if (!runtime.ready) throw new Error('The server keeps nothing.');
	return JSON.stringify([runtime.sessions.list().map(({ id, entries }) => [id, entries.length]), runtime.runs.list().length]);
}

/** Opens Drover with its token in one tab, and the hostile page in another of the same browser. */
async function openBoth(openAt: (path: string) => Promise<Page>, evil: string): Promise<{ drover: Page; hostile: Page; token: string }> {
	const drover = await openAt('/en/field/walk/');
	const kept = () => drover.evaluate(() => sessionStorage.getItem('drover.token'));
	await expect.poll(kept).not.toBeNull();
	const token = await kept();
	const hostile = await drover.context().newPage();
	await hostile.goto(evil);
	return { drover, hostile, token: token ?? '' };
}

test('a hostile page reads nothing and changes nothing by fetch, not even with the token', async ({ openAt, server, evil }) => {
	const { hostile, token } = await openBoth(openAt, evil);
	const before = stateOf(server);

	const results = await hostile.evaluate(async ({ origin, bearer }) => {
		const json = { 'Content-Type': 'application/json' };
		const body = JSON.stringify({ runbook: 'field/walk', name: 'evil', values: {}, detected: [] });
		const tries: [string, RequestInit][] = [
			['/api/sessions', {}],
			['/api/sessions', { mode: 'no-cors' }],
			['/api/sessions', { headers: { Authorization: `Bearer ${bearer}` } }],
			['/api/sessions', { method: 'POST', headers: { ...json, Authorization: `Bearer ${bearer}` }, body }],
			['/api/sessions', { method: 'POST', mode: 'no-cors', headers: { 'Content-Type': 'text/plain' }, body }],
			['/api/sessions', { method: 'POST', mode: 'no-cors', credentials: 'include', body: new URLSearchParams({ body }) }],
			['/api/access', { method: 'POST', mode: 'no-cors', body: '{"code":"x"}' }],
			['/api/status', { credentials: 'include' }],
			['/', {}],
			['/en/field/walk/', { mode: 'no-cors' }],
			['/mark.svg', { mode: 'no-cors' }],
		];
		return Promise.all(tries.map(([path, init]) => fetch(origin + path, init).then((answer) => `${path}: ${answer.type} ${answer.status}`, () => 'refused')));
	}, { origin: server.origin, bearer: token });

	expect(results).toEqual(results.map(() => 'refused'));
	expect(stateOf(server)).toBe(before);
});

test('a hostile page gets no socket, not even with the token', async ({ openAt, server, evil }) => {
	const { hostile, token } = await openBoth(openAt, evil);

	const results = await hostile.evaluate(async ({ port, bearer }) => {
		const open = (host: string, protocols: string[]) =>
			new Promise((resolve) => {
				const socket = new WebSocket(`ws://${host}:${port}/api/socket`, protocols);
				socket.onopen = () => resolve('open');
				socket.onclose = () => resolve('refused');
			});
		return Promise.all([open('127.0.0.1', []), open('127.0.0.1', ['drover.v1']), open('127.0.0.1', ['drover.v1', `drover.token.${bearer}`]), open('localhost', ['drover.v1', `drover.token.${bearer}`])]);
	}, { port: server.served.port, bearer: token });

	expect(results).toEqual(['refused', 'refused', 'refused', 'refused']);
});

test('a hostile page changes nothing by forms, in a frame or in a window of its own', async ({ openAt, server, evil }) => {
	const { hostile } = await openBoth(openAt, evil);
	const before = stateOf(server);

	for (const enctype of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data']) {
		for (const path of ['/api/sessions', '/api/runs', '/api/detect']) {
			const refusal = hostile.context().waitForEvent('response', (response) => response.url() === server.origin + path && response.request().method() === 'POST');
			await hostile.evaluate(({ type, action }) => {
				const form = document.createElement('form');
				const field = document.createElement('input');
				Object.assign(field, { name: '{"runbook":"field/walk","name":"evil","values":{},"detected":[],"x":"', value: '"}' });
				Object.assign(form, { method: 'post', enctype: type, action, target: 'sink' });
				const frame = document.createElement('iframe');
				frame.name = 'sink';
				form.append(field);
				document.body.replaceChildren(frame, form);
				form.submit();
			}, { type: enctype, action: server.origin + path });
			expect((await refusal).status()).toBe(403);
		}
	}

	expect(stateOf(server)).toBe(before);
});

test('a hostile page cannot frame Drover, nor hold on to a window of it', async ({ openAt, server, evil }) => {
	const { hostile } = await openBoth(openAt, evil);

	await hostile.evaluate(async (address) => {
		const frame = document.createElement('iframe');
		frame.src = address;
		const loaded = new Promise((resolve) => (frame.onload = resolve));
		document.body.append(frame);
		await loaded;
	}, `${server.origin}/en/field/walk/`);
	const [, frame] = hostile.frames();
	expect(frame?.url()).toBe('chrome-error://chromewebdata/');

	const opening = hostile.context().waitForEvent('page');
	await hostile.evaluate((address) => Object.assign(window, { kept: open(address) }), `${server.origin}/en/field/walk/`);
	const opened = await opening;
	await opened.waitForLoadState();
	expect(await opened.evaluate(() => window.opener === null)).toBe(true);
	await expect.poll(() => hostile.evaluate(() => (window as unknown as { kept: Window }).kept.closed)).toBe(true);
});

test('a hostile page can include nothing of Drover, and no tab tells it the token', async ({ openAt, server, evil }) => {
	const { hostile } = await openBoth(openAt, evil);

	const results = await hostile.evaluate(async (origin) => {
		const include = (name: 'img' | 'script' | 'link', attributes: object) =>
			new Promise((resolve) => {
				const element = Object.assign(document.createElement(name), attributes);
				element.onload = () => resolve('included');
				element.onerror = () => resolve('refused');
				document.head.append(element);
			});
		const asked = new Promise((resolve) => {
			const channel = new BroadcastChannel('drover.access');
			channel.onmessage = () => resolve('told');
			channel.postMessage('ask');
			setTimeout(() => resolve('refused'), 500);
		});
		return Promise.all([include('img', { src: `${origin}/mark.svg` }), include('script', { src: `${origin}/first-paint.js` }), include('script', { src: `${origin}/api/sessions` }), include('link', { rel: 'stylesheet', href: `${origin}/first-paint.js` }), asked]);
	}, server.origin);

	expect(results).toEqual(['refused', 'refused', 'refused', 'refused', 'refused']);
});

test('a foreign name that is made to point at this machine gets nothing', async ({ server }) => {
	const { port } = server.served;
	const args = ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--host-resolver-rules=MAP evil.example 127.0.0.1'];
	const browser: Browser = await chromium.launch({ executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium', args });
	try {
		const page = await browser.newPage();
		const answer = await page.goto(`http://evil.example:${port}/en/`);
		const same = await page.evaluate(() => Promise.all([fetch('/api/status').then(({ status }) => status), fetch('/api/access', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{"code":"x"}' }).then(({ status }) => status)]));

		expect(answer?.status()).toBe(421);
		expect(same).toEqual([421, 421]);
	} finally {
		await browser.close();
	}
});

for (const locale of inEnglish) {
	test(`no view breaks its own content security policy, terminal open and dialogs too, and none lets a script in (${locale})`, async ({ openRunbook, server, page }) => {
		const violations: string[] = [];
		watch(page, violations);
		await page.exposeFunction('noteViolation', (text: string) => violations.push(text));
		await page.addInitScript(() => {
			document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sourceFile }) => {
				(window as unknown as { noteViolation: (text: string) => void }).noteViolation(`${violatedDirective} ${blockedURI} ${sourceFile}`);
			});
		});
		const { t, field, button, state, look } = await openRunbook('walk', locale);
		await field('folder').fill(server.folder);
		await field('herd').fill('cows');
		await look('count');
		await button('fence', 'step.run').click();
		await expect(state('fence')).toHaveText(t('status.verified'));
		await expect(page.locator('.terminal-screen:not([hidden]) .xterm')).toBeVisible();
		await page.getByRole('button', { name: t('terminal.text') }).click();
		await page.getByRole('dialog').getByRole('button', { name: t('dialog.close') }).click();
		for (const path of [`/${locale}/`, `/${locale}/field/`, `/${locale}/field/herd/`, `/${locale}/guide/grass/`, `/${locale}/nowhere/`]) {
			await page.goto(server.origin + path);
			await page.locator('body').waitFor();
		}
		await page.goto(`${server.origin}/${locale}/field/walk/`);
		await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
		await reload(page);
		await page.locator('html[data-alive]').waitFor();

		const ours = violations.splice(0).filter((text) => !/Failed to load resource/.test(text));
		const injected = await page.evaluate(async () => {
			const script = document.createElement('script');
			script.textContent = 'window.pwned = 1';
			document.body.append(script);
			document.body.insertAdjacentHTML('beforeend', '<img src="x" onerror="window.pwned = 2"><iframe srcdoc="x"></iframe><form action="https://evil.example/"></form>');
			// In a turn of its own: what the debugger itself evaluates may evaluate.
			const evaluated = new Promise<void>((resolve) => setTimeout(() => {
				try {
					(0, eval)('window.pwned = 3');
				} finally {
					resolve();
				}
			}));
			await evaluated;
			return (window as unknown as { pwned?: number }).pwned ?? 'nothing';
		});

		expect(ours).toEqual([]);
		expect(injected).toBe('nothing');
		await expect.poll(() => violations.join('\n')).toContain('script-src');
	});
}
