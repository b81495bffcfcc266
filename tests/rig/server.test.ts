import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { attempt } from './command.ts';
import { startRig, type Rig } from './rig.ts';
import { believed, differences } from '../real/believed.ts';
import { observeServer } from '../real/observe.ts';

let rig: Rig;
beforeAll(async () => {
	rig = await startRig();
	for (const tag of ['v1.0.2', 'v1.6.14', 'v1.6.30']) await rig.docker('pull', '--quiet', `rancher/server:${tag}`);
});
afterAll(() => rig.close());

let count = 0;
function newName(): string {
	return `rancher-${++count}`;
}

async function logOf(container: string): Promise<string> {
	const { stdout, stderr } = await attempt('docker', ['logs', container], { env: rig.env });
	return stdout + stderr;
}

/** Starts a container and waits until it has ended. */
async function runToItsEnd(options: readonly string[], args: readonly string[] = [], tag = 'v1.6.14'): Promise<{ readonly log: string; readonly code: string }> {
	const name = newName();
	await attempt('docker', ['run', '--detach', '--name', name, ...options, `rancher/server:${tag}`, ...args], { env: rig.env });
	const code = await rig.docker('wait', name);
	return { log: await logOf(name), code };
}

describe('a server with its database inside', () => {
	test('starts on an empty volume as if nothing were wrong', async () => {
		const { name, url } = await rig.server({ name: newName(), tag: 'v1.6.14' });

		expect((await logOf(name)).split('\n').map((line) => line.replace(/^\d.*\] /, '').replace(/\d+ms/, 'Nms'))).toEqual(
			expect.arrayContaining(['Running mysql_install_db...', 'Setting up database', 'Importing schema', 'Loading configuration', 'Starting DB migration', 'DB migration done']),
		);
		expect(await logOf(name)).toMatch(/\[DONE \] \[\d+ms\] Startup Succeeded, Listening on port 8081\n/);
		expect(await (await fetch(`${url}/ping`)).text()).toBe('pong');
	});

	test('does what is believed of the real image, as "npm run real" observes it', async () => {
		const { name } = await rig.server({ name: newName(), tag: 'v1.6.14' });

		const observed = await observeServer(rig.docker, name, logOf);

		expect(differences(observed)).toEqual([]);
		expect(observed.map(({ about }) => about)).toEqual(believed.map(({ about }) => about));
	});

	test('lists its variables without passwords', async () => {
		const { name } = await rig.server({ name: newName(), tag: 'v1.6.14', options: ['-e', 'CATTLE_MY_PASSWORD=geheim', '-e', 'CATTLE_UPGRADE_MANAGER=none'] });

		const log = await logOf(name);

		expect(log).toContain('\nCATTLE_UPGRADE_MANAGER=none\n');
		expect(log).toContain('\nCATTLE_DB_CATTLE_MYSQL_HOST=localhost\n');
		expect(log).not.toContain('geheim');
	});

	test('answers nothing before it is up', async () => {
		const name = newName();
		await rig.docker('run', '--detach', '--name', name, '-e', 'RIG_MIGRATION_SECONDS=60', 'rancher/server:v1.6.14');
		await rig.untilLog(name, /Starting DB migration/);

		const { code } = await attempt('docker', ['exec', name, 'curl', '--silent', 'http://127.0.0.1:8080/ping'], { env: rig.env });

		expect(code).toBe(7);
		await rig.docker('rm', '--force', '--volumes', name);
	});

	test('lets root in without a password, and dumps', async () => {
		const { name } = await rig.server({ name: newName(), tag: 'v1.6.14', data: true });

		expect(await rig.docker('exec', name, 'mysql', '--batch', '--skip-column-names', '--execute', 'SELECT name FROM account WHERE id = 7', 'cattle')).toBe('王小明');
		expect(await rig.docker('exec', name, 'mysqladmin', 'status')).toContain('Uptime');
		const dump = await rig.docker('exec', name, 'mysqldump', '--single-transaction', 'cattle');
		expect(dump).toContain("O\\'Brien \\\"Bo\\\" \\\\ back\\\\slash %s `tick` 🐂");
		expect(dump).toMatch(/-- Dump completed on \S+ +\S+$/);
	});

	test('takes its files as 102:105', async () => {
		const { name } = await rig.server({ name: newName(), tag: 'v1.6.14' });

		expect(await rig.docker('exec', name, 'stat', '--format', '%u:%g', '/var/lib/mysql', '/var/lib/mysql/ibdata1', '/var/lib/mysql/cattle')).toBe('102:105\n102:105\n102:105');
	});

	/** The end of what the database inside of a stopped server has written. */
	const lastOfDatabase = (name: string) => rig.docker('run', '--rm', '--volumes-from', name, '--entrypoint', 'tail', 'rancher/server:v1.6.14', '--lines=1', '/var/log/mysql/error.log');

	test.each([
		['kills its database when it is stopped', (name: string) => rig.docker('stop', '--time', '60', name), false],
		['ends with its database, which ends in order', (name: string) => rig.docker('exec', name, 'mysqladmin', 'shutdown'), true],
	])('%s, and comes up again', async (_, end, inOrder) => {
		const { name } = await rig.server({ name: newName(), tag: 'v1.6.14', data: true });
		const before = await rig.fingerprint({ container: name });

		await end(name).catch(() => 'the end of the container takes the program along');
		expect(await rig.docker('wait', name)).toBe('0');
		expect(/Shutdown complete/.test(await lastOfDatabase(name))).toBe(inOrder);
		await rig.docker('start', name);
		await rig.untilUp(name);

		expect(await rig.fingerprint({ container: name })).toEqual(before);
	});

	test('keeps its data through an upgrade over a data container', async () => {
		const old = await rig.server({ name: newName(), tag: 'v1.0.2', data: true });
		const before = await rig.fingerprint({ container: old.name });
		await rig.docker('stop', old.name);
		const data = newName();
		await rig.docker('create', '--volumes-from', old.name, '--name', data, 'rancher/server:v1.0.2');

		const { name } = await rig.server({ name: newName(), tag: 'v1.6.30', options: ['--volumes-from', data] });

		expect(await rig.fingerprint({ container: name })).toEqual(before);
		expect(await logOf(name)).not.toMatch(/Importing schema|mysql_install_db/);
		expect(await rig.ask({ container: name }, 'SELECT COUNT(*) FROM DATABASECHANGELOG WHERE FILENAME = "db/core-124.xml";')).toEqual(['2']);
	});
});

