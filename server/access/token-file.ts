import { closeSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { openToRead, writeDurably } from '../state/durable.ts';
import type { StateDirectory } from '../state/state-directory.ts';
import type { TokenFile } from './keys.ts';

const Kept = z.strictObject({ port: z.int(), tokens: z.array(z.strictObject({ hash: z.string().regex(/^[0-9a-f]{64}$/), expiresAt: z.number() })) });

/**
 * Keeps hashes of tokens in the state directory, with the port that they are good for. A file that cannot be read, as one of a version that noted no port,
 * lets nobody in, and keeps nobody from asking for a new code.
 */
export function tokenFile(state: StateDirectory): TokenFile {
	const path = join(state.path, 'tokens.json');
	return {
		read: () => {
			try {
				return Kept.parse(JSON.parse(readHere(path)));
			} catch {
				return { port: 0, tokens: [] };
			}
		},
		write: (kept) => {
			try {
				writeDurably(path, JSON.stringify(kept));
			} catch {
				// A full disk: the tokens hold until this server ends.
			}
		},
	};
}

/** @throws for a file that is not there, and for a link: whoever can make one could let himself in by a file of his own. */
function readHere(path: string): string {
	const fd = openToRead(path);
	try {
		return readFileSync(fd, 'utf8');
	} finally {
		closeSync(fd);
	}
}
