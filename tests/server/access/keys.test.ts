import { createHash, createHmac, randomBytes } from 'node:crypto';
import { lstatSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createKeys, type Keys } from '../../../server/access/keys.ts';
import { tokenFile } from '../../../server/access/token-file.ts';
import { openStateDirectory } from '../../../server/state/state-directory.ts';
import { makeFolder } from '../make-folder.ts';

const minute = 60_000;
const day = 24 * 60 * minute;

const hashOf = (token: string) => createHash('sha256').update(token).digest('hex');

/** What a page does: makes a token and has it made good. Returns undefined when the code is refused. */
function redeem(keys: Keys, code: string): string | undefined {
	const token = randomBytes(32).toString('base64url');
	return keys.redeem(code, hashOf(token)) ? token : undefined;
}

function openState() {
	const opening = openStateDirectory(join(makeFolder(), 'state'));
	if (opening.kind !== 'ready') throw opening.error;
	return opening.state;
}

test('a code gives a token once', () => {
	const keys = createKeys(() => 0);
	const code = keys.makeCode();

	const token = redeem(keys, code) ?? '';

	expect(keys.knows(token)).toBe(true);
	expect(redeem(keys, code)).toBeUndefined();
	expect(keys.knows(code)).toBe(false);
});

test('a code holds for ten minutes, and not a moment longer', () => {
	let now = 0;
	const keys = createKeys(() => now);
	const [early, late] = [keys.makeCode(), keys.makeCode()];

	now = 10 * minute - 1;
	expect(redeem(keys, early)).toBeDefined();
	now = 10 * minute;
	expect(redeem(keys, late)).toBeUndefined();
});

test('a token holds for a day, also for the server that comes after', () => {
	let now = 0;
	const state = openState();
	const keys = createKeys(() => now, tokenFile(state));
	const token = redeem(keys, keys.makeCode()) ?? '';

	now = day - 1;
	expect([keys.knows(token), createKeys(() => now, tokenFile(state)).knows(token)]).toEqual([true, true]);
	now = day;
	expect([keys.knows(token), createKeys(() => now, tokenFile(state)).knows(token)]).toEqual([false, false]);
});

test('the disk holds hashes only, for us only', () => {
	const state = openState();
	const keys = createKeys(() => 0, tokenFile(state));
	const code = keys.makeCode();
	const token = redeem(keys, code) ?? '';
	const path = join(state.path, 'tokens.json');

	expect(lstatSync(path).mode & 0o777).toBe(0o600);
	expect(readFileSync(path, 'utf8')).toMatch(/^\{"port":0,"tokens":\[\{"hash":"[0-9a-f]{64}","expiresAt":86400000\}\]\}$/);
	expect(readFileSync(path, 'utf8')).not.toContain(token);
	expect(readFileSync(path, 'utf8')).not.toContain(code);
});

test('a link in place of the file lets nobody in, and its target is not touched', () => {
	const state = openState();
	const token = 'A'.repeat(43);
	const target = join(makeFolder(), 'target');
	const forged = JSON.stringify({ port: 0, tokens: [{ hash: createHash('sha256').update(token).digest('hex'), expiresAt: 1e15 }] });
	writeFileSync(target, forged);
	symlinkSync(target, join(state.path, 'tokens.json'));

	const keys = createKeys(() => 0, tokenFile(state));
	redeem(keys, keys.makeCode());

	expect(keys.knows(token)).toBe(false);
	expect(readFileSync(target, 'utf8')).toBe(forged);
	expect(lstatSync(join(state.path, 'tokens.json')).isFile()).toBe(true);
	expect(readFileSync(join(state.path, 'tokens.json'), 'utf8')).not.toContain('1000000000000000');
});

test.each(['', '[]]', '{"port":1}', '{"port":0,"tokens":[{"hash":"x","expiresAt":1e15}]}', '[null]', '\0'])('a file that holds %j lets nobody in, and a new code works', (text) => {
	const state = openState();
	writeFileSync(join(state.path, 'tokens.json'), text);

	const keys = createKeys(() => 0, tokenFile(state));

	expect(keys.knows('')).toBe(false);
	expect(keys.knows(redeem(keys, keys.makeCode()) ?? '')).toBe(true);
});

test('a folder in place of the file keeps nobody from a new code', () => {
	const state = openState();
	mkdirSync(join(state.path, 'tokens.json'));

	const keys = createKeys(() => 0, tokenFile(state));

	expect(keys.knows(redeem(keys, keys.makeCode()) ?? '')).toBe(true);
});

test('of many tokens the latest stay', () => {
	const keys = createKeys(() => 0);
	const tokens = Array.from({ length: 70 }, () => redeem(keys, keys.makeCode()) ?? '');

	expect(tokens.filter((token) => keys.knows(token))).toEqual(tokens.slice(-64));
});

test('a token holds at the port that it was given at, and is void for good once the server has had another', () => {
	const state = openState();
	const open = (port: number) => {
		const keys = createKeys(() => 0, tokenFile(state));
		keys.bindTo(port);
		return keys;
	};
	const first = open(4600);
	const token = redeem(first, first.makeCode()) ?? '';

	expect(open(4600).knows(token)).toBe(true);
	expect(open(4601).knows(token)).toBe(false);
	expect(open(4600).knows(token)).toBe(false);
});

