/** A web server that knows nothing of Drover: files below a base address. */
import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

const types: Readonly<Record<string, string>> = { html: 'text/html', js: 'text/javascript', css: 'text/css', svg: 'image/svg+xml', woff2: 'font/woff2', md: 'text/markdown; charset=utf-8', json: 'application/json' };

export async function serveStatic(folder: string, base: string): Promise<{ origin: string; close(): Promise<void> }> {
	const server = createServer(async (req, res) => {
		const path = decodeURIComponent((req.url ?? '/').split(/[?#]/)[0] ?? '/');
		const name = path.startsWith(base) ? path.slice(base.length) : undefined;
		const file = name === undefined || name.includes('..') ? undefined : name === '' || name.endsWith('/') ? `${name}index.html` : name;
		const body = file === undefined ? undefined : await readFile(join(folder, file)).catch(() => undefined);
		if (body === undefined) return void res.writeHead(404).end();
		const type = types[file?.split('.').at(-1) ?? ''] ?? 'application/octet-stream';
		res.writeHead(200, { 'Content-Type': type }).end(body);
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const { port } = server.address() as AddressInfo;
	return {
		origin: `http://127.0.0.1:${port}`,
		close: async () => {
			server.closeAllConnections();
			server.close();
			await once(server, 'close');
		},
	};
}
