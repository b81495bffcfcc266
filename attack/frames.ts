/** WebSocket frames as bytes: an own client, because a good one cannot send what an attacker sends. Source: RFC 6455, section 5. */
import type { Socket } from 'node:net';
import { originOf, upgradeHeaders, type Target } from './target.ts';
import { open, readAnswer, wireText, type Answer } from './wire.ts';

export const opcode = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

export interface FrameOptions {
	readonly fin?: boolean;
	readonly masked?: boolean;
	/** Reserved bits, 0 to 7. */
	readonly reserved?: number;
	/** A length to claim instead of the true one. */
	readonly length?: number;
}

export function frame(code: number, payload: string | Buffer, { fin = true, masked = true, reserved = 0, length }: FrameOptions = {}): Buffer {
	const bytes = Buffer.from(payload);
	const size = length ?? bytes.length;
	const head = size < 126 ? Buffer.alloc(2) : size < 65_536 ? Buffer.alloc(4) : Buffer.alloc(10);
	head[0] = (fin ? 0x80 : 0) | (reserved << 4) | code;
	head[1] = (masked ? 0x80 : 0) | (size < 126 ? size : size < 65_536 ? 126 : 127);
	if (head.length === 4) head.writeUInt16BE(size, 2);
	if (head.length === 10) head.writeBigUInt64BE(BigInt(size), 2);
	const mask = Buffer.from([1, 2, 3, 4]);
	return Buffer.concat([head, ...(masked ? [mask, bytes.map((byte, index) => byte ^ (mask[index % 4] ?? 0))] : [bytes])]);
}

/** One connection that was upgraded, or the answer that refused it. */
export interface RawSocket {
	readonly answer: Omit<Answer, 'elapsedMs'>;
	readonly upgraded: boolean;
	write(bytes: Buffer): boolean;
	/** The code of the server's close frame; 0 when it just went. */
	readonly closed: Promise<number>;
	/** Waits for a text frame that holds this. */
	saw(text: string): Promise<boolean>;
	readonly isOpen: boolean;
	/** From here on the server's bytes stay where they are. */
	stopReading(): void;
	readOn(): void;
	end(): void;
}

export async function openRaw(target: Target): Promise<RawSocket> {
	const socket = await open(target);
	const reader = readAnswer(socket);
	socket.write(wireText({ method: 'GET', target: '/api/socket', headers: [['Host', `127.0.0.1:${target.port}`], ['Origin', originOf(target)], ...upgradeHeaders(target.token)] }));
	const answer = await reader;
	return follow(socket, answer);
}

function follow(socket: Socket, answer: Omit<Answer, 'elapsedMs'>): RawSocket {
	const { promise: closed, resolve } = Promise.withResolvers<number>();
	const seen: string[] = [];
	let wanted: { text: string; give: (found: boolean) => void } | undefined;
	let received = Buffer.alloc(0);
	const take = (chunk: Buffer) => {
		received = Buffer.concat([received, chunk]);
		for (;;) {
			const one = readFrame(received);
			if (!one) return;
			received = received.subarray(one.length);
			if (one.code === opcode.close) resolve(one.payload.length >= 2 ? one.payload.readUInt16BE(0) : 1005);
			if (one.code !== opcode.text) continue;
			seen.push(one.payload.toString('utf8'));
			if (wanted && seen.some((text) => text.includes(wanted?.text ?? ''))) wanted.give(true);
		}
	};
	socket.on('data', take);
	socket.once('close', () => {
		resolve(0);
		wanted?.give(false);
	});
	return {
		answer,
		upgraded: answer.status === 101,
		write: (bytes) => socket.write(bytes),
		closed,
		saw: (text) => {
			if (seen.some((one) => one.includes(text))) return Promise.resolve(true);
			if (socket.destroyed) return Promise.resolve(false);
			return new Promise((give) => (wanted = { text, give }));
		},
		get isOpen() {
			return !socket.destroyed;
		},
		stopReading: () => socket.pause(),
		readOn: () => socket.resume(),
		end: () => socket.destroy(),
	};
}

/** A server's frame is not masked. */
function readFrame(bytes: Buffer): { code: number; payload: Buffer; length: number } | undefined {
	const [first = 0, second = 0] = bytes;
	if (bytes.length < 2) return undefined;
	const short = second & 0x7f;
	const head = short < 126 ? 2 : short === 126 ? 4 : 10;
	if (bytes.length < head) return undefined;
	const size = short < 126 ? short : short === 126 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
	if (bytes.length < head + size) return undefined;
	return { code: first & 0x0f, payload: bytes.subarray(head, head + size), length: head + size };
}
