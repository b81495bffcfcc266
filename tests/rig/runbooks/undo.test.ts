/** An undo takes back what its own run made. Whatever else is on the machine stays as it is, and what cannot be told apart is not touched. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Values } from '../../../src/runbook/values/value.ts';
import { lines, useScene } from './scene.ts';

const scene = useScene('undo.test.ts');
const password = 'p\'w "$x"';

interface Path {
	readonly runbook: string;
	/** The step in front of the start. */
	readonly before: string;
	readonly start: (tag?: string) => Promise<Values>;
}

const inVolume = async (tag = 'v1.6.14', ...options: string[]): Promise<Values> => {
	await scene.rig.server({ name: 'rancher', tag, data: true, options: ['-p', `${scene.publish}:8080`, ...options] });
	return { old_tag: tag };
};

const paths: readonly Path[] = [
	{ runbook: 'single-container', before: 'cold-copy', start: (tag) => inVolume(tag) },
	{ runbook: 'bind-mount', before: 'content', start: async () => ({ ...(await inVolume()), data_dir: join(scene.rig.folder(), 'mysql') }) },
	{
		runbook: 'external-database', before: 'last-dump',
		start: async (tag = 'v1.6.14') => {
			const db = await scene.rig.database({ container: 'herd-db', user: 'rancher', name: 'herd', password });
			await scene.rig.server({ name: 'rancher', tag, data: true, options: ['-p', `${scene.publish}:8080`], args: db.flags });
			return { old_tag: tag, db_host: db.host, db_user: db.user, db_password: db.password, db_name: db.name };
		},
	},
];

const walkOf = (runbook: string, values: Values, folder = scene.rig.folder()) => scene.walk(runbook, { container: 'rancher', old_tag: 'v1.6.14', publish: scene.publish, ...values }, { folder });
const inspect = async (name: string): Promise<unknown> => {
	const [{ Id, State, Mounts }] = JSON.parse(await scene.rig.docker('container', 'inspect', name));
	const mounts = (Mounts as { Destination: string; Name: string }[]).map(({ Destination, Name }) => `${Destination} ${Name}`).sort();
	return { Id, Running: State.Running, StartedAt: State.StartedAt, Pid: State.Pid, mounts };
};
const names = async () => lines(await scene.rig.docker('ps', '--all', '--format', '{{.Names}}')).sort();

describe('of a start that failed because another server of the same image had its port', () => {
	test.each(paths)('$runbook: leaves that server and its data alone', async ({ runbook, before, start }) => {
		const values = await start();
		const walk = walkOf(runbook, values);
		await walk.through(before, { preflight: false });
		const others = await names();
		await scene.rig.server({ name: 'stranger', tag: 'v1.6.30', options: ['-p', `${scene.publish}:8080`] });
		await scene.rig.ask({ container: 'stranger' }, "INSERT INTO setting (name, value) VALUES ('of.a.stranger', 'kept');");
		const stranger = await inspect('stranger');
		expect((await walk.run('start')).code).not.toBe(0);
		expect((await names()).length).toBe(others.length + 2);

		await walk.back('start');

		expect(await names()).toEqual([...others, 'stranger'].sort());
		expect(await inspect('stranger')).toEqual(stranger);
		expect(await scene.rig.ask({ container: 'stranger' }, "SELECT value FROM setting WHERE name = 'of.a.stranger';")).toEqual(['kept']);
	});
});

describe('of a start between two versions of one schema', () => {
	const inFolder = async (tag?: string): Promise<Values> => {
		const data_dir = join(scene.rig.folder(), 'mysql');
		return { ...(await inVolume(tag, '-v', `${data_dir}:/var/lib/mysql`)), data_dir };
	};

	test.each(paths.map((path) => (path.runbook === 'bind-mount' ? { ...path, start: inFolder } : path)))('$runbook: leads back without a copy from the stop, and keeps what was done since', async ({ runbook, start }) => {
		const folder = scene.rig.folder();
		const walk = walkOf(runbook, await start('v1.6.19'), folder);
		const others = await names();
		const at = (container: string) => (runbook === 'external-database' ? { db: 'herd-db', name: 'herd' } : { container });
		await walk.through('start', { preflight: false });
		const [added = ''] = (await names()).filter((name) => !others.includes(name) && name !== 'rancher-data');
		await scene.rig.ask(at(added), "INSERT INTO setting (name, value) VALUES ('of.the.new.server', 'kept');");
		const since = await scene.rig.fingerprint(at(added));

		const taken = await walk.back();

		expect(await scene.rig.ask(at('rancher'), "SELECT value FROM setting WHERE name = 'of.the.new.server';")).toEqual(['kept']);
		expect(await scene.rig.fingerprint(at('rancher'))).toEqual(since);
		expect(taken.slice(0, 2)).toEqual(['start', 'stop']);
		expect(await names()).toEqual(others);
		expect(readdirSync(folder).sort()).toEqual(['rancher-backup.sql', 'rancher-backup.sql.container.json', 'rancher-backup.sql.rows']);
	});
});

test('of a data container leaves one that somebody made in its place', async () => {
	const walk = walkOf('single-container', await inVolume());
	await walk.take('data-container');
	await scene.rig.docker('rm', 'rancher-data');
	await scene.rig.docker('create', '--name', 'rancher-data', 'rancher/server:v1.6.14');
	const other = await inspect('rancher-data');

	await walk.back().catch(() => undefined);

	expect(await inspect('rancher-data')).toEqual(other);
});

describe('of a copy of the database into a folder', () => {
	/** Up to the stopped server: what the copy needs. */
	async function stopped(data_dir: string) {
		const walk = walkOf('bind-mount', { ...(await inVolume()), data_dir });
		await walk.through('cold-copy', { preflight: false });
		return walk;
	}

	test('leaves what somebody put among the files', async () => {
		const folder = join(scene.rig.folder(), 'mysql');
		const walk = await stopped(folder);
		await walk.take('copy');
		mkdirSync(join(folder, 'family-photos'));
		writeFileSync(join(folder, 'family-photos', 'one.jpg'), 'precious');
		writeFileSync(join(folder, 'cattle', 'notes.txt'), 'precious');

		await walk.back('copy');

		expect(readdirSync(folder, { recursive: true }).map(String).sort()).toEqual(['cattle', 'cattle/notes.txt', 'family-photos', 'family-photos/one.jpg']);
		expect(readFileSync(join(folder, 'family-photos', 'one.jpg'), 'utf8')).toBe('precious');
	});

	test('touches nothing where the copy found a folder that was not empty', async () => {
		const folder = scene.rig.folder();
		const walk = await stopped(folder);
		writeFileSync(join(folder, 'ibdata1'), 'of another database');

		expect(await walk.run('copy')).toMatchObject({ code: 1, output: expect.stringContaining('is not empty: ibdata1') });
		await walk.back('copy');

		expect(readdirSync(folder)).toEqual(['ibdata1']);
		expect(readFileSync(join(folder, 'ibdata1'), 'utf8')).toBe('of another database');
	});

	test('takes the folder that it says, whatever its name could mean to an option', async () => {
		const precious = scene.rig.folder();
		writeFileSync(join(precious, 'ibdata1'), 'precious');
		const folder = join(scene.rig.folder(), `a,source=${precious.replaceAll('/', '_')},target=x`);
		const walk = await stopped(folder);

		await walk.take('copy');
		expect(readdirSync(folder)).toContain('ibdata1');
		await walk.back('copy');

		expect(readFileSync(join(precious, 'ibdata1'), 'utf8')).toBe('precious');
		expect(readdirSync(join(folder, '..'))).toEqual([]);
	});
});