describe('a folder at /var/lib/mysql', () => {
	/** A stopped server's files, copied to a folder of this machine. */
	async function copyFiles(): Promise<string> {
		const { name } = await rig.server({ name: newName(), tag: 'v1.6.14', data: true });
		await rig.docker('stop', name);
		const folder = join(rig.folder(), 'mysql');
		await rig.docker('cp', `${name}:/var/lib/mysql`, folder);
		return folder;
	}

	test('holds the server that it was copied from, once it has the right owner', async () => {
		const folder = await copyFiles();
		const chown = await attempt('chown', ['-R', '102:105', folder]);

		const { name } = await rig.server({ name: newName(), tag: 'v1.6.14', options: ['-v', `${folder}:/var/lib/mysql`] });

		expect(chown.code).toBe(0);
		expect((await rig.fingerprint({ container: name }))['account']).toHaveLength(6);
	});

	test('of another owner does not start', async () => {
		const folder = await copyFiles();
		await attempt('chown', ['-R', '0:0', folder]);

		const { log } = await runToItsEnd(['-v', `${folder}:/var/lib/mysql`]);

		expect(log).toContain('Could not start MySQL...');
		expect(log).not.toContain('Importing schema');
	});

	test('whose files lie one level deeper does not start, and is not taken for empty', async () => {
		const folder = await copyFiles();
		await attempt('chown', ['-R', '102:105', folder]);

		const { log } = await runToItsEnd(['-v', `${join(folder, '..')}:/var/lib/mysql`]);

		expect(log).toContain('Could not start MySQL...');
		expect(log).not.toContain('mysql_install_db');
	});

	test('that is empty becomes a new server', async () => {
		const folder = rig.folder();

		const { name, url } = await rig.server({ name: newName(), tag: 'v1.6.14', options: ['-v', `${folder}:/var/lib/mysql`] });

		expect(await logOf(name)).toContain('Importing schema');
		expect((await fetch(`${url}/v2-beta`)).status).toBe(200);
	});
});

describe('the entry point', () => {
	test('takes a flag with "=" for a command, and ends', async () => {
		const { log, code } = await runToItsEnd([], ['--db-host=db.example']);

		expect(code).toBe('2');
		expect(log).toContain('exec: --: invalid option');
	});

	test('does not know --db-strict-enforcing before 1.6.11', async () => {
		await rig.docker('pull', '--quiet', 'rancher/server:v1.6.10');

		expect((await runToItsEnd([], ['--db-strict-enforcing'], 'v1.6.10')).code).toBe('2');
	});

	test('takes the next flag for a value that is missing', async () => {
		const { log } = await runToItsEnd([], ['--db-host', '--db-port', '3306']);

		expect(log).toMatch(/3306: (command )?not found/);
	});

	test('is not there before 1.2: the flags are a command', async () => {
		const { stderr, code } = await attempt('docker', ['run', '--rm', 'rancher/server:v1.0.2', '--db-host', 'db.example'], { env: rig.env });

		expect(code).not.toBe(0);
		expect(stderr).toContain('--db-host');
	});

	test('prints its usage', async () => {
		expect((await runToItsEnd([], ['--help'])).log).toContain('--advertise-address');
	});
});

