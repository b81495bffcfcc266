/**
 * A lock that the kernel keeps on a file, by the file itself: it holds in every namespace of this machine, on a file server for its other machines as well where
 * locks are passed on, and ends with its owner, however that ends. Node has no call for it; its own SQLite takes one (fcntl) when a write begins. Nothing is ever written.
 *
 * Whoever opens and closes this file otherwise, in the process that owns the lock, loses it: nobody else here may open it. Source: fcntl_locking(2); sqlite.org/lockingv3.html.
 */
import { closeSync, lstatSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { createPrivate } from './durable.ts';
import { errorCode, stateError } from './state-error.ts';

export interface KernelLock {
	close(): void;
}

/** SQLITE_BUSY, without the detail in the upper bits. Also what a file system without locks answers. */
const busy = 5;

/** Returns the lock, or undefined when somebody has it. @throws StateError */
export function takeKernelLock(path: string): KernelLock | undefined {
	makeFile(path);
	let file: DatabaseSync | undefined;
	try {
		file = new DatabaseSync(path);
		// No journal: two that begin at once would find each other's, and both give up.
		file.exec('PRAGMA journal_mode = MEMORY; BEGIN IMMEDIATE');
		return file;
	} catch (error) {
		file?.close();
		const code = error instanceof Error && 'errcode' in error ? Number(error.errcode) : undefined;
		if (code !== undefined && (code & 0xff) === busy) return undefined;
		throw stateError('state.failed', { path, code: code === undefined ? String(error) : `SQLite ${code}` }, error);
	}
}

/** Makes the file when it is missing, for SQLite would make one that others may read, and would follow a link. */
function makeFile(path: string): void {
	try {
		closeSync(createPrivate(path));
	} catch (error) {
		if (errorCode(error) !== 'EEXIST') throw error;
		if (!lstatSync(path).isFile()) throw stateError('state.symlink', { path });
	}
}
