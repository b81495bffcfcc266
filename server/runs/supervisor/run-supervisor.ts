import { existsSync } from 'node:fs';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import type { StartError, Stayer } from '../../../src/runbook/run/run-state.ts';
import { formatMoment, systemClock } from '../../state/clock.ts';
import { writeDurably } from '../../state/durable.ts';
import { identify, type Identity } from '../../state/identity.ts';
import { Clients } from './clients.ts';
import { onLines, protocol, send, type Order, type ToSupervisor } from '../files/messages.ts';
import { Output } from './output.ts';
import { findOthers, marker, nameProcess } from '../files/processes.ts';
import { Recorder } from './recorder.ts';
import { Resizing } from './resizing.ts';
import type { End, Exit, Live } from '../files/run-files.ts';
import { openTerminal, type Terminal } from './terminal.ts';
import { Typing } from './typing.ts';

const retryMs = 1_000;
/** After the program's end its terminal is looked at when it was quiet for so long, or anyway after the second time. */
const quietMs = 50;
const quietAtMostMs = 1_000;
const longestPauseMs = 10_000;

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Keeps one run: its terminal, its recording, its files `live.json` and `end.json`. Calls `leave` when all is done. */
export class RunSupervisor {
	readonly #folder: string;
	readonly #order: Order;
	readonly #leave: () => void;
	readonly #clients = new Clients();
	readonly #recorder: Recorder;
	readonly #output: Output;
	readonly #terminal: Terminal | undefined;
	#typing: Typing | undefined;
	#resizing: Resizing | undefined;
	/** The session leader, once it has said who it is, and the name of its terminal. */
	#leader: { readonly socket: Socket; readonly who: Identity; readonly device: string } | undefined;
	#live: Live | undefined;
	#exit: Exit | undefined;
	/** Since when the other machine does not answer; empty while it does. */
	#unseen = '';
	#stayers: Stayer[] = [];
	#end: End | undefined;
	#lastBytesUp = 0;
	#leaderGone = false;
	/** Everything is written; only the leader is waited for. */
	#finished = false;
	/** Resolves when the reader closes the terminal although somebody has it. */
	readonly #release = Promise.withResolvers<void>();
	#released = false;

	constructor(folder: string, order: Order, leave: () => void) {
		this.#folder = folder;
		this.#order = order;
		this.#leave = leave;
		this.#recorder = new Recorder(folder, order.columns, order.rows);
		this.#output = new Output(this.#recorder, order.secrets, (n) => this.#clients.sendWritten(n));
		this.#terminal = this.#openTerminal();
	}

