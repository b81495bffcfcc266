/**
 * A page in our own folder that goes on to Drover's address. A browser is started with the name of this file: what stands in its arguments can be read by every
 * user of the machine, and the address has the one-time code.
 */
import { closeSync, readdirSync, rmSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { createPrivate, writeAll } from '../state/durable.ts';

const name = /^open-[\w-]{16}\.html$/;

/** Writes the page, mode 0600, and returns its path. The address must be one of ours: it is not escaped. */
export function writeAddressFile(folder: string, address: string): string {
	const path = join(folder, `open-${randomBytes(12).toString('base64url')}.html`);
	const fd = createPrivate(path);
	try {
		writeAll(fd, Buffer.from(`<!doctype html>\n<meta charset="utf-8">\n<meta name="referrer" content="no-referrer">\n<title>Drover</title>\n<meta http-equiv="refresh" content="0; url=${address}">\n`));
	} finally {
		closeSync(fd);
	}
	return path;
}

/** Removes a page, or all that an earlier server has left. */
export function removeAddressFiles(folder: string, paths?: Iterable<string>): void {
	for (const path of paths ?? readdirSync(folder).filter((one) => name.test(one)).map((one) => join(folder, one))) removeIfPossible(path);
}

function removeIfPossible(path: string): void {
	try {
		rmSync(path, { force: true });
	} catch {
		// On a disk that takes no writes by now: its code is used or too old, and the folder is ours alone.
	}
}
