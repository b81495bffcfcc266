import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import type { StartError } from '../../../src/runbook/run/run-state.ts';
import { errorCode } from '../../state/state-error.ts';

function succeeds(attempt: () => boolean): boolean {
	try {
		return attempt();
	} catch {
		return false;
	}
}

function isFolder(path: string): boolean {
	return succeeds(() => statSync(path).isDirectory());
}

/** The files under this name that can be found: the one that is named, or those in the folders of the `PATH`. */
function filesOf(file: string, path: string, cwd: string): string[] {
	const places = file.includes('/')
		? [resolve(cwd, file)]
		: path.split(delimiter).map((folder) => join(resolve(cwd, folder), file));
	return places.filter((place) => succeeds(() => statSync(place).isFile()));
}

function isExecutable(place: string): boolean {
	return succeeds(() => (accessSync(place, constants.X_OK), true));
}

/**
 * Returns why a program could not be started. The system says "no such file" for three things: the folder, the file, and the program
 * that a script names in its first line; and "permission denied" for two: a file that may not be executed, and a name that is nowhere
 * while a folder of the `PATH` may not be searched.
 */
export function explainStartError(error: unknown, file: string, path: string, cwd: string): StartError {
	const code = errorCode(error);
	if (!isFolder(cwd)) return { name: 'no-folder', subject: cwd };
	const found = filesOf(file, path, cwd);
	if (code === 'ENOENT') return { name: found.some(isExecutable) ? 'no-interpreter' : 'no-command', subject: file };
	if (code === 'EACCES') return { name: found.length > 0 || file.includes('/') ? 'not-executable' : 'no-command', subject: file };
	if (code === 'E2BIG') return { name: 'too-long', subject: file };
	return { name: 'refused-by-system', subject: code || 'unknown' };
}
