import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, lstatSync, readFileSync, readdirSync, rmSync, statSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Database } from '../database.ts';
import type { Values } from '../../../src/runbook/values/value.ts';
import { byShell, engineState, useScene } from './scene.ts';
import type { Walk } from './walk.ts';

const scene = useScene('back-up-and-roll-back.test.ts');
const backup = 'rancher-backup.sql';

/** Where a server keeps its data: what `docker run` and the form say of it. */
interface Place {
	readonly options?: readonly string[];
	readonly args?: readonly string[];
	readonly values?: Values;
	readonly db?: Database;
}

/** What Docker says of the older server. */
interface Made {
	readonly Args: readonly string[];
	readonly Config: { readonly Env: readonly string[] };
}

const inVolume = async (): Promise<Place> => ({});
const inNamedVolume = async (): Promise<Place> => ({ options: ['-v', 'rancher-db:/var/lib/mysql'], values: { data_volume: 'rancher-db' } });
async function inFolder(): Promise<Place> {
	const folder = join(scene.rig.folder(), 'mysql');
	return { options: ['-v', `${folder}:/var/lib/mysql`], values: { data_dir: folder } };
}
async function inDatabase(): Promise<Place> {
	const db = await scene.rig.database({ password: 'geheim $1' });
	return { args: db.flags, values: { db_host: db.host, db_password: db.password }, db };
}

async function inDatabaseByVariables(): Promise<Place> {
	const place = await inDatabase();
	return { ...place, values: { ...place.values, db_style: 'env' } };
}

async function inDatabaseByShell(): Promise<Place> {
	const place = await inDatabase();
	const args = byShell(place.db?.flags ?? []);
	return { ...place, args, values: { ...place.values, db_style: 'words', command_words: args } };
}

async function startOld(place: Place, tag = 'v1.6.14'): Promise<void> {
	await scene.rig.server({ name: 'rancher', tag, data: true, options: ['-p', `${scene.publish}:8080`, '--restart=always', ...(place.options ?? [])], ...(place.args && { args: place.args }) });
}

/** An upgrade by other hands: the old container is gone afterwards, and people have worked with the new server. */
async function upgrade(place: Place): Promise<void> {
	const { docker, untilUp, ask } = scene.rig;
	await docker('stop', 'rancher');
	const data = place.options ?? (place.args ? [] : ['--volumes-from', 'rancher']);
	await docker('run', '--detach', '--name', 'new', '--restart=always', '-p', `${scene.publish}:8080`, ...data, 'rancher/server:v1.6.30', ...(place.args ?? []));
	await untilUp('new');
	await docker('rm', 'rancher');
	await ask({ container: 'new' }, ["UPDATE setting SET value = 'changed since' WHERE name = 'ui.pl';", "DELETE FROM account WHERE id = 8;", "INSERT INTO account (name, kind, uuid, state) VALUES ('since', 'user', 'since', 'active');"].join('\n'));
}

const rows = (container: string) => scene.rig.fingerprint({ container });
const backUp = (folder: string, { values = {} }: Place) => scene.walk('back-up', { container: 'rancher', ...(values['db_host'] !== undefined && { db_host: values['db_host'], db_password: values['db_password'] ?? '' }) }, { folder });
const rollBack = (folder: string, { values = {} }: Place, more: Values = {}) =>
	scene.walk('roll-back', { container: 'new', new_container: 'rancher', new_tag: 'v1.6.30', old_tag: 'v1.6.14', publish: scene.publish, restart: 'always', ...values, ...more }, { folder });

/** A backup as somebody makes it by the pages of Rancher: a dump, with nothing beside it, and by options of his own. */
async function dumpByHand(folder: string, ...options: string[]): Promise<void> {
	const dump = await scene.rig.docker('exec', 'rancher', 'mysqldump', ...options);
	writeFileSync(join(folder, backup), `${dump}\n`);
}

const looks = async (walk: Walk, ...steps: string[]) => Object.fromEntries(await Promise.all(steps.map(async (id) => [id, (await walk.look(id)).passed] as const)));

