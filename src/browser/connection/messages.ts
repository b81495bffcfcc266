import type { Message, Socket } from './socket.ts';

/** Listens to one kind of message. */
export function onMessage<T extends Message['type']>(socket: Socket, type: T, act: (message: Extract<Message, { type: T }>) => void): void {
	socket.addEventListener('message', (event) => {
		if (!(event instanceof CustomEvent)) return;
		const message = event.detail as Message;
		if (message.type === type) act(message as Extract<Message, { type: T }>);
	});
}
