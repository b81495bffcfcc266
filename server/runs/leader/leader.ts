/**
 * The session leader of a run's terminal: it starts the program, waits for it and writes down how it ended. It outlives the program,
 * because a terminal whose leader ends is hung up, and it outlives the supervisor, because somebody must see the end.
 *
 * Its output is the terminal: it prints nothing. Arguments: the run's folder, the run's socket.
 */
import { spawn } from 'node:child_process';
import { existsSync, fstatSync } from 'node:fs';
import { connect } from 'node:net';
import { constants } from 'node:os';
import { basename, join } from 'node:path';
import { writeDurably } from '../../state/durable.ts';
import { formatMoment, systemClock } from '../../state/clock.ts';
import { identify } from '../../state/identity.ts';
import { onLines, send, type ToLeader } from '../files/messages.ts';
import { listProcesses, nameTerminal } from '../files/processes.ts';
import type { Exit } from '../files/run-files.ts';
import type { FarEnd } from './far.ts';
import { explainStartError } from '../files/start-error.ts';

const [, , folder = '', socketPath = ''] = process.argv;
const retryMs = 1_000;
const lingerMs = 2_000;

/** Signals that the kernel does not let us catch, that Node needs itself, or that mean we are broken. */
const uncaught = 'KILL STOP CHLD PIPE PROF ILL SEGV BUS FPE ABRT IOT TRAP SYS'
	.split(' ')
	.map((name) => `SIG${name}`);

// Whatever is meant for the program's group reaches us too, and must not end us. What is caught is the default again in the program.
for (const signal of Object.keys(constants.signals)) {
	if (!uncaught.includes(signal)) process.on(signal, () => {});
}
process.on('uncaughtException', () => process.exit(1));

const socket = connect(socketPath);
let started = false;
let ended = false;
let written = false;
let released = false;
let orphaned = false;

function leave(): void {
	if (written && released) process.exit(0);
	if (orphaned && !started) process.exit(1);
	if (orphaned && written) linger();
}

/** Our end would hang up whoever is left in the session; without a supervisor nobody else can tell when they are gone. */
function linger(): void {
	const alone = listProcesses().every(({ session, pid }) => session !== process.pid || pid === process.pid);
	if (alone) process.exit(0);
	setTimeout(linger, lingerMs);
}

/** A full disk may have room again. Of a folder that was removed nobody will ever ask. */
function writeExit(exit: Exit): void {
	try {
		if (existsSync(folder)) writeDurably(join(folder, 'exit.json'), `${JSON.stringify(exit)}\n`);
		written = true;
		leave();
	} catch {
		setTimeout(writeExit, retryMs, exit);
	}
}

function finish(result: Exit['result'], startedUp: number): void {
	if (ended) return;
	ended = true;
	const exit: Exit = {
		result,
		at: formatMoment(systemClock.now()),
		elapsedMs: Math.round(systemClock.up() - startedUp),
	};
	writeExit(exit);
	send(socket, { type: 'exit', exit });
}

/** On another machine: who can say there how it ended is asked for it. The code for it is loaded by these runs alone. */
async function startFar({ env, far }: ToLeader & { type: 'start' }): Promise<void> {
	const { runFar } = await import('./far.ts');
	const end: FarEnd = await runFar(basename(folder), far!, env, {
		started: (startedAt) => send(socket, { type: 'spawned', program: identify(process.pid), startedAt }),
		unseen: (since = '') => send(socket, { type: 'unseen', since }),
	});
	ended = true;
	writeExit(end);
	send(socket, { type: 'exit', exit: end });
}

function start(message: ToLeader & { type: 'start' }): void {
	if (started) return;
	started = true;
	if (message.far) return void startFar(message);
	const { argv: [file = '', ...args], env, cwd, umask } = message;
	const startedUp = systemClock.up();
	const startedAt = formatMoment(systemClock.now());
	const fail = (error: unknown): void =>
		finish({ error: explainStartError(error, file, env.PATH ?? '', cwd) }, startedUp);
	const ownUmask = process.umask(umask);
	try {
		const program = spawn(file, args, { stdio: 'inherit', env: { ...env }, cwd });
		if (program.pid !== undefined)
			send(socket, { type: 'spawned', program: identify(program.pid), startedAt });
		program.on('error', fail);
		program.on('exit', (code, signal) => finish(signal ? { signal } : { code: code ?? 0 }, startedUp));
	} catch (error) {
		fail(error);
	} finally {
		process.umask(ownUmask);
	}
}

onLines(socket, (line) => {
	const message: ToLeader = JSON.parse(line);
	if (message.type === 'start') start(message);
	if (message.type !== 'release') return;
	released = true;
	leave();
});
socket.on('error', () => {});
socket.on('close', () => {
	orphaned = true;
	leave();
});
socket.on('connect', () =>
	send(socket, { type: 'holder', who: identify(process.pid), terminal: nameTerminal(fstatSync(0)) }),
);
