/** A server as far as the lock is concerned: at each line that it is given it tries to take the lock, and tells its address or the other's. It stays until it is killed. */
import { createInterface } from 'node:readline';
import { openStateDirectory } from '../../../server/state/state-directory.ts';
import { takeLock } from '../../../server/state/lock.ts';

const [, , path] = process.argv;
const opening = openStateDirectory(path);
if (opening.kind !== 'ready') throw opening.error;
const address = `http://127.0.0.1/${process.pid}`;
for await (const _ of createInterface({ input: process.stdin })) {
	const lock = await takeLock(opening.state, { waitMs: 30_000 });
	if (lock.kind === 'held') lock.announce(address);
	const told = lock.kind === 'held' ? address : lock.holder?.address;
	process.stdout.write(`${JSON.stringify({ kind: lock.kind, address: told })}\n`);
}
