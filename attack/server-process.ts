/** The process under attack, as another program of the same user sees it. Linux only: elsewhere nothing is found. Source: proc(5), proc_pid_fd(5). */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { readStat } from '../server/state/identity.ts';

function readOr<T>(none: T, read: () => T): T {
	try {
		return read();
	} catch {
		return none;
	}
}

const listPids = (): number[] => readOr<string[]>([], () => readdirSync('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);

/** What a process has open: paths, and sockets as `socket:[inode]`; empty for processes of others. */
export function openFilesOf(pid: number): string[] {
	const folder = `/proc/${pid}/fd`;
	return readOr<string[]>([], () => readdirSync(folder)).map((name) => readOr('', () => readlinkSync(`${folder}/${name}`)));
}

/** Returns the process that listens on a port of 127.0.0.1; undefined when it is none of ours. */
export function findListener(port: number): number | undefined {
	const wanted = `0100007F:${port.toString(16).toUpperCase().padStart(4, '0')}`;
	const rows = readOr('', () => readFileSync('/proc/net/tcp', 'latin1')).split('\n').map((line) => line.trim().split(/\s+/));
	const inode = rows.find(([, local, , state]) => local === wanted && state === '0A')?.[9];
	return inode === undefined ? undefined : listPids().find((pid) => openFilesOf(pid).includes(`socket:[${inode}]`));
}

/** The names that a process listens on which belong to no file, so that anybody could take them before. */
export function abstractNamesOf(pid: number): string[] {
	const open = new Set(openFilesOf(pid));
	const rows = readOr('', () => readFileSync('/proc/net/unix', 'latin1')).split('\n').map((line) => line.trim().split(/\s+/));
	return rows.filter(([, , , , , , inode, name = '']) => name.startsWith('@') && open.has(`socket:[${inode}]`)).map(([, , , , , , , name = '']) => name);
}

/** What every process was started with, but for ourselves and who started us. */
export function argumentsOfOthers(): string[] {
	const ours = new Set<number>();
	for (let pid: number | undefined = process.pid; pid !== undefined && pid > 0; pid = readStat(pid)?.parent) ours.add(pid);
	return listPids().filter((pid) => !ours.has(pid)).map((pid) => readOr('', () => readFileSync(`/proc/${pid}/cmdline`, 'latin1')));
}

/** Memory in use. Unit: MiB. Undefined where it cannot be read. */
export function memoryOf(pid: number): number | undefined {
	const kib = /^VmRSS:\s+(\d+) kB$/m.exec(readOr('', () => readFileSync(`/proc/${pid}/status`, 'latin1')))?.[1];
	return kib === undefined ? undefined : Number(kib) / 1024;
}
