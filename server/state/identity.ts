/**
 * Who a process is. A pid alone says nothing: it is used again. The same process is the same pid with the same start time, on the
 * same boot of the machine and in the same pid namespace. The processes that keep a run import this file: nothing slow here.
 *
 * Source: proc_pid_stat(5), random(4) for `boot_id`, pid_namespaces(7).
 */
import { readFileSync, readlinkSync } from 'node:fs';

export interface Identity {
	readonly pid: number;
	/** In clock ticks since boot, as text; empty when the process was gone before it could be read. */
	readonly start: string;
	readonly boot: string;
	readonly namespace: string;
}

/** One process as the kernel lists it. */
export interface ProcessStat {
	readonly pid: number;
	readonly name: string;
	/** One letter: `R`, `S`, `D`, `T` (stopped), `t` (traced), `Z` (zombie), `X` (dead), … */
	readonly state: string;
	readonly parent: number;
	readonly group: number;
	readonly session: number;
	readonly terminal: number;
	/** The group that the terminal's keys go to, or -1. */
	readonly foregroundGroup: number;
	readonly start: string;
}

/** Returns what `/proc/<pid>/stat` says. The name may hold anything, spaces and `)` too: fields are counted after the last `)`. */
export function parseStat(text: string): ProcessStat {
	const open = text.indexOf('(');
	const close = text.lastIndexOf(')');
	const fields = text
		.slice(close + 2)
		.trimEnd()
		.split(' ');
	// Field 3 of the manual page is the first after the name.
	const field = (number: number): string => fields[number - 3] ?? '';
	return {
		pid: Number(text.slice(0, open)),
		name: text.slice(open + 1, close),
		state: field(3),
		parent: Number(field(4)),
		group: Number(field(5)),
		session: Number(field(6)),
		terminal: Number(field(7)),
		foregroundGroup: Number(field(8)),
		start: field(22),
	};
}

/** Returns the process, or undefined when there is none of that number (or no `/proc` to ask). */
export function readStat(pid: number): ProcessStat | undefined {
	try {
		return parseStat(readFileSync(`/proc/${pid}/stat`, 'latin1'));
	} catch {
		return undefined;
	}
}

function readOrEmpty(read: () => string): string {
	try {
		return read().trim();
	} catch {
		return '';
	}
}

type World = Pick<Identity, 'boot' | 'namespace'>;
let world: World | undefined;

/** What start times and pids are counted in, the same as long as we live; empty texts where the system has no `/proc`. */
export function readWorld(): World {
	world ??= {
		boot: readOrEmpty(() => readFileSync('/proc/sys/kernel/random/boot_id', 'latin1')),
		namespace: readOrEmpty(() => readlinkSync('/proc/self/ns/pid')),
	};
	return world;
}

/** Returns the identity of a process that is alive now. */
export function identify(pid: number): Identity {
	return { pid, start: readStat(pid)?.start ?? '', ...readWorld() };
}

export type Liveness = 'alive' | 'gone' | 'rebooted' | 'not-comparable';

/** Whether the very process is still alive; a zombie is not. Without comparable evidence the answer is not a guess by pid. */
export function isAlive(identity: Identity, here = readWorld()): Liveness {
	if (!identity.boot || !here.boot) return 'not-comparable';
	if (identity.boot !== here.boot) return 'rebooted';
	if (identity.namespace !== here.namespace) return 'not-comparable';
	return findAlive(identity) ? 'alive' : 'gone';
}

/** Returns the process as it is now, or undefined when it is dead or its number belongs to a stranger. */
export function findAlive(identity: Pick<Identity, 'pid' | 'start'>): ProcessStat | undefined {
	const stat = readStat(identity.pid);
	if (!stat || stat.start !== identity.start || stat.state === 'Z' || stat.state === 'X') return undefined;
	return stat;
}
