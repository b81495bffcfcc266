import { closeSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findSegments } from '../../src/runbook/run/recording.ts';
import { openToRead } from '../state/durable.ts';
import { errorCode } from '../state/state-error.ts';

function countLines(path: string): number {
	const fd = openToRead(path);
	try {
		const bytes = readFileSync(fd);
		let lines = 0;
		for (let at = bytes.indexOf(0x0a); at !== -1; at = bytes.indexOf(0x0a, at + 1)) lines += 1;
		return lines;
	} finally {
		closeSync(fd);
	}
}

/** Returns the number of the last whole event in a run's recording, 0 when there is none, or none that can be read. */
export function countEvents(folder: string): number {
	try {
		return countIn(folder);
	} catch (error) {
		if (errorCode(error) === '') throw error;
		return 0;
	}
}

function countIn(folder: string): number {
	const last = findSegments(readdirSync(folder)).at(-1);
	if (!last) return 0;
	const lines = countLines(join(folder, last.name));
	return last.firstEvent === 1 ? Math.max(0, lines - 1) : last.firstEvent - 1 + lines;
}
