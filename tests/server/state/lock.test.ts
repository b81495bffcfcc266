import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, lstatSync, readFileSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, onTestFinished, test } from 'vitest';
import { identify } from '../../../server/state/identity.ts';
import { takeLock, type Lock, type LockOptions } from '../../../server/state/lock.ts';
import { openStateDirectory, type StateDirectory } from '../../../server/state/state-directory.ts';
import { makeFolder } from '../make-folder.ts';
import { otherNetwork } from '../namespace.ts';

interface Answer {
	readonly kind: Lock['kind'];
	readonly address?: string;
}

/** A process that tries to take the lock whenever it is asked. */
interface Contender {
	readonly process: ChildProcess;
	take(): Promise<Answer>;
	/** By SIGKILL: it has no time to give anything back. */
	kill(): Promise<void>;
}

async function makeContender(path: string, ...before: readonly string[]): Promise<Contender> {
	const [file = '', ...args] = [...before, process.execPath, join(import.meta.dirname, 'lock-process.ts'), path];
	const child = spawn(file, args, { stdio: ['pipe', 'pipe', 'inherit'] });
	onTestFinished(() => void child.kill('SIGKILL'));
	await once(child, 'spawn');
	const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
	const exit = once(child, 'exit');
	return {
		process: child,
		take: async () => {
			child.stdin.write('take\n');
			const { value } = await lines.next();
			return JSON.parse(String(value)) as Answer;
		},
		kill: async () => {
			child.kill('SIGKILL');
			await exit;
		},
	};
}

const makeContenders = (path: string, count: number): Promise<Contender[]> => Promise.all(Array.from({ length: count }, () => makeContender(path)));

function open(path: string): StateDirectory {
	const opening = openStateDirectory(path);
	if (opening.kind !== 'ready') throw opening.error;
	return opening.state;
}

async function take(path: string, options: LockOptions = {}): Promise<Lock> {
	const lock = await takeLock(open(path), { waitMs: 30_000, ...options });
	onTestFinished(() => {
		if (lock.kind === 'held') lock.close();
	});
	return lock;
}

const newPath = (): string => join(makeFolder(), 'state');
const noteOf = (path: string): string => join(path, 'server.json');
const readNote = (path: string): Record<string, unknown> => JSON.parse(readFileSync(noteOf(path), 'utf8')) as Record<string, unknown>;

/** What a server of another machine leaves in a folder of a file server when it is killed, or when this machine does not hear its lock. */
async function leaveNote(path: string, change: Record<string, unknown>): Promise<void> {
	const lock = await take(path);
	if (lock.kind === 'held') lock.announce('http://127.0.0.1:4600/');
	const note = readNote(path);
	if (lock.kind === 'held') lock.close();
	writeFileSync(noteOf(path), JSON.stringify({ ...note, ...change }));
}

const elsewhere = { boot: 'another', machine: { name: 'node2', id: 'another' } };

describe('a lock', () => {
	test('is given to one of ten servers that start at once; the others learn its address', async () => {
		const contenders = await makeContenders(newPath(), 10);

		const answers = await Promise.all(contenders.map((one) => one.take()));

		const [winner] = answers.filter(({ kind }) => kind === 'held');
		expect(answers.filter(({ kind }) => kind === 'held')).toHaveLength(1);
		expect(new Set(answers.map(({ address }) => address))).toEqual(new Set([winner?.address]));
	});

	test('of a server that was killed goes to exactly one of all that start at once, round after round', async () => {
		let contenders = await makeContenders(newPath(), 12);

		while (contenders.length > 1) {
			const answers = await Promise.all(contenders.map(async (one) => ({ one, ...(await one.take()) })));
			const [winner, ...more] = answers.filter(({ kind }) => kind === 'held');
			expect(more).toEqual([]);
			expect(new Set(answers.map(({ address }) => address))).toEqual(new Set([winner?.address]));
			await winner?.one.kill();
			contenders = contenders.filter((one) => one !== winner?.one);
		}

		expect(await contenders[0]?.take()).toMatchObject({ kind: 'held' });
	});

	test('holds in every network namespace that sees the folder, and is free there once its owner was killed', async (context) => {
		const path = newPath();
		const [here, there] = [await makeContender(path), await makeContender(path, ...otherNetwork(context))];
		const held = await here.take();

		const refused = await there.take();
		await here.kill();
		const taken = await there.take();

		expect([held.kind, refused.kind, taken.kind]).toEqual(['held', 'taken', 'held']);
		expect(refused.address).toBe(held.address);
	});

	test('of a server that was stopped stays its own, and is its own when it goes on', async () => {
		const [first, other] = (await makeContenders(newPath(), 2)) as [Contender, Contender];
		await first.take();
		first.process.kill('SIGSTOP');

		const stopped = await other.take();
		first.process.kill('SIGCONT');
		const goingOn = await other.take();

		expect([stopped.kind, goingOn.kind]).toEqual(['taken', 'taken']);
	});

	test('makes the second wait until the first knows its own address', async () => {
		const path = newPath();
		const first = await take(path);

		const second = take(path);
		if (first.kind === 'held') first.announce('http://127.0.0.1:4600/');

		expect(await second).toMatchObject({ kind: 'taken', holder: { address: 'http://127.0.0.1:4600/' } });
	});

	test('goes to the one that waits for an address when the first is killed before it has one', async () => {
		const path = newPath();
		const first = await take(path);

		const second = take(path);
		if (first.kind === 'held') first.close();

		expect(await second).toMatchObject({ kind: 'held' });
	});

	test('of a server that never says its address is taken all the same', async () => {
		const path = newPath();
		await take(path);

		const second = await take(path, { waitMs: 50 });

		expect(second.kind).toBe('taken');
		expect(second.kind === 'taken' && second.holder?.address).toBe(undefined);
	});

	test('can be taken again once it was closed, and leaves no note of its owner', async () => {
		const path = newPath();
		const first = await take(path);
		if (first.kind === 'held') first.close();

		expect(existsSync(noteOf(path))).toBe(false);
		expect(await take(path)).toMatchObject({ kind: 'held' });
	});

	test('of one folder does not lock another', async () => {
		await take(newPath());

		expect(await take(newPath())).toMatchObject({ kind: 'held' });
	});
});

