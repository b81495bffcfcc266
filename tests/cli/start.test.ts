import { spawn, type ChildProcess } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { stampFile, stampOf } from '../../server/site/stamp.ts';
import { fixtureRoot } from '../server/drover.ts';

const home = mkdtempSync(join(tmpdir(), 'drover-start-'));
const root = join(home, 'project');
const children: ChildProcess[] = [];

beforeAll(() => {
	cpSync(fixtureRoot, root, { recursive: true });
	mkdirSync(join(root, 'dist'));
	writeFileSync(join(root, 'dist', stampFile), stampOf(root));
});
afterEach(() => {
	for (const child of children.splice(0)) child.kill('SIGKILL');
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** Starts Drover; `said` is all that it printed so far. */
function start(...args: string[]) {
	const child = spawn(process.execPath, [join(import.meta.dirname, 'start-process.ts'), root, ...args, '--no-open'], { stdio: ['ignore', 'pipe', 'pipe'] });
	children.push(child);
	let [out, err] = ['', ''];
	const news = new Set<() => void>();
	const add = (kind: 'out' | 'err') => (text: string) => {
		if (kind === 'out') out += text;
		else err += text;
		for (const tell of news) tell();
	};
	child.stdout.setEncoding('utf8').on('data', add('out'));
	child.stderr.setEncoding('utf8').on('data', add('err'));
	const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
	return {
		ended,
		child,
		err: () => err,
		/** Waits for something to be printed. */
		match: (pattern: RegExp) =>
			new Promise<string>((resolve, reject) => {
				const look = () => {
					const found = pattern.exec(out)?.[0];
					if (found !== undefined) resolve(found);
				};
				news.add(look);
				look();
				void ended.then((code) => reject(new Error(`ended with ${code} before it said ${pattern}: ${out}${err}`)));
			}),
	};
}

const address = /http:\/\/127\.0\.0\.1:\d+\/(?=#code=\S+)/;

test('a server prints its address with a code; a second one prints that address and exits 3; SIGTERM ends it with exit code 0', async () => {
	const stateDir = join(home, 'state');
	const first = start('start', '--port', '0', '--state-dir', stateDir);
	const at = await first.match(address);

	const second = start('--port', '0', '--state-dir', stateDir);

	expect(await second.ended).toBe(3);
	expect(second.err()).toContain(at);
	first.child.kill('SIGTERM');
	expect(await first.ended).toBe(0);
});

test('a port that is asked for and taken ends it with exit code 2 and a sentence', async () => {
	const other = createServer().listen(0, '127.0.0.1');
	await new Promise((resolve) => other.once('listening', resolve));
	const taken = other.address();
	const port = typeof taken === 'object' && taken ? taken.port : 0;

	const server = start('start', '--port', String(port), '--state-dir', join(home, 'state-2'));

	expect(await server.ended).toBe(2);
	expect(server.err()).toContain(`Cannot listen on port ${port}`);
	await new Promise((resolve) => other.close(resolve));
});

test.each([['--prot', '1'], ['start', 'now']])('%s %s is a usage mistake', async (...args) => {
	const server = start(...args);

	expect(await server.ended).toBe(2);
	expect(server.err().trim().split('\n')).toHaveLength(1);
});
