/** Who had Drover's port before it, or has it after it. */
import { createServer, request as ask, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { expect, mayRun, openedRunbook, test } from './fixtures.ts';
import { startServer } from './start-server.ts';

/** Everything that was said to a program at the port, its head and body. */
interface Listener {
	readonly heard: string[];
	close(): Promise<void>;
}

async function listen(port: number, answer: (req: IncomingMessage, res: ServerResponse, body: string) => void): Promise<Listener & { server: Server; port: number }> {
	const heard: string[] = [];
	const server = createServer((req, res) => {
		let body = '';
		req.on('data', (chunk: Buffer) => (body += chunk.toString()));
		req.on('end', () => {
			heard.push(`${req.method} ${req.url} ${JSON.stringify(req.rawHeaders)} ${body}`);
			answer(req, res, body);
		});
	});
	server.on('upgrade', (req, socket) => {
		heard.push(`UPGRADE ${req.url} ${JSON.stringify(req.rawHeaders)}`);
		socket.destroy();
	});
	await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', () => resolve()));
	const address = server.address();
	return {
		heard,
		server,
		port: typeof address === 'object' && address ? address.port : 0,
		close: async () => {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}

/** Carries a request to a Drover at another port, under that one's own name. */
const relayTo = (port: number) => (req: IncomingMessage, res: ServerResponse, body: string) => {
	const headers = { ...req.headers, host: `127.0.0.1:${port}`, ...(req.headers.origin !== undefined && { origin: `http://127.0.0.1:${port}` }) };
	const carried = ask({ host: '127.0.0.1', port, method: req.method, path: req.url, headers }, (answer) => {
		res.writeHead(answer.statusCode ?? 502, answer.headers);
		answer.pipe(res);
	});
	carried.end(body);
};

for (const kind of ['relays to another Drover', 'answers yes to everything', 'answers nothing that is JSON']) {
	test(`a program that takes the port after Drover and ${kind} hears no token, from the open tab and for a new one; Drover is believed again when it is back`, async ({ page, context }) => {
		const first = await startServer();
		const { port, keys, runtime } = first.served;
		await page.goto(`${first.origin}/en/field/walk/#code=${keys.makeCode()}`);
		const { t } = openedRunbook(page, 'walk', 'en');
		await expect(page.getByRole('button', { name: t(mayRun) })).toBeVisible();
		const token = (await page.evaluate(() => sessionStorage.getItem('drover.token'))) ?? '';
		expect(token).toMatch(/^[\w-]{43}$/);
		const state = runtime.ready ? runtime.folder : '';
		await first.served.close();

		const other = await startServer();
		const stranger = await listen(port, kind.startsWith('relays') ? relayTo(other.served.port) : (_req, res) => res.end(kind.startsWith('answers yes') ? '{"proof":"00","ticket":"x","token":"y"}' : 'hello'));
		await expect.poll(() => stranger.heard.filter((line) => line.includes('/api/access/proof')).length, { timeout: 30_000 }).toBeGreaterThan(0);
		// A Drover at another port says truly that it gave no such token; whatever else is no proof.
		await expect(page.getByRole('button', { name: t(kind.startsWith('relays') ? 'access.expired' : 'access.other-program') })).toBeVisible();
		const beside = await context.newPage();
		await beside.goto(`http://127.0.0.1:${port}/en/`).catch(() => undefined);
		const asked = await beside.evaluate(
			() =>
				new Promise<unknown[]>((resolve) => {
					const channel = new BroadcastChannel('drover.access');
					const said: unknown[] = [];
					channel.onmessage = ({ data }) => said.push(data);
					channel.postMessage('ask');
					setTimeout(() => resolve(said), 3_000);
				}),
		);

		expect(JSON.stringify([stranger.heard, asked])).not.toContain(token);
		expect(stranger.heard.filter((line) => /bearer|drover\.token/i.test(line))).toEqual([]);
		await beside.close();
		await stranger.close();
		const again = await startServer(state, port);
		if (kind.startsWith('relays')) await page.goto(`${again.origin}/en/field/walk/#code=${again.served.keys.makeCode()}`);
		await expect(page.getByRole('button', { name: t(mayRun) })).toBeVisible({ timeout: 30_000 });
		await again.close();
		await other.close();
		await first.close().catch(() => undefined);
	});
}

test('a service worker that another program left at the port is removed, and the code is exchanged by a page that is free of it', async ({ page }) => {
	const worker = "self.addEventListener('install', () => self.skipWaiting()); self.addEventListener('activate', (e) => e.waitUntil(self.clients.claim())); self.addEventListener('fetch', (e) => { if (e.request.url.includes('/api/')) fetch('/mark.svg?stolen=' + encodeURIComponent(e.request.url)); e.respondWith(fetch(e.request)); });";
	const before = await listen(0, (req, res) => {
		res.setHeader('Content-Type', req.url === '/sw.js' ? 'text/javascript' : 'text/html');
		res.end(req.url === '/sw.js' ? worker : '<!doctype html><title>Earlier</title>');
	});
	await page.goto(`http://127.0.0.1:${before.port}/`);
	await page.evaluate(async () => {
		await navigator.serviceWorker.register('/sw.js');
		await navigator.serviceWorker.ready;
	});
	await before.close();
	const server = await startServer(undefined, before.port);
	const under: string[] = [];
	page.on('request', (request) => {
		if (request.url().includes('/api/access')) under.push(request.url());
	});
	const { t } = openedRunbook(page, 'walk', 'en');

	await page.goto(`${server.origin}/en/field/walk/#code=${server.served.keys.makeCode()}`);

	await expect(page.getByRole('button', { name: t(mayRun) })).toBeVisible();
	await expect(page.getByText(t('notice.worker'))).toBeVisible();
	expect(await page.evaluate(async () => [(await navigator.serviceWorker.getRegistrations()).length, navigator.serviceWorker.controller])).toEqual([0, null]);
	await server.close();
});
