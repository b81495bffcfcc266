/** Programs in place of this machine's own, for scripts of the manual that ask Docker or the system. */
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder } from '../server/make-folder.ts';

/** Writes programs, by name, into a folder of one test and returns it: for the front of a PATH. */
export function folderWith(programs: Readonly<Record<string, string>>): string {
	const folder = makeFolder();
	for (const [name, text] of Object.entries(programs)) {
		writeFileSync(join(folder, name), text);
		chmodSync(join(folder, name), 0o755);
	}
	return folder;
}
