import { chownSync, existsSync, mkdirSync, readdirSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Values } from '../../../src/runbook/values/value.ts';
import { attempt, run } from '../command.ts';
import { certificateIn, engineState, forgetName, lines, useScene } from './scene.ts';
import type { Walk } from './walk.ts';

const scene = useScene('bind-mount.test.ts');
const values = (data_dir: string, more: Values = {}): Values => ({ container: 'rancher', old_tag: 'v1.6.14', publish: scene.publish, data_dir, ...more });
const rows = (container: string) => scene.rig.fingerprint({ container });
/** The name of the server that a walk without `new_container` has made. */
const newest = async () => (await scene.rig.docker('ps', '--all', '--latest', '--format', '{{.Names}}')).trim();
const owner = (path: string) => `${statSync(path).uid}:${statSync(path).gid}`;

/** A server of v1.6.14 with data in a volume. */
async function startInVolume(...options: string[]): Promise<void> {
	await scene.rig.server({ name: 'rancher', tag: 'v1.6.14', data: true, options: ['-p', `${scene.publish}:8080`, ...options] });
}

/** The same in a folder of this machine, whose name a shell would take apart. Returns the folder. */
async function startInFolder(...options: string[]): Promise<string> {
	const folder = join(scene.rig.folder(), "rancher's $db");
	await startInVolume('-v', `${folder}:/var/lib/mysql`, ...options);
	return folder;
}

describe('the upgrade', () => {
	test('moves the database out of its volume into a new folder, every step proven, and loses no row', async () => {
		await startInVolume('--restart=always');
		const before = await rows('rancher');
		await forgetName(scene.rig, 'v1.6.14');
		const folder = join(scene.rig.folder(), "rancher's $db");
		const walk = scene.walk('bind-mount', values(folder, { ca_cert: certificateIn(scene.rig.folder()) }));

		await walk.through();

		expect(await rows(await newest())).toEqual(before);
		expect(Object.fromEntries(['copy', 'owner', 'content', 'remove'].map((step) => [step, walk.outcomes.get(step)]))).toEqual({ copy: 'verified', owner: 'verified', content: 'looked', remove: 'verified' });
		expect(readdirSync(folder)).toEqual(expect.arrayContaining(['ibdata1', 'mysql', 'cattle']));
		expect([owner(folder), owner(join(folder, 'ibdata1')), owner(join(folder, 'cattle'))]).toEqual(['102:105', '102:105', '102:105']);
		expect(lines(await scene.rig.docker('ps', '--all', '--format', '{{.Names}} {{.Image}}'))).toEqual([`${await newest()} rancher/server:v1.6.30`]);
	});

	test('copies into a folder that is there already, and the files do not end up one level deeper', async () => {
		await startInVolume();
		const before = await rows('rancher');
		const folder = scene.rig.folder();
		const walk = scene.walk('bind-mount', values(`${folder}/`));

		await walk.through('data', { preflight: false });

		expect(readdirSync(folder)).toEqual(expect.arrayContaining(['ibdata1', 'mysql', 'cattle']));
		expect(readdirSync(join(folder, 'mysql'))).not.toContain('ibdata1');
		expect(await rows(await newest())).toEqual(before);
	});

	test('leaves a database where it is that lies in a folder already, though a slash is put behind its name', async () => {
		const folder = await startInFolder();
		const before = await rows('rancher');
		const walk = scene.walk('bind-mount', values(`${folder}/`));

		await walk.through('hosts-after', { preflight: false });

		expect(await rows(await newest())).toEqual(before);
		expect([walk.outcomes.get('copy'), walk.outcomes.get('owner'), walk.outcomes.get('content')]).toEqual(['found', 'found', 'looked']);
	});
});

describe('a server that was started with --rm', () => {
	test('is upgraded in its folder without losing a row', async () => {
		const folder = await startInFolder('--rm');
		const before = await rows('rancher');

		await scene.walk('bind-mount', values(folder, { auto_remove: 'true' })).through();

		expect(await rows(await newest())).toEqual(before);
	});

	test('is there again, in its volume, after the undo of a move', async () => {
		await startInVolume('--rm');
		const before = await rows('rancher');
		const folder = join(scene.rig.folder(), 'mysql');
		const walk = scene.walk('bind-mount', values(folder, { auto_remove: 'true' }));
		await walk.through('start', { preflight: false });

		await walk.back();

		expect(await rows('rancher')).toEqual(before);
		expect([existsSync(folder), lines(await scene.rig.docker('ps', '--all', '--format', '{{.Names}}'))]).toEqual([false, ['rancher']]);
	});
});

