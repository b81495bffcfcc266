/** The two designs, behind one face: a terminal kept by processes of its own, and one inside the server. */
import { once } from 'node:events';
import { spawn } from '@lydell/node-pty';
import { createRuns } from '../../server/runs/runs.ts';
import type { StateDirectory } from '../../server/state/state-directory.ts';

/** A program in a terminal, from start to end. */
export interface Session {
	write(text: string): void;
	/** Calls back with each piece of output as a reader gets it. */
	onText(take: (text: string) => void): void;
	/** Resolves when the program has ended and all of its output was handed over. */
	readonly ended: Promise<void>;
	/** The processes that exist beside server and program. */
	pids(): readonly number[];
	end(): Promise<void>;
}

export interface Contestant {
	readonly name: string;
	start(argv: readonly [string, ...string[]]): Session;
	close(): void;
}

/** The plain design: the terminal is the server's, and so is its end. */
export function plainDesign(): Contestant {
	return {
		name: 'plain',
		start([file, ...args]) {
			const pty = spawn(file, args, { encoding: 'utf8' });
			const { promise, resolve } = Promise.withResolvers<void>();
			pty.onExit(() => resolve());
			return {
				write: (text) => pty.write(text),
				onText: (take) => void pty.onData(take),
				ended: promise,
				pids: () => [],
				async end() {
					pty.kill('SIGKILL');
					await promise;
				},
			};
		},
		close() {},
	};
}

/** Drover: supervisor, holder, recording; the reader follows the recording. */
export function droverDesign(state: StateDirectory): Contestant {
	const runs = createRuns({ state, journal: () => {}, graceMs: 1 });
	const request = { session: 'bench', step: 'bench', display: '', definition: '', cwd: '/' };
	let inputs = 0;
	return {
		name: 'drover',
		start(argv) {
			const run = runs.start({ ...request, argv });
			let take = (_: string): void => {};
			const follow = async (): Promise<void> => {
				for await (const event of run.follow(1, new AbortController().signal)) {
					if (event.kind === 'output') take(event.text);
				}
			};
			const ended = follow();
			return {
				write: (text) => void run.input(String((inputs += 1)), Buffer.from(text)),
				onText: (given) => {
					take = given;
				},
				ended,
				pids: () => run.supervisorPids(),
				async end() {
					await run.cancel();
					if (!run.isOver) await once(run, 'change');
					await ended;
				},
			};
		},
		close: () => runs.close(),
	};
}
