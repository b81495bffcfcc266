/** Where the socket of a run is. The processes that keep a run import this file: nothing slow here. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';

/** What the system takes for the path of a socket: unix(7), `sun_path`, without the final NUL. */
const longest = 107;
const prefix = 'drover-socket-';

/** Returns a new path in the folder, or, when that is too long for a socket, in a folder of its own that only we may enter. */
export function chooseSocket(folder: string): string {
	const name = `${randomBytes(8).toString('base64url').slice(0, 10)}.sock`;
	const isShort = (path: string): boolean => Buffer.byteLength(path) <= longest;
	const path = join(folder, name);
	if (isShort(path)) return path;
	const temporary = isShort(join(tmpdir(), `${prefix}123456`, name)) ? tmpdir() : '/tmp';
	return join(mkdtempSync(join(temporary, prefix)), name);
}

/** Where a supervisor that stands ready says what is wrong with it: its run has no folder yet. */
export function spareLog(socket: string): string {
	return `${socket}.log`;
}

/** Removes a socket, what a supervisor without a run said, and the folder that was made for it alone. */
export function removeSocket(path: string): void {
	try {
		rmSync(path, { force: true });
		rmSync(spareLog(path), { force: true });
		if (basename(dirname(path)).startsWith(prefix)) rmdirSync(dirname(path));
	} catch {
		// Gone already, not ours alone, or on a disk that takes no writes by now: nobody answers there.
	}
}