describe('a backup', () => {
	test('of a server with its own database has dump, definition, rows and files, and the server is as before', async () => {
		const place = await inVolume();
		await startOld(place);
		const before = { engine: await engineState(scene.rig), rows: await rows('rancher') };
		const folder = scene.rig.folder();
		const walk = backUp(folder, place);

		await walk.through();

		expect([...walk.outcomes].filter(([, outcome]) => outcome === 'left-out' || outcome === 'by-hand')).toEqual([['database', 'left-out'], ['carry-away', 'by-hand']]);
		expect(readdirSync(folder).sort()).toEqual(['', '.container.json', '.files.tar', '.rows'].map((ending) => backup + ending));
		expect(readdirSync(folder).map((name) => (statSync(join(folder, name)).mode & 0o777).toString(8))).toEqual(['600', '600', '600', '600']);
		expect({ engine: await engineState(scene.rig), rows: await rows('rancher') }).toEqual(before);
		expect(await walk.hints('backup-place')).toEqual(['there-already']);
	});

	test('of an external database is made without an outage', async () => {
		const place = await inDatabase();
		await startOld(place);
		const started = await scene.rig.docker('container', 'inspect', '--format', '{{.State.StartedAt}}', 'rancher');
		const folder = scene.rig.folder();
		const walk = backUp(folder, place);

		await walk.through();

		expect(await scene.rig.docker('container', 'inspect', '--format', '{{.State.StartedAt}}', 'rancher')).toBe(started);
		expect(readdirSync(folder).sort()).toEqual(['', '.container.json', '.rows'].map((ending) => backup + ending));
	});

	test('can be left in the middle: the server runs again', async () => {
		const place = await inVolume();
		await startOld(place);
		const before = { engine: await engineState(scene.rig), rows: await rows('rancher') };
		const walk = backUp(scene.rig.folder(), place);
		await walk.through('cold-copy');

		expect(await walk.back()).toEqual(['cold-copy', 'stop']);

		expect({ engine: await engineState(scene.rig), rows: await rows('rancher') }).toEqual(before);
	});

	test('that its program could not finish, or its disk could not hold, gets no name', async () => {
		const place = await inVolume();
		await startOld(place);
		const small = scene.rig.folder();
		expect(spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=16k', 'tmpfs', small]).status).toBe(0);
		onTestFinished(() => void spawnSync('umount', [small]));
		const full = backUp(small, place);
		await full.take('rows');

		expect((await full.look('free-space')).passed).toBe(false);
		expect((await full.run('back-up')).code).not.toBe(0);
		expect(existsSync(join(small, backup))).toBe(false);

		await scene.rig.ask({ container: 'rancher' }, 'CREATE TABLE gone (id INT); CREATE VIEW broken AS SELECT id FROM gone; DROP TABLE gone;');
		const folder = scene.rig.folder();
		const failing = backUp(folder, place);
		await failing.take('rows');

		expect((await failing.run('back-up')).code).not.toBe(0);
		expect(existsSync(join(folder, backup))).toBe(false);
		expect((await failing.look('back-up')).passed).toBe(false);
	});

	test('is not begun of a server that is down, is not there, or keeps its data elsewhere', async () => {
		await startOld({});
		const hints = async (step: string, more: Values = {}) => scene.walk('back-up', { container: 'rancher', ...more }).hints(step);

		expect(await hints('server')).toEqual([]);
		expect(await hints('storage')).toEqual([]);
		expect(await hints('storage', { db_host: '10.1.2.3' })).toEqual(['inside']);
		expect(await hints('server', { container: 'ranger' })).toEqual(['no-such-container']);
		await scene.rig.docker('create', '--name', 'outside', 'rancher/server:v1.6.14', '--db-host', '10.1.2.3');
		expect(await hints('storage', { container: 'outside' })).toEqual(['outside']);
		expect(await hints('server', { container: 'outside' })).toEqual(['stopped']);
		expect((await scene.walk('back-up', { container: 'outside' }).look('storage')).passed).toBe(false);
	});
});

describe('the way back to an older version', () => {
	test.each([
		['a volume, by an exact copy of the files; and back again to today\'s', inVolume, 'data', true],
		['a named volume, by a dump of other hands', inNamedVolume, 'nothing', false],
		['a folder of the host', inFolder, 'data', false],
		['an external database; and back again to today\'s', inDatabase, 'data', true],
	])('leads to every row as it was, in %s', async (_, where, last, turns) => {
		const place = await where();
		await startOld(place);
		const folder = scene.rig.folder();
		const old = await rows('rancher');
		if (last === 'nothing') await dumpByHand(folder, '--databases', 'cattle', '--skip-extended-insert');
		else await backUp(folder, place).through(last);
		await upgrade(place);
		const today = { engine: await engineState(scene.rig), rows: await rows('new') };
		expect(today.rows).not.toEqual(old);

		if (turns) {
			const changedMind = rollBack(folder, place);
			await changedMind.through('start', { preflight: false });
			expect(await rows('rancher')).toEqual(old);
			await changedMind.back();
			expect({ engine: await engineState(scene.rig), rows: await rows('new') }).toEqual(today);
		}

		const walk = rollBack(folder, place);
		expect(await walk.hints('backup-there')).toEqual([]);
		const [list, elsewhere] = [join(folder, `${backup}.restored.rows`), join(folder, 'elsewhere')];
		if (last === 'nothing') symlinkSync(elsewhere, list);
		await walk.through();
		// The list of what a bare dump brought: nobody else's file is written through a link, and no part is left.
		if (last === 'nothing') expect([lstatSync(list).isFile(), existsSync(elsewhere), readdirSync(folder).filter((name) => name.includes('.part.'))]).toEqual([true, false, []]);

		expect(await rows('rancher')).toEqual(old);
		// Nobody can read the archive without the container any more, which does not mean that it is cut short.
		expect(await walk.hints('backup-there')).toEqual([]);
		expect(walk.outcomes.get('remove')).toBe('verified');
		expect(walk.outcomes.get(place.db ? 'restore-database' : 'restore-files')).toBe('verified');
		const [made] = JSON.parse(await scene.rig.docker('container', 'inspect', 'rancher'));
		expect([made.Config.Image, made.HostConfig.RestartPolicy.Name]).toEqual(['rancher/server:v1.6.14', 'always']);
	});

	test.each([
		['variables', inDatabaseByVariables, (made: Made, { db }: Place) => expect(made.Config.Env).toEqual(expect.arrayContaining([`CATTLE_DB_CATTLE_MYSQL_HOST=${db?.host}`, 'CATTLE_DB_CATTLE_PASSWORD=geheim $1']))],
		['the words that a shell reads', inDatabaseByShell, (made: Made, { args }: Place) => expect(made.Args).toEqual(args)],
	] as const)('tells the older server of its database by %s where the form says so', async (_, where, expectTold) => {
		const place = await where();
		await startOld(place);
		const old = await rows('rancher');
		const folder = scene.rig.folder();
		await backUp(folder, place).through('back-up');
		// As it would be by other hands: what Drover lays beside a dump is not there.
		for (const ending of ['.container.json', '.rows']) rmSync(join(folder, backup + ending));
		await upgrade(place);

		await rollBack(folder, place).through('hosts-after');

		expect(await rows('rancher')).toEqual(old);
		const [made] = JSON.parse(await scene.rig.docker('container', 'inspect', 'rancher')) as Made[];
		expect(made).toBeDefined();
		if (made) expectTold(made, place);
	});

	test('keeps everything where the schema has not moved: nothing is restored, nothing is lost', async () => {
		await startOld({}, 'v1.6.28');
		await upgrade({});
		await scene.rig.docker('image', 'rm', 'rancher/server:v1.6.28');
		const today = await rows('new');
		const walk = rollBack(scene.rig.folder(), {}, { old_tag: 'v1.6.28' });

		await walk.through();

		expect(['backup-there', 'set-aside', 'restore-files', 'restore-database'].map((id) => walk.outcomes.get(id))).toEqual(['left-out', 'left-out', 'left-out', 'left-out']);
		expect([walk.outcomes.get('pull'), walk.outcomes.get('rows-today')]).toEqual(['verified', 'verified']);
		expect(await rows('rancher')).toEqual(today);
		expect(await walk.hints('data')).toEqual([]);
	});
});

describe('before anything is put back', () => {
	test.each([
		['a volume', inVolume, backup],
		['an external database', inDatabase, `${backup}.stopped.sql`],
	])('a dump that was cut short is caught in every form, for %s', async (_, where, name) => {
		const place = await where();
		await startOld(place);
		const folder = scene.rig.folder();
		await backUp(folder, place).through('back-up');
		await upgrade(place);
		const today = await rows('new');
		const file = join(folder, name);
		if (name !== backup) copyFileSync(join(folder, backup), file);
		const whole = readFileSync(file);
		const walk = rollBack(folder, place);
		expect((await walk.look('backup-there')).passed).toBe(true);
		expect(await walk.hints('backup-there')).toEqual([]);
		const table = (content: string) => content.replace(/CREATE TABLE `setting` [^]*?;\n/, '');

		for (const [form, content] of [
			['empty', ''],
			['without its last byte that counts', whole.subarray(0, whole.lastIndexOf('-- Dump completed') + 10)],
			['without its last line', whole.subarray(0, whole.lastIndexOf('-- Dump completed'))],
			['half', whole.subarray(0, whole.length / 2)],
			['without a table in the middle', table(whole.toString())],
			['continued by nothing but zeros', Buffer.concat([whole.subarray(0, whole.length / 2), Buffer.alloc(whole.length / 2)])],
		] as const) {
			writeFileSync(file, content);
			expect((await walk.look('backup-there')).passed, form).toBe(false);
			expect(await walk.hints('backup-there'), form).toEqual(['cut-short']);
			expect((await walk.run(place.db ? 'restore-database' : 'restore-files')).code, form).not.toBe(0);
		}
		expect(await rows('new')).toEqual(today);
	});

	test('an archive that was cut short is caught, and nothing is touched', async () => {
		await startOld({});
		const folder = scene.rig.folder();
		await backUp(folder, {}).through('data');
		await upgrade({});
		const today = await rows('new');
		const file = join(folder, `${backup}.files.tar`);
		truncateSync(file, 5_000_000);
		const walk = rollBack(folder, {});

		expect((await walk.look('backup-there')).passed).toBe(false);
		expect(await walk.hints('backup-there')).toEqual(['cut-short']);
		await scene.rig.docker('stop', 'new');
		expect((await walk.run('restore-files')).code).not.toBe(0);
		await scene.rig.docker('start', 'new');
		await scene.rig.untilUp('new');
		expect(await rows('new')).toEqual(today);
	});

	test('a dump that does not load to its end, or loads other rows, is no restore', async () => {
		await startOld({});
		const folder = scene.rig.folder();
		await backUp(folder, {}).through('back-up');
		await upgrade({});
		await scene.rig.docker('stop', 'new');
		const file = join(folder, backup);
		const whole = readFileSync(file, 'utf8');
		const walk = rollBack(folder, {});

		for (const broken of [whole.replace(/(\n-- Dump completed)/, '\nINSERT INTO nowhere VALUES (1);$1'), whole.replace(/\n-- Dump completed/, "\nDELETE FROM setting;$&")]) {
			writeFileSync(file, broken);
			const { code, output } = await walk.run('restore-files');
			expect(code).not.toBe(0);
			expect(output).toContain('could not be loaded');
		}
		expect(await scene.rig.docker('ps', '--all', '--format', '{{.Names}}')).toBe('new');
	});

	test('a backup that is missing, of another version, or used before, and a server that is another, are told apart', async () => {
		await startOld({});
		const folder = scene.rig.folder();
		await backUp(folder, {}).through('back-up');
		await upgrade({});
		const hints = async (step: string, more: Values = {}, where: Place = {}) => rollBack(folder, where, more).hints(step);

		expect(await hints('backup-there', { backup_file: 'nothing.sql' })).toEqual(['no-file']);
		expect(await hints('backup-there', { old_tag: 'v1.6.11' })).toEqual(['of-another-version']);
		expect((await rollBack(folder, {}, { old_tag: 'v1.6.11' }).look('backup-there')).passed).toBe(false);
		expect(await hints('server-of-today')).toEqual([]);
		expect(await hints('server-of-today', { new_tag: 'v1.6.28' })).toEqual(['other-version']);
		expect(await hints('server-of-today', { container: 'ranger' })).toEqual(['no-such-container']);
		expect(await hints('storage')).toEqual([]);
		expect((await rollBack(folder, { values: { data_dir: '/srv/mysql' } }).look('storage')).passed).toBe(false);
		expect((await rollBack(folder, { values: { db_host: '10.1.2.3' } }).look('storage')).passed).toBe(false);
		expect(await hints('set-aside-place')).toEqual([]);
		writeFileSync(join(folder, `${backup}.rolled-back.tar`), '');
		expect(await hints('set-aside-place')).toEqual(['there-already']);
		expect(await looks(rollBack(folder, {}), 'set-aside-place', 'backup-there')).toEqual({ 'set-aside-place': false, 'backup-there': true });
		rmSync(join(folder, `${backup}.rolled-back.tar`));
		await scene.rig.docker('create', '--name', 'outside', 'rancher/server:v1.6.30', '--db-host', '10.1.2.3');
		expect(await hints('storage', { container: 'outside' })).toEqual(['outside']);
		await scene.rig.docker('create', '--name', 'bound', '-v', `${scene.rig.folder()}:/var/lib/mysql`, 'rancher/server:v1.6.30');
		expect(await hints('storage', { container: 'bound' })).toEqual(['bind']);
	});
});
