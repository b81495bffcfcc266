import type { Socket } from 'node:net';
import { frameMessage } from '../files/frames.ts';
import { send, type ToServer } from '../files/messages.ts';

/** How long a server that does nothing is waited for when all is said. */
const heardMs = 2_000;
/** Output waits for a server up to so many bytes; what follows, that server reads from the recording. */
const unsentBytes = 256 * 1024;

/** A server that is connected. */
interface Client {
	readonly socket: Socket;
	/** It gets output, and everything in frames. */
	readonly framed: boolean;
	/** It has not taken what was sent, and is told the latest number when it has. */
	behind: boolean;
}

/** The servers that are connected to a run. None of them can make its supervisor wait, or fill its memory. */
export class Clients {
	readonly #clients = new Set<Client>();
	#written = 0;

	add(socket: Socket, framed = false): void {
		const client = { socket, framed, behind: false };
		this.#clients.add(client);
		socket.on('close', () => this.#clients.delete(client));
		this.#send(client, { type: 'wrote', n: this.#written });
	}

	#send({ socket, framed }: Client, message: ToServer): void {
		if (!framed) send(socket, message);
		else if (socket.writable) socket.write(frameMessage(message));
	}

	tell(message: ToServer): void {
		for (const client of this.#clients) this.#send(client, message);
	}

	/** Answers one server. */
	answer(socket: Socket, message: ToServer): void {
		const client = [...this.#clients].find((one) => one.socket === socket);
		if (client) this.#send(client, message);
		else send(socket, message);
	}

	/**
	 * Tells the number of the last event; who is slow to listen gets the latest number, once. `output`: the frame of what was written since the last number, for who
	 * has taken everything before.
	 */
	tellWritten(n: number, output?: () => Buffer): void {
		this.#written = n;
		let frame: Buffer | undefined;
		for (const client of this.#clients) {
			const { socket, framed } = client;
			if (client.behind) continue;
			if (framed && output && socket.writable && socket.writableLength <= unsentBytes) socket.write((frame ??= output()));
			else if (socket.writableLength === 0) this.#send(client, { type: 'wrote', n });
			else this.#wait(client);
		}
	}

	#wait(client: Client): void {
		client.behind = true;
		// Nothing is written by that: it says when everything before was taken.
		client.socket.write('', () => {
			client.behind = false;
			this.#send(client, { type: 'wrote', n: this.#written });
		});
	}

	/**
	 * Says that nothing more comes, and resolves when every server has read what was said: one that writes to a process that is gone loses what it has not read
	 * yet. Who does nothing for two seconds is not waited for.
	 */
	async end(): Promise<void> {
		const closed = [...this.#clients].map(({ socket }) => {
			const { promise, resolve } = Promise.withResolvers<void>();
			socket.once('close', () => resolve());
			socket.end();
			return promise;
		});
		const { promise: late, resolve } = Promise.withResolvers<void>();
		const timer = setTimeout(resolve, heardMs);
		await Promise.race([Promise.all(closed), late]);
		clearTimeout(timer);
	}
}
