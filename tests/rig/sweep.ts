/** Takes away all that stands at a place: processes, mounts, networks, rules of the firewall, cgroups, files. For a rig that ends, and for one that crashed. */
import { globSync, readdirSync, readFileSync, rmdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { listProcesses } from '../../server/runs/files/processes.ts';
import { readStat } from '../../server/state/identity.ts';
import { attempt } from './command.ts';
import { removeNetworks } from './network.ts';
import type { Place } from './place-names.ts';

/** A folder that is no place yet: its owner ended before it had a number. */
type Remains = Place | { readonly folder: string };

export async function sweep(place: Remains): Promise<void> {
	await until(() => killAll(place));
	if ('number' in place) removeSockets(place);
	for (const mount of mountsBelow(place.folder)) await attempt('umount', ['--lazy', mount]);
	if ('number' in place) {
		await removeNetworks(place);
		await until(() => removeCgroups(place.cgroup));
	}
	rmSync(place.folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
}

/** The kernel needs a moment to take processes and cgroups away, and tells nobody when it has. */
async function until(isDone: () => boolean): Promise<void> {
	for (let round = 0; round < 100 && !isDone(); round++) await wait(50);
}

/** The programs that may be killed: daemons, keepers of containers, proxies of ports. A reader's `tail` of a log is none of them. */
const programs = new Set(['dockerd', 'containerd', 'containerd-shim', 'docker-proxy', 'docker-registry']);

/** Returns the programs that name the place in their arguments, and all that they started. */
export function processesAt(place: Remains): number[] {
	const all = listProcesses();
	const found = new Set(all.filter(({ pid, name }) => programs.has(name) && isAt(place, pid)).map(({ pid }) => pid));
	for (let before = -1; before !== found.size; ) {
		before = found.size;
		for (const { pid, parent } of all) if (found.has(parent)) found.add(pid);
	}
	return [...found].filter((pid) => pid !== process.pid && readStat(pid) !== undefined);
}

function isAt(place: Remains, pid: number): boolean {
	const line = argumentsOf(pid);
	return line.includes(`${place.folder}/`) || ('network' in place && line.includes(`\0${place.network}.`));
}

function argumentsOf(pid: number): string {
	try {
		return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
	} catch {
		return '';
	}
}

/** Returns whether nothing was left to kill. */
function killAll(place: Remains): boolean {
	const left = processesAt(place);
	for (const pid of left) {
		try {
			process.kill(pid, 'SIGKILL');
		} catch {
			// Gone already.
		}
	}
	return left.length === 0;
}

/** A keeper of a container has its socket in a folder that all engines of the machine share, and removes it when it ends in order. */
export function socketsOf(place: Place): string[] {
	const files = globSync(join(place.scratch, '*/containerd/state/io.containerd.runtime.v2.task/*/*/address'));
	return files.map((file) => readFileSync(file, 'utf8').replace('unix://', '')).filter((path) => path.startsWith('/run/containerd/s/'));
}

function removeSockets(place: Place): void {
	for (const path of socketsOf(place)) rmSync(path, { force: true });
}

/** Returns the folders where something is mounted below a folder, the deepest first. */
export function mountsBelow(folder: string): string[] {
	const lines = readFileSync('/proc/self/mountinfo', 'utf8').split('\n');
	const points = lines.map((line) => (line.split(' ')[4] ?? '').replaceAll('\\040', ' '));
	return points.filter((point) => point.startsWith(`${folder}/`)).reverse();
}

/** Returns the cgroups of a place: one, or with version 1 one below each controller. */
export function cgroupsNamed(name: string): string[] {
	const root = '/sys/fs/cgroup';
	const parents = [root, ...readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map((entry) => join(root, entry.name))];
	return parents.map((parent) => join(parent, name)).filter((folder) => isFolder(folder));
}

function removeCgroups(name: string): boolean {
	return cgroupsNamed(name).map(removeTree).every(Boolean);
}

function isFolder(path: string): boolean {
	try {
		readdirSync(path);
		return true;
	} catch {
		return false;
	}
}

/** Returns whether the folder is gone. A cgroup's folder goes by `rmdir` alone, its files with it. */
function removeTree(folder: string): boolean {
	try {
		for (const entry of readdirSync(folder, { withFileTypes: true })) if (entry.isDirectory()) removeTree(join(folder, entry.name));
		rmdirSync(folder);
		return true;
	} catch {
		return !isFolder(folder);
	}
}
