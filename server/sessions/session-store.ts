import { randomBytes } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { problem, Refusal, type Problem } from '../../src/runbook/problem.ts';
import { GrowingSession, type Session } from '../../src/runbook/session/session.ts';
import { readKeptEvent, SessionEvent, SessionId, type Entry } from '../../src/runbook/session/session-event.ts';
import { openJournal, type Journal } from '../state/journal-file.ts';
import { checkPrivateFolder, createPrivateFolder } from '../state/private-folder.ts';
import { explainFailure, StateError } from '../state/state-error.ts';

/** One session that is open on this server. */
export interface LiveSession {
	readonly id: string;
	readonly entries: readonly Entry[];
	readonly session: Session;
	/** What the reader should know about its journal: a torn last line, say. */
	readonly notices: readonly Problem[];
	/** Writes an event; it is on the disk when this returns. @throws StateError when it cannot be. */
	append(event: SessionEvent): Entry;
}

export interface DamagedSession {
	readonly id: string;
	readonly problem: Problem;
}

interface StoreEvents {
	/** An event was written: session and entry. */
	entry: [LiveSession, Entry];
}

/** All sessions of a state directory. A damaged one is kept out of the way of the others. */
export interface SessionStore {
	readonly events: EventEmitter<StoreEvents>;
	list(): readonly LiveSession[];
	damaged(): readonly DamagedSession[];
	/** Why a journal has been closed by the disk; undefined while all can be written. */
	failure(): Problem | undefined;
	/** @throws Refusal `session.unknown`, or what is wrong with its journal. */
	get(id: string): LiveSession;
	/** @throws StateError when the disk does not take it; nothing is left of it then. */
	open(first: Omit<Extract<SessionEvent, { type: 'session.opened' }>, 'type' | 'session'>): LiveSession;
	close(): void;
}

/** Opens the sessions below a folder; each has a folder of its own with its journal. */
export function openSessionStore(folder: string): SessionStore {
	const events = new EventEmitter<StoreEvents>().setMaxListeners(0);
	const live = new Map<string, OpenSession>();
	const damaged = new Map<string, DamagedSession>();
	const emit = (session: LiveSession, entry: Entry) => events.emit('entry', session, entry);

	for (const id of existsSync(folder) ? readdirSync(folder).sort() : []) {
		if (!SessionId.safeParse(id).success) continue;
		try {
			const session = new OpenSession(id, openSessionJournal(folder, id), emit);
			if (session.known) live.set(id, session);
		} catch (error) {
			if (!(error instanceof StateError)) throw error;
			damaged.set(id, { id, problem: { name: error.problem, slots: error.slots } });
		}
	}

	return {
		events,
		list: () => [...live.values()],
		damaged: () => [...damaged.values()],
		failure: () => [...live.values()].find((session) => session.failure !== undefined)?.failure,
		get: (id) => {
			const session = live.get(id);
			if (session) return session;
			throw new Refusal(damaged.get(id)?.problem ?? problem('session.unknown', { session: id.slice(0, 64) }));
		},
		open: (first) => {
			const id = makeId();
			const session = makeSession(folder, id, emit);
			try {
				session.append({ type: 'session.opened', session: id, ...first });
			} catch (error) {
				session.close();
				rmSync(join(folder, id), { recursive: true, force: true });
				throw error;
			}
			live.set(id, session);
			return session;
		},
		close: () => {
			for (const session of live.values()) session.close();
		},
	};
}

/** @throws StateError with nothing left behind. */
function makeSession(folder: string, id: string, emit: (session: LiveSession, entry: Entry) => void): OpenSession {
	const path = join(folder, id);
	createPrivateFolder(path);
	try {
		return new OpenSession(id, openSessionJournal(folder, id), emit);
	} catch (error) {
		rmSync(path, { recursive: true, force: true });
		throw explainFailure(path, error);
	}
}

/** @throws StateError also when the session's folder is a link, or open to others: its journal would be made wherever that leads. */
function openSessionJournal(folder: string, id: string): OpenedJournal {
	checkPrivateFolder(join(folder, id));
	let later = 0;
	const journal = openJournal(join(folder, id, 'journal.jsonl'), { parse: (value) => readKeptEvent(value, () => (later += 1)) });
	return { journal, later };
}

interface OpenedJournal {
	readonly journal: Journal<SessionEvent>;
	/** How many of its events a later version wrote: they stay in the file as they are. */
	readonly later: number;
}

/** Short enough to be read aloud, long enough not to meet again: letters without look-alikes. */
function makeId(): string {
	const letters = 'abcdefghjkmnpqrstuvwxyz23456789';
	return [...randomBytes(10)].map((byte) => letters[byte % letters.length]).join('');
}

class OpenSession implements LiveSession {
	readonly id: string;
	readonly notices: readonly Problem[];
	readonly entries: Entry[];
	readonly #journal: Journal<SessionEvent>;
	readonly #emit: (session: LiveSession, entry: Entry) => void;
	readonly #folded = new GrowingSession();
	#session: Session | undefined;

	constructor(id: string, { journal, later }: OpenedJournal, emit: (session: LiveSession, entry: Entry) => void) {
		this.id = id;
		this.#journal = journal;
		this.#emit = emit;
		this.notices = [...journal.notices.map(({ name, slots }) => ({ name, slots })), ...(later > 0 ? [problem('journal.later', { count: later })] : [])];
		this.entries = journal.events.map(toEntry);
		this.#session = this.#folded.fold(this.entries);
	}

	/** A journal without its first line is a session that was never told to anybody. */
	get known(): boolean {
		return this.#session !== undefined;
	}

	get session(): Session {
		if (!this.#session) throw new Error(`Session "${this.id}" has no first event.`);
		return this.#session;
	}

	get failure(): Problem | undefined {
		const { closed } = this.#journal;
		return closed && { name: closed.problem, slots: closed.slots };
	}

	append(event: SessionEvent): Entry {
		const entry = toEntry(this.#journal.append(SessionEvent.parse(event)));
		this.entries.push(entry);
		this.#session = this.#folded.fold(this.entries);
		this.#emit(this, entry);
		return entry;
	}

	close(): void {
		this.#journal.close();
	}
}

function toEntry({ n, at, up: _up, ...rest }: SessionEvent & { n: number; at: string; up?: unknown }): Entry {
	return { n, at, event: readKeptEvent(rest) };
}
