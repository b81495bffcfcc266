import fc from 'fast-check';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { identify, isAlive, parseStat, readStat, readWorld } from '../../../server/state/identity.ts';

const rest = 'S 10 20 30 34816 20 4194304 1 0 0 0 1 2 0 0 20 0 1 0 987654 1 1 1';

test('fields are counted after the last parenthesis, whatever the name holds', () => {
	fc.assert(
		fc.property(fc.string({ maxLength: 15 }), (name) => {
			expect(parseStat(`42 (${name}) ${rest}\n`)).toEqual({
				pid: 42,
				name,
				state: 'S',
				parent: 10,
				group: 20,
				session: 30,
				terminal: 34816,
				foregroundGroup: 20,
				start: '987654',
			});
		}),
		{ examples: [[') R 1 1 1'], ['a b'], ['(sd-pam)'], ['\n']] },
	);
});

test('we are alive', () => {
	expect(isAlive(identify(process.pid))).toBe('alive');
	expect(readStat(process.pid)).toMatchObject({ pid: process.pid, parent: process.ppid });
});

test.each([
	[{ start: '1' }, 'gone'],
	[{ pid: 2 ** 22 + 1 }, 'gone'],
	[{ start: '' }, 'gone'],
	[{ boot: 'before' }, 'rebooted'],
	[{ namespace: 'pid:[1]' }, 'not-comparable'],
	[{ boot: '' }, 'not-comparable'],
])('the same number alone is nobody: %o is %s', (change, liveness) => {
	expect(isAlive({ ...identify(process.pid), ...change })).toBe(liveness);
});

test('without /proc nothing is compared', () => {
	expect(isAlive(identify(process.pid), { boot: '', namespace: '' })).toBe('not-comparable');
	expect(readWorld().boot).toMatch(/^[0-9a-f-]{36}$/);
});

test('a zombie is not alive', async () => {
	// Its parent is stopped before it ends, and cannot take notice of its end.
	const parent = spawn('sh', ['-c', 'cat <&3 >&2 & echo $!; kill -STOP $$; wait'], {
		stdio: ['ignore', 'pipe', 'ignore', 'pipe'],
	});
	onTestFinished(() => void parent.kill('SIGKILL'));
	const [output] = await once(parent.stdout!, 'data');
	const pid = Number(output);
	await expect.poll(() => readStat(parent.pid!)?.state, { timeout: 60_000 }).toBe('T');
	parent.stdio[3]!.destroy();

	await expect.poll(() => readStat(pid)?.state, { timeout: 60_000 }).toBe('Z');

	expect(isAlive(identify(pid))).toBe('gone');
});
