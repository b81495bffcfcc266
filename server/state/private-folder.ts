import { chmodSync, lstatSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { syncFolder } from './durable.ts';
import { errorCode, explainFailure, stateError } from './state-error.ts';

/** @throws StateError unless the path is a folder itself (no link to one), ours, and closed to everybody else. */
export function checkPrivateFolder(path: string): void {
	const found = lstatSync(path);
	if (found.isSymbolicLink()) throw stateError('state.symlink', { path });
	if (!found.isDirectory()) throw stateError('state.not-a-folder', { path });
	if (found.uid !== process.geteuid?.()) throw stateError('state.not-ours', { path });
	const mode = found.mode & 0o777;
	if (mode & 0o077)
		throw stateError('state.group-readable', { path, mode: mode.toString(8).padStart(4, '0') });
}

/** Makes a folder, mode 0700 whatever the umask, and says whether it was missing. */
function makeFolder(path: string): boolean {
	try {
		mkdirSync(path, { mode: 0o700 });
	} catch (error) {
		if (errorCode(error) === 'EEXIST') return false;
		throw error;
	}
	chmodSync(path, 0o700);
	syncFolder(dirname(path));
	return true;
}

/** Makes a folder that must not be there yet. @throws StateError, or an error with code EEXIST when something is. */
export function createPrivateFolder(path: string): void {
	try {
		if (makeFolder(path)) return;
	} catch (error) {
		throw explainFailure(path, error);
	}
	throw Object.assign(new RangeError(`Cannot make "${path}": it is there already.`), { code: 'EEXIST' });
}

/** Makes a folder when it is missing, its parents too; what is there is checked, never repaired. @throws StateError */
export function openPrivateFolder(path: string): void {
	try {
		mkdirSync(dirname(path), { mode: 0o700, recursive: true });
		if (!makeFolder(path)) checkPrivateFolder(path);
	} catch (error) {
		throw explainFailure(path, error);
	}
}
