import type { WebSocket, RawData } from 'ws';
import { ClientMessage, notUnderstood, type ServerMessage } from '../../src/runbook/protocol/protocol.ts';
import { problem, type Problem } from '../../src/runbook/problem.ts';
import { StateError } from '../state/state-error.ts';
import { isRunActive } from '../../src/runbook/run/run.ts';
import { frameRunEvents } from '../../src/runbook/protocol/run-frames.ts';
import type { Entry } from '../../src/runbook/session/session-event.ts';
import type { Batch } from '../runs/batch.ts';
import type { Run } from '../runs/run.ts';
import type { LiveSession } from '../sessions/session-store.ts';
import type { Looking } from '../sessions/watch.ts';
import type { OpenRuntime } from '../runtime.ts';
import type { Drivers } from './drivers.ts';

/** Close codes of RFC 6455, section 7.4.1; 1007 and 1009 are the library's own. */
const close = { notText: 1003, rule: 1008 } as const;
/** Messages and pings in one second that no person and no paste makes. */
const maxPerSecond = 400;
/** A reader who lags is waited for at this many unsent bytes: what follows stays in the recording. */
const maxUnsentBytes = 1024 * 1024;
const batchLength = 32 * 1024;
/** Short messages are not waited with; who leaves so many bytes of them unread is let go, and goes on where he was when he comes back. */
const maxUnreadBytes = 8 * 1024 * 1024;

/** How far a session was sent to this page. `live` once it has caught up: further entries are sent as they come. */
interface SessionFollow {
	sent: number;
	live: boolean;
}

/** One page that is connected: follows sessions and runs, types into runs. */
export class Connection {
	readonly #socket: WebSocket;
	readonly #runtime: OpenRuntime;
	readonly #drivers: Drivers;
	readonly #framed: boolean;
	/** Sessions that are followed. */
	readonly #sessions = new Map<string, SessionFollow>();
	readonly #follows = new Map<string, AbortController>();
	#secondStart = 0;
	#inSecond = 0;
	/** Resolves when the system has taken everything that was sent until now. */
	#taken: Promise<void> = Promise.resolve();

