/**
 * The live line to the server: what happens to a session, what a run prints, what is typed. When it breaks it comes back by itself and goes on after
 * the last number it has seen; what was typed and not confirmed is sent again under the same id, so that it arrives once.
 */
import { framesProtocol, notUnderstood, ServerMessage, subprotocol, tokenProtocol, type ClientMessage } from '../../runbook/protocol/protocol.ts';
import { parseRunFrame } from '../../runbook/protocol/run-frames.ts';
import { siteRoot } from '../ground/locale.ts';
import type { Tickets } from './tickets.ts';

export type Message = Extract<ServerMessage, { type: string }>;
type Typed = Extract<ClientMessage, { type: 'run.input' }>;

/** Close code of RFC 6455, section 7.4.1. */
const refusedByRule = 1008;
const firstDelayMs = 400;
const longestDelayMs = 10_000;
/** What one frame of typing may hold, so that a paste stays below the size of a frame. */
const maxTyped = 8_000;

export class Socket extends EventTarget {
	readonly #tickets: Pick<Tickets, 'get' | 'drop'>;
	readonly #sessions = new Map<string, number>();
	readonly #runs = new Map<string, number>();
	readonly #typed = new Map<string, Typed>();
	#socket: WebSocket | undefined;
	#delayMs = firstDelayMs;
	#closed = false;
	/** It waits for a ticket. */
	#opening = false;
	#retry: ReturnType<typeof setTimeout> | undefined;
	connected = false;

	constructor(tickets: Pick<Tickets, 'get' | 'drop'>) {
		super();
		this.#tickets = tickets;
	}

	open(): void {
		clearTimeout(this.#retry);
		if (this.#closed || this.#opening || (this.#socket && this.#socket.readyState <= WebSocket.OPEN)) return;
		this.#opening = true;
		void this.#tickets
			.get()
			.then((ticket) => this.#connect(ticket))
			// Why there is no ticket is told by who asks how the server is.
			.catch(() => this.#lost(0))
			.finally(() => (this.#opening = false));
	}

	#connect(ticket: string): void {
		if (this.#closed) return;
		const url = new URL('api/socket', siteRoot);
		url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
		const socket = new WebSocket(url, [subprotocol, `${tokenProtocol}${ticket}`, framesProtocol]);
		socket.binaryType = 'arraybuffer';
		this.#socket = socket;
		socket.addEventListener('open', () => this.#opened());
		socket.addEventListener('message', ({ data }) => this.#received(data));
		socket.addEventListener('close', ({ code, reason }) => {
			// A page that was open before the server was brought up to date.
			if (reason === notUnderstood) this.dispatchEvent(new Event('misunderstood'));
			this.#lost(code);
		});
	}

	close(): void {
		this.#closed = true;
		clearTimeout(this.#retry);
		this.#socket?.close();
	}

	followSession(id: string, from: number): void {
		for (const other of this.#sessions.keys()) if (other !== id) this.#send({ type: 'session.unfollow', session: other });
		this.#sessions.clear();
		this.#sessions.set(id, from);
		this.#send({ type: 'session.follow', session: id, from });
	}

	followRun(id: string, from: number): void {
		this.#runs.set(id, from);
		this.#send({ type: 'run.follow', run: id, from });
	}

	unfollowRun(id: string): void {
		if (this.#runs.delete(id)) this.#send({ type: 'run.unfollow', run: id });
	}

	type(run: string, text: string): void {
		for (let at = 0; at < text.length; at += maxTyped) {
			const message: Typed = { type: 'run.input', run, id: crypto.randomUUID(), text: text.slice(at, at + maxTyped) };
			this.#typed.set(message.id, message);
			this.#send(message);
		}
	}

	resize(run: string, columns: number, rows: number): void {
		this.#send({ type: 'run.resize', run, columns, rows });
	}

	/** Typing that cannot arrive any more is dropped. */
	forgetTyped(run: string): void {
		for (const [id, message] of this.#typed) if (message.run === run) this.#typed.delete(id);
	}

	#opened(): void {
		this.#delayMs = firstDelayMs;
		this.connected = true;
		for (const [session, from] of this.#sessions) this.#send({ type: 'session.follow', session, from });
		for (const [run, from] of this.#runs) this.#send({ type: 'run.follow', run, from });
		for (const message of this.#typed.values()) this.#send(message);
		this.dispatchEvent(new Event('connected'));
	}

	#lost(code: number): void {
		this.connected = false;
		this.#tickets.drop();
		// The server closes on typing for a run that has ended meanwhile: sent again it would be closed again, for ever.
		if (code === refusedByRule) this.#typed.clear();
		this.dispatchEvent(new Event('lost'));
		if (this.#closed) return;
		clearTimeout(this.#retry);
		this.#retry = setTimeout(() => this.open(), this.#delayMs);
		this.#delayMs = Math.min(this.#delayMs * 1.7, longestDelayMs);
	}

	#send(message: ClientMessage): void {
		if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
	}

	#received(data: unknown): void {
		const message = data instanceof ArrayBuffer ? readFrame(new Uint8Array(data)) : readMessage(String(data));
		// A page that was open before the server was brought up to date.
		if (!message) return void this.dispatchEvent(new Event('misunderstood'));
		if (message.type === 'session.entries') this.#sessions.set(message.session, Math.max(this.#sessions.get(message.session) ?? 0, message.entries.at(-1)?.n ?? 0));
		if (message.type === 'run.events' && this.#runs.has(message.run)) {
			this.#runs.set(message.run, message.events.at(-1)?.n ?? this.#runs.get(message.run) ?? 0);
			if (message.end) this.#runs.delete(message.run);
		}
		if (message.type === 'run.typed' && message.result !== 'unreachable') this.#typed.delete(message.id);
		this.dispatchEvent(new CustomEvent('message', { detail: message }));
	}
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

function readFrame(bytes: Uint8Array): Message | undefined {
	try {
		return { type: 'run.events', ...parseRunFrame(bytes, (utf8) => decoder.decode(utf8)) };
	} catch {
		return undefined;
	}
}

function readMessage(text: string): Message | undefined {
	try {
		return ServerMessage.parse(JSON.parse(text));
	} catch {
		return undefined;
	}
}
