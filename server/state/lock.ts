import { lstatSync } from 'node:fs';
import { lockByFile } from './lock-file.ts';
import { lockBySocket } from './lock-socket.ts';
import type { StateDirectory } from './state-directory.ts';

/** One server at a time uses a state directory. */
export type Lock =
	| {
			readonly kind: 'held';
			/** Tells other servers where this one is; until then they wait for it. @throws when the disk does not take it: they are told nothing then. */
			announce(address: string): void;
			close(): void;
	  }
	/** Another server has it. Its address is missing when it does not say it within `waitMs`. */
	| { readonly kind: 'taken'; readonly address: string | undefined };

export interface LockOptions {
	/** `socket` leaves nothing behind whatever happens to us, but only Linux has it. */
	readonly by?: 'socket' | 'file';
	readonly waitMs?: number;
}

/** Takes the lock, or says who has it. @throws StateError when the folder does not let us try. */
export async function takeLock(state: StateDirectory, options: LockOptions = {}): Promise<Lock> {
	const { by = process.platform === 'linux' ? 'socket' : 'file', waitMs = 5_000 } = options;
	if (by === 'file') return lockByFile(state.path, waitMs);
	const { dev, ino } = lstatSync(state.path, { bigint: true });
	return lockBySocket(state.path, `\0drover-${process.geteuid?.() ?? 0}-${dev}-${ino}`, waitMs);
}
