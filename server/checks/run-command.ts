/** Runs the command of a check: without terminal and input, within a time limit, and leaving nothing behind. */
import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { RawObservation } from '../../src/runbook/check/check.ts';
import type { Rendered } from '../../src/runbook/command/render.ts';
import { checkEnvironment } from '../environment.ts';
import { listProcesses } from '../runs/files/processes.ts';
import { explainStartError } from '../runs/files/start-error.ts';

/** A check reads that much of an output, in bytes; of a longer one the end. */
export const maxOutputBytes = 1024 * 1024;

/** What a check's processes carry in their environment, so that those are found too that left its process group. */
const marker = 'DROVER_CHECK';

/** How long the pipes of a program that has ended are read, in ms: what is still in them comes at once, and whoever holds them otherwise was left behind. */
const drainMs = 250;

/**
 * Runs it; its output and its errors are one text, in the order they came. Resolves when it has ended, at the latest when its time is over or `signal` aborts: then all
 * that it started is killed, and its pipes are closed. Never waits for a process that stays behind.
 */
export function runCommand(command: Rendered, cwd: string, signal: AbortSignal, seconds: number): Promise<RawObservation> {
	const [program = '', ...args] = command.argv;
	const id = randomUUID();
	const { promise, resolve } = Promise.withResolvers<RawObservation>();
	if (signal.aborted) return Promise.resolve({ kind: 'nothing', reason: 'aborted' });
	const env = { ...checkEnvironment(), ...command.env, [marker]: id };
	const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
	let output = Buffer.alloc(0);
	let over = false;
	let drain: NodeJS.Timeout | undefined;
	const settle = (found: RawObservation) => {
		if (over) return;
		over = true;
		clearTimeout(limit);
		clearTimeout(drain);
		signal.removeEventListener('abort', onAbort);
		endAll(child, id);
		resolve(found);
	};
	const onAbort = () => settle({ kind: 'nothing', reason: 'aborted' });
	const limit = setTimeout(() => settle({ kind: 'time-limit', seconds: roundSeconds(seconds) }), seconds * 1000);
	signal.addEventListener('abort', onAbort, { once: true });
	const collect = (chunk: Buffer) => (output = Buffer.concat([output, chunk]).subarray(-maxOutputBytes));
	child.stdout.on('data', collect);
	child.stderr.on('data', collect);
	child.on('error', (error) => settle({ kind: 'nothing', reason: reasonOf(error, program, env, cwd) }));
	const onEnd = (code: number | null, killedBy: string | null) => {
		if (code === null) settle({ kind: 'nothing', reason: `${program}: ${killedBy ?? ''}` });
		else settle({ kind: 'output', exit: code, output: output.toString('utf8') });
	};
	child.on('exit', (code, killedBy) => {
		drain = setTimeout(() => afterReading(() => output.length, () => onEnd(code, killedBy)), drainMs);
	});
	child.on('close', onEnd);
	return promise;
}

/** Where this process was busy all that time, what is in the pipes has not been read yet: it is, before the end is told. Bounded, for whoever was left behind may write on. */
function afterReading(length: () => number, done: () => void, turns = 100): void {
	const before = length();
	setImmediate(() => {
		if (turns > 0 && length() !== before) afterReading(length, done, turns - 1);
		else setImmediate(done);
	});
}

/** Why it did not start: the system's own words, but for a command that is nowhere, which it calls forbidden when a folder of the `PATH` may not be searched. */
function reasonOf(error: Error, program: string, env: NodeJS.ProcessEnv, cwd: string): string {
	const { name } = explainStartError(error, program, env['PATH'] ?? '', cwd);
	return name === 'no-command' ? `spawn ${program} ENOENT` : error.message;
}

/** Seconds as they are told: a part of one only where there is no whole one. */
export const roundSeconds = (seconds: number): number => (seconds < 1 ? Math.round(seconds * 10) / 10 : Math.round(seconds));

/** Kills what is left of a check: its process group while its leader is there, whatever carries its mark, and our ends of its pipes. */
function endAll(child: ChildProcess, id: string): void {
	const running = child.pid !== undefined && child.exitCode === null && child.signalCode === null;
	const piped = child.stdout?.destroyed === false || child.stderr?.destroyed === false;
	if (running) kill(-child.pid!);
	if (running || piped) for (const { pid } of listProcesses()) if (isMarked(pid, id)) kill(pid);
	child.stdout?.destroy();
	child.stderr?.destroy();
	child.unref();
}

function isMarked(pid: number, id: string): boolean {
	try {
		return readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0').includes(`${marker}=${id}`);
	} catch {
		return false;
	}
}

function kill(pid: number): void {
	try {
		process.kill(pid, 'SIGKILL');
	} catch {
		// It has ended by itself, or belongs to somebody else: nothing of ours is left to end.
	}
}