describe('before anything is changed', () => {
	test('places on one disk have to share its free space', async () => {
		await startInVolume();
		const disk = scene.rig.folder();
		const kib = Number((await scene.rig.docker('exec', 'rancher', 'du', '-sk', '/var/lib/mysql')).split('\t')[0]);
		// The backup alone fits, and so does the copy alone.
		expect((await attempt('mount', ['-t', 'tmpfs', '-o', `size=${kib * 3}k`, 'tmpfs', disk])).code).toBe(0);
		onTestFinished(() => void spawnSync('umount', [disk]));
		const walk = scene.walk('bind-mount', values(join(disk, 'db')), { folder: disk });

		expect((await walk.look('folder')).passed).toBe(true);
		expect((await walk.look('free-space')).passed).toBe(false);

		expect((await attempt('mount', ['-o', `remount,size=${kib * 5}k`, disk])).code).toBe(0);
		expect((await walk.look('free-space')).passed).toBe(true);
	});

	test('the certificate of a directory is asked about where v1.6.8 is crossed', async () => {
		const folder = await startInFolder();

		expect(await scene.walk('bind-mount', values(folder, { old_tag: 'v1.6.7' })).take('directory-certificate')).toBe('looked');
	});
});

describe('the way back', () => {
	test.each(['copy', 'start'])('of a move, from "%s", leads to the same containers and rows, and leaves nothing in the folder', async (last) => {
		await startInVolume('--restart=always', '-e', 'A=b');
		const before = { engine: await engineState(scene.rig), rows: await rows('rancher') };
		const place = scene.rig.folder();
		const walk = scene.walk('bind-mount', values(join(place, 'db'), { env: ['A=b'], restart: 'always' }));
		await walk.through(last, { preflight: false });

		expect(await walk.back()).toContain(last);

		expect({ engine: await engineState(scene.rig), rows: await rows('rancher') }).toEqual(before);
		expect(readdirSync(place)).toEqual([]);
	});

	test('of a move whose old container was removed leads to the old server on the folder', async () => {
		await startInVolume();
		const before = await rows('rancher');
		const folder = join(scene.rig.folder(), 'db');
		const walk = scene.walk('bind-mount', values(folder));
		await walk.through('remove', { preflight: false });

		await walk.back();

		expect(await rows('rancher')).toEqual(before);
		expect(await scene.rig.docker('ps', '--all', '--format', '{{.Names}} {{.Image}} {{.Mounts}}')).toMatch(/^rancher rancher\/server:v1\.6\.14 /);
	});

	test.each(['start', 'remove'])('of a database that stays in its folder, from "%s", leads to the same containers and rows', async (last) => {
		const folder = await startInFolder('--restart=always', '-e', 'A=b');
		const before = { engine: await engineState(scene.rig), rows: await rows('rancher') };
		const walk = scene.walk('bind-mount', values(folder, { env: ['A=b'], restart: 'always' }));
		await walk.through(last, { preflight: false });

		expect(await walk.back()).toContain(last);

		expect({ engine: await engineState(scene.rig), rows: await rows('rancher') }).toEqual(before);
	});

	test('touches nothing when the copy of the files was cut short', async () => {
		const folder = await startInFolder();
		const start = scene.rig.folder();
		const walk = scene.walk('bind-mount', values(folder), { folder: start });
		await walk.through('start', { preflight: false });
		truncateSync(join(start, 'rancher-backup.sql.files.tar'), 2_000_000);

		await expect(walk.back()).rejects.toThrow(/is cut short/);
		await scene.rig.docker('start', await newest());
		await scene.rig.untilUp(await newest());
	});

	test('does not empty a folder that a server works in', async () => {
		await startInVolume();
		const folder = join(scene.rig.folder(), 'db');
		const walk = scene.walk('bind-mount', values(folder));
		await walk.through('content', { preflight: false });
		await scene.rig.docker('run', '-d', '--name', 'other', '-v', `${folder}:/var/lib/mysql`, 'rancher/server:v1.6.14');
		await scene.rig.untilUp('other');

		await expect(walk.back()).rejects.toThrow(/A running container uses/);
		expect(readdirSync(folder)).toContain('ibdata1');
	});
});

