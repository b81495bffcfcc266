import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, lstatSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, onTestFinished, test } from 'vitest';
import { identify } from '../../../server/state/identity.ts';
import { takeLock, type Lock } from '../../../server/state/lock.ts';
import { openStateDirectory, type StateDirectory } from '../../../server/state/state-directory.ts';
import { makeFolder } from '../make-folder.ts';

interface Answer {
	readonly kind: Lock['kind'];
	readonly address?: string;
}

/** Starts another server on the folder, and returns it with what it says. */
async function startServer(path: string, by: string): Promise<{ server: ChildProcess; answer: Answer }> {
	const file = join(import.meta.dirname, 'lock-process.ts');
	const server = spawn(process.execPath, [file, path, by], { stdio: ['ignore', 'pipe', 'inherit'] });
	onTestFinished(() => void server.kill('SIGKILL'));
	const [line] = await once(createInterface(server.stdout), 'line');
	return { server, answer: JSON.parse(line) };
}

function open(path: string): StateDirectory {
	const opening = openStateDirectory(path);
	if (opening.kind !== 'ready') throw opening.error;
	return opening.state;
}

async function take(path: string, by: 'socket' | 'file', waitMs = 30_000): Promise<Lock> {
	const lock = await takeLock(open(path), { by, waitMs });
	onTestFinished(() => {
		if (lock.kind === 'held') lock.close();
	});
	return lock;
}

const newPath = (): string => join(makeFolder(), 'state');

describe.each(['socket', 'file'] as const)('a lock by %s', (by) => {
	test('is given to one of ten servers that start at once; the others learn its address', async () => {
		const path = newPath();

		const started = await Promise.all(Array.from({ length: 10 }, () => startServer(path, by)));

		const answers = started.map(({ answer }) => answer);
		const [winner] = answers.filter(({ kind }) => kind === 'held');
		expect(answers.filter(({ kind }) => kind === 'held')).toHaveLength(1);
		expect(new Set(answers.map(({ address }) => address))).toEqual(new Set([winner?.address]));
	});

	test('of a server that was killed is free at once', async () => {
		const path = newPath();
		const { server } = await startServer(path, by);
		server.kill('SIGKILL');
		await once(server, 'exit');

		expect(await startServer(path, by)).toMatchObject({ answer: { kind: 'held' } });
	});

	test('makes the second wait until the first knows its own address', async () => {
		const path = newPath();
		const first = await take(path, by);

		const second = take(path, by);
		if (first.kind === 'held') first.announce('http://127.0.0.1:4600/');

		expect(await second).toEqual({ kind: 'taken', address: 'http://127.0.0.1:4600/' });
	});

	test('of a server that never says its address is taken all the same', async () => {
		const path = newPath();
		await take(path, by);

		expect(await take(path, by, 50)).toEqual({ kind: 'taken', address: undefined });
	});

	test('can be taken again once it was closed', async () => {
		const path = newPath();
		const first = await take(path, by);
		if (first.kind === 'held') first.close();

		expect(await take(path, by)).toMatchObject({ kind: 'held' });
	});

	test('of one folder does not lock another', async () => {
		await take(newPath(), by);

		expect(await take(newPath(), by)).toMatchObject({ kind: 'held' });
	});
});

test('an address is never taken from whoever listens on the name of the lock', async () => {
	const path = newPath();
	const { dev, ino } = lstatSync(open(path).path, { bigint: true });
	const stranger = createServer((socket) => socket.end('http://evil.example/\n'));
	stranger.listen({ path: `\0drover-${process.geteuid?.()}-${dev}-${ino}` });
	await once(stranger, 'listening');
	onTestFinished(() => void stranger.close());

	expect(await take(path, 'socket')).toEqual({ kind: 'taken', address: undefined });
});

test('a stranger who has the name of the lock and leaves at once is told within a second, without a busy loop', async () => {
	const path = newPath();
	const { dev, ino } = lstatSync(open(path).path, { bigint: true });
	let asked = 0;
	const stranger = createServer((socket) => {
		asked += 1;
		socket.destroy();
	});
	stranger.listen({ path: `\0drover-${process.geteuid?.()}-${dev}-${ino}` });
	await once(stranger, 'listening');
	onTestFinished(() => void stranger.close());

	expect(await take(path, 'socket')).toEqual({ kind: 'taken', address: undefined });
	expect(asked).toBeLessThan(20);
});

test('a link in place of the lock file is refused, its target untouched', async () => {
	const path = newPath();
	const target = join(makeFolder(), 'target');
	open(path);
	symlinkSync(target, join(path, 'lock'));

	await expect(take(path, 'file')).rejects.toThrow('ELOOP');
	expect(existsSync(target)).toBe(false);
});

test('a lock file of a process that is alive, or cannot be compared, is left alone', async () => {
	for (const change of [{}, { namespace: 'another' }]) {
		const path = newPath();
		open(path);
		const text = JSON.stringify({ ...identify(process.pid), ...change });
		writeFileSync(join(path, 'lock'), text);

		expect(await take(path, 'file', 10)).toMatchObject({ kind: 'taken' });
		expect(readFileSync(join(path, 'lock'), 'utf8')).toBe(text);
	}
});

test.each([{ start: '1' }, { boot: 'another' }])(
	'a lock file of a process that is gone is removed: %o',
	async (change) => {
		const path = newPath();
		open(path);
		writeFileSync(join(path, 'lock'), JSON.stringify({ ...identify(process.pid), ...change }));

		expect(await take(path, 'file')).toMatchObject({ kind: 'held' });
	},
);
