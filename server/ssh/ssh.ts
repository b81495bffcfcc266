/**
 * Speaking with other machines: one connection for each, which is opened when it is needed and shared by all that is asked there. Nothing here asks a reader anything; where ssh would have to, the
 * answer is the problem that says so, and a terminal is the place for it.
 */
import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { encodeFar, wrapperLine } from '../../src/runbook/command/far-wrapper.ts';
import { Refusal, type Problem } from '../../src/runbook/problem.ts';
import type { FarMachine } from '../../src/runbook/values/machine.ts';
import { AnswerReader, splitAnswer } from './answer.ts';
import { explainSilence, lastLine } from './explain.ts';
import { controlArgs, controlPath, masterArgs, sessionArgs } from './options.ts';

export interface FarAsk {
	readonly argv: readonly string[];
	readonly env?: Readonly<Record<string, string>>;
	/** What the command reads; without one it is kept open until the answer is there. */
	readonly input?: string;
	readonly signal?: AbortSignal;
	/** How long the whole may take, the connection included. */
	readonly seconds: number;
	/** Of a longer output the end. */
	readonly maxBytes?: number;
}

export type FarAnswer =
	| { readonly kind: 'answer'; readonly output: Buffer; readonly exit: number; readonly said: string }
	/** `detail`: in ssh's own words. */
	| { readonly kind: 'unreached'; readonly problem: Problem; readonly detail: string }
	| { readonly kind: 'time-limit' }
	| { readonly kind: 'aborted' };

export interface Ssh {
	/** Runs one of the scripts there. Never throws. */
	ask(machine: FarMachine, ask: FarAsk): Promise<FarAnswer>;
	/** As `ask`, for who goes on with the answer alone. @throws Refusal with the reason why there is none */
	answer(machine: FarMachine, ask: FarAsk): Promise<Extract<FarAnswer, { kind: 'answer' }>>;
	/** Whether the connection stands. Asks nobody over there. */
	isConnected(ssh: string): Promise<boolean>;
	/** Opens the connection, where that needs no question. Undefined when it stands. */
	connect(ssh: string): Promise<Problem | undefined>;
	/** Ends the connection of a machine. What runs there goes on. */
	disconnect(ssh: string): Promise<void>;
	socketOf(ssh: string): string;
	/** The environment that ssh gets. */
	env(): Record<string, string>;
}

/** How many answers of a machine are waited for at once: an sshd lets ten sessions share a connection unless it is told otherwise (`MaxSessions`). */
const atOnce = 4;

/** @param sockets folder of the sockets, ours alone */
export function createSsh(sockets: string, env: () => Record<string, string>): Ssh {
	const opening = new Map<string, Promise<Unreached | undefined>>();
	const known = new Set<string>();
	const turns = new Map<string, Turns>();

	const isConnected = async (ssh: string) => (await call(controlArgs(ssh, controlPath(sockets, ssh), 'check'), env())).code === 0;

	const open = async (ssh: string): Promise<Unreached | undefined> => {
		const socket = controlPath(sockets, ssh);
		if (await isConnected(ssh)) return undefined;
		// Left by a connection that was killed: nobody answers there.
		rmSync(socket, { force: true });
		const result = await call(masterArgs(ssh, socket, false), env());
		return result.code === 0 ? undefined : unreached(ssh, result);
	};

	const connect = (ssh: string): Promise<Unreached | undefined> => {
		if (known.has(ssh)) return Promise.resolve(undefined);
		const under = opening.get(ssh);
		if (under) return under;
		const begun = open(ssh).then((why) => {
			if (!why) known.add(ssh);
			return why;
		}).finally(() => opening.delete(ssh));
		opening.set(ssh, begun);
		return begun;
	};

	const askNow = async (machine: FarMachine, ask: FarAsk, until: AbortSignal): Promise<FarAnswer> => {
		const why = await Promise.race([connect(machine.ssh), whenAborted(until)]);
		if (why === 'aborted') return { kind: 'aborted' };
		if (why) return why;
		const result = await exchange(sessionArgs(machine.ssh, controlPath(sockets, machine.ssh), wrapperLine(machine.sudo)), env(), ask, until);
		if (result.kind !== 'silence') return result;
		known.delete(machine.ssh);
		return unreached(machine.ssh, result);
	};

	const ask = async (machine: FarMachine, one: FarAsk): Promise<FarAnswer> => {
		const over = AbortSignal.timeout(Math.ceil(one.seconds * 1000));
		const until = one.signal ? AbortSignal.any([one.signal, over]) : over;
		const mine = turns.get(machine.ssh) ?? new Turns(atOnce);
		turns.set(machine.ssh, mine);
		const found = await mine.take(() => askNow(machine, one, until));
		return found.kind === 'aborted' && over.aborted && one.signal?.aborted !== true ? { kind: 'time-limit' } : found;
	};

	return {
		ask,
		answer: async (machine, one) => {
			const found = await ask(machine, one);
			if (found.kind === 'answer') return found;
			throw new Refusal(found.kind === 'unreached' ? found.problem : { name: 'ssh.silent', slots: { machine: machine.ssh, seconds: Math.round(one.seconds) } });
		},
		isConnected,
		connect: async (ssh) => (await connect(ssh))?.problem,
		disconnect: async (ssh) => {
			known.delete(ssh);
			await call(controlArgs(ssh, controlPath(sockets, ssh), 'exit'), env());
		},
		socketOf: (ssh) => controlPath(sockets, ssh),
		env,
	};
}

