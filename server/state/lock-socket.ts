import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { forgetAddress, readAddress, writeAddress } from './lock-address.ts';
import type { Lock } from './lock.ts';
import { errorCode } from './state-error.ts';

/** Tries to listen on the name; the kernel gives it to one process and takes it back when that one is gone. */
async function listen(name: string): Promise<Server | undefined> {
	const server = createServer();
	try {
		server.listen({ path: name });
		await once(server, 'listening');
		return server;
	} catch (error) {
		if (errorCode(error) !== 'EADDRINUSE') throw error;
		return undefined;
	}
}

function hold(folder: string, server: Server): Lock {
	const waiting = new Set<Socket>();
	let announced = false;
	forgetAddress(folder);
	server.on('connection', (socket) => {
		socket.on('error', () => socket.destroy());
		socket.once('close', () => waiting.delete(socket));
		if (announced) socket.end('announced\n');
		else waiting.add(socket);
	});
	server.unref();
	return {
		kind: 'held',
		announce(address) {
			try {
				writeAddress(folder, address);
			} finally {
				announced = true;
				for (const socket of waiting) socket.end('announced\n');
			}
		},
		close() {
			if (server.listening) forgetAddress(folder);
			for (const socket of waiting) socket.destroy();
			server.close();
		},
	};
}

/** Waits until the holder says that its address is written, is gone, or is silent for too long. */
function ask(name: string, waitMs: number): Promise<'announced' | 'gone' | 'silent'> {
	const { promise, resolve } = Promise.withResolvers<'announced' | 'gone' | 'silent'>();
	const socket = connect({ path: name });
	const timer = setTimeout(resolve, waitMs, 'silent');
	socket.once('data', () => resolve('announced'));
	socket.once('error', () => resolve('gone'));
	socket.once('close', () => resolve('gone'));
	return promise.finally(() => {
		clearTimeout(timer);
		socket.destroy();
	});
}

/** Who has the name and leaves us so often is no server of ours that has just ended: any user of the machine can take it. */
const maxLeft = 10;

/** Takes the lock by listening on an abstract socket. */
export async function lockBySocket(folder: string, name: string, waitMs: number): Promise<Lock> {
	for (let left = 0; ; left += 1) {
		const server = await listen(name);
		if (server) return hold(folder, server);
		const answer = await ask(name, waitMs);
		if (answer === 'announced') return { kind: 'taken', address: readAddress(folder) };
		if (answer === 'silent' || left >= maxLeft) return { kind: 'taken', address: undefined };
	}
}
