import type { Socket } from 'node:net';
import { send, type ToServer } from '../files/messages.ts';

/** How long a server that does nothing is waited for when all is said. */
const heardMs = 2_000;

/** The servers that are connected to a run. None of them can make its supervisor wait, or fill its memory. */
export class Clients {
	readonly #servers = new Set<Socket>();
	#written = 0;

	add(socket: Socket): void {
		this.#servers.add(socket);
		socket.on('close', () => this.#servers.delete(socket));
		send(socket, { type: 'wrote', n: this.#written });
	}

	send(message: ToServer): void {
		for (const server of this.#servers) send(server, message);
	}

	/** Tells the number of the last event; who is slow to listen gets the latest number, once. */
	sendWritten(n: number): void {
		this.#written = n;
		for (const server of this.#servers) {
			if (server.writableLength === 0) send(server, { type: 'wrote', n });
			else if (server.listenerCount('drain') === 0) {
				server.once('drain', () => send(server, { type: 'wrote', n: this.#written }));
			}
		}
	}

	/**
	 * Says that nothing more comes, and resolves when every server has read what was said: one that writes to a process that is gone loses what it has not read
	 * yet. Who does nothing for two seconds is not waited for.
	 */
	async end(): Promise<void> {
		const closed = [...this.#servers].map((server) => {
			const { promise, resolve } = Promise.withResolvers<void>();
			server.once('close', () => resolve());
			server.end();
			return promise;
		});
		const { promise: late, resolve } = Promise.withResolvers<void>();
		const timer = setTimeout(resolve, heardMs);
		await Promise.race([Promise.all(closed), late]);
		clearTimeout(timer);
	}
}
