import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from '@playwright/test';
import { reload } from './reload.ts';

test('a page that loads itself anew at the same moment is reloaded all the same, as often as it is asked', async ({ page }) => {
	let rests = false;
	let loads = 0;
	const server = createServer((_, res) => {
		loads += 1;
		res.setHeader('Content-Type', 'text/html');
		// Mostly while a reload of ours is on its way.
		res.end(`<!doctype html><title>${loads}</title>${rests ? '' : '<script>setTimeout(() => location.reload(), ${loads % 8})</script>'}${'x'.repeat(20_000)}`);
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
	await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`, { waitUntil: 'commit' });

	for (let time = 0; time < 20; time += 1) await reload(page, { waitUntil: 'commit' });
	rests = true;
	await reload(page);
	const before = loads;
	await reload(page);

	// What the browser gave up may come to the server late: it is counted as well, and shown nowhere.
	expect(Number(await page.title())).toBeGreaterThan(before);
	server.close();
	server.closeAllConnections();
});
