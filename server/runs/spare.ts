/**
 * A supervisor and its leader that stand ready for the next run: they take longer to start than anything else between a press and the first byte. One at a time,
 * under the name that the next run will have; made when a run may be asked for, and none for long without one, or when memory is short.
 */
import { linkSync, renameSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { basename, join } from 'node:path';
import { errorCode } from '../state/state-error.ts';
import { chooseSocket, removeSocket, spareLog } from './files/socket-path.ts';
import { spawnSupervisor, type KeeperOptions, type Supervisor } from './spawn-supervisor.ts';

/** So long nobody does anything with a session before the spare is let go. */
const idleMs = 10 * 60_000;
/** Below that the memory is the programs'. */
const leastMemoryBytes = 512 * 1024 * 1024;

export interface SpareOptions extends KeeperOptions {
	readonly runs: string;
	readonly sockets: string;
	/** How much memory can be had, in bytes. */
	readonly memory?: () => number;
}

/** What a run needs to be started. */
export interface Ready {
	readonly supervisor: Supervisor;
	/** Where it takes connections as soon as it is ready. */
	readonly socket: string;
}

/** Its files are in the cache until a run needs it: nobody has asked for anything yet. */
interface Spare {
	readonly run: string;
	readonly supervisor: Supervisor;
	readonly socket: string;
}

export class Spares {
	readonly #options: SpareOptions;
	readonly #memory: () => number;
	#spare: Spare | undefined;
	#wantedUp = Number.NEGATIVE_INFINITY;

	constructor(options: SpareOptions) {
		this.#options = options;
		this.#memory = options.memory ?? (() => process.availableMemory());
	}

	/** The name of the run that a spare was made for. */
	get run(): string | undefined {
		return this.#spare?.run;
	}

	/** A run may be asked for. `nowUp`: monotonic, in milliseconds. */
	expect(nowUp: number): void {
		this.#wantedUp = nowUp;
		if (this.#spare || this.#memory() < leastMemoryBytes) return;
		try {
			this.#spare = this.#make();
		} catch {
			// No process or no file could be made: a run says why, when there is one.
		}
	}

	#make(): Spare {
		const { runs, cache } = this.#options;
		const run = randomUUID();
		const socket = chooseSocket(cache);
		const supervisor = spawnSupervisor({ folder: join(runs, run), socket, log: spareLog(socket) }, this.#options);
		const spare = { run, socket, supervisor };
		supervisor.child.once('exit', () => this.#lose(spare)).once('error', () => this.#lose(spare));
		return spare;
	}

	/** One that was killed removes nothing itself. */
	#lose(spare: Spare): void {
		if (this.#spare !== spare) return;
		this.#spare = undefined;
		removeSocket(spare.socket);
	}

	/** Returns what stands ready for this run, with its log in the run's folder; undefined when nothing does. */
	take(run: string): Ready | undefined {
		const spare = this.#spare;
		if (spare?.run !== run) return undefined;
		try {
			renameSync(spareLog(spare.socket), join(this.#options.runs, run, 'supervisor.log'));
		} catch (error) {
			// Somebody has cleared the cache, or it is on another disk.
			if (errorCode(error) !== 'ENOENT' && errorCode(error) !== 'EXDEV') throw error;
			this.dismiss();
			return undefined;
		}
		this.#spare = undefined;
		return this.#give(spare);
	}

	/** A second name, and no move: the leader may be on its way to the first one. */
	#give({ supervisor, socket }: Spare): Ready {
		const path = join(this.#options.sockets, basename(socket));
		const linked = supervisor.ready.then(() => {
			try {
				linkSync(socket, path);
				return path;
			} catch {
				// The first name is as good; `live.json` tells it.
				return socket;
			}
		});
		const order: Supervisor['order'] = (one) => void linked.then((final) => supervisor.order({ ...one, socket: final }));
		return { supervisor: { ...supervisor, ready: linked.then(() => undefined), order }, socket: path };
	}

	/** Lets the spare go when it was not wanted for long, or its memory is needed. */
	review(nowUp: number): void {
		if (this.#spare && (nowUp - this.#wantedUp > idleMs || this.#memory() < leastMemoryBytes)) this.dismiss();
	}

	dismiss(): void {
		this.#spare?.supervisor.dismiss();
		this.#spare = undefined;
	}
}
