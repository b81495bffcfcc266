import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, readFileSync, renameSync, unlinkSync, watch } from 'node:fs';
import { join } from 'node:path';
import { claimDurably, openToRead } from './durable.ts';
import { IdentitySchema } from './identity-schema.ts';
import { identify, isAlive } from './identity.ts';
import { forgetAddress, readAddress, writeAddress } from './lock-address.ts';
import type { Lock } from './lock.ts';
import { errorCode } from './state-error.ts';

/** Returns the text of the lock file; undefined when it is gone. @throws ELOOP for a symbolic link. */
function readLock(path: string): string | undefined {
	try {
		const fd = openToRead(path);
		try {
			return readFileSync(fd, 'utf8');
		} finally {
			closeSync(fd);
		}
	} catch (error) {
		if (errorCode(error) === 'ENOENT') return undefined;
		throw error;
	}
}

/** Whether whoever wrote this is surely dead. Where that cannot be told (no `/proc`), the lock stays. */
function isStale(text: string): boolean {
	const liveness = isAlive(IdentitySchema.parse(JSON.parse(text)));
	return liveness === 'gone' || liveness === 'rebooted';
}

/** Removes a stale lock. What was taken away may be a newer one by now: that is put back. */
function removeStale(path: string, stale: string): void {
	const aside = `${path}.${randomBytes(6).toString('hex')}`;
	try {
		renameSync(path, aside);
	} catch (error) {
		if (errorCode(error) === 'ENOENT') return;
		throw error;
	}
	const taken = readLock(aside);
	if (taken !== undefined && taken !== stale) claimDurably(path, taken);
	unlinkSync(aside);
}

function hold(folder: string, path: string, own: string): Lock {
	forgetAddress(folder);
	return {
		kind: 'held',
		announce: (address) => writeAddress(folder, address),
		close() {
			if (readLock(path) !== own) return;
			forgetAddress(folder);
			unlinkSync(path);
		},
	};
}

async function waitForAddress(folder: string, waitMs: number): Promise<string | undefined> {
	const watcher = watch(folder);
	const signal = AbortSignal.timeout(waitMs);
	try {
		for (;;) {
			const address = readAddress(folder);
			if (address !== undefined) return address;
			await once(watcher, 'change', { signal });
		}
	} catch {
		return undefined;
	} finally {
		watcher.close();
	}
}

/** Takes the lock by a file with our identity in it; the file of a server that is surely dead is removed. */
export async function lockByFile(folder: string, waitMs: number): Promise<Lock> {
	const path = join(folder, 'lock');
	const own = JSON.stringify(identify(process.pid));
	for (;;) {
		if (claimDurably(path, own)) return hold(folder, path, own);
		const found = readLock(path);
		if (found === undefined) continue;
		if (!isStale(found)) return { kind: 'taken', address: await waitForAddress(folder, waitMs) };
		removeStale(path, found);
	}
}
