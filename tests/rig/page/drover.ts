/** Drover as `npm start` starts it, beside a rig's engine: a process of its own, which can be killed and started again. */
import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../../..');

export interface DroverOptions {
	readonly env: NodeJS.ProcessEnv;
	/** Where relative paths of values start. */
	readonly folder: string;
	readonly stateDir: string;
	/** Any free port unless said. */
	readonly port?: number;
}

export interface Drover {
	/** Where the page is, with a fresh one-time code. */
	readonly address: string;
	readonly port: number;
	/** Ends it as a crash would: without a word. Resolves when it is gone. */
	kill(): Promise<void>;
	close(): Promise<void>;
}

/** @throws Error when it ends before it is ready. */
export async function startDrover({ env, folder, stateDir, port = 0 }: DroverOptions): Promise<Drover> {
	const args = [join(root, 'bin/drover.js'), 'start', '--no-open', '--port', `${port}`, '--state-dir', stateDir];
	const child = spawn(process.execPath, args, { cwd: folder, env: { ...process.env, ...env, LANG: 'en_US.UTF-8', INIT_CWD: folder }, stdio: ['ignore', 'pipe', 'inherit'] });
	for await (const line of createInterface({ input: child.stdout })) {
		const [address, given] = /http:\/\/127\.0\.0\.1:(\d+)\/#code=\S+/.exec(line) ?? [];
		if (address === undefined) continue;
		child.stdout.resume();
		return { address, port: Number(given), kill: () => end(child, 'SIGKILL'), close: () => end(child, 'SIGTERM') };
	}
	throw new Error('Drover ended before it was ready.');
}

function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
	if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
	const { promise, resolve } = Promise.withResolvers<void>();
	child.once('exit', () => resolve());
	child.kill(signal);
	return promise;
}
