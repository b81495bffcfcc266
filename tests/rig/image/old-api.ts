/**
 * What Docker 1.13 says to a newer client, in front of a newer engine: the versions of its API that it knows, and no more. A client writes the head of a request in one go, and so does an
 * engine that of an answer; everything else passes through as it is.
 *
 * Source: moby/moby v1.13.1, `api/server/middleware/version.go` (API-Version on each answer), `api/server/server.go` (what it does not know), `api/server/router/system/system.go`
 * (no HEAD of /_ping).
 */
import { connect, createServer, type Socket } from 'node:net';

const known = 25;

export interface OldApi {
	/** Versions that clients have asked in. */
	readonly asked: ReadonlySet<string>;
	readonly close: () => Promise<void>;
}

/** Listens at a socket, and passes on to the one of an engine. */
export async function startOldApi(at: string, engine: string): Promise<OldApi> {
	const asked = new Set<string>();
	const open = new Set<Socket>();
	const hold = (one: Socket, other: () => Socket): Socket => {
		open.add(one);
		return one.on('error', () => one.destroy()).on('end', () => other().end()).on('close', () => {
			open.delete(one);
			other().destroy();
		});
	};
	const server = createServer({ allowHalfOpen: true }, (client) => {
		const behind: Socket = hold(connect({ path: engine, allowHalfOpen: true }), () => client);
		hold(client, () => behind);
		client.on('data', (chunk: Buffer) => {
			const refusal = refuse(chunk, asked);
			if (refusal === undefined) behind.write(chunk);
			else client.write(refusal);
		});
		behind.on('data', (chunk: Buffer) => client.write(chunk.subarray(0, 5).toString('latin1') === 'HTTP/' ? withOldVersion(chunk) : chunk));
	});
	await new Promise<void>((resolve) => server.listen(at, resolve));
	return {
		asked,
		close: async () => {
			for (const one of open) one.destroy();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}

/** The answer to a request that Docker 1.13 does not know. */
function refuse(chunk: Buffer, asked: Set<string>): string | undefined {
	const [, method, minor] = /^([A-Z]+) \/(?:v1\.(\d+)\/)?\S* HTTP\/1\.1\r\n/.exec(chunk.toString('latin1')) ?? [];
	if (method === 'HEAD' && minor === undefined) return `HTTP/1.1 404 Not Found\r\nApi-Version: 1.${known}\r\nContent-Length: 0\r\n\r\n`;
	if (minor === undefined) return undefined;
	asked.add(`1.${minor}`);
	if (Number(minor) <= known) return undefined;
	const message = JSON.stringify({ message: `client is newer than server (client API version: 1.${minor}, server API version: 1.${known})` });
	return `HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\nContent-Length: ${message.length}\r\n\r\n${message}`;
}

function withOldVersion(chunk: Buffer): Buffer {
	return Buffer.from(chunk.toString('latin1').replace(/^(Api-Version: 1\.)\d+/im, `$1${known}`), 'latin1');
}
