import { EventEmitter } from 'node:events';
import { readdirSync, rmSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { makesContainer } from '../../src/runbook/run/made.ts';
import type { RunEvent } from '../../src/runbook/run/run-event.ts';
import { RunId } from '../../src/runbook/run/run-state.ts';
import { formatMoment, systemClock, type Clock } from '../state/clock.ts';
import { writeDurably } from '../state/durable.ts';
import { readWorld } from '../state/identity.ts';
import { createPrivateFolder } from '../state/private-folder.ts';
import type { StateDirectory } from '../state/state-directory.ts';
import { errorCode, explainFailure, type StateError } from '../state/state-error.ts';
import { defaultGraceMs } from './cancel.ts';
import { readerEnvironment } from '../environment.ts';
import { Marks } from './marks.ts';
import { readPlan } from './read-plan.ts';
import { Run } from './run.ts';
import type { Plan } from './files/run-files.ts';
import { chooseSocket } from './files/socket-path.ts';
import { Spares, type Ready } from './spare.ts';
import { defaultExecArgv, spawnSupervisor, type KeeperOptions } from './spawn-supervisor.ts';
import { isSize } from './files/terminal-size.ts';

export interface RunsOptions {
	readonly state: StateDirectory;
	readonly clock?: Clock;
	/**
	 * Writes a fact about a run into its session's journal. Whatever it throws at `run.asked` keeps the run from starting; any other fact is
	 * offered again until it is taken. A server that starts offers what it finds of every run: see `isNewRunEvent`.
	 */
	readonly journal: (session: string, event: RunEvent) => void;
	/** The environment that programs get, before it is cleaned. */
	readonly env?: NodeJS.ProcessEnv;
	/** How long SIGINT and SIGTERM may take to work. */
	readonly graceMs?: number;
	/** How long a run of an earlier server may still be taken up by its supervisor. */
	readonly unclaimedMs?: number;
	/** Reads which runs any process carries the mark of. Default: all of `/proc`. */
	readonly readMarks?: () => ReadonlySet<string>;
	/** Options of Node for the processes that keep a run. */
	readonly execArgv?: readonly string[];
	/** Whether the processes of the next run may stand ready: see `spare.ts`. */
	readonly spare?: boolean;
}

/** What to run. Only `display` and the names are ever written down. */
export interface RunRequest {
	readonly id?: string;
	readonly session: string;
	readonly step: string;
	/** The command as shown, secrets masked. */
	readonly display: string;
	readonly definition: string;
	readonly argv: readonly string[];
	/** Added to the reader's own environment. */
	readonly env?: Readonly<Record<string, string>>;
	readonly cwd: string;
	/** Looked for in the output, in the spellings that SECURITY.md lists, and masked before anything is written. */
	readonly secrets?: readonly string[];
	readonly size?: { readonly columns: number; readonly rows: number };
}

export interface Runs {
	/** `change`: a run stands otherwise than before. */
	readonly events: EventEmitter<{ change: [run: Run] }>;
	/** Folders of runs that could not be read. */
	readonly notices: readonly StateError[];
	/** The name of the run that processes stand ready for, if any do. */
	readonly readyRun: string | undefined;
	/** A run may be asked for soon. */
	expect(): void;
	/** Starts a run. @throws RangeError for a bad request, StateError or what the journal throws when nothing can be written down. */
	start(request: RunRequest): Run;
	list(): readonly Run[];
	get(id: string): Run | undefined;
	/** Lets go of all runs; none of them ends. */
	close(): void;
}

const lookEveryMs = 1_000;
const defaultUnclaimedMs = 5_000;

class RunStore implements Runs {
	readonly events = new EventEmitter<{ change: [run: Run] }>();
	readonly notices: StateError[] = [];
	readonly #options: RunsOptions;
	readonly #clock: Clock;
	readonly #runs = new Map<string, Run>();
	readonly #closing = new AbortController();
	readonly #timer: NodeJS.Timeout;
	readonly #around;
	readonly #keepers: KeeperOptions;
	readonly #spares: Spares | undefined;

	constructor(options: RunsOptions) {
		this.#options = options;
		this.#clock = options.clock ?? systemClock;
		this.#keepers = { execArgv: options.execArgv ?? defaultExecArgv, cache: options.state.cache };
		if (options.spare) this.#spares = new Spares({ ...this.#keepers, runs: options.state.runs, sockets: options.state.sockets });
		this.#around = {
			state: options.state,
			clock: this.#clock,
			graceMs: options.graceMs ?? defaultGraceMs,
			unclaimedMs: options.unclaimedMs ?? defaultUnclaimedMs,
			journal: options.journal,
			marks: new Marks(options.readMarks),
			closing: this.#closing.signal,
		};
		this.events.setMaxListeners(0);
		const names = readdirSync(options.state.runs);
		this.#around.marks.share(() => names.forEach((name) => this.#find(name)));
		this.#timer = setInterval(() => this.#around.marks.share(() => this.#lookAtAll()), lookEveryMs).unref();
	}

	#find(name: string): void {
		const folder = join(this.#options.state.runs, name);
		try {
			const plan = readPlan(folder);
			if (!plan) return;
			this.#take(plan).look();
		} catch (error) {
			this.notices.push(explainFailure(folder, error));
		}
	}

	#lookAtAll(): void {
		for (const run of this.#runs.values()) {
			if (run.isSettled) continue;
			run.ping();
			run.look();
		}
		this.#spares?.review(this.#clock.up());
	}

	get readyRun(): string | undefined {
		return this.#spares?.run;
	}

	expect(): void {
		if (!this.#closing.signal.aborted) this.#spares?.expect(this.#clock.up());
	}

	start(request: RunRequest): Run {
		const plan = this.#plan(request);
		const folder = join(this.#options.state.runs, plan.run);
		createPrivateFolder(folder);
		this.#writeDown(folder, plan);
		const run = this.#take(plan);
		this.#spawn(run, folder, request);
		return run;
	}

	#take(plan: Plan): Run {
		const run = new Run(plan, this.#around);
		this.#runs.set(plan.run, run);
		run.on('change', () => this.events.emit('change', run));
		return run;
	}

	#plan({ id, session, step, display, definition, argv, cwd, size }: RunRequest): Plan {
		const { columns, rows } = size ?? { columns: 80, rows: 24 };
		if (!isSize(columns, rows)) throw new RangeError(`Cannot open a terminal of "${columns}x${rows}".`);
		if (!argv[0]) throw new RangeError('Cannot start a run without a command.');
		const run = RunId.parse(id ?? this.readyRun ?? randomUUID());
		const at = formatMoment(this.#clock.now());
		const { boot } = readWorld();
		return { run, session, step, display, definition, cwd, columns, rows, at, up: this.#clock.up(), boot, ...(makesContainer(argv) && { makes: true }) };
	}

	/** Nothing starts unless its line is in the journal. What was only planned is taken back; a crash in between leaves a plan that never starts. */
	#writeDown(folder: string, plan: Plan): void {
		const { run, session, step, display, definition, makes } = plan;
		try {
			writeDurably(join(folder, 'plan.json'), `${JSON.stringify(plan)}\n`);
			this.#options.journal(session, { type: 'run.asked', run, step, display, definition, ...(makes && { makes }) });
		} catch (error) {
			rmSync(folder, { recursive: true, force: true });
			throw errorCode(error) ? explainFailure(folder, error) : error;
		}
	}

	#spawn(run: Run, folder: string, { argv, env, cwd, secrets }: RunRequest): void {
		const { columns, rows } = run.plan;
		const given = {
			...readerEnvironment(this.#options.env),
			TERM: 'xterm-256color',
			PWD: cwd,
			...env,
			DROVER_RUN: run.id,
		};
		try {
			const { supervisor, socket } = this.#spares?.take(run.id) ?? this.#spawnNow(folder);
			supervisor.order({ run: run.id, socket, argv, env: given, cwd, secrets: secrets ?? [], columns, rows });
			run.adopt(supervisor, socket);
		} catch {
			run.abandon();
		}
		this.#expectAfter(run);
	}

	#spawnNow(folder: string): Ready {
		const socket = chooseSocket(this.#options.state.sockets);
		return { supervisor: spawnSupervisor({ folder, socket, log: join(folder, 'supervisor.log') }, this.#keepers), socket };
	}

	/** The next spare is made when this run has begun: both need the processor. */
	#expectAfter(run: Run): void {
		const see = (): void => {
			if (run.state.kind === 'asked' || run.state.kind === 'starting') return;
			run.off('change', see);
			this.expect();
		};
		if (this.#spares) run.on('change', see);
	}

	list(): readonly Run[] {
		return [...this.#runs.values()];
	}

	get(id: string): Run | undefined {
		return this.#runs.get(id);
	}

	close(): void {
		clearInterval(this.#timer);
		this.#spares?.dismiss();
		this.#closing.abort();
		for (const run of this.#runs.values()) run.close();
	}
}

/** Opens the runs of a state directory: those of earlier servers are found again as they are. @throws StateError */
export function createRuns(options: RunsOptions): Runs {
	try {
		return new RunStore(options);
	} catch (error) {
		throw explainFailure(options.state.runs, error);
	}
}
