import { closeSync, fdatasyncSync, ftruncateSync, readFileSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Clock } from './clock.ts';
import { formatMoment, systemClock } from './clock.ts';
import { openPrivate, openToRead, syncFolder, writeDurably } from './durable.ts';
import { formatLine, type EventSchema, type JournalEvent, type Recorded } from './journal-line.ts';
import { readJournal } from './read-journal.ts';
import { errorCode, explainFailure, stateError, type StateError } from './state-error.ts';

/** Something the reader should be told about a journal that opened all the same. */
export interface JournalNotice {
	readonly name: 'journal.torn' | 'journal.torn-kept';
	readonly slots: { readonly path: string; readonly line: number; readonly aside: string };
}

export interface Journal<E> {
	/** In order; grows with `append`. */
	readonly events: readonly Recorded<E>[];
	readonly notices: readonly JournalNotice[];
	/** Why nothing can be appended any more, if so. */
	readonly closed: StateError | undefined;
	/**
	 * Writes one event; it is on the disk when this returns. @throws StateError: `state.full` when the disk refused it (try again
	 * later), `journal.closed` when no line can be trusted any more. @throws what the schema throws, before anything is written.
	 */
	append(event: E): Recorded<E>;
	close(): void;
}

class JournalFile<E extends JournalEvent> implements Journal<E> {
	readonly events: Recorded<E>[];
	readonly notices: readonly JournalNotice[];
	closed: StateError | undefined;
	readonly #path: string;
	readonly #schema: EventSchema<E>;
	readonly #clock: Clock;
	#fd: number | undefined;
	#size: number;

	constructor(path: string, schema: EventSchema<E>, clock: Clock) {
		this.#path = path;
		this.#schema = schema;
		this.#clock = clock;
		this.#fd = this.#open();
		const { events, goodBytes, torn } = readJournal(path, readFileSync(this.#fd ?? openToRead(path)), schema);
		this.events = events;
		this.#size = goodBytes;
		this.notices = torn ? [this.#setAside(torn)] : [];
	}

	/** A journal that can only be read is still worth reading. */
	#open(): number | undefined {
		try {
			const fd = openPrivate(this.#path);
			syncFolder(dirname(this.#path));
			return fd;
		} catch (error) {
			if (errorCode(error) !== 'EROFS' && errorCode(error) !== 'EACCES') throw error;
			this.closed = stateError('journal.closed', { path: this.#path, code: errorCode(error) }, error);
			return undefined;
		}
	}

	#setAside(torn: Buffer): JournalNotice {
		const line = this.events.length + 1;
		const aside = `${this.#path}.torn-${line}`;
		const slots = { path: this.#path, line, aside };
		try {
			if (this.#fd === undefined) return { name: 'journal.torn-kept', slots };
			writeDurably(aside, torn);
			ftruncateSync(this.#fd, this.#size);
			fdatasyncSync(this.#fd);
			return { name: 'journal.torn', slots };
		} catch (error) {
			this.#shut(error);
			return { name: 'journal.torn-kept', slots };
		}
	}

	#shut(error: unknown): StateError {
		this.closed ??= stateError(
			'journal.closed',
			{ path: this.#path, code: errorCode(error) || String(error) },
			error,
		);
		return this.closed;
	}

	append(event: E): Recorded<E> {
		const checked = this.#schema.parse(event);
		if (this.closed || this.#fd === undefined) throw this.closed ?? this.#shut('closed');
		const envelope = { n: this.events.length + 1, at: formatMoment(this.#clock.now()), up: this.#clock.up() };
		this.#write(this.#fd, Buffer.from(formatLine(envelope, checked)));
		const recorded = { ...checked, ...envelope };
		this.events.push(recorded);
		return recorded;
	}

	#write(fd: number, line: Buffer): void {
		this.#writeWhole(fd, line);
		try {
			fdatasyncSync(fd);
		} catch (error) {
			// After a failed sync the kernel may have forgotten the pages: another try would report success for a line that is lost.
			throw this.#shut(error);
		}
		this.#size += line.length;
	}

	#writeWhole(fd: number, line: Buffer): void {
		let failure: unknown = Object.assign(new Error('Cannot write a whole line.'), { code: 'ENOSPC' });
		try {
			if (writeSync(fd, line) === line.length) return;
		} catch (error) {
			failure = error;
		}
		try {
			ftruncateSync(fd, this.#size);
		} catch (error) {
			throw this.#shut(error);
		}
		throw explainFailure(this.#path, failure);
	}

	close(): void {
		this.#shut('closed');
		if (this.#fd !== undefined) closeSync(this.#fd);
		this.#fd = undefined;
	}
}

/**
 * Opens a journal, making it when missing: one JSON line an event, append-only. A last line that was cut short by a crash is set
 * aside in a file beside the journal and dropped, with a notice.
 *
 * @throws StateError `journal.corrupt` with file and line for anything else that is not as it was written; `state.symlink`.
 */
export function openJournal<E extends JournalEvent>(
	path: string,
	schema: EventSchema<E>,
	clock: Clock = systemClock,
): Journal<E> {
	try {
		return new JournalFile(path, schema, clock);
	} catch (error) {
		throw explainFailure(path, error);
	}
}
