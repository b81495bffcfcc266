/** A Drover to be attacked: a process of its own with a small site, its state, and what can be seen of it from outside. */
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { signIn } from '../../attack/suite.ts';
import { parseAddress } from '../../attack/address.ts';
import type { Target } from '../../attack/target.ts';

export const testContent = join(import.meta.dirname, '..', 'e2e', 'content');

export interface TargetServer {
	readonly pid: number;
	readonly port: number;
	readonly home: string;
	readonly stateDir: string;
	/** Where commands run; mode 0700. */
	readonly folder: string;
	/** What the server has written on its standard streams. */
	output(): string;
	/** An address with a fresh code. */
	address(): Promise<string>;
	/** Signs in, with evidence of processes and files. */
	target(): Promise<Target>;
	kill(): Promise<void>;
	/** Ends the server, unless it is ended, and removes all that it left. */
	close(): Promise<void>;
}

export interface TargetServerOptions {
	readonly home?: string;
	readonly port?: number;
}

export async function startTargetServer({ home = makeHome(), port = 0 }: TargetServerOptions = {}): Promise<TargetServer> {
	const [site, folder, stateDir] = [join(home, 'site'), join(home, 'field'), join(home, 'state')];
	const script = join(import.meta.dirname, 'server-process.ts');
	const server = spawn(process.execPath, [script, testContent, site, folder, stateDir, String(port)], { stdio: ['pipe', 'pipe', 'pipe'] });
	const { lines, output } = read(server);
	const { port: actual } = (await lines.next()) as { port: number };
	const address = async () => {
		server.stdin.write('\n');
		return ((await lines.next()) as { address: string }).address;
	};
	const kill = async () => {
		if (server.exitCode !== null || server.signalCode !== null) return;
		server.kill('SIGKILL');
		await once(server, 'exit');
	};
	return {
		pid: server.pid ?? 0,
		port: actual,
		home,
		stateDir,
		folder,
		output,
		address,
		target: async () => {
			const { code, ...place } = parseAddress(await address());
			return { ...place, token: await signIn(place, code), evidence: () => Promise.resolve(evidenceOf(server.pid ?? 0, stateDir)) };
		},
		kill,
		close: async () => {
			await kill();
			rmSync(home, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
		},
	};
}

export function makeHome(): string {
	const home = mkdtempSync(join(tmpdir(), 'drover-attack-'));
	for (const folder of ['site/en', 'site/zh', 'field']) mkdirSync(join(home, folder), { recursive: true });
	for (const page of ['index.html', '404.html', 'en/index.html', 'zh/index.html']) writeFileSync(join(home, 'site', page), '<!doctype html><title>Drover</title>');
	writeFileSync(join(home, 'site/mark.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
	return home;
}

/** Each JSON line that the server prints, once; and all that it printed. */
function read(server: ChildProcessByStdio<Writable, Readable, Readable>) {
	const waiting: unknown[] = [];
	const wanted: ((line: unknown) => void)[] = [];
	let printed = '';
	server.stderr.on('data', (chunk: Buffer) => (printed += chunk.toString('utf8')));
	createInterface({ input: server.stdout }).on('line', (line) => {
		printed += `${line}\n`;
		const give = wanted.shift();
		if (give) give(JSON.parse(line));
		else waiting.push(JSON.parse(line));
	});
	const next = () => (waiting.length > 0 ? Promise.resolve(waiting.shift()) : new Promise((resolve, reject) => {
		wanted.push(resolve);
		server.once('exit', () => reject(new Error(`The server ended: ${printed}`)));
	}));
	return { lines: { next }, output: () => printed };
}

/** The server's children, and each file of the state directory with its length and mode. */
function evidenceOf(pid: number, stateDir: string): string {
	const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
	// Compiled code of the keepers is a cache: nothing that a request asked for.
	const files = readdirSync(stateDir, { recursive: true, withFileTypes: true })
		.map(({ parentPath, name }) => join(parentPath, name))
		.filter((path) => !path.startsWith(join(stateDir, 'cache')))
		.map((path) => [path.slice(stateDir.length), lstatSync(path).size, lstatSync(path).mode].join(' '));
	return JSON.stringify([children, files.sort()]);
}
