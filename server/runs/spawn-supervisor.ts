import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { openPrivate } from '../state/durable.ts';
import type { Order } from './files/messages.ts';

/** How the processes that keep a run are started. */
export interface KeeperOptions {
	/** Options of Node before the file. */
	readonly execArgv: readonly string[];
	/** Folder of compiled code, where our own environment names none. */
	readonly cache: string;
}

/** What a supervisor is started for, before there is an order. */
export interface Post {
	/** The run's folder; it need not be there before the order. */
	readonly folder: string;
	readonly socket: string;
	/** File for what the supervisor has to say of itself. */
	readonly log: string;
}

/** No signal opens a debugger in a process that holds the terminal, and a run costs little memory. */
export const defaultExecArgv = ['--disable-sigusr1', '--max-semi-space-size=1'];

export interface Supervisor {
	readonly child: ChildProcess;
	/** Resolves when its socket takes connections; also when it ends before. */
	readonly ready: Promise<void>;
	/** Orders the run. What must not be shown in arguments, and the secrets, go by a pipe. Once. */
	order(order: Omit<Order, 'umask'>): void;
	/** Lets go of one that was never ordered: it ends. */
	dismiss(): void;
}

/** Nothing of our own environment but what a process needs to run at all. */
function keeperEnvironment(cache: string): NodeJS.ProcessEnv {
	const { PATH, HOME, LANG, TZ, NODE_COMPILE_CACHE = cache } = process.env;
	return { PATH, HOME, LANG, TZ, NODE_COMPILE_CACHE };
}

/** Starts a supervisor in a session of its own; it starts nothing before it is ordered to. @throws when the system refuses a process. */
export function spawnSupervisor({ folder, socket, log: path }: Post, { execArgv, cache }: KeeperOptions): Supervisor {
	const log = openPrivate(path);
	// What the keepers write is for us alone; the program gets the reader's umask back.
	const umask = process.umask(0o077);
	try {
		const child = spawn(process.execPath, [...execArgv, join(import.meta.dirname, 'supervisor/supervisor.ts'), folder, socket], {
			cwd: '/',
			detached: true,
			env: keeperEnvironment(cache),
			stdio: ['pipe', log, log, 'pipe'],
		});
		child.unref();
		const ready = Promise.withResolvers<void>();
		const listening = child.stdio[3];
		if (listening instanceof Readable) listening.once('close', ready.resolve).resume();
		child.once('error', () => ready.resolve());
		child.stdin?.on('error', () => {});
		return {
			child,
			ready: ready.promise,
			order: (order) => child.stdin?.end(`${JSON.stringify({ ...order, umask })}\ngo\n`),
			dismiss: () => child.stdin?.end(),
		};
	} finally {
		process.umask(umask);
		closeSync(log);
	}
}
