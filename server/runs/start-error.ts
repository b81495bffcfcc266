import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import type { StartError } from '../../src/runbook/run-state.ts';
import { errorCode } from '../state/state-error.ts';

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

/** Whether the system would find an executable file under this name. */
function isFound(file: string, path: string, cwd: string): boolean {
	const places = file.includes('/')
		? [resolve(cwd, file)]
		: path.split(delimiter).map((folder) => join(folder, file));
	return places.some((place) =>
		succeeds(() => statSync(place).isFile() && (accessSync(place, constants.X_OK), true)),
	);
}

/**
 * Returns why a program could not be started. The system says "no such file" for three things: the folder, the file, and the program
 * that a script names in its first line.
 */
export function explainStartError(error: unknown, file: string, path: string, cwd: string): StartError {
	const code = errorCode(error);
	if (!isFolder(cwd)) return { name: 'no-folder', subject: cwd };
	if (code === 'ENOENT' && isFound(file, path, cwd)) return { name: 'no-interpreter', subject: file };
	if (code === 'ENOENT') return { name: 'no-command', subject: file };
	if (code === 'EACCES') return { name: 'not-executable', subject: file };
	if (code === 'E2BIG') return { name: 'too-long', subject: file };
	return { name: 'refused-by-system', subject: code || 'unknown' };
}
