import type { Socket } from 'node:net';
import type { ToServer } from '../files/messages.ts';

/** What is typed is answered after its echo, or when there is none for so long. */
const restMs = 10;

/** Answers to what was typed: nobody waits for them, so the echo of a key goes first. */
export class Answers {
	readonly #send: (socket: Socket, message: ToServer) => void;
	#waiting: { readonly socket: Socket; readonly message: ToServer }[] = [];
	#timer: NodeJS.Timeout | undefined;

	constructor(send: (socket: Socket, message: ToServer) => void) {
		this.#send = send;
	}

	add(socket: Socket, message: ToServer): void {
		this.#waiting.push({ socket, message });
		this.#timer ??= setTimeout(() => this.flush(), restMs);
	}

	flush(): void {
		if (this.#waiting.length === 0) return;
		clearTimeout(this.#timer);
		this.#timer = undefined;
		const waiting = this.#waiting;
		this.#waiting = [];
		for (const { socket, message } of waiting) this.#send(socket, message);
	}
}
