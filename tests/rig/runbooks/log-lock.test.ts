import { describe, expect, test } from 'vitest';
import type { Values } from '../../../src/runbook/values/value.ts';
import { takenByOthers, untilItWaits, useScene } from './scene.ts';

const scene = useScene('log-lock.test.ts');
const values = (more: Values = {}): Values => ({ container: 'new', ...more });

const lock = (container: string) => scene.rig.ask({ container }, 'SELECT LOCKED + 0, LOCKEDBY, LOCKGRANTED FROM DATABASECHANGELOGLOCK;');

/** A server that finds the lock taken, says so, is started again by Docker and waits for longer. */
async function startWaiting(...options: string[]): Promise<void> {
	await scene.rig.docker('run', '--detach', '--name', 'new', '--restart=unless-stopped', '-e', 'RIG_LOCK_SECONDS=1,600', ...options);
	await untilItWaits(scene.rig, 'new');
}

describe('a lock that nobody holds any more', () => {
	test('is released, and the server goes on with every row', async () => {
		await scene.rig.server({ name: 'rancher', tag: 'v1.6.14', data: true });
		const before = await scene.rig.fingerprint({ container: 'rancher' });
		await scene.rig.ask({ container: 'rancher' }, takenByOthers);
		await scene.rig.docker('stop', 'rancher');
		await startWaiting('--volumes-from', 'rancher', 'rancher/server:v1.6.30');
		const walk = scene.walk('log-lock', values());

		await walk.through();

		expect(walk.outcomes.get('release')).toBe('verified');
		expect(walk.outcomes.get('starts')).toBe('looked');
		expect(await scene.rig.fingerprint({ container: 'new' })).toEqual(before);
		expect(await scene.rig.ask({ container: 'new' }, "SELECT FILENAME FROM DATABASECHANGELOG ORDER BY ORDEREXECUTED DESC LIMIT 1;")).toEqual(['db/core-124.xml']);
		expect(await walk.hints('starts')).toEqual([]);
		// The exception is still in its log.
		expect((await walk.look('waiting')).passed).toBe(false);
		expect(await walk.hints('waiting')).toEqual(['over']);
	});

	test('is released in a database of its own, once no other machine is connected', async () => {
		const db = await scene.rig.database({ password: 'geheim $1' });
		const external: Values = { db_host: db.host, db_password: db.password };
		await scene.rig.server({ name: 'rancher', tag: 'v1.6.14', data: true, args: db.flags });
		const before = await scene.rig.fingerprint({ db: db.container });
		await scene.rig.ask({ db: db.container }, takenByOthers);
		await startWaiting('rancher/server:v1.6.30', ...db.flags);
		const walk = scene.walk('log-lock', values(external));

		expect(await walk.look('nobody-migrates')).toMatchObject({ passed: false, saw: [{ slots: { text: '/rancher' } }] });
		await scene.rig.docker('stop', 'rancher');
		await scene.rig.docker('run', '--detach', '--name', 'stranger', '-e', 'MYSQL_PWD=geheim $1', '--entrypoint', 'bash', 'rancher/server:v1.6.14', '-c', `sleep 3600 | mysql --host ${db.host} --user cattle cattle`);
		await expect.poll(async () => (await walk.look('nobody-migrates')).saw.at(-1), { timeout: 60_000 }).toMatchObject({ name: 'output-differs', slots: { text: expect.stringMatching(/^10\.\d+\.\d+\.\d+$/) } });
		await scene.rig.docker('rm', '--force', '--volumes', 'stranger');
		await walk.through();

		expect(walk.outcomes.get('nobody-migrates')).toBe('looked');
		expect(await scene.rig.fingerprint({ db: db.container })).toEqual(before);
	});

	test('is put back as it was', async () => {
		await scene.rig.server({ name: 'new', tag: 'v1.6.30', data: true });
		await scene.rig.ask({ container: 'new' }, "UPDATE DATABASECHANGELOGLOCK SET LOCKED = 1, LOCKGRANTED = '2018-03-01 08:00:00', LOCKEDBY = 'it''s gone (10.0.0.1)';");
		const before = await lock('new');
		const walk = scene.walk('log-lock', values());
		await walk.take('lock-row');
		await walk.take('release');
		expect(await lock('new')).toEqual(['0\tNULL\tNULL']);

		expect(await walk.back()).toEqual(['release']);

		expect(await lock('new')).toEqual(before);
	});
});

