import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { plainAnswer } from './access/plain-answer.ts';

/** The port that was asked for is in use, or none of those that were tried is free. */
export class PortTaken extends Error {
	override readonly name = 'PortTaken';
	readonly port: number;

	constructor(port: number, cause?: unknown) {
		super(`Port ${port} is taken.`, { cause });
		this.port = port;
	}
}

export interface Listening {
	readonly port: number;
	/** One for each loopback address: IPv4 and, where there is one, IPv6. */
	readonly servers: readonly Server[];
	close(): Promise<void>;
}

/** A request that comes slower than this is given up: headers, whole request, idle connection. */
const timeouts = { headersTimeout: 10_000, requestTimeout: 20_000, keepAliveTimeout: 5_000, connectionsCheckingInterval: 2_000 };
const tries = 20;

/**
 * Listens on loopback, on both its addresses: a stranger on `[::1]` would be what `localhost` means to a browser. Without `exact`, a taken
 * port makes it try the next.
 *
 * @throws PortTaken
 */
export async function listenOnLoopback(listener: RequestListener, port: number, exact: boolean): Promise<Listening> {
	for (let offset = 0; ; offset += 1) {
		try {
			return await listenOn(listener, port === 0 ? 0 : port + offset);
		} catch (error) {
			if (!(error instanceof PortTaken) || exact || offset >= tries) throw error;
		}
	}
}

async function listenOn(listener: RequestListener, port: number): Promise<Listening> {
	const v4 = await bind(listener, '127.0.0.1', port);
	if (!v4) throw new PortTaken(port);
	const address = v4.address();
	const actual = typeof address === 'object' && address ? address.port : port;
	try {
		const v6 = await bind(listener, '::1', actual);
		const servers = v6 ? [v4, v6] : [v4];
		return { port: actual, servers, close: () => closeAll(servers) };
	} catch (error) {
		await closeAll([v4]);
		throw error;
	}
}

/** Any other protocol that a client offers beside its request, as curl does with `--http2`, is passed over. Source: RFC 9110, 7.8. */
function offersWebSocket({ headers }: IncomingMessage): boolean {
	return headers.upgrade?.trim().toLowerCase() === 'websocket';
}

/** Undefined when this machine has no such address. @throws PortTaken */
function bind(listener: RequestListener, host: string, port: number): Promise<Server | undefined> {
	// Who names no host is refused like who names another one, by the same function.
	const server = createServer({ ...timeouts, requireHostHeader: false, shouldUpgradeCallback: offersWebSocket }, listener);
	// Node drops what is past a count: an Origin behind two thousand other headers must be seen.
	server.maxHeadersCount = 0;
	server.on('clientError', refuseUnread);
	server.on('checkExpectation', listener);
	const { promise, resolve, reject } = Promise.withResolvers<Server | undefined>();
	server.once('error', (error: NodeJS.ErrnoException) => {
		if (error.code === 'EADDRINUSE' || error.code === 'EACCES') reject(new PortTaken(port, error));
		else if (error.code === 'EADDRNOTAVAIL' || error.code === 'EAFNOSUPPORT') resolve(undefined);
		else reject(error);
	});
	server.listen({ host, port, exclusive: true }, () => resolve(server));
	return promise;
}

/** What cannot be read as a request, or came too slowly, is told so, with the headers of every other answer. */
function refuseUnread(error: NodeJS.ErrnoException, socket: Duplex): void {
	if (!socket.writable || error.code === 'ECONNRESET') return void socket.destroy();
	const status = error.code === 'HPE_HEADER_OVERFLOW' ? 431 : error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400;
	socket.end(plainAnswer(status));
}

async function closeAll(servers: readonly Server[]): Promise<void> {
	await Promise.all(
		servers.map((server) => {
			const { promise, resolve } = Promise.withResolvers<void>();
			server.close(() => resolve());
			server.closeAllConnections();
			return promise;
		}),
	);
}
