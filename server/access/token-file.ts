import { closeSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { openToRead, writeDurably } from '../state/durable.ts';
import type { StateDirectory } from '../state/state-directory.ts';
import type { TokenFile } from './keys.ts';

const Records = z.array(z.strictObject({ hash: z.string().regex(/^[0-9a-f]{64}$/), expiresAt: z.number() }));

/** Keeps hashes of tokens in the state directory. A file that cannot be read lets nobody in, and keeps nobody from asking for a new code. */
export function tokenFile(state: StateDirectory): TokenFile {
	const path = join(state.path, 'tokens.json');
	return {
		read: () => {
			try {
				return Records.parse(JSON.parse(readHere(path)));
			} catch {
				return [];
			}
		},
		write: (records) => {
			try {
				writeDurably(path, JSON.stringify(records));
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
