/** The raw client of the attacks. */
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { exchange, open, readAnswer } from '../../attack/wire.ts';

/** A server that answers the first bytes of a request and resets the connection while the rest is still on its way. */
async function startHasty(afterwards: () => void = () => undefined) {
	const server = createServer((socket) => {
		socket.once('data', () => {
			socket.write('HTTP/1.1 431 Request Header Fields Too Large\r\nContent-Length: 0\r\n\r\n', () => {
				socket.resetAndDestroy();
				afterwards();
			});
		});
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
	onTestFinished(() => void server.close());
	return { host: '127.0.0.1', port: (server.address() as AddressInfo).port };
}

test('an answer is read although the server takes no more of the request: the write fails, the answer is there', async () => {
	const opened: Socket[] = [];
	const place = await startHasty(() => {
		// In the same turn of the event loop: nothing has been read yet, and the connection is already reset.
		for (let piece = 0; piece < 3; piece += 1) opened[0]?.write('more');
	});
	const socket = await open(place);
	opened.push(socket);
	const answer = readAnswer(socket);

	socket.write('GET / HTTP/1.1\r\n');

	expect((await answer).status).toBe(431);
	await expect.poll(() => socket.destroyed).toBe(true);
});

test('a request of 8 MB to a server that reads only its beginning gets its answer, every time', async () => {
	const place = await startHasty();
	const message = `GET / HTTP/1.1\r\nX: ${'x'.repeat(8 << 20)}\r\n\r\n`;

	for (let round = 0; round < 20; round += 1) expect((await exchange(place, message)).status).toBe(431);
});

test('a server that goes without a word is status 0, at once', async () => {
	const server = createServer((socket) => socket.once('data', () => socket.resetAndDestroy()));
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
	onTestFinished(() => void server.close());

	const answer = await exchange({ host: '127.0.0.1', port: (server.address() as AddressInfo).port }, 'x'.repeat(8 << 20));

	expect(answer.status).toBe(0);
	expect(answer.elapsedMs).toBeLessThan(25_000);
});