test('a server that migrates is left alone; one that was killed meanwhile gets the lock and shows that only the backup helps', async () => {
	await scene.rig.server({ name: 'rancher', tag: 'v1.6.10', data: true });
	await scene.rig.docker('stop', 'rancher');
	await scene.rig.docker('run', '--detach', '--name', 'new', '--restart=unless-stopped', '-e', 'RIG_MIGRATION_SECONDS=120', '-e', 'RIG_LOCK_SECONDS=1,1,600', '--volumes-from', 'rancher', 'rancher/server:v1.6.30');
	await scene.rig.untilLog('new', /Starting DB migration/);
	await scene.rig.docker('exec', 'new', 'bash', '-c', 'until mysql -Ne "SHOW TABLES LIKE \'region\'" cattle | grep -q region; do sleep 0.05; done');
	const walk = scene.walk('log-lock', values());

	expect((await walk.look('waiting')).passed).toBe(false);
	expect((await walk.look('held')).passed).toBe(true);
	expect((await walk.look('nobody-migrates')).passed).toBe(false);
	expect(await walk.hints('nobody-migrates')).toEqual(['own-lock']);

	await scene.rig.docker('kill', 'new');
	await scene.rig.docker('start', 'new');
	await untilItWaits(scene.rig, 'new');
	await walk.through('release');
	await walk.untilHint('starts', 'migration-failed');

	expect(walk.outcomes.get('nobody-migrates')).toBe('looked');
	expect(await walk.hints('starts')).toEqual(['migration-failed']);
	expect((await walk.look('waiting')).passed).toBe(false);
	expect(await walk.hints('waiting')).toEqual(['migration-failed']);
	// Docker waits longer before each start: the database cannot be asked now.
	await expect.poll(() => scene.rig.docker('container', 'inspect', '--format', '{{.State.Status}}', 'new'), { timeout: 120_000 }).toContain('restarting');
	expect((await walk.look('release')).passed).toBe(true);
	// Nor where nothing starts it again.
	await scene.rig.docker('stop', 'new');
	expect((await walk.look('release')).passed).toBe(true);
});

test('what stands against releasing the lock is told apart', async () => {
	const { rig } = scene;
	const at = { container: 'new' };
	await rig.server({ name: 'new', tag: 'v1.6.30', data: true });
	const walk = scene.walk('log-lock', values());
	const nobody = () => walk.look('nobody-migrates');

	expect((await walk.look('waiting')).passed).toBe(false);
	expect(await walk.hints('waiting')).toEqual(['over']);
	expect((await walk.look('held')).passed).toBe(false);
	expect(await walk.hints('held')).toEqual(['free']);
	expect((await nobody()).passed).toBe(true);

	await rig.ask(at, takenByOthers);
	expect((await walk.look('held')).passed).toBe(true);
	expect(await walk.hints('held')).toEqual([]);
	expect(await walk.hints('starts')).toEqual(['taken-again']);
	await rig.ask(at, 'UPDATE DATABASECHANGELOGLOCK SET LOCKGRANTED = NOW();');
	expect(await walk.hints('starts')).toEqual([]);
	expect((await nobody()).passed).toBe(true);

	await rig.docker('exec', '--detach', 'new', 'mysql', '--execute', 'SELECT SLEEP(3600)', 'cattle');
	await expect.poll(async () => (await nobody()).saw.at(-1), { timeout: 120_000 }).toMatchObject({ name: 'output-differs', slots: { text: expect.stringContaining('SELECT SLEEP(3600)') } });

	await rig.docker('run', '--detach', '--name', 'second', '--volumes-from', 'new', '--entrypoint', 'sleep', 'rancher/server:v1.6.30', '3600');
	expect(await nobody()).toMatchObject({ passed: false, saw: [{ slots: { text: '/second' } }] });

	expect(await scene.walk('log-lock', values({ db_host: '10.1.2.3' })).hints('storage')).toEqual(['inside']);
	await rig.docker('stop', 'new');
	expect(await walk.hints('held')).toEqual(['not-reached']);
	expect(await walk.hints('release')).toEqual(['not-reached']);
	await rig.docker('create', '--name', 'outside', 'rancher/server:v1.6.30', '--db-host', '10.1.2.3');
	expect(await scene.walk('log-lock', values({ container: 'outside' })).hints('storage')).toEqual(['outside']);
});