describe('before anything is changed', () => {
	const judge = async (walk: Walk, ...steps: string[]) => {
		const found: Record<string, readonly [boolean, ...string[]]> = {};
		for (const step of steps) found[step] = [(await walk.look(step)).passed, ...(await walk.hints(step))];
		return found;
	};

	test('a server in a volume is ready for a folder that is new or empty, and for no other', async () => {
		await startInVolume();
		const place = scene.rig.folder();
		mkdirSync(join(place, 'empty'));
		mkdirSync(join(place, 'full'));
		writeFileSync(join(place, 'full', '.hidden'), '');
		const of = (folder: string) => judge(scene.walk('bind-mount', values(join(place, folder))), 'storage', 'folder');

		expect(await of('new')).toEqual({ storage: [true], folder: [true] });
		expect(await of('empty')).toEqual({ storage: [true], folder: [true] });
		expect(await of('full')).toEqual({ storage: [true], folder: [false, 'not-empty'] });
		expect(await of('absent/new')).toEqual({ storage: [true], folder: [false, 'no-parent'] });

		mkdirSync(join(place, 'small'));
		await run('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'small', join(place, 'small')]);
		try {
			expect(await of('small/new')).toEqual({ storage: [true], folder: [false, 'no-room'] });
		} finally {
			await run('umount', [join(place, 'small')]);
		}
	});

	test('of a server in a folder, that folder is right, and its parent, a part and a copy of it are wrong', async () => {
		const folder = await startInFolder();
		await attempt('cp', ['-a', folder, `${folder}.copy`]);
		const of = (path: string) => judge(scene.walk('bind-mount', values(path)), 'storage', 'folder');

		expect(await of(folder)).toEqual({ storage: [true], folder: [true] });
		for (const wrong of [join(folder, '..'), join(folder, 'mysql'), `${folder}.copy`]) expect((await of(wrong))['storage']).toEqual([false, 'other-folder']);
	});

	test.each([
		['has a database of its own', ['-e', 'CATTLE_DB_CATTLE_MYSQL_HOST=10.1.2.3'], 'external'],
		['advertises an address', ['-e', 'CATTLE_DB_CATTLE_MYSQL_HOST=10.1.2.3', '-e', 'CATTLE_CLUSTER_ADVERTISE_ADDRESS=10.1.2.4'], 'cluster'],
	])('a server that %s is sent to its own runbook', async (_, options, hint) => {
		await scene.rig.docker('create', '--name', 'rancher', ...options, 'rancher/server:v1.6.14');

		expect(await judge(scene.walk('bind-mount', values('/srv/rancher')), 'storage')).toEqual({ storage: [false, hint] });
	});
});

test('a folder that is not there, holds nothing, or holds the files one level deeper, is seen before the server starts', async () => {
	await startInVolume();
	const before = await rows('rancher');
	const folder = join(scene.rig.folder(), 'db');
	const walk = scene.walk('bind-mount', values(folder));
	await walk.through('cold-copy', { preflight: false });

	await expect(walk.take('content')).rejects.toThrow(/"content" .* is not done/);
	expect(existsSync(folder), 'a folder is not made by looking at it').toBe(false);

	mkdirSync(folder);
	await expect(walk.take('content')).rejects.toThrow(/"content" .* is not done/);
	expect(await walk.hints('content')).toEqual(['empty']);

	// A copy without the dot, into a folder that is there.
	await scene.rig.docker('cp', 'rancher:/var/lib/mysql', folder);
	expect((await walk.look('copy')).passed).toBe(false);
	expect(await walk.hints('copy')).toEqual(['nested']);
	await expect(walk.take('content')).rejects.toThrow(/"content" .* is not done/);
	expect(await walk.hints('content')).toEqual(['nested']);

	await walk.back();
	expect(await rows('rancher')).toEqual(before);
});

describe('a start that goes wrong shows why, and can be taken back', () => {
	/** Everything up to the start; then the folder is spoilt. */
	async function beforeStart() {
		await startInVolume();
		const before = await rows('rancher');
		const folder = join(scene.rig.folder(), 'db');
		const walk = scene.walk('bind-mount', values(folder));
		await walk.through('content', { preflight: false });
		const back = async () => {
			await walk.back();
			expect(await rows('rancher')).toEqual(before);
		};
		return { walk, folder, back };
	}

	test('on files that belong to somebody else', async () => {
		const { walk, folder, back } = await beforeStart();
		// A change of owners that broke off: one file of one table, then a folder.
		for (const one of ['cattle/account.ibd', 'cattle']) {
			chownSync(join(folder, one), 0, 0);
			expect([(await walk.look('owner')).passed, await walk.take('owner')], one).toEqual([false, 'verified']);
		}
		await attempt('chown', ['-R', '0:0', folder]);
		await attempt('chmod', ['-R', 'go-rwx', folder]);

		expect((await walk.look('owner')).passed).toBe(false);
		await walk.run('start');
		await walk.untilHint('start', 'no-mysql');
		await walk.untilHint('start', 'restarting');

		await back();
	});

	test('on a folder one level too high', async () => {
		const { walk, folder, back } = await beforeStart();
		await attempt('mkdir', [join(folder, 'mysql.new')]);
		for (const name of readdirSync(folder).filter((one) => one !== 'mysql.new')) await attempt('mv', [join(folder, name), join(folder, 'mysql.new', name)]);
		await attempt('mv', [join(folder, 'mysql.new'), join(folder, 'mysql')]);
		chownSync(join(folder, 'mysql'), 102, 105);

		expect(await walk.hints('content')).toEqual(['nested']);
		await walk.run('start');
		await walk.untilHint('start', 'no-mysql');
		expect(await walk.hints('start')).not.toContain('empty-database');

		await back();
	});

	test('on an empty folder, which becomes a new Rancher that looks like a success', async () => {
		const { walk, folder, back } = await beforeStart();
		for (const name of readdirSync(folder)) await attempt('rm', ['-rf', join(folder, name)]);

		expect((await walk.run('start')).code).toBe(0);
		await walk.untilHint('start', 'empty-database');
		await scene.rig.untilUp(await newest());

		expect((await walk.look('start')).passed).toBe(false);
		expect((await walk.look('data')).passed).toBe(false);
		expect(await walk.hints('login')).toEqual(['open']);

		await back();
	});
});