describe('a certificate', () => {
	async function certificate(): Promise<string> {
		const folder = rig.folder();
		mkdirSync(folder, { recursive: true });
		writeFileSync(join(folder, 'ca.crt'), '-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n');
		return join(folder, 'ca.crt');
	}

	test('is taken from where 1.3 and later look for it', async () => {
		const { name } = await rig.server({ name: newName(), tag: 'v1.6.30', options: ['-v', `${await certificate()}:/var/lib/rancher/etc/ssl/ca.crt`] });

		expect(await logOf(name)).toMatch(/Adding ca.crt to Certs.\n[^]*1 added, 0 removed[^]*Certificate was added to keystore/);
	});

	test('at the place of 1.0 is ignored by later ones without a word', async () => {
		const options = ['-v', `${await certificate()}:/ca.crt`];
		const { name } = await rig.server({ name: newName(), tag: 'v1.6.30', options });
		const old = await rig.server({ name: newName(), tag: 'v1.0.2', options });

		expect(await logOf(name)).not.toContain('ca.crt');
		expect(await logOf(old.name)).toContain('Adding ca.crt to Certs.');
	});
});

describe('a server with its database outside', () => {
	test('is told of it by flags, variables or a link', async () => {
		const password = 'p\'w "$x" 密';
		const db = await rig.database({ password, user: 'rancher', name: 'herd' });
		const first = await rig.server({ name: newName(), tag: 'v1.6.14', args: db.flags, data: true });
		const before = await rig.fingerprint({ db: db.container, name: 'herd' });
		await rig.docker('stop', first.name);
		const env = { MYSQL_HOST: db.host, MYSQL_PORT: '3306', USERNAME: 'rancher', PASSWORD: password, MYSQL_NAME: 'herd' };
		const second = await rig.server({ name: newName(), tag: 'v1.6.14', options: Object.entries(env).flatMap(([name, value]) => ['-e', `CATTLE_DB_CATTLE_${name}=${value}`]) });
		await rig.docker('stop', second.name);

		const linked = await rig.database({});
		const third = await rig.server({ name: newName(), tag: 'v1.6.14', options: ['--link', `${linked.container}:mysql`] });

		expect(before['account']).toHaveLength(6);
		expect(await logOf(first.name)).not.toMatch(/mysql_install_db|Importing schema/);
		expect(await rig.fingerprint({ db: db.container, name: 'herd' })).toEqual(before);
		expect((await rig.fingerprint({ container: third.name }))['account']).toHaveLength(3);
		expect((await rig.fingerprint({ db: linked.container }))['account']).toHaveLength(3);
	});

	test('enforces strictly when asked to, from 1.6.11 on', async () => {
		const db = await rig.database({});
		await rig.server({ name: newName(), tag: 'v1.6.14', args: [...db.flags, '--db-strict-enforcing'] });

		expect(await rig.ask({ db: db.container }, "SELECT COUNT(*) FROM information_schema.statistics WHERE table_name = 'DATABASECHANGELOG' AND index_name = 'PRIMARY';")).toEqual(['3']);
	});

	test('ends with a reason when nobody is there, or nobody lets it in', async () => {
		const db = await rig.database({});

		const nobody = await runToItsEnd([], ['--db-host', db.host, '--db-port', '3307']);
		const nameless = await runToItsEnd([], ['--db-host', 'db.example']);
		const denied = await runToItsEnd([], ['--db-host', db.host, '--db-pass', 'wrong']);

		expect(nobody.log).toContain('Communications link failure');
		expect(nameless.log).toContain('UnknownHostException: db.example');
		expect(denied.log).toContain("Access denied for user 'cattle'");
		for (const { log } of [nobody, nameless, denied]) expect(log).toMatch(/Startup Failed \[\d+ms\][^]*STARTUP FAILED \[\d+\] ms/);
	});

	test('sees a database that says it is MySQL 5.7, or what it is told to say', async () => {
		const [usual, other] = [await rig.database({}), await rig.database({ version: '8.0.36', maxConnections: 100 })];

		expect(await rig.ask({ db: usual.container }, 'SELECT VERSION(), @@max_connections;')).toEqual(['5.7.44-log\t200']);
		expect(await rig.ask({ db: other.container }, 'SELECT VERSION(), @@max_connections;')).toEqual(['8.0.36\t100']);
	});
});
