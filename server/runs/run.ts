import { EventEmitter } from 'node:events';
import { join } from 'node:path';
import { MadeReader } from '../../src/runbook/run/made.ts';
import type { RecordingEvent } from '../../src/runbook/run/recording.ts';
import type { RunEvent } from '../../src/runbook/run/run-event.ts';
import { canMove, isRunActive, moveRun } from '../../src/runbook/run/run.ts';
import type { RunState } from '../../src/runbook/run/run-state.ts';
import type { Clock } from '../state/clock.ts';
import { claimDurably } from '../state/durable.ts';
import { identify, type Identity } from '../state/identity.ts';
import type { StateDirectory } from '../state/state-directory.ts';
import type { FarMachine } from '../../src/runbook/values/machine.ts';
import type { Ssh } from '../ssh/ssh.ts';
import { cancelRun, type CancelOptions } from './cancel.ts';
import { cancelFar } from './cancel-far.ts';
import { countEvents } from './count-events.ts';
import { decide } from './decide.ts';
import { readEvidence, type Evidence } from './evidence.ts';
import { factsOf } from './facts.ts';
import { followRecording, readRecording } from './follow.ts';
import { JournalQueue } from './journal-queue.ts';
import { Link } from './link.ts';
import { MarkSearch, type Marks } from './marks.ts';
import type { InputResult } from './files/messages.ts';
import { nameProcess } from './files/processes.ts';
import type { Claim, Live, Plan } from './files/run-files.ts';
import { findMembers, type Target } from './signalling.ts';
import { removeSocket } from './files/socket-path.ts';
import type { Supervisor } from './spawn-supervisor.ts';
import { isSize } from './files/terminal-size.ts';

/** Before `live.json` names anybody, only the mark tells what belongs to the run. */
const nobody: Identity = { pid: 0, start: '', boot: '', namespace: '' };

/** What every run of a server shares. */
export interface RunSurroundings {
	readonly state: StateDirectory;
	readonly clock: Clock;
	readonly graceMs: number;
	readonly unclaimedMs: number;
	readonly journal: (session: string, event: RunEvent) => void;
	readonly marks: Marks;
	/** The way to other machines. */
	readonly ssh?: Ssh | undefined;
	/** Aborted when the server closes; no run ends by that. */
	readonly closing: AbortSignal;
}

interface RunEvents {
	change: [state: RunState];
	/** The recording has grown. */
	wrote: [n: number];
}

/** One execution of a command: watched, typed into, cancelled from here; owned by its supervisor. */
export class Run extends EventEmitter<RunEvents> {
	readonly plan: Plan;
	readonly #around: RunSurroundings;
	readonly #folder: string;
	readonly #seenUp: number;
	readonly #search: MarkSearch;
	readonly #journal: JournalQueue;
	readonly #answers = new Map<string, (result: InputResult | 'unreachable') => void>();
	#state: RunState = { kind: 'asked' };
	#evidence: Evidence | undefined;
	#supervisor: Supervisor | undefined;
	#abandoned = false;
	#link: Link | undefined;
	#cancelling: Promise<void> | undefined;
	#made: 'unread' | 'reading' | 'read';

	constructor(plan: Plan, around: RunSurroundings) {
		super();
		this.setMaxListeners(0);
		this.plan = plan;
		this.#around = around;
		this.#folder = join(around.state.runs, plan.run);
		this.#seenUp = around.clock.up();
		this.#search = new MarkSearch(plan.run, around.marks, around.clock);
		this.#made = plan.makes ? 'unread' : 'read';
		this.#journal = new JournalQueue((event) => around.journal(plan.session, event));
	}

	get id(): string {
		return this.plan.run;
	}

	get state(): RunState {
		return this.#state;
	}

	/** Number of the last event that the recording is known to hold. */
	get written(): number {
		return this.#evidence?.end?.events ?? this.#link?.written ?? 0;
	}

	get isCancelling(): boolean {
		return this.#cancelling !== undefined;
	}

