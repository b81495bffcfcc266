/**
 * Loaded into the processes that keep a run: as soon as one of them has made the file `at`, the process `kill` gets SIGKILL (`self` is the
 * one that made it). Where and whom stands in the address of this module.
 */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { basename } from 'node:path';

const { searchParams } = new URL(import.meta.url);
const at = searchParams.get('at') ?? '';
const victim = searchParams.get('kill') ?? '';

function strike(path: fs.PathLike): void {
	if (basename(String(path)) !== at) return;
	process.kill(victim === 'self' ? process.pid : Number(victim), 'SIGKILL');
}

const { linkSync, openSync, renameSync } = fs;
fs.linkSync = (from, to) => {
	linkSync(from, to);
	strike(to);
};
fs.renameSync = (from, to) => {
	renameSync(from, to);
	strike(to);
};
fs.openSync = (...args: Parameters<typeof openSync>) => {
	const fd = openSync(...args);
	if (args[1] !== undefined && typeof args[1] === 'number' && args[1] & fs.constants.O_CREAT) strike(args[0]);
	return fd;
};
syncBuiltinESMExports();