test('the file of an earlier version, which noted no port, lets nobody in', () => {
	const state = openState();
	const token = 'A'.repeat(43);
	writeFileSync(join(state.path, 'tokens.json'), JSON.stringify([{ hash: createHash('sha256').update(token).digest('hex'), expiresAt: 1e15 }]));

	expect(createKeys(() => 0, tokenFile(state)).knows(token)).toBe(false);
});

describe('a code that comes a second time', () => {
	test('is told with its token, which goes on when it was used', () => {
		let now = 0;
		const keys = createKeys(() => now);
		const told: unknown[] = [];
		keys.events.on('again', (one) => told.push(one));
		const code = keys.makeCode();
		const token = redeem(keys, code) ?? '';
		keys.knows(token);

		now = minute;
		expect(redeem(keys, code)).toBeUndefined();

		expect(told).toEqual([{ token: createHash('sha256').update(token).digest('hex'), voided: false }]);
		expect([keys.knows(token), keys.alarmOf(token), keys.alarmOf('other')]).toEqual([true, minute, undefined]);
	});

	test('voids a token that was never used, and that token alone', () => {
		const keys = createKeys(() => 0);
		const told: boolean[] = [];
		keys.events.on('again', ({ voided }) => told.push(voided));
		const other = redeem(keys, keys.makeCode()) ?? '';
		const code = keys.makeCode();
		const token = redeem(keys, code) ?? '';

		redeem(keys, code);

		expect([told, keys.knows(token), keys.knows(other)]).toEqual([[true], false, true]);
	});

	test('is the same page again when it brings the same token: it did not hear the answer', () => {
		const keys = createKeys(() => 0);
		keys.events.on('again', () => expect.unreachable());
		const code = keys.makeCode();

		expect([1, 2, 3].map(() => keys.redeem(code, hashOf('token')))).toEqual([true, true, true]);

		expect(keys.knows('token')).toBe(true);
		expect(keys.redeem(code, hashOf('token'))).toBe(true);
		keys.voidAll();
		expect(keys.redeem(code, hashOf('token'))).toBe(false);
	});

	test('is nothing to be told when it is no code of ours, or its token is void already', () => {
		const keys = createKeys(() => 0);
		keys.events.on('again', () => expect.unreachable());
		const code = keys.makeCode();
		keys.knows(redeem(keys, code) ?? '');
		keys.voidAll();

		expect([redeem(keys, code), redeem(keys, 'x'), redeem(keys, '')]).toEqual([undefined, undefined, undefined]);
	});
});

describe('what a server proves and gives', () => {
	const bytes = (text: string | Buffer) => createHash('sha256').update(text).digest();
	const proofOf = (token: string, port: number, nonce: string) => createHmac('sha256', bytes(token)).update(`drover.proof.v1\n${port}\n${nonce}`).digest('hex');
	const idOf = (token: string) => bytes(bytes(token)).toString('hex');

	test('a proof is made for a token that is known, of the nonce and the server\'s own port; asking for it is no use of the token', () => {
		let now = 0;
		const keys = createKeys(() => now);
		keys.bindTo(4601);
		const code = keys.makeCode();
		const token = redeem(keys, code) ?? '';

		expect(keys.prove(idOf(token), 'n')).toBe(proofOf(token, 4601, 'n'));
		expect(keys.prove(idOf(token), 'n')).not.toBe(proofOf(token, 4600, 'n'));
		expect(keys.prove(idOf('other'), 'n')).toBeUndefined();
		redeem(keys, code);
		expect(keys.knows(token)).toBe(false);
		now = day;
		expect(keys.prove(idOf(token), 'n')).toBeUndefined();
	});

	test('a ticket holds as long as its token, and for this process alone', () => {
		let now = 0;
		const state = openState();
		const keys = createKeys(() => now, tokenFile(state));
		const ticket = keys.makeTicket(redeem(keys, keys.makeCode()) ?? '') ?? '';

		expect([keys.knows(ticket), createKeys(() => now, tokenFile(state)).knows(ticket)]).toEqual([true, false]);
		now = day;
		expect(keys.knows(ticket)).toBe(false);
		expect(keys.makeTicket('nobody')).toBeUndefined();
	});

	test('once all is void nothing lets anybody in: no token, no ticket, no code; nor after a restart', () => {
		const state = openState();
		const keys = createKeys(() => 0, tokenFile(state));
		const code = keys.makeCode();
		const token = redeem(keys, keys.makeCode()) ?? '';
		const ticket = keys.makeTicket(token) ?? '';

		keys.voidAll();

		expect([keys.knows(token), keys.knows(ticket), redeem(keys, code), createKeys(() => 0, tokenFile(state)).knows(token)]).toEqual([false, false, undefined, false]);
		expect(keys.knows(redeem(keys, keys.makeCode()) ?? '')).toBe(true);
	});
});
