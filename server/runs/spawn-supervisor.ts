import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { openPrivate } from '../state/durable.ts';
import type { Order } from './files/messages.ts';

/** How the processes that keep a run are started. */
export interface SupervisorOptions {
	/** Options of Node before the file. */
	readonly execArgv: readonly string[];
	/** Folder of compiled code, where our own environment names none. */
	readonly cache: string;
}

/** No signal opens a debugger in a process that holds the terminal, and a run costs little memory. */
export const defaultExecArgv = ['--disable-sigusr1', '--max-semi-space-size=1'];

export interface Supervisor {
	readonly child: ChildProcess;
	/** Resolves when its socket takes connections; also when it ends before. */
	readonly ready: Promise<void>;
}

/** Nothing of our own environment but what a process needs to run at all. */
function supervisorEnvironment(cache: string): NodeJS.ProcessEnv {
	const { PATH, HOME, LANG, TZ, NODE_COMPILE_CACHE = cache } = process.env;
	return { PATH, HOME, LANG, TZ, NODE_COMPILE_CACHE };
}

/**
 * Starts the supervisor of a run in a session of its own. What it must not show in its arguments, and the secrets, go by a pipe; it
 * starts nothing before `go`. @throws when the system refuses a process.
 */
export function spawnSupervisor(
	folder: string,
	order: Omit<Order, 'umask'>,
	{ execArgv, cache }: SupervisorOptions,
): Supervisor {
	const log = openPrivate(join(folder, 'supervisor.log'));
	// What the keepers write is for us alone; the program gets the reader's umask back.
	const umask = process.umask(0o077);
	try {
		const child = spawn(process.execPath, [...execArgv, join(import.meta.dirname, 'supervisor/supervisor.ts'), folder], {
			cwd: '/',
			detached: true,
			env: supervisorEnvironment(cache),
			stdio: ['pipe', log, log, 'pipe'],
		});
		child.unref();
		const ready = Promise.withResolvers<void>();
		const listening = child.stdio[3];
		if (listening instanceof Readable) listening.once('close', ready.resolve).resume();
		child.once('error', () => ready.resolve());
		child.stdin?.on('error', () => {});
		child.stdin?.end(`${JSON.stringify({ ...order, umask })}\ngo\n`);
		return { child, ready: ready.promise };
	} finally {
		process.umask(umask);
		closeSync(log);
	}
}
