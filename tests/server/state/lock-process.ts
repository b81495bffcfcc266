/** A server as far as the lock is concerned: takes it, tells its address or the other's, and stays until it is killed. */
import { openStateDirectory } from '../../../server/state/state-directory.ts';
import { takeLock } from '../../../server/state/lock.ts';

const [, , path, by] = process.argv;
const opening = openStateDirectory(path);
if (opening.kind !== 'ready') throw opening.error;
const lock = await takeLock(opening.state, { by: by === 'file' ? 'file' : 'socket', waitMs: 30_000 });
const address = `http://127.0.0.1/${process.pid}`;
if (lock.kind === 'held') {
	lock.announce(address);
	setInterval(() => {}, 1_000_000);
}
process.stdout.write(
	`${JSON.stringify({ kind: lock.kind, address: lock.kind === 'held' ? address : lock.address })}\n`,
);
if (lock.kind === 'taken') process.exitCode = 3;
