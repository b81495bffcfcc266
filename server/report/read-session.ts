/** Reading what a server keeps without being it: nothing is locked, made, repaired or written, and a server may be at work meanwhile. */
import { closeSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readKeptEvent, SessionId, type Entry } from '../../src/runbook/session/session-event.ts';
import { openToRead } from '../state/durable.ts';
import { readJournal } from '../state/read-journal.ts';
import { errorCode, explainFailure } from '../state/state-error.ts';

/** Returns the ids of the sessions below a folder. @throws StateError when it cannot be read. */
export function findSessions(folder: string): string[] {
	try {
		return readdirSync(folder)
			.filter((name) => SessionId.safeParse(name).success && existsSync(join(folder, name, 'journal.jsonl')))
			.sort();
	} catch (error) {
		throw explainFailure(folder, error);
	}
}

/** Returns the entries of a session; a last line that is still being written is not one yet. @throws StateError with file and line. */
export function readSession(folder: string, id: string): Entry[] {
	const path = join(folder, id, 'journal.jsonl');
	const { events } = readJournal(path, readWhole(path), { parse: (value) => readKeptEvent(value) });
	return events.map(({ n, at, up: _up, ...event }) => ({ n, at, event: readKeptEvent(event) }));
}

function readWhole(path: string): Buffer {
	try {
		const fd = openToRead(path);
		try {
			return readFileSync(fd);
		} finally {
			closeSync(fd);
		}
	} catch (error) {
		throw errorCode(error) ? explainFailure(path, error) : error;
	}
}
