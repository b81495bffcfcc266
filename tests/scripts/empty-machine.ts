/** A bare root in namespaces of its own: its processes, its network of loopback alone. Only root can make one. */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';

export interface EmptyMachine {
	readonly root: string;
	/** Words before a program of the outer machine that puts it into the inner network. */
	readonly network: readonly string[];
	/** Runs a program inside to its end and returns what it prints. @throws when it fails */
	run(...command: readonly string[]): string;
	/** Starts a program inside. */
	start(command: readonly string[], env?: Readonly<Record<string, string>>): ChildProcess;
	/** Ends a program that was started inside, without a word. */
	kill(started: ChildProcess): Promise<void>;
	close(): Promise<void>;
}

/** The first process inside keeps what has lost its parent from staying a zombie. */
const first = `mount -t proc proc "$1/proc"; mount --rbind /dev "$1/dev"; ip link set lo up; sleep infinity & echo ready; wait`;

export async function startEmptyMachine(root: string): Promise<EmptyMachine> {
	const keeper = spawn('unshare', ['--net', '--mount', '--pid', '--fork', '--kill-child=SIGKILL', 'sh', '-ec', first, 'sh', root], { stdio: ['ignore', 'pipe', 'inherit'] });
	for await (const line of createInterface({ input: keeper.stdout })) if (line === 'ready') break;
	const pid = childOf(keeper);
	const enter = ['--target', `${pid}`, '--net', '--mount', '--pid', '--', 'chroot', root, 'env', '-i', 'PATH=/usr/local/bin:/usr/bin:/bin', 'HOME=/root'];
	return {
		root,
		network: ['nsenter', `--net=/proc/${pid}/ns/net`],
		run: (...command) => execFileSync('nsenter', [...enter, ...command], { encoding: 'utf8' }),
		start: (command, env = {}) => spawn('nsenter', [...enter, ...Object.entries(env).map(([name, value]) => `${name}=${value}`), ...command], { stdio: ['ignore', 'pipe', 'inherit'] }),
		kill: async (started) => {
			const ended = once(started, 'exit');
			process.kill(childOf(started), 'SIGKILL');
			await ended;
		},
		close: async () => {
			const ended = once(keeper, 'exit');
			keeper.kill('SIGKILL');
			await ended;
		},
	};
}

/** The process that another one has forked and waits for. */
function childOf({ pid }: ChildProcess): number {
	return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ')[0]);
}

/** Writes a program into a root. */
export function writeProgram(root: string, path: string, text: string): void {
	mkdirSync(dirname(join(root, path)), { recursive: true });
	writeFileSync(join(root, path), text);
	chmodSync(join(root, path), 0o755);
}
