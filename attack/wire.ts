/** Requests as bytes on a socket. An HTTP client would repair, reorder or refuse what an attacker sends. */
import { Socket } from 'node:net';

/** What came back. `status` 0: the connection was closed without an answer. */
export interface Answer {
	readonly status: number;
	/** Names in lower case, in the order in which they came. */
	readonly headers: readonly (readonly [name: string, value: string])[];
	readonly body: string;
	/** From the first byte sent to the whole answer. */
	readonly elapsedMs: number;
}

export interface Place {
	readonly host: string;
	readonly port: number;
}

export type Header = readonly [name: string, value: string];

export interface Message {
	readonly method: string;
	readonly target: string;
	readonly version?: string;
	readonly headers: readonly Header[];
	readonly body?: string;
}

/** A silent server is a finding: nothing waits longer for an answer. */
const patienceMs = 30_000;

/** The message as it goes over the wire; nothing is added but the length of a body. */
export function wireText({ method, target, version = '1.1', headers, body }: Message): string {
	const length: Header[] = body === undefined || headers.some(([name]) => /^(?:content-length|transfer-encoding)$/i.test(name)) ? [] : [['Content-Length', String(Buffer.byteLength(body))]];
	const lines = [...headers, ...length].map(([name, value]) => `${name}: ${value}\r\n`).join('');
	return `${method} ${target} HTTP/${version}\r\n${lines}\r\n${body ?? ''}`;
}

/** Sends bytes and reads one answer, whatever happens to the connection. Rejects only when there is no connection to be had. */
export async function exchange(place: Place, message: string | Buffer): Promise<Answer> {
	const bytes = Buffer.from(message);
	const socket = await open(place);
	const started = performance.now();
	const reader = readAnswer(socket, bytes.toString('latin1', 0, 5) === 'HEAD ');
	socket.write(bytes);
	const answer = await reader;
	socket.destroy();
	return { ...answer, elapsedMs: performance.now() - started };
}

/**
 * A connection that is read to its end even when it can no longer be written to. A server that refuses a request in its middle answers and hangs up: the
 * next write then fails while the answer is still waiting to be read, and Node would throw the answer away with the connection. Here the end of the reading
 * is the end of the connection, and what could not be written counts as written.
 */
class ReadToTheEnd extends Socket {
	override _write(chunk: unknown, encoding: BufferEncoding, done: () => void): void {
		super._write(chunk, encoding, () => done());
	}

	override _writev(chunks: { chunk: unknown; encoding: BufferEncoding }[], done: () => void): void {
		super._writev?.(chunks, () => done());
	}
}

/** Opens a connection; errors after that are the closing of it. */
export async function open({ host, port }: Place): Promise<Socket> {
	const socket = new ReadToTheEnd().connect({ host, port });
	const { promise, resolve, reject } = Promise.withResolvers<void>();
	socket.once('connect', () => resolve());
	socket.once('error', reject);
	await promise;
	socket.on('error', () => socket.destroy());
	return socket;
}

/** Reads one answer from a connection: up to its end, its stated length, or the head alone where no body follows. */
export function readAnswer(socket: Socket, isHead = false): Promise<Omit<Answer, 'elapsedMs'>> {
	const { promise, resolve } = Promise.withResolvers<Omit<Answer, 'elapsedMs'>>();
	let received = Buffer.alloc(0);
	const give = () => resolve(parseAnswer(received));
	const timer = setTimeout(give, patienceMs);
	const onData = (chunk: Buffer) => {
		received = Buffer.concat([received, chunk]);
		if (isWhole(received, isHead)) give();
	};
	socket.on('data', onData);
	socket.once('close', give);
	return promise.finally(() => {
		clearTimeout(timer);
		socket.off('data', onData);
		socket.off('close', give);
	});
}

function isWhole(received: Buffer, isHead: boolean): boolean {
	const end = received.indexOf('\r\n\r\n');
	if (end < 0) return false;
	const { status, headers } = parseAnswer(received);
	const value = (name: string) => headers.find(([one]) => one === name)?.[1];
	if (isHead || status === 101 || status === 204 || status === 304) return true;
	const length = value('content-length');
	if (length !== undefined) return received.length >= end + 4 + Number(length);
	return value('transfer-encoding') === 'chunked' && received.includes('\r\n0\r\n\r\n', end);
}

function parseAnswer(received: Buffer): Omit<Answer, 'elapsedMs'> {
	const text = received.toString('latin1');
	const end = text.indexOf('\r\n\r\n');
	const [first = '', ...lines] = text.slice(0, end < 0 ? undefined : end).split('\r\n');
	const headers = lines.map((line): Header => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]);
	return { status: Number(/^HTTP\/1\.[01] (\d{3})/.exec(first)?.[1] ?? 0), headers, body: end < 0 ? '' : received.subarray(end + 4).toString('utf8') };
}
