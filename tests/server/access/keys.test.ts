import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createKeys } from '../../../server/access/keys.ts';
import { tokenFile } from '../../../server/access/token-file.ts';
import { openStateDirectory } from '../../../server/state/state-directory.ts';
import { makeFolder } from '../make-folder.ts';

const minute = 60_000;
const day = 24 * 60 * minute;

function openState() {
	const opening = openStateDirectory(join(makeFolder(), 'state'));
	if (opening.kind !== 'ready') throw opening.error;
	return opening.state;
}

test('a code gives a token once', () => {
	const keys = createKeys(() => 0);
	const code = keys.makeCode();

	const token = keys.redeem(code) ?? '';

	expect(Buffer.from(token, 'base64url')).toHaveLength(32);
	expect(keys.knows(token)).toBe(true);
	expect(keys.redeem(code)).toBeUndefined();
	expect(keys.knows(code)).toBe(false);
});

test('a code holds for ten minutes, and not a moment longer', () => {
	let now = 0;
	const keys = createKeys(() => now);
	const [early, late] = [keys.makeCode(), keys.makeCode()];

	now = 10 * minute - 1;
	expect(keys.redeem(early)).toBeDefined();
	now = 10 * minute;
	expect(keys.redeem(late)).toBeUndefined();
});

test('a token holds for a day, also for the server that comes after', () => {
	let now = 0;
	const state = openState();
	const keys = createKeys(() => now, tokenFile(state));
	const token = keys.redeem(keys.makeCode()) ?? '';

	now = day - 1;
	expect([keys.knows(token), createKeys(() => now, tokenFile(state)).knows(token)]).toEqual([true, true]);
	now = day;
	expect([keys.knows(token), createKeys(() => now, tokenFile(state)).knows(token)]).toEqual([false, false]);
});

test('the disk holds hashes only, for us only', () => {
	const state = openState();
	const keys = createKeys(() => 0, tokenFile(state));
	const code = keys.makeCode();
	const token = keys.redeem(code) ?? '';
	const path = join(state.path, 'tokens.json');

	expect(lstatSync(path).mode & 0o777).toBe(0o600);
	expect(readFileSync(path, 'utf8')).toMatch(/^\[\{"hash":"[0-9a-f]{64}","expiresAt":86400000\}\]$/);
	expect(readFileSync(path, 'utf8')).not.toContain(token);
	expect(readFileSync(path, 'utf8')).not.toContain(code);
});

test('a link in place of the file lets nobody in, and its target is not touched', () => {
	const state = openState();
	const token = 'A'.repeat(43);
	const target = join(makeFolder(), 'target');
	const forged = JSON.stringify([{ hash: createHash('sha256').update(token).digest('hex'), expiresAt: 1e15 }]);
	writeFileSync(target, forged);
	symlinkSync(target, join(state.path, 'tokens.json'));

	const keys = createKeys(() => 0, tokenFile(state));
	keys.redeem(keys.makeCode());

	expect(keys.knows(token)).toBe(false);
	expect(readFileSync(target, 'utf8')).toBe(forged);
	expect(lstatSync(join(state.path, 'tokens.json')).isFile()).toBe(true);
	expect(readFileSync(join(state.path, 'tokens.json'), 'utf8')).not.toContain('1000000000000000');
});

test.each(['', '[]]', '{"hash":1}', '[{"hash":"x","expiresAt":1e15}]', '[null]', '\0'])('a file that holds %j lets nobody in, and a new code works', (text) => {
	const state = openState();
	writeFileSync(join(state.path, 'tokens.json'), text);

	const keys = createKeys(() => 0, tokenFile(state));

	expect(keys.knows('')).toBe(false);
	expect(keys.knows(keys.redeem(keys.makeCode()) ?? '')).toBe(true);
});

test('a folder in place of the file keeps nobody from a new code', () => {
	const state = openState();
	mkdirSync(join(state.path, 'tokens.json'));

	const keys = createKeys(() => 0, tokenFile(state));

	expect(keys.knows(keys.redeem(keys.makeCode()) ?? '')).toBe(true);
});

test('of many tokens the latest stay', () => {
	const keys = createKeys(() => 0);
	const tokens = Array.from({ length: 70 }, () => keys.redeem(keys.makeCode()) ?? '');

	expect(tokens.filter((token) => keys.knows(token))).toEqual(tokens.slice(-64));
});
