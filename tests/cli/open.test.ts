/** `drover open`, for a Drover whose terminal is not at hand. */
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseAddress } from '../../attack/address.ts';
import { signIn } from '../../attack/suite.ts';
import { makePlace } from './open-drover.ts';

test('"drover open" prints a new address of a Drover without a terminal, again after a restart; each code works once', async () => {
	const place = makePlace();
	const first = await place.start();
	const one = await place.ask('--print');
	first.server.kill('SIGKILL');
	await once(first.server, 'exit');
	const killed = await place.ask();
	const second = await place.start();
	const two = await place.ask();

	expect([one.code, one.out.startsWith(`${first.origin}/#code=`)]).toEqual([0, true]);
	expect([killed.code, killed.out]).toEqual([1, '']);
	expect(killed.err).toContain(place.stateDir);
	expect([two.code, two.out.startsWith(`${second.origin}/#code=`)]).toEqual([0, true]);
	const { code, ...at } = parseAddress(two.out.trim());
	expect(await signIn(at, code)).toMatch(/^[\w-]{43}$/);
	await expect(signIn(at, code)).rejects.toThrow('401');
	second.server.kill('SIGTERM');
	expect((await once(second.server, 'exit'))[0]).toBe(0);
	expect(readdirSync(place.stateDir).filter((name) => /^open-|^control/.test(name))).toEqual([]);
});

test('where nothing runs, "drover open" says so, and changes nothing', async () => {
	const place = makePlace();
	expect((await place.ask()).code).toBe(1);
	expect(existsSync(place.stateDir)).toBe(false);
	mkdirSync(place.stateDir, { mode: 0o755 });
	chmodSync(place.stateDir, 0o755);
	expect((await place.ask()).err).toContain('0755');
});

test('a state directory with a path too long for a socket is served all the same', async () => {
	const place = makePlace();
	place.stateDir = join(place.home, 'x'.repeat(100), 'state');
	await place.start();

	expect((await place.ask('--print')).out).toMatch(/#code=/);
});
