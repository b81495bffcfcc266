/**
 * Files that only we can read, and that are there whole or not at all: whatever is written here survives a crash at any moment.
 * The processes that keep a run use these functions too, so nothing slow is imported.
 */
import { randomBytes } from 'node:crypto';
import {
	closeSync,
	constants,
	fchmodSync,
	fsyncSync,
	linkSync,
	openSync,
	renameSync,
	unlinkSync,
	writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';

const { O_APPEND, O_CREAT, O_EXCL, O_NOFOLLOW, O_RDONLY, O_RDWR, O_WRONLY } = constants;

/** Opens a new file, mode 0600 whatever the umask. @throws EEXIST when anything stands there, a symbolic link included. */
export function createPrivate(path: string): number {
	const fd = openSync(path, O_WRONLY | O_APPEND | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
	fchmodSync(fd, 0o600);
	return fd;
}

/** Opens a file to read and append, making it when missing. @throws ELOOP for a symbolic link: its target is not touched. */
export function openPrivate(path: string): number {
	const fd = openSync(path, O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW, 0o600);
	fchmodSync(fd, 0o600);
	return fd;
}

/** Opens a file to read. @throws ELOOP for a symbolic link. */
export function openToRead(path: string): number {
	return openSync(path, O_RDONLY | O_NOFOLLOW);
}

/** Writes all of it. A disk that takes only a part throws ENOSPC at the next part. */
export function writeAll(fd: number, bytes: Uint8Array): void {
	for (let done = 0; done < bytes.length;) done += writeSync(fd, bytes, done);
}

/** Makes the names in a folder survive a crash. */
export function syncFolder(path: string): void {
	const fd = openSync(path, O_RDONLY | O_NOFOLLOW);
	try {
		fsyncSync(fd);
	} finally {
		closeSync(fd);
	}
}

function removeIfThere(path: string): void {
	try {
		unlinkSync(path);
	} catch {
		// Nothing to remove, or nothing to be done about it: the name is random and stands in the way of nobody.
	}
}

const asideOf = (path: string): string => join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}`);

function writeAside(path: string, content: string | Uint8Array): string {
	const aside = asideOf(path);
	const fd = createPrivate(aside);
	try {
		writeAll(fd, Buffer.from(content));
		fsyncSync(fd);
	} catch (error) {
		removeIfThere(aside);
		throw error;
	} finally {
		closeSync(fd);
	}
	return aside;
}

/** Writes or replaces a file: after a crash its old or its new content stands there, never a part. */
export function writeDurably(path: string, content: string | Uint8Array): void {
	const aside = writeAside(path, content);
	try {
		renameSync(aside, path);
	} catch (error) {
		removeIfThere(aside);
		throw error;
	}
	syncFolder(dirname(path));
}

/**
 * Makes a file that only one can make, and says whether we are the one. A link and not `O_EXCL`: whoever finds the file finds its
 * whole text in it.
 */
export function claimDurably(path: string, text: string): boolean {
	const aside = writeAside(path, text);
	try {
		linkSync(aside, path);
	} catch (error) {
		if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
		throw error;
	} finally {
		removeIfThere(aside);
	}
	syncFolder(dirname(path));
	return true;
}