	/** Whether nothing more will ever be learned or recorded. */
	get isOver(): boolean {
		return (
			this.#state.kind === 'never-started' ||
			(this.#state.kind === 'ended' && this.#state.terminal === 'closed')
		);
	}

	/** Whether no later look can bring anything. The end of an unknown run may still turn up, unless the machine was booted since. */
	get isSettled(): boolean {
		if (this.#journal.isBehind || (this.isOver && this.#made !== 'read')) return false;
		return this.isOver || (this.#state.kind === 'unknown' && this.#state.reason !== 'keepers-gone');
	}

	/** Pids of the processes that keep the run, as far as they are known. */
	supervisorPids(): readonly number[] {
		const live = this.#evidence?.live;
		return live ? [live.supervisor.pid, live.holder.pid] : [];
	}

	/** Takes over the supervisor that was just spawned for this run. */
	adopt(supervisor: Supervisor, socket: string): void {
		this.#supervisor = supervisor;
		supervisor.child.once('exit', () => this.refresh());
		supervisor.child.once('error', () => this.refresh());
		void supervisor.ready.then(() => {
			if (!this.#around.closing.aborted) this.#connect(socket);
		});
	}

	/** No supervisor could be spawned: the run never starts. */
	abandon(): void {
		this.#abandoned = true;
		this.refresh();
	}

	#connect(socket: string): void {
		this.#link?.close();
		this.#link = new Link(socket, this.#around.clock.up());
		this.#link.on('wrote', (n) => this.emit('wrote', n));
		this.#link.on('change', () => this.refresh());
		this.#link.on('input', (id, result) => this.#answer(id, result));
	}

	/** Looks again at everything that can be known of the run. */
	refresh(): void {
		if (this.#around.closing.aborted) return;
		if (!this.isOver) this.#decide();
		if (this.isOver && this.#made === 'unread') void this.#readMade();
		this.#journal.flush();
	}

	#decide(): void {
		const seen = this.#gather();
		this.#evidence = seen;
		if (!seen.claim && !seen.exit && !seen.damaged && this.#mayClaim()) return this.#claim();
		if (this.#link?.closed) this.#answerAll();
		const next = decide(seen, this.plan.at);
		for (const fact of factsOf(this.id, next, seen.live)) this.#journal.add(fact);
		// What is told was written before, if the disk takes it at all.
		this.#journal.flush();
		if (canMove(this.#state, next)) this.#move(next);
		// What a supervisor said last may still be on its way when it is gone: where no file could be written it is all that there is.
		const isSilent = !this.#link || this.#link.closed;
		if (this.isOver || (seen.supervisor === 'gone' && isSilent)) this.#tidy(seen.live);
	}

	/** Reads the container's id out of the whole output. What keeps it from being read now is tried again by a later look. */
	async #readMade(): Promise<void> {
		const state = this.#state;
		if (state.kind !== 'ended') {
			this.#made = 'read';
			return;
		}
		this.#made = 'reading';
		const reader = new MadeReader();
		if (state.output.kind !== 'whole') reader.skip();
		try {
			for await (const event of readRecording(this.#folder, 1)) {
				if (event.kind === 'output') reader.add(event.text);
				else if (event.kind !== 'resize') reader.skip();
			}
		} catch {
			reader.skip();
		}
		if (this.#around.closing.aborted) return;
		this.#made = 'read';
		this.#journal.add({ type: 'run.made', run: this.id, made: reader.result(state.end) });
		this.#journal.flush();
	}

	#gather(): Evidence {
		const seen = readEvidence(this.#folder, this.id, this.#evidence, () => this.#search.isThere());
		const isAway = !this.#link || this.#link.closed;
		if (seen.live && seen.supervisor === 'alive' && isAway) this.#connect(seen.live.socket);
		const exit = seen.exit ?? this.#link?.exit;
		const end = seen.end ?? this.#link?.end;
		// What a supervisor said last may still be on its way when it is gone: nothing is unknown before its connection is closed.
		const isUnheard = seen.supervisor === 'gone' && !isAway;
		const linked = isUnheard || (this.#link?.isOpen(this.#around.clock.up()) ?? false);
		const isLost = exit !== undefined && end === undefined && !linked && seen.supervisor !== 'alive';
		return {
			...seen,
			exit,
			end,
			linked,
			unseenSince: this.#link?.unseenSince,
			stayers: exit && !end ? this.#findStayers(seen.live) : [],
			lastEvent: isLost ? countEvents(this.#folder) : 0,
		};
	}

	#findStayers(live: Live | undefined): Evidence['stayers'] {
		if (this.#link?.stayers || !live) return this.#link?.stayers ?? [];
		return findMembers({ run: this.id, ...live }).map(nameProcess);
	}

	/** Our own supervisor may take its time as long as it lives; of a stranger's we know nothing. */
	#mayClaim(): boolean {
		if (this.#abandoned) return true;
		if (this.#supervisor) {
			const { pid, exitCode, signalCode } = this.#supervisor.child;
			return pid === undefined || exitCode !== null || signalCode !== null;
		}
		return this.#around.clock.up() - this.#seenUp >= this.#around.unclaimedMs;
	}

	#claim(): void {
		const claim: Claim = { by: 'server', who: identify(process.pid) };
		try {
			claimDurably(join(this.#folder, 'claim'), JSON.stringify(claim));
		} catch {
			return; // A full disk: the next look tries again.
		}
		this.#decide();
	}

	#move(next: RunState): void {
		const changed = JSON.stringify(next) !== JSON.stringify(this.#state);
		this.#state = moveRun(this.#state, next);
		if (changed) this.emit('change', next);
	}

	/** Nothing is left of a connection that leads nowhere any more. */
	#tidy(live: Live | undefined): void {
		this.#answerAll();
		this.#link?.close();
		this.#link = undefined;
		if (live && this.#evidence?.supervisor === 'gone') removeSocket(live.socket);
	}

	/** Asks the supervisor whether it is there; its silence is noticed by a later look. */
	ping(): void {
		this.#link?.ping(this.#around.clock.up());
	}

	/**
	 * Types into the program. The same id is typed once, however often it comes: who does not get an answer sends it again. Answers
	 * `refused` when the program has not read 64 KiB that were typed before, or has ended.
	 */
	input(id: string, bytes: Uint8Array): Promise<InputResult | 'unreachable'> {
		if (this.#state.kind === 'ended' || !isRunActive(this.#state)) return Promise.resolve('refused');
		if (!this.#link || this.#link.closed) return Promise.resolve('unreachable');
		this.#answers.get(id)?.('unreachable');
		const { promise, resolve } = Promise.withResolvers<InputResult | 'unreachable'>();
		this.#answers.set(id, resolve);
		this.#link.input(id, bytes);
		return promise;
	}

	#answer(id: string, result: InputResult | 'unreachable'): void {
		this.#answers.get(id)?.(result);
		this.#answers.delete(id);
	}

	#answerAll(): void {
		for (const id of [...this.#answers.keys()]) this.#answer(id, 'unreachable');
	}

	/** Changes the size of the terminal. @throws RangeError outside 2–500 columns and 1–200 rows. */
	resize(columns: number, rows: number): void {
		if (!isSize(columns, rows)) throw new RangeError(`Cannot resize a terminal to "${columns}x${rows}".`);
		this.#link?.resize(columns, rows);
	}

	/**
	 * Ends all that the run started: SIGINT, SIGTERM, SIGKILL, with time between them, each reported to the journal. Also for what has
	 * outlived the program. Resolves when nobody is left, or nothing more can be done. @throws RangeError when nobody is surely the run's.
	 */
	cancel(): Promise<void> {
		if (this.plan.ssh !== undefined) return this.#cancelFar({ ssh: this.plan.ssh, sudo: this.plan.sudo === true });
		const target = this.#target();
		if (!target) return Promise.reject(this.#nothingAlive());
		return this.#cancelOnce((options) => cancelRun(target, options));
	}

	/** The same on another machine: what the run started there is signalled there. @throws Refusal when it does not answer */
	async #cancelFar(machine: FarMachine): Promise<void> {
		const { ssh } = this.#around;
		if (!ssh || !isRunActive(this.#state)) throw this.#nothingAlive();
		return this.#cancelOnce((options) => cancelFar(this.id, machine, ssh, options));
	}

	#nothingAlive(): RangeError {
		return new RangeError(`Cannot cancel run "${this.id}": nothing of it is known to be alive.`);
	}

	/** Whoever cancels a second time waits for the first. */
	#cancelOnce(cancel: (options: CancelOptions) => Promise<void>): Promise<void> {
		const { graceMs, closing } = this.#around;
		this.#cancelling ??= cancel({
			graceMs,
			signal: closing,
			report: (event) => {
				this.#journal.add(event);
				this.#journal.flush();
				this.emit('change', this.#state);
			},
		}).finally(() => {
			this.#cancelling = undefined;
			this.refresh();
		});
		return this.#cancelling;
	}

	#target(): Target | undefined {
		const { holder, program } = this.#evidence?.live ?? { holder: nobody, program: nobody };
		const target = { run: this.id, holder, program };
		return findMembers(target).length > 0 ? target : undefined;
	}

	/** Closes the terminal of an ended run although something still holds it. */
	release(): void {
		this.#link?.release();
	}

	/**
	 * Yields the recording from one event on, and then whatever is appended, until the run is over. A reader who lags holds nobody up.
	 * @throws StateError when the recording is damaged.
	 */
	follow(fromEvent: number, signal: AbortSignal): AsyncGenerator<RecordingEvent, void> {
		return followRecording(this.#folder, this, fromEvent, AbortSignal.any([signal, this.#around.closing]));
	}

	/** Returns all output that the recording holds so far. */
	async output(): Promise<string> {
		let text = '';
		for await (const event of readRecording(this.#folder, 1)) {
			if (event.kind === 'output') text += event.text;
		}
		return text;
	}

	/** Returns the end of what the recording holds so far: at least so many characters, where it has them, and at most twice as many. */
	async lastOutput(characters: number): Promise<string> {
		let text = '';
		for await (const event of readRecording(this.#folder, 1)) {
			if (event.kind === 'output') text += event.text;
			if (text.length > 2 * characters) text = text.slice(-characters);
		}
		return text;
	}

	/** Lets go of the run, which goes on. */
	close(): void {
		this.#answerAll();
		this.#link?.close();
		this.removeAllListeners();
	}
}
