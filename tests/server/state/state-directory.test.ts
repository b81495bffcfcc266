import {
	chmodSync,
	existsSync,
	lstatSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { claimDurably, openPrivate, writeDurably } from '../../../server/state/durable.ts';
import { defaultStatePath, openStateDirectory } from '../../../server/state/state-directory.ts';
import { makeFolder } from '../make-folder.ts';
import { inNamespace } from '../namespace.ts';

const modeOf = (path: string): string => (lstatSync(path).mode & 0o777).toString(8);

function refusal(path: string): unknown {
	const opening = openStateDirectory(path);
	return opening.kind === 'unavailable' && { problem: opening.error.problem, slots: opening.error.slots };
}

test.each([0o000, 0o022, 0o777])('folders are 0700 and files 0600 under umask %o', (umask) => {
	const path = join(makeFolder(), 'a', 'b', 'state');
	const before = process.umask(umask);
	onTestFinished(() => void process.umask(before));
	mkdirSync(join(path, '..', '..'), { recursive: true, mode: 0o700 });
	chmodSync(join(path, '..', '..'), 0o700);
	mkdirSync(join(path, '..'));
	chmodSync(join(path, '..'), 0o700);

	const opening = openStateDirectory(path);
	writeDurably(join(path, 'written'), 'x');
	claimDurably(join(path, 'claimed'), 'x');
	openPrivate(join(path, 'opened'));

	expect(opening.kind).toBe('ready');
	const folders = ['.', 'runs', 'sessions', 's', 'cache'].map((name) => modeOf(join(path, name)));
	expect(new Set(folders)).toEqual(new Set(['700']));
	expect(['written', 'claimed', 'opened'].map((name) => modeOf(join(path, name)))).toEqual([
		'600',
		'600',
		'600',
	]);
});

test('a folder that others may read is refused with its mode, and left as it is', () => {
	const path = makeFolder();
	chmodSync(path, 0o750);

	expect(refusal(path)).toEqual({ problem: 'state.group-readable', slots: { path, mode: '0750' } });
	expect(modeOf(path)).toBe('750');
});

test('a link to a folder is refused, and nothing is made where it points', () => {
	const target = makeFolder();
	const path = join(makeFolder(), 'state');
	symlinkSync(target, path);

	expect(refusal(path)).toMatchObject({ problem: 'state.symlink' });
	expect(readdirSync(target)).toEqual([]);
});

test.each(['runs', 'sessions', 's', 'cache'])('a link in place of the folder "%s" is refused', (name) => {
	const target = makeFolder();
	const path = makeFolder();
	symlinkSync(target, join(path, name));

	expect(refusal(path)).toMatchObject({ problem: 'state.symlink', slots: { path: join(path, name) } });
});

test('a file in place of the folder is refused', () => {
	const path = join(makeFolder(), 'state');
	writeFileSync(path, '');

	expect(refusal(path)).toMatchObject({ problem: 'state.not-a-folder' });
	expect(refusal(join(path, 'below'))).toMatchObject({ problem: 'state.not-a-folder' });
});

test('a folder on a disk that takes no writes is unavailable, with the reason', (context) => {
	const prepare =
		'mount -t tmpfs -o size=1m none "$FOLDER"; mkdir -m 700 "$FOLDER/state"; mount -o remount,bind,ro "$FOLDER"';
	const lines = inNamespace(
		context,
		prepare,
		`const { openStateDirectory } = await import(process.env.ROOT + '/server/state/state-directory.ts');
		for (const name of ['state', 'missing']) {
			const opening = openStateDirectory(process.env.FOLDER + '/' + name);
			console.log(opening.kind, opening.error?.problem);
		}`,
	);

	expect(lines).toEqual(['unavailable state.read-only', 'unavailable state.read-only']);
});

describe('where it is', () => {
	test('is below XDG_STATE_HOME', () => {
		expect(defaultStatePath({ XDG_STATE_HOME: '/var/state' })).toBe('/var/state/drover');
	});

	test.each(['', 'relative/path'])('is below the home folder when XDG_STATE_HOME is %j', (home) => {
		expect(defaultStatePath({ XDG_STATE_HOME: home })).toMatch(/\/\.local\/state\/drover$/);
	});
});

describe('a durable file', () => {
	test('replaces a link and leaves its target alone', () => {
		const folder = makeFolder();
		const target = join(folder, 'target');
		writeFileSync(target, 'untouched');
		symlinkSync(target, join(folder, 'plan.json'));

		writeDurably(join(folder, 'plan.json'), 'new');

		expect(lstatSync(join(folder, 'plan.json')).isFile()).toBe(true);
		expect(lstatSync(target).size).toBe('untouched'.length);
	});

	test('is claimed by one alone, a link included', () => {
		const folder = makeFolder();
		symlinkSync('/nowhere', join(folder, 'link'));

		expect([claimDurably(join(folder, 'claim'), 'a'), claimDurably(join(folder, 'claim'), 'b')]).toEqual([
			true,
			false,
		]);
		expect(claimDurably(join(folder, 'link'), 'a')).toBe(false);
		expect(readdirSync(folder).sort()).toEqual(['claim', 'link']);
	});

	test('leaves nothing behind when its folder is gone', () => {
		const folder = mkdtempSync(join(tmpdir(), 'drover-test-'));
		rmSync(folder, { recursive: true });

		expect(() => writeDurably(join(folder, 'plan.json'), 'x')).toThrow('ENOENT');
		expect(existsSync(folder)).toBe(false);
	});
});
