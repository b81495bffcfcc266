/** The WebSocket side: output as it comes, keystrokes, and what happens to sessions. Admission is the same as for HTTP. */
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { framesProtocol, subprotocol, type ServerMessage } from '../../src/runbook/protocol/protocol.ts';
import { admit, protocolToken, type AccessPolicy } from '../access/admit.ts';
import type { Keys } from '../access/keys.ts';
import { plainAnswer } from '../access/plain-answer.ts';
import type { Runtime } from '../runtime.ts';
import { Connection } from './connection.ts';
import { Drivers } from './drivers.ts';

/** More open tabs than a person can look at. */
export const maxSockets = 16;
/** A frame is that long at most, in bytes. */
export const maxFrameBytes = 64 * 1024;
/** How long pages have to answer that they have heard of the end. */
const farewellMs = 1_000;
/** How often what is open is held against its token. */
const tokenCheckMs = 15_000;
export const socketPath = '/api/socket';

export interface Sockets {
	/** Tells every page that the server goes, and closes. */
	close(): void;
}

/**
 * Takes upgrades of the servers. Whoever is not admitted, too many, or elsewhere gets a plain answer and no socket. A socket holds no longer than the
 * token that it was opened with.
 */
export function attachSockets(servers: readonly Server[], accessPolicy: () => AccessPolicy, runtime: Runtime, keys: Keys): Sockets {
	const sockets = new WebSocketServer({
		noServer: true,
		maxPayload: maxFrameBytes,
		perMessageDeflate: false,
		// Counted before they are answered.
		autoPong: false,
		handleProtocols: (offered) => (offered.has(subprotocol) ? subprotocol : false),
	});
	const drivers = new Drivers();
	const tokens = new WeakMap<WebSocket, string>();
	const closeExpired = () => {
		for (const client of sockets.clients) if (!keys.knows(tokens.get(client) ?? '')) client.close(1008);
	};
	const tellAlarm = (client: WebSocket) => {
		const at = keys.alarmOf(tokens.get(client) ?? '');
		const message: ServerMessage = { type: 'access.again', at: at ?? 0 };
		if (at !== undefined) client.send(JSON.stringify(message));
	};
	const tellAlarms = () => sockets.clients.forEach(tellAlarm);
	const checking = setInterval(closeExpired, tokenCheckMs).unref();
	keys.events.on('voided', closeExpired).on('again', closeExpired).on('again', tellAlarms);

	const onUpgrade = (req: IncomingMessage, socket: Duplex, head: Buffer) => {
		socket.on('error', () => socket.destroy());
		const target = req.url ?? '';
		const admission = admit({ method: req.method ?? '', target, rawHeaders: req.rawHeaders, upgrade: true }, accessPolicy());
		if (!admission.admitted) return refuse(socket, admission.status);
		if (target !== socketPath) return refuse(socket, 404);
		if (!runtime.ready) return refuse(socket, 503);
		if (sockets.clients.size >= maxSockets) return refuse(socket, 503);
		sockets.handleUpgrade(req, socket, head, (client) => {
			tokens.set(client, protocolToken(req) ?? '');
			new Connection(client, runtime, drivers, isOffered(req, framesProtocol));
			tellAlarm(client);
		});
	};
	sockets.on('wsClientError', (_error, socket) => refuse(socket, 400));
	for (const server of servers) server.on('upgrade', onUpgrade);

	return {
		close: () => {
			clearInterval(checking);
			keys.events.off('voided', closeExpired).off('again', closeExpired).off('again', tellAlarms);
			for (const client of sockets.clients) client.close(1012);
			// A page that sleeps answers no farewell, and must not keep this process.
			setTimeout(() => sockets.clients.forEach((client) => client.terminate()), farewellMs).unref();
			sockets.close();
		},
	};
}

function isOffered(req: IncomingMessage, name: string): boolean {
	return (req.headers['sec-websocket-protocol'] ?? '').split(',').some((one) => one.trim() === name);
}

function refuse(socket: Duplex, status: number): void {
	socket.end(plainAnswer(status));
}