type Unreached = Extract<FarAnswer, { kind: 'unreached' }>;

function unreached(machine: string, silence: Called): Unreached {
	return { kind: 'unreached', problem: explainSilence(machine, silence), detail: lastLine(silence.said) };
}

/** So many at a time, the others in order. */
class Turns {
	#free: number;
	readonly #waiting: (() => void)[] = [];

	constructor(atOnce: number) {
		this.#free = atOnce;
	}

	async take<T>(act: () => Promise<T>): Promise<T> {
		if (this.#free > 0) this.#free -= 1;
		else await new Promise<void>((resolve) => this.#waiting.push(resolve));
		try {
			return await act();
		} finally {
			const next = this.#waiting.shift();
			if (next) next();
			else this.#free += 1;
		}
	}
}

function whenAborted(signal: AbortSignal): Promise<'aborted'> {
	if (signal.aborted) return Promise.resolve('aborted');
	return new Promise((resolve) => signal.addEventListener('abort', () => resolve('aborted'), { once: true }));
}

interface Called {
	readonly said: string;
	readonly code: number | null;
	readonly missing?: boolean;
}

/** Runs ssh itself. Its end is waited for, not that of its outputs, which a connection in the background may hold. */
function call(args: readonly string[], env: Record<string, string>): Promise<Called> {
	const { promise, resolve } = Promise.withResolvers<Called>();
	const child = spawn('ssh', args, { env, stdio: ['ignore', 'ignore', 'pipe'] });
	let said = '';
	child.stderr.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-16 * 1024)));
	child.on('error', (error: NodeJS.ErrnoException) => resolve({ said: error.message, code: null, missing: error.code === 'ENOENT' }));
	// A connection that goes on in the background may hold the pipe; one that failed has said all when it is closed.
	child.on('exit', (code) => {
		if (code !== 0) return;
		child.stderr.destroy();
		resolve({ said, code });
	});
	child.on('close', (code) => resolve({ said, code }));
	return promise;
}

const defaultMaxBytes = 64 * 1024 * 1024;

/** One session of the shared connection: our script there, and its answer, which is over when it is whole, whoever still holds the connection. */
function exchange(args: readonly string[], env: Record<string, string>, { argv, env: variables = {}, input, maxBytes = defaultMaxBytes }: FarAsk, until: AbortSignal): Promise<Extract<FarAnswer, { kind: 'answer' | 'aborted' }> | ({ readonly kind: 'silence' } & Called)> {
	const { promise, resolve } = Promise.withResolvers<Awaited<ReturnType<typeof exchange>>>();
	const child = spawn('ssh', args, { env, stdio: ['pipe', 'pipe', 'pipe'] });
	let output = Buffer.alloc(0);
	let said = '';
	const onAbort = () => settle({ kind: 'aborted' });
	const settle = (found: Awaited<ReturnType<typeof exchange>>) => {
		until.removeEventListener('abort', onAbort);
		child.kill('SIGKILL');
		child.stdout.destroy();
		child.stderr.destroy();
		resolve(found);
	};
	const reader = new AnswerReader((bytes) => {
		output = Buffer.concat([output, bytes]).subarray(-maxBytes);
		const whole = splitAnswer(output);
		// Its errors may come a little after its answer.
		if (whole) setImmediate(() => settle({ kind: 'answer', ...whole, said }));
	});
	child.stdout.on('data', (chunk: Buffer) => reader.take(chunk));
	child.stderr.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-16 * 1024)));
	child.stdin.on('error', () => undefined);
	child.on('error', (error: NodeJS.ErrnoException) => settle({ kind: 'silence', said: error.message, code: null, missing: error.code === 'ENOENT' }));
	child.on('close', (code) => settle({ kind: 'silence', said: reader.greeted ? said : `${reader.before}\n${said}`, code: reader.greeted ? 255 : code }));
	until.addEventListener('abort', onAbort, { once: true });
	if (until.aborted) onAbort();
	child.stdin.write(encodeFar({ argv, env: variables }));
	// Its end is what tells the other side that nobody waits any more: it stays open while somebody does.
	if (input !== undefined) child.stdin.end(input);
	return promise;
}