	/** The leader asks for the command as soon as it has connected. */
	#openTerminal(): Terminal | undefined {
		const { run, socket, columns, rows } = this.#order;
		try {
			const terminal = openTerminal({
				file: process.execPath,
				args: [...process.execArgv, join(import.meta.dirname, '../leader/leader.ts'), this.#folder, socket],
				env: { ...process.env, [marker]: run },
				columns,
				rows,
				onBytes: (bytes) => this.#take(bytes),
				onExit: () => this.#leaderEnded(),
			});
			this.#typing = new Typing(terminal);
			this.#resizing = new Resizing((...size) => this.#resize(...size));
			return terminal;
		} catch (error) {
			this.#neverStarted({
				name: 'no-terminal',
				subject: error instanceof Error ? error.message : String(error),
			});
			return undefined;
		}
	}

	#take(bytes: Uint8Array): void {
		this.#lastBytesUp = systemClock.up();
		this.#output.take(bytes);
	}

	#resize(columns: number, rows: number): void {
		this.#terminal?.resize(columns, rows);
		this.#output.resized(columns, rows);
	}

	/** Takes a connection: of a server or of the leader. A peer that talks nonsense is cut off. */
	connect(socket: Socket): void {
		socket.on('error', () => socket.destroy());
		onLines(socket, (line) => {
			try {
				this.#hear(socket, JSON.parse(line));
			} catch {
				socket.destroy();
			}
		});
	}

	#hear(socket: Socket, message: ToSupervisor): void {
		switch (message.type) {
			case 'server':
				return this.#greet(socket);
			case 'ping':
				return send(socket, { type: 'pong' });
			case 'input': {
				const result = this.#typing?.take(message.id, Buffer.from(message.base64, 'base64')) ?? 'refused';
				return send(socket, { type: 'input', id: message.id, result });
			}
			case 'resize':
				return this.#resizing?.take(message.columns, message.rows);
			case 'release':
				return this.#close();
			case 'holder':
				return this.#meetLeader(socket, message.who, message.terminal);
			case 'spawned':
				return this.#programStarted(message.program, message.startedAt);
			case 'unseen':
				this.#unseen = message.since;
				return this.#clients.send(message);
			case 'exit':
				return this.#programEnded(message.exit);
		}
	}

	#greet(socket: Socket): void {
		send(socket, { type: 'hello', protocol, run: this.#order.run });
		if (this.#live) send(socket, { type: 'live' });
		this.#clients.add(socket);
		if (this.#unseen !== '') send(socket, { type: 'unseen', since: this.#unseen });
		if (this.#exit) send(socket, { type: 'exit', exit: this.#exit });
		if (this.#stayers.length > 0) send(socket, { type: 'stayers', stayers: this.#stayers });
		if (this.#end) send(socket, { type: 'end', end: this.#end });
	}

	#meetLeader(socket: Socket, who: Identity, device: string): void {
		if (this.#leader || who.pid !== this.#terminal?.leader) return;
		this.#leader = { socket, who, device };
		const { argv, env, cwd, umask, far } = this.#order;
		send(socket, { type: 'start', argv, env, cwd, umask, ...(far && { far }) });
	}

	#programStarted(program: Identity, startedAt: string): void {
		if (!this.#leader || this.#live) return;
		const { who } = this.#leader;
		const live: Live = {
			protocol,
			socket: this.#order.socket,
			supervisor: identify(process.pid),
			holder: who,
			program,
			startedAt,
		};
		this.#live = live;
		void this.#untilDone(() => this.#write('live.json', live)).then(() =>
			this.#clients.send({ type: 'live' }),
		);
	}

	#programEnded(exit: Exit): void {
		if (this.#exit) return;
		this.#exit = exit;
		this.#typing?.close();
		this.#clients.send({ type: 'exit', exit });
		void this.#settle();
	}

	/** Waits until the terminal is silent and nobody but the leader has it, or the reader closes it; then nothing more can come. */
	async #settle(): Promise<void> {
		await this.#quiet();
		for (
			let pause = retryMs;
			this.#findHolding() > 0 && !this.#released;
			pause = Math.min(pause * 2, longestPauseMs)
		) {
			await Promise.race([wait(pause), this.#release.promise]);
		}
		this.#terminal?.drain();
		await this.#finish();
	}

	async #quiet(): Promise<void> {
		const giveUp = systemClock.up() + quietAtMostMs;
		const isQuiet = (): boolean => systemClock.up() - this.#lastBytesUp >= quietMs;
		while (!isQuiet() && systemClock.up() < giveUp) await wait(quietMs);
	}

	/** Looks for what the program left behind, tells it, and returns how many hold the terminal. */
	#findHolding(): number {
		if (!this.#leader || this.#leaderGone) return 0;
		const { who, device } = this.#leader;
		const { holding, detached } = findOthers({ run: this.#order.run, session: who.pid, terminal: device });
		const stayers = [...holding, ...detached].map(nameProcess);
		const changed = JSON.stringify(stayers) !== JSON.stringify(this.#stayers);
		this.#stayers = stayers;
		if (changed) this.#clients.send({ type: 'stayers', stayers });
		return holding.length;
	}

	#close(): void {
		if (!this.#exit) return;
		this.#released = true;
		this.#release.resolve();
	}

	async #finish(): Promise<void> {
		this.#output.end();
		await this.#untilDone(() => {
			this.#recorder.sync();
			this.#clients.sendWritten(this.#recorder.events);
			this.#end = this.#writeEnd();
		});
		this.#recorder.close();
		this.#finished = true;
		if (this.#end) this.#clients.send({ type: 'end', end: this.#end });
		if (this.#leader && !this.#leaderGone) send(this.#leader.socket, { type: 'release' });
		else await this.#farewell();
	}

	#writeEnd(): End {
		const { events, droppedBytes, syncedEvents } = this.#recorder;
		const end: End = {
			events,
			droppedBytes: droppedBytes + (this.#exit?.lostBytes ?? 0),
			...(syncedEvents === undefined ? {} : { syncedEvents }),
			stayers: this.#stayers,
			at: formatMoment(systemClock.now()),
		};
		this.#write('end.json', end);
		return end;
	}

	#leaderEnded(): void {
		this.#leaderGone = true;
		if (this.#finished) return void this.#farewell();
		if (this.#exit) return this.#close();
		if (!this.#leader) return this.#neverStarted({ name: 'no-keeper', subject: 'holder' });
		// The leader was killed: nobody waited for the program, so its end stays unknown, and its terminal is gone.
		this.#output.end();
		this.#recorder.close();
		void this.#farewell();
	}

	async #farewell(): Promise<void> {
		await this.#clients.end();
		this.#leave();
	}

	/** No leader can write the evidence when there never was one. */
	#neverStarted(error: StartError): void {
		const exit: Exit = { result: { error }, at: formatMoment(systemClock.now()), elapsedMs: 0 };
		this.#exit = exit;
		void this.#untilDone(() => this.#write('exit.json', exit)).then(() => this.#finish());
	}

	#write(name: string, content: Live | Exit | End): void {
		writeDurably(join(this.#folder, name), `${JSON.stringify(content)}\n`);
	}

	/** A full disk is not the program's fault, and may have room again. Of a folder that was removed nobody will ever ask. */
	async #untilDone(write: () => void): Promise<void> {
		while (existsSync(this.#folder)) {
			try {
				return write();
			} catch {
				await wait(retryMs);
			}
		}
	}
}