	/** `framed`: the page takes output as bytes. */
	constructor(socket: WebSocket, runtime: OpenRuntime, drivers: Drivers, framed: boolean) {
		this.#socket = socket;
		this.#framed = framed;
		this.#runtime = runtime;
		this.#drivers = drivers;
		socket.on('message', (data, isBinary) => this.#receive(data, isBinary));
		socket.on('ping', (data) => {
			if (this.#mayReceive() && socket.readyState === socket.OPEN) socket.pong(data);
		});
		socket.on('error', () => undefined);
		socket.on('close', () => this.#leave());
		runtime.sessions.events.on('entry', this.#onEntry);
		runtime.looking.on('looking', this.#onLooking);
		runtime.runs.events.on('change', this.#onRun);
	}

	#leave(): void {
		this.#runtime.sessions.events.off('entry', this.#onEntry);
		this.#runtime.looking.off('looking', this.#onLooking);
		this.#runtime.runs.events.off('change', this.#onRun);
		this.#drivers.drop(this);
		for (const follow of this.#follows.values()) follow.abort();
		this.#sessions.clear();
	}

	readonly #onEntry = (live: LiveSession, entry: Entry): void => {
		const follow = this.#sessions.get(live.id);
		if (!follow?.live) return;
		if (this.#isBehind) return void this.#streamSession(live, follow);
		follow.sent = entry.n;
		this.#send({ type: 'session.entries', session: live.id, entries: [entry] });
	};

	readonly #onLooking = ({ session, step, node, for: lookedFor, attempt, saw }: Looking): void => {
		if (!this.#sessions.has(session)) return;
		this.#send({ type: 'session.looking', session, step, ...(node !== undefined && { node }), for: lookedFor, attempt, saw: [...saw] });
	};

	/** What a journal does not hold of a run: the page shows it for as long as it is so. */
	readonly #onRun = ({ id, plan, state }: Run): void => {
		if (this.#sessions.has(plan.session)) this.#send({ type: 'session.run', session: plan.session, run: id, state });
	};

	/** Counts what comes in; one that floods is let go. */
	#mayReceive(): boolean {
		const now = performance.now();
		if (now - this.#secondStart >= 1000) [this.#secondStart, this.#inSecond] = [now, 0];
		this.#inSecond += 1;
		if (this.#inSecond <= maxPerSecond) return true;
		this.#socket.close(close.rule);
		return false;
	}

	/** What comes after the socket was closed from here is not acted on. */
	#receive(data: RawData, isBinary: boolean): void {
		if (this.#socket.readyState !== this.#socket.OPEN || !this.#mayReceive()) return;
		if (isBinary) return this.#socket.close(close.notText);
		const message = parseMessage(String(data));
		if (message) this.#act(message);
		else this.#socket.close(close.rule, notUnderstood);
	}

	#act(message: ClientMessage): void {
		switch (message.type) {
			case 'session.follow':
				return this.#followSession(message.session, message.from);
			case 'session.unfollow':
				this.#sessions.delete(message.session);
				return;
			case 'run.follow':
				return this.#followRun(message.run, message.from);
			case 'run.unfollow':
				this.#follows.get(message.run)?.abort();
				this.#follows.delete(message.run);
				return;
			case 'run.input':
				return void this.#type(message);
			case 'run.resize':
				return this.#resize(message.run, message.columns, message.rows);
		}
	}

	#followSession(id: string, from: number): void {
		const live = this.#runtime.sessions.list().find((one) => one.id === id);
		if (!live) return this.#tell(problem('session.unknown', { session: id }));
		this.#runtime.runs.expect();
		const follow = { sent: from, live: false };
		// Who asks again while he is sent something is answered once: from where he asked last.
		this.#sessions.set(id, follow);
		void this.#streamSession(live, follow);
	}

	/** Sends what a session holds beyond what was sent, in batches, no faster than the page takes it; then how its runs stand. */
	async #streamSession(live: LiveSession, follow: SessionFollow): Promise<void> {
		const isWanted = () => this.#sessions.get(live.id) === follow;
		follow.live = false;
		for (let isFirst = true; ; isFirst = false) {
			if (this.#isBehind) await this.#taken;
			if (!isWanted()) return;
			const entries = nextBatch(live.entries, follow.sent);
			if (entries.length === 0 && !isFirst) break;
			follow.sent = entries.at(-1)?.n ?? follow.sent;
			this.#send({ type: 'session.entries', session: live.id, entries });
		}
		follow.live = true;
		for (const run of this.#runtime.runs.list()) if (run.plan.session === live.id && !run.isOver) this.#onRun(run);
	}

	#followRun(id: string, from: number): void {
		const run = this.#runtime.runs.get(id);
		if (!run) return this.#tell(problem('run.unknown', { run: id }));
		this.#follows.get(id)?.abort();
		const abort = new AbortController();
		this.#follows.set(id, abort);
		this.#drivers.offer(id, this);
		void this.#stream(id, run.followBatches(from + 1, abort.signal), abort.signal).catch((error: unknown) => {
			if (error instanceof StateError) this.#tell({ name: error.problem, slots: error.slots });
			else this.#tell(problem('run.unreadable', { run: id, detail: error instanceof Error ? error.message : String(error) }));
		});
	}

	/** Sends what the recording holds and what is added to it as it comes, no faster than the page takes it. */
	async #stream(run: string, recording: AsyncIterable<Batch>, signal: AbortSignal): Promise<void> {
		const followedAt = Date.now();
		for await (const batch of recording) {
			if (this.#isBehind) await this.#taken;
			if (signal.aborted) return;
			this.#sendEvents(run, batch, followedAt);
		}
		if (signal.aborted) return;
		if (this.#framed) this.#sendBytes(frameRunEvents({ run, end: true, followedAt }, new Uint8Array()));
		else this.#send({ type: 'run.events', run, events: [], end: true, followedAt });
	}

	#sendEvents(run: string, batch: Batch, followedAt: number): void {
		if (this.#framed) this.#sendBytes(frameRunEvents({ run, end: false, followedAt }, batch.frames));
		else this.#send({ type: 'run.events', run, events: [...batch.events], end: false, followedAt });
	}

	async #type({ run: id, id: input, text }: Extract<ClientMessage, { type: 'run.input' }>): Promise<void> {
		const run = this.#runtime.runs.get(id);
		if (!run || !isRunActive(run.state)) return this.#socket.close(close.rule);
		this.#drivers.take(id, this);
		const result = await run.input(input, Buffer.from(text, 'utf8'));
		this.#send({ type: 'run.typed', run: id, id: input, result });
	}

	#resize(id: string, columns: number, rows: number): void {
		const run = this.#runtime.runs.get(id);
		if (!run || !Number.isInteger(columns) || columns < 2 || columns > 500 || rows < 1 || rows > 200) return this.#socket.close(close.rule);
		run.resize(columns, rows);
	}

	tellDrives(run: string, drives: boolean): void {
		this.#send({ type: 'run.drives', run, drives });
	}

	#tell(what: Problem): void {
		this.#send({ type: 'problem', problem: { ...what, slots: { ...what.slots } } });
	}

	/** The page has not taken what was sent. */
	get #isBehind(): boolean {
		return this.#socket.bufferedAmount >= maxUnsentBytes;
	}

	#send(message: ServerMessage): void {
		this.#sendBytes(JSON.stringify(message));
	}

	/** A text, or bytes. */
	#sendBytes(content: string | Uint8Array): void {
		if (this.#socket.readyState !== this.#socket.OPEN) return;
		if (this.#socket.bufferedAmount > maxUnreadBytes) return this.#socket.terminate();
		const { promise, resolve } = Promise.withResolvers<void>();
		this.#taken = promise;
		this.#socket.send(content, () => resolve());
	}
}

/** The entries after a number, as many as one message holds. */
function nextBatch(entries: readonly Entry[], after: number): Entry[] {
	const batch: Entry[] = [];
	let length = 0;
	for (const entry of entries) {
		if (entry.n <= after) continue;
		batch.push(entry);
		length += JSON.stringify(entry).length;
		if (length >= batchLength) break;
	}
	return batch;
}

/** Undefined for everything that is no message of the protocol. */
export function parseMessage(text: string): ClientMessage | undefined {
	let value: unknown;
	try {
		value = JSON.parse(text);
	} catch {
		return undefined;
	}
	const parsed = ClientMessage.safeParse(value);
	return parsed.success ? parsed.data : undefined;
}
