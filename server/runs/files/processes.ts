/** Which processes belong to a run. The processes that keep a run import this file: nothing slow here. */
import { readdirSync, readFileSync, readlinkSync, statSync, type Stats } from 'node:fs';
import { readStat, type ProcessStat } from '../../state/identity.ts';
import type { Stayer } from '../../../src/runbook/run/run-state.ts';

export const marker = 'DROVER_RUN';

/** Returns every process that is alive, or none where there is no `/proc`. */
export function listProcesses(): ProcessStat[] {
	const pids = readOr([], () => readdirSync('/proc')).filter((name) => /^\d+$/.test(name));
	return pids
		.flatMap((pid) => readStat(Number(pid)) ?? [])
		.filter(({ state }) => state !== 'Z' && state !== 'X');
}

function readOr<T>(otherwise: T, read: () => T): T {
	try {
		return read();
	} catch {
		// Ended meanwhile, or somebody else's.
		return otherwise;
	}
}

/** Whether a process was started with the run's name in its environment. */
export function isMarked(pid: number, run: string): boolean {
	const environment = readOr('', () => readFileSync(`/proc/${pid}/environ`, 'latin1'));
	return environment.split('\0').includes(`${marker}=${run}`);
}

/** Returns the runs whose name any process was started with: one look at all processes, for all runs. */
export function readMarks(): ReadonlySet<string> {
	const marks = listProcesses().flatMap(({ pid }) => readOr('', () => readFileSync(`/proc/${pid}/environ`, 'latin1')).split('\0').filter((entry) => entry.startsWith(`${marker}=`)));
	return new Set(marks.map((entry) => entry.slice(marker.length + 1)));
}

/** Returns what tells one terminal from all others. */
export function nameTerminal({ dev, rdev }: Pick<Stats, 'dev' | 'rdev'>): string {
	return `${dev}:${rdev}`;
}

/** Whether a process has the terminal open. A terminal of a container may have the same path, never the same device. */
export function holdsTerminal(pid: number, terminal: string): boolean {
	return readOr([], () => readdirSync(`/proc/${pid}/fd`)).some((fd) => {
		const path = `/proc/${pid}/fd/${fd}`;
		return (
			readOr('', () => readlinkSync(path)).startsWith('/dev/pts/') &&
			readOr('', () => nameTerminal(statSync(path))) === terminal
		);
	});
}

export function nameProcess({ pid, name }: ProcessStat): Stayer {
	return { pid, name };
}

/** What is known of a run's keepers while its other processes are looked for. */
export interface RunProcesses {
	readonly run: string;
	/** The session leader's pid, which is the session's number. */
	readonly session: number;
	readonly terminal: string;
}

/**
 * Returns the processes of a run without its leader: those that keep the terminal open, because they are in its session or have it open,
 * and those that only carry the run's mark.
 */
export function findOthers({ run, session, terminal }: RunProcesses): {
	holding: ProcessStat[];
	detached: ProcessStat[];
} {
	const holding: ProcessStat[] = [];
	const detached: ProcessStat[] = [];
	for (const stat of listProcesses()) {
		if (stat.pid === session || stat.pid === process.pid) continue;
		if (stat.session === session || holdsTerminal(stat.pid, terminal)) holding.push(stat);
		else if (isMarked(stat.pid, run)) detached.push(stat);
	}
	return { holding, detached };
}
