import { existsSync } from 'node:fs';
import type { Socket } from 'node:net';
import { basename, join } from 'node:path';
import type { StartError, Stayer } from '../../../src/runbook/run/run-state.ts';
import { formatMoment, systemClock } from '../../state/clock.ts';
import { writeDurably } from '../../state/durable.ts';
import { identify, type Identity } from '../../state/identity.ts';
import { Answers } from './answers.ts';
import { Clients } from './clients.ts';
import { onLines, protocol, send, type Order, type ToServer, type ToSupervisor } from '../files/messages.ts';
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
const longestLookMs = 10_000;

const asLine = (content: Live | Exit | End): string => `${JSON.stringify(content)}\n`;
const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** What there is from the moment that the run was ordered. */
interface Ordered {
	readonly order: Order;
	readonly recorder: Recorder;
	readonly output: Output;
}

/** Until the order comes nobody knows how big the terminal is to be; nothing is printed before. */
const firstSize = { columns: 80, rows: 24 };

/**
 * Keeps one run: its terminal, its recording, its files `live.json` and `end.json`. Calls `leave` when all is done. Terminal and leader stand ready before the run
 * is ordered: `begin`.
 */
export class RunSupervisor {
	readonly #folder: string;
	readonly #run: string;
	readonly #path: string;
	readonly #leave: () => void;
	readonly #clients = new Clients();
	readonly #answers = new Answers((socket, message) => this.#clients.answer(socket, message));
	readonly #terminal: Terminal | undefined;
	#ordered: Ordered | undefined;
	/** Why there is no terminal, and servers that have come, before the order. */
	#failure: StartError | undefined;
	readonly #early: { readonly socket: Socket; readonly frames: boolean }[] = [];
	#typing: Typing | undefined;
	#resizing: Resizing | undefined;
	/** The session leader, once it has said who it is, and the name of its terminal. */
	#leader: { readonly socket: Socket; readonly who: Identity; readonly device: string } | undefined;
	#live: Live | undefined;
	#exit: Exit | undefined;
	#stayers: Stayer[] = [];
	#end: End | undefined;
	#lastBytesUp = 0;
	#leaderGone = false;
	/** Everything is written; only the leader is waited for. */
	#finished = false;
	/** Resolves when the reader closes the terminal although somebody has it. */
	readonly #release = Promise.withResolvers<void>();
	#released = false;

	/** `path`: the run's socket, which takes connections already. */
	constructor(folder: string, path: string, leave: () => void) {
		this.#folder = folder;
		this.#run = basename(folder);
		this.#path = path;
		this.#leave = leave;
		this.#terminal = this.#openTerminal();
	}

