/**
 * A run on another machine, as the session leader of its terminal here keeps it: it connects (ssh may ask in this terminal), starts the program over there apart from the connection, passes on what it
 * prints and what is typed, and reads its end from the machine. A connection that is cut ends nothing: the leader tries again until the machine answers.
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { encodeFar, wrapperLine } from '../../../src/runbook/command/far-wrapper.ts';
import type { FarMachine } from '../../../src/runbook/values/machine.ts';
import { AnswerReader, splitAnswer } from '../../ssh/answer.ts';
import { controlArgs, masterArgs, sessionArgs } from '../../ssh/options.ts';
import { attachScript, encodeWords, readScript, resizeScript, startScript, statusScript } from '../../ssh/scripts.ts';
import { formatMoment, systemClock } from '../../state/clock.ts';
import type { Exit } from '../files/run-files.ts';
import type { FarOrder } from '../files/messages.ts';

/** What the leader says of the run while it goes on. */
export interface FarReport {
	/** The program has begun over there. */
	started(at: string): void;
	/** Since when the machine does not answer; undefined when it does again. */
	unseen(since: string | undefined): void;
}

export type FarEnd = Exit;

const firstRetryMs = 500;
const longestRetryMs = 15_000;
/** How long an answer may take where the connection does not say that it is gone. */
const answerMs = 60_000;

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Runs it to its end. Never throws for what the other machine does. */
export function runFar(run: string, order: FarOrder, env: Readonly<Record<string, string>>, report: FarReport): Promise<FarEnd> {
	return new FarRun(run, order, env, report).go();
}

interface Status {
	readonly size: number;
	readonly words: readonly string[];
}

class FarRun {
	readonly #run: string;
	readonly #order: FarOrder;
	readonly #machine: FarMachine;
	readonly #env: Record<string, string>;
	readonly #report: FarReport;
	/** How many bytes of its output were passed on. */
	#passed = 0;
	#startedUp = systemClock.up();
	#startedAt = formatMoment(systemClock.now());
	#unseenSince: string | undefined;
	#attached: ChildProcess | undefined;

	constructor(run: string, order: FarOrder, env: Readonly<Record<string, string>>, report: FarReport) {
		this.#run = run;
		this.#order = order;
		this.#machine = { ssh: order.ssh, sudo: order.sudo };
		this.#env = { ...env };
		this.#report = report;
	}

