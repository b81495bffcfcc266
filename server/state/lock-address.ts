import { readFileSync, unlinkSync, closeSync } from 'node:fs';
import { join } from 'node:path';
import { z } from '../../src/runbook/zod.ts';
import { openToRead, writeDurably } from './durable.ts';

/**
 * The address of the server that holds the lock. It stands in our own folder and is never taken from the lock's socket: any user
 * of the machine can listen on that name and send our reader to a page of theirs.
 */
const Address = z.strictObject({ address: z.string() });

const file = (folder: string): string => join(folder, 'server.json');

export function writeAddress(folder: string, address: string): void {
	writeDurably(file(folder), `${JSON.stringify({ address })}\n`);
}

export function forgetAddress(folder: string): void {
	try {
		unlinkSync(file(folder));
	} catch {
		// Missing, or on a disk that takes no writes: then nobody could have announced anything either.
	}
}

export function readAddress(folder: string): string | undefined {
	try {
		const fd = openToRead(file(folder));
		try {
			return Address.parse(JSON.parse(readFileSync(fd, 'utf8'))).address;
		} finally {
			closeSync(fd);
		}
	} catch {
		return undefined;
	}
}
