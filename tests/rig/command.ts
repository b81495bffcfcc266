/** Programs of the machine: run to their end, or kept running until they are stopped. */
import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';

export interface Ended {
	readonly code: number;
	readonly stdout: string;
	readonly stderr: string;
}

export interface RunOptions {
	readonly env?: Readonly<Record<string, string | undefined>>;
	readonly cwd?: string;
	/** What the program reads on its standard input. */
	readonly input?: string | Buffer;
}

/** Debian keeps its network tools in folders that the `PATH` of a plain user lacks. */
export const searchPath = `/usr/sbin:/sbin:${process.env['PATH'] ?? '/usr/bin:/bin'}`;

function environment(env: RunOptions['env']): NodeJS.ProcessEnv {
	return { ...process.env, ...env, PATH: searchPath };
}

/** Runs a program to its end, whatever its exit code. @throws Error when it cannot be started. */
export function attempt(program: string, args: readonly string[], options: RunOptions = {}): Promise<Ended> {
	const { promise, resolve, reject } = Promise.withResolvers<Ended>();
	const child = spawn(program, args, { cwd: options.cwd, env: environment(options.env), stdio: 'pipe' });
	const [stdout, stderr]: [Buffer[], Buffer[]] = [[], []];
	child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
	child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
	child.on('error', reject);
	child.on('close', (code) =>
		resolve({ code: code ?? -1, stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString() }),
	);
	// A program that does not read its input to the end is no failure of ours.
	child.stdin.on('error', () => undefined);
	child.stdin.end(options.input ?? '');
	return promise;
}

/** Returns what a program prints, without the last newline. @throws Error with all it said when its exit code is not 0. */
export async function run(program: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
	const { code, stdout, stderr } = await attempt(program, args, options);
	if (code !== 0) throw new Error(`"${program} ${args.join(' ')}" ended with ${code}:\n${stderr}${stdout}`);
	return stdout.trimEnd();
}

/** Starts a program that keeps running. It is in a process group of its own: Ctrl-C at the tests reaches them, and they stop it in order. */
export function start(program: string, args: readonly string[], options: SpawnOptions): ChildProcess {
	const child = spawn(program, args, { ...options, env: environment(options.env), detached: true });
	child.on('error', () => undefined);
	return child;
}