	async go(): Promise<FarEnd> {
		if (!(await this.#connect(true))) return this.#end({ error: { name: 'not-connected', subject: this.#order.ssh } });
		const why = await this.#start();
		if (why) return this.#end(why);
		this.#report.started(this.#startedAt);
		this.#takeTerminal();
		for (;;) {
			await this.#attach();
			const status = await this.#whenAnswered(false);
			const [how, code = '', elapsed = '', bytes = ''] = status.words;
			if (how === 'running') continue;
			if (how === 'ended') await this.#readRest(status.size);
			return this.#endOf(how ?? '', code, Number(elapsed), Math.max(0, Number(bytes) - status.size));
		}
	}

	/** Opens the connection where it does not stand; where ssh has to ask, it asks in this terminal. */
	async #connect(asks: boolean): Promise<boolean> {
		const { ssh, socket } = this.#order;
		if ((await this.#call(controlArgs(ssh, socket, 'check'), 'ignore')) === 0) return true;
		return (await this.#call(masterArgs(ssh, socket, asks), asks ? 'inherit' : 'ignore')) === 0;
	}

	#call(args: readonly string[], stdio: 'ignore' | 'inherit'): Promise<number | null> {
		const { promise, resolve } = Promise.withResolvers<number | null>();
		const child = spawn('ssh', args, { env: this.#env, stdio });
		child.on('error', () => resolve(null));
		child.on('exit', (code) => resolve(code));
		return promise;
	}

	/** Starts the program. What comes back is why it never did. */
	async #start(): Promise<Exit['result'] | undefined> {
		const { argv, env, columns, rows } = this.#order;
		this.#startedUp = systemClock.up();
		this.#startedAt = formatMoment(systemClock.now());
		const answer = await this.#ask(startScript(this.#run, columns, rows), env, encodeWords(argv));
		const [how = '', ...rest] = (answer ?? '').split(' ');
		if (how === 'started' || how === 'there') return undefined;
		if (how === 'no-folder') return { error: { name: 'no-folder', subject: `${this.#order.ssh}: ${rest.join(' ')}` } };
		// Cut off in the middle: the machine says whether it has begun, and takes care that it does not begin later.
		const { words } = await this.#whenAnswered(true);
		return words[0] === 'absent' ? { error: { name: 'not-connected', subject: this.#order.ssh } } : undefined;
	}

	/** Asks how the run stands until the machine answers, however long that takes. */
	async #whenAnswered(claim: boolean): Promise<Status> {
		for (let pause = firstRetryMs; ; pause = Math.min(pause * 2, longestRetryMs)) {
			const answer = (await this.#connect(false)) ? await this.#ask(statusScript(this.#run, claim)) : undefined;
			if (answer !== undefined) {
				if (this.#unseenSince !== undefined) this.#report.unseen(undefined);
				this.#unseenSince = undefined;
				const [size = '0', ...words] = answer.trim().split(' ');
				return { size: Number(size), words };
			}
			if (this.#unseenSince === undefined) {
				this.#unseenSince = formatMoment(systemClock.now());
				this.#report.unseen(this.#unseenSince);
			}
			await wait(pause);
		}
	}

	/** The output of a script, when the whole of it came. */
	#ask(argv: readonly string[], env: Readonly<Record<string, string>> = {}, input?: string): Promise<string | undefined> {
		const { promise, resolve } = Promise.withResolvers<string | undefined>();
		let output = Buffer.alloc(0);
		const child = this.#session(argv, env, (bytes) => {
			output = Buffer.concat([output, bytes]);
			const whole = splitAnswer(output);
			if (whole) done(whole.output.toString('utf8'));
		});
		const limit = setTimeout(() => done(undefined), answerMs);
		const done = (answer: string | undefined) => {
			clearTimeout(limit);
			child.kill('SIGKILL');
			resolve(answer);
		};
		child.on('error', () => done(undefined));
		child.on('close', () => done(undefined));
		if (input !== undefined) child.stdin?.end(input);
		return promise;
	}

	#session(argv: readonly string[], env: Readonly<Record<string, string>>, give: (bytes: Buffer) => void): ChildProcess {
		const { ssh, socket } = this.#order;
		const child = spawn('ssh', sessionArgs(ssh, socket, wrapperLine(this.#machine.sudo)), { env: this.#env, stdio: ['pipe', 'pipe', 'ignore'] });
		const reader = new AnswerReader(give);
		child.stdout?.on('data', (chunk: Buffer) => reader.take(chunk));
		child.stdin?.on('error', () => undefined);
		child.stdin?.write(encodeFar({ argv, env }));
		return child;
	}

	/** From here on the terminal over there does what a terminal does; this one passes everything on as it comes. */
	#takeTerminal(): void {
		spawnSync('stty', ['raw', '-echo'], { stdio: 'inherit', env: this.#env });
		process.stdin.on('data', (bytes: Buffer) => this.#attached?.stdin?.write(bytes));
		process.stdin.pause();
		process.stdout.on('resize', () => this.#resize());
	}

	#resize(): void {
		const { columns, rows } = process.stdout;
		if (columns && rows) void this.#ask(resizeScript(this.#run, columns, rows));
	}

	/** Passes on what is printed, and what is typed, until the connection or the run ends. */
	#attach(): Promise<void> {
		const { promise, resolve } = Promise.withResolvers<void>();
		const child = this.#session(attachScript(this.#run, this.#passed), {}, (bytes) => this.#pass(bytes));
		this.#attached = child;
		process.stdin.resume();
		const done = () => {
			this.#attached = undefined;
			process.stdin.pause();
			resolve();
		};
		child.on('error', done);
		child.on('close', done);
		return promise;
	}

	#pass(bytes: Buffer): void {
		this.#passed += bytes.length;
		process.stdout.write(bytes);
	}

	/** The end was read from the machine; its output is there as well, as far as its disk took it. */
	async #readRest(size: number): Promise<void> {
		while (this.#passed < size) {
			const before = this.#passed;
			const { promise, resolve } = Promise.withResolvers<void>();
			const child = this.#session(readScript(this.#run, this.#passed), {}, (bytes) => this.#pass(bytes));
			child.on('error', () => resolve());
			child.on('close', () => resolve());
			await promise;
			if (this.#passed === before) await this.#whenAnswered(false);
		}
	}

	#endOf(how: string, code: string, elapsedMs: number, lostBytes: number): FarEnd {
		if (how === 'ended') {
			const at = formatMoment(Date.parse(this.#startedAt) + elapsedMs);
			if (/^\d{1,3}$/.test(code)) return { result: { code: Number(code) }, at, elapsedMs, ...(lostBytes > 0 && { lostBytes }) };
		}
		return this.#end({ unknown: how === 'rebooted' ? 'far-rebooted' : how === 'dead' ? 'far-ended' : 'far-lost' });
	}

	#end(result: Exit['result']): FarEnd {
		return { result, at: formatMoment(systemClock.now()), elapsedMs: Math.round(systemClock.up() - this.#startedUp) };
	}
}