	/** The leader is told the command as soon as it has connected and the run is ordered. */
	#openTerminal(): Terminal | undefined {
		try {
			const terminal = openTerminal({
				file: process.execPath,
				args: [...process.execArgv, join(import.meta.dirname, '../leader/leader.ts'), this.#folder, this.#path],
				env: { ...process.env, [marker]: this.#run },
				...firstSize,
				onBytes: (bytes) => this.#take(bytes),
				onExit: () => this.#leaderEnded(),
			});
			this.#typing = new Typing(terminal);
			this.#resizing = new Resizing((...size) => this.#resize(...size));
			return terminal;
		} catch (error) {
			this.#failure = { name: 'no-terminal', subject: error instanceof Error ? error.message : String(error) };
			return undefined;
		}
	}

	/** Starts the run: it is claimed, and nothing of it has begun. */
	begin(order: Order): void {
		const { columns, rows, secrets } = order;
		const recorder = new Recorder(this.#folder, columns, rows);
		const output = new Output(recorder, secrets, (n, frame) => this.#told(n, frame));
		this.#ordered = { order, recorder, output };
		this.#terminal?.resize(columns, rows);
		for (const { socket, frames } of this.#early.splice(0)) this.#greet(socket, frames);
		if (this.#failure) this.#neverStarted(this.#failure);
		else this.#startProgram();
	}

	/** The echo of a key first, and then that it was typed. */
	#told(n: number, frame?: () => Buffer): void {
		this.#clients.tellWritten(n, frame);
		this.#answers.flush();
	}

	#take(bytes: Uint8Array): void {
		this.#lastBytesUp = systemClock.up();
		this.#ordered?.output.take(bytes);
	}

	#resize(columns: number, rows: number): void {
		this.#terminal?.resize(columns, rows);
		this.#ordered?.output.resized(columns, rows);
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
				return this.#greet(socket, message.frames === true);
			case 'ping':
				return this.#clients.answer(socket, { type: 'pong' });
			case 'input': {
				const result = this.#typing?.take(message.id, Buffer.from(message.base64, 'base64')) ?? 'refused';
				return this.#answers.add(socket, { type: 'input', id: message.id, result });
			}
			case 'resize':
				return this.#resizing?.take(message.columns, message.rows);
			case 'release':
				return this.#close();
			case 'holder':
				return this.#meetLeader(socket, message.who, message.terminal);
			case 'spawned':
				return this.#programStarted(message.program, message.startedAt);
			case 'exit':
				return this.#programEnded(message.exit);
		}
	}

	/** Of a run that is not ordered yet there is nothing to say. */
	#greet(socket: Socket, frames: boolean): void {
		if (!this.#ordered) return void this.#early.push({ socket, frames });
		send(socket, { type: 'hello', protocol, run: this.#run, ...(frames && { frames }) });
		this.#clients.add(socket, frames);
		const tell = (message: ToServer): void => this.#clients.answer(socket, message);
		if (this.#live) tell({ type: 'live' });
		if (this.#exit) tell({ type: 'exit', exit: this.#exit });
		if (this.#stayers.length > 0) tell({ type: 'stayers', stayers: this.#stayers });
		if (this.#end) tell({ type: 'end', end: this.#end });
	}

	#meetLeader(socket: Socket, who: Identity, device: string): void {
		if (this.#leader || who.pid !== this.#terminal?.leader) return;
		this.#leader = { socket, who, device };
		this.#startProgram();
	}

	#startProgram(): void {
		if (!this.#leader || !this.#ordered) return;
		const { argv, env, cwd, umask } = this.#ordered.order;
		send(this.#leader.socket, { type: 'start', argv, env, cwd, umask });
	}

	#programStarted(program: Identity, startedAt: string): void {
		if (!this.#leader || this.#live) return;
		const { who } = this.#leader;
		const live: Live = {
			protocol,
			socket: this.#ordered?.order.socket ?? this.#path,
			supervisor: identify(process.pid),
			holder: who,
			program,
			startedAt,
		};
		this.#live = live;
		// Waited for here: the end of a short program must not be told before its beginning.
		void this.#untilDone(() => this.#write('live.json', live)).then(() =>
			this.#clients.tell({ type: 'live' }),
		);
	}

	#programEnded(exit: Exit): void {
		if (this.#exit) return;
		this.#exit = exit;
		this.#typing?.close();
		this.#clients.tell({ type: 'exit', exit });
		void this.#settle();
	}

	/** Waits until the terminal is silent and nobody but the leader has it, or the reader closes it; then nothing more can come. */
	async #settle(): Promise<void> {
		await this.#quiet();
		for (
			let pause = retryMs;
			this.#findHolding() > 0 && !this.#released;
			pause = Math.min(pause * 2, longestLookMs)
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
		const { holding, detached } = findOthers({ run: this.#run, session: who.pid, terminal: device });
		const stayers = [...holding, ...detached].map(nameProcess);
		const changed = JSON.stringify(stayers) !== JSON.stringify(this.#stayers);
		this.#stayers = stayers;
		if (changed) this.#clients.tell({ type: 'stayers', stayers });
		return holding.length;
	}

	#close(): void {
		if (!this.#exit) return;
		this.#released = true;
		this.#release.resolve();
	}

	async #finish(): Promise<void> {
		const ordered = this.#ordered;
		if (!ordered) return this.#leave();
		const { output, recorder } = ordered;
		output.end();
		await this.#untilDone(() => {
			recorder.sync();
			this.#clients.tellWritten(recorder.events);
			this.#end = this.#writeEnd(recorder);
		});
		recorder.close();
		this.#finished = true;
		if (this.#end) this.#clients.tell({ type: 'end', end: this.#end });
		if (this.#leader && !this.#leaderGone) send(this.#leader.socket, { type: 'release' });
		else await this.#farewell();
	}

	#writeEnd({ events, droppedBytes, syncedEvents }: Recorder): End {
		const end: End = {
			events,
			droppedBytes,
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
		if (!this.#ordered) this.#failure = { name: 'no-keeper', subject: 'holder' };
		else if (!this.#leader) this.#neverStarted({ name: 'no-keeper', subject: 'holder' });
		else this.#loseEnd(this.#ordered);
	}

	/** The leader was killed: nobody waited for the program, so its end stays unknown, and its terminal is gone. */
	#loseEnd({ output, recorder }: Ordered): void {
		output.end();
		recorder.close();
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
		writeDurably(join(this.#folder, name), asLine(content));
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
