import { EventEmitter } from 'node:events';
import { connect, type Socket } from 'node:net';
import { z } from '../../src/runbook/zod.ts';
import { Stayer } from '../../src/runbook/run/run-state.ts';
import { findEnds } from '../../src/runbook/run/event-frames.ts';
import { frameKinds, Incoming, parseOutput, type OutputFrame } from './files/frames.ts';
import { protocol, send, type InputResult } from './files/messages.ts';
import { End, Exit } from './files/run-files.ts';

const Message = z.discriminatedUnion('type', [
	z.object({ type: z.literal('hello'), protocol: z.int(), run: z.string(), frames: z.optional(z.literal(true)) }),
	z.object({ type: z.literal('pong') }),
	z.object({ type: z.literal('live') }),
	z.object({ type: z.literal('wrote'), n: z.int() }),
	z.object({ type: z.literal('input'), id: z.string(), result: z.enum(['typed', 'refused']) }),
	z.object({ type: z.literal('exit'), exit: Exit }),
	z.object({ type: z.literal('stayers'), stayers: z.array(Stayer) }),
	z.object({ type: z.literal('end'), end: End }),
]);

/** What was just written, from one event to another. */
export interface LiveOutput extends OutputFrame {
	readonly first: number;
	readonly last: number;
}

interface LinkEvents {
	/** What was just written, before its number is told. */
	output: [output: LiveOutput];
	/** Number of the last event in the recording. */
	wrote: [n: number];
	/** Something of the run is different: it began, it ended, somebody stayed, the connection is there or gone. */
	change: [];
	input: [id: string, result: InputResult];
}

const silentAfterMs = 3_000;

/** The connection of this server to the supervisor of one run. */
export class Link extends EventEmitter<LinkEvents> {
	readonly #socket: Socket;
	/** What the supervisor said of the program's end; on a full disk that is earlier than the files. */
	exit: Exit | undefined;
	end: End | undefined;
	stayers: readonly Stayer[] | undefined;
	written = 0;
	readonly #incoming = new Incoming(
		(line) => this.#take(line),
		(kind, body) => this.#takeFrame(kind, body),
	);
	#closed = false;
	#greeted = false;
	/** Since when a question is open: the greeting is the first. */
	#askedUp: number | undefined;

	constructor(path: string, nowUp: number) {
		super();
		this.#askedUp = nowUp;
		this.#socket = connect(path);
		this.#socket.unref();
		this.#socket.on('connect', () => send(this.#socket, { type: 'server', protocol, frames: true }));
		this.#socket.on('error', () => this.#socket.destroy());
		this.#socket.on('close', () => {
			this.#closed = true;
			this.emit('change');
		});
		this.#socket.on('data', (bytes: Buffer) => this.#hear(bytes));
	}

	#hear(bytes: Buffer): void {
		try {
			this.#incoming.take(bytes);
		} catch (error) {
			if (!(error instanceof RangeError)) throw error;
			this.#socket.destroy();
		}
	}

	#takeFrame(kind: number, body: Buffer): void {
		if (kind === frameKinds.message) return this.#take(body.toString());
		if (kind !== frameKinds.output) return;
		const output = parseOutput(body);
		const { first, last } = findEnds(output.events);
		this.written = last;
		this.emit('output', { ...output, first, last });
		this.emit('wrote', last);
	}

	/** Whether the supervisor tells of everything that it writes. */
	get hears(): boolean {
		return !this.#closed && this.#greeted;
	}

	get closed(): boolean {
		return this.#closed;
	}

	/** Whether the supervisor answers, and speaks our language. */
	isOpen(nowUp: number): boolean {
		const silent = this.#askedUp !== undefined && nowUp - this.#askedUp > silentAfterMs;
		return !this.#closed && !silent;
	}

	#take(line: string): void {
		const parsed = z.safeParse(Message, parseJson(line));
		// What a later supervisor says besides is not for us.
		if (!parsed.success && isUnknownMessage(parseJson(line))) return;
		if (!parsed.success) return void this.#socket.destroy();
		const message = parsed.data;
		switch (message.type) {
			case 'hello':
				if (message.protocol !== protocol) return void this.#socket.destroy();
				if (message.frames) this.#incoming.expectFrames();
				this.#askedUp = undefined;
				this.#greeted = true;
				break;
			case 'pong':
				this.#askedUp = undefined;
				return;
			case 'wrote':
				this.written = message.n;
				return void this.emit('wrote', message.n);
			case 'input':
				return void this.emit('input', message.id, message.result);
			case 'exit':
				this.exit = message.exit;
				break;
			case 'stayers':
				this.stayers = message.stayers;
				break;
			case 'end':
				this.end = message.end;
				break;
			case 'live':
				break;
		}
		this.emit('change');
	}

	/** Asks whether somebody is there; a question that stays open for long means no. */
	ping(nowUp: number): void {
		if (this.#askedUp !== undefined) return;
		this.#askedUp = nowUp;
		send(this.#socket, { type: 'ping' });
	}

	input(id: string, bytes: Uint8Array): void {
		send(this.#socket, { type: 'input', id, base64: Buffer.from(bytes).toString('base64') });
	}

	resize(columns: number, rows: number): void {
		send(this.#socket, { type: 'resize', columns, rows });
	}

	release(): void {
		send(this.#socket, { type: 'release' });
	}

	close(): void {
		this.removeAllListeners();
		this.#socket.destroy();
	}
}

const types: ReadonlySet<string> = new Set(['hello', 'pong', 'live', 'wrote', 'input', 'exit', 'stayers', 'end']);

function isUnknownMessage(value: unknown): boolean {
	const named = z.safeParse(z.object({ type: z.string() }), value);
	return named.success && !types.has(named.data.type);
}

function parseJson(line: string): unknown {
	try {
		return JSON.parse(line);
	} catch {
		return undefined;
	}
}