test('nobody who listens on a name can keep a server out or send its reader elsewhere', async () => {
	const path = newPath();
	const { dev, ino } = lstatSync(open(path).path, { bigint: true });
	const stranger = createServer((socket) => socket.end('http://evil.example/\n'));
	stranger.listen({ path: `\0drover-${process.geteuid?.()}-${dev}-${ino}` });
	await once(stranger, 'listening');
	onTestFinished(() => void stranger.close());

	expect(await take(path)).toMatchObject({ kind: 'held' });
});

test.each(['lock.db', 'server.json'])('a link in place of %s is not followed, its target untouched', async (name) => {
	const path = newPath();
	const target = join(makeFolder(), 'target');
	open(path);
	symlinkSync(target, join(path, name));

	const took = await take(path).then((lock) => lock.kind, (error: unknown) => String(error));

	expect(took).toMatch(name === 'lock.db' ? /state\.symlink/ : /^held$/);
	expect(existsSync(target)).toBe(false);
});

test('its files are private whatever the umask', async () => {
	const path = newPath();
	const before = process.umask(0);
	onTestFinished(() => void process.umask(before));

	await take(path);

	for (const name of ['lock.db', 'server.json']) expect(statSync(join(path, name)).mode & 0o777).toBe(0o600);
});

test('what another machine says of itself is believed: it is named, with the age of its sign of life, and nothing is changed', async () => {
	const path = newPath();
	await leaveNote(path, elsewhere);
	const hourAgo = new Date(Date.now() - 3_600_000);
	utimesSync(noteOf(path), hourAgo, hourAgo);
	const before = readFileSync(noteOf(path), 'utf8');

	const lock = await take(path);

	expect(lock).toMatchObject({ kind: 'elsewhere', holder: { machine: { name: 'node2' } }, file: noteOf(path) });
	expect(lock.kind === 'elsewhere' && Math.round(lock.silentMs / 60_000)).toBe(60);
	expect(readFileSync(noteOf(path), 'utf8')).toBe(before);
});

test('once the note of the other machine is removed, the lock is free', async () => {
	const path = newPath();
	await leaveNote(path, elsewhere);
	rmSync(noteOf(path));

	expect(await take(path)).toMatchObject({ kind: 'held' });
});

test.each([{ start: '1' }, { boot: 'another' }, { pid: identify(1).pid }, { namespace: 'another', network: 'another' }])('a server of this machine that is gone needs no hand: %o', async (change) => {
	const path = newPath();
	await leaveNote(path, change);

	expect(await take(path)).toMatchObject({ kind: 'held' });
});

test.each(['', '{', '{"address":"http://127.0.0.1:4600/"}'])('a note that says nothing of a machine is no reason to stay away: %j', async (text) => {
	const path = newPath();
	open(path);
	writeFileSync(noteOf(path), text);

	expect(await take(path)).toMatchObject({ kind: 'held' });
});

test('an owner renews its sign of life', async () => {
	const path = newPath();
	await take(path, { beatMs: 5 });
	const longAgo = new Date(0);
	utimesSync(noteOf(path), longAgo, longAgo);

	await expect.poll(() => statSync(noteOf(path)).mtimeMs).toBeGreaterThan(0);
});

test.each([
	['is removed', (file: string) => rmSync(file)],
	['is another one', (file: string) => writeFileSync(file, JSON.stringify({ ...(JSON.parse(readFileSync(file, 'utf8')) as object), id: 'another', ...elsewhere }))],
])('an owner whose note %s knows that it lost the lock, and leaves the other its note', async (_, change) => {
	const path = newPath();
	const lock = await take(path, { beatMs: 5 });
	if (lock.kind !== 'held') throw new TypeError('not held');
	change(noteOf(path));
	const [there, text] = [existsSync(noteOf(path)), existsSync(noteOf(path)) && readFileSync(noteOf(path), 'utf8')];

	await lock.lost;
	lock.close();

	expect([existsSync(noteOf(path)), there && readFileSync(noteOf(path), 'utf8')]).toEqual([there, text]);
});
