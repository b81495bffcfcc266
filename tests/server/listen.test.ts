import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { listenOnLoopback, PortTaken } from '../../server/listen.ts';

async function occupy(host: string, port = 0) {
	const server = createServer();
	await new Promise<void>((resolve) => server.listen({ host, port }, () => resolve()));
	const address = server.address();
	return { port: typeof address === 'object' && address ? address.port : 0, close: () => server.close() };
}

const answer = (_: unknown, res: { end: () => void }) => res.end();

for (const host of ['127.0.0.1', '::1']) {
	test(`a port that is taken on ${host} is taken`, async () => {
		const other = await occupy(host);

		await expect(listenOnLoopback(answer, other.port, true)).rejects.toThrow(PortTaken);
		const next = await listenOnLoopback(answer, other.port, false);

		expect(next.port).toBeGreaterThan(other.port);
		await next.close();
		other.close();
	});
}

test('nothing listens beyond loopback', async () => {
	const listening = await listenOnLoopback(answer, 0, true);
	const addresses = listening.servers.map((server) => {
		const address = server.address();
		return typeof address === 'object' && address ? address.address : '';
	});
	expect(addresses.sort()).toEqual(['127.0.0.1', '::1']);
	await listening.close();
});
