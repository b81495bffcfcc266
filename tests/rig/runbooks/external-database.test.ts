import { truncateSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Values } from '../../../src/runbook/values/value.ts';
import { makeCertificates, type Database, type DatabaseOptions } from '../database.ts';
import { byShell, certificateIn, engineState, forgetName, lines, takenByOthers, untilItWaits, useScene } from './scene.ts';
import type { Walk } from './walk.ts';

const scene = useScene('external-database.test.ts');
/** Everything that a shell, SQL or a list of words could take amiss. */
const password = 'p\'w "$x" \\密';

interface Start {
	readonly tag?: string;
	readonly database?: DatabaseOptions;
	/** Of `docker run`; told the database when the server is told it by variables. */
	readonly options?: readonly string[] | ((host: string) => readonly string[]);
	readonly told?: 'flags' | 'shell' | 'variables' | 'link';
}

/** A server with data, whose database is elsewhere; and the form for it. */
async function startOld({ tag = 'v1.6.14', database = {}, options = [], told = 'flags' }: Start = {}) {
	const { rig } = scene;
	const db = await rig.database({ container: 'herd-db', user: 'rancher', name: 'herd', password, ...database });
	const variables = { MYSQL_HOST: db.host, MYSQL_PORT: '3306', USERNAME: db.user, PASSWORD: db.password, MYSQL_NAME: db.name };
	const ways = {
		flags: { options: [], args: db.flags },
		shell: { options: [], args: byShell(db.flags) },
		variables: { options: Object.entries(variables).flatMap(([name, value]) => ['-e', `CATTLE_DB_CATTLE_${name}=${value}`]), args: [] },
		link: { options: ['--link', `${db.container}:mysql`], args: [] },
	};
	const way = ways[told];
	await rig.server({ name: 'rancher', tag, data: true, options: ['-p', `${scene.publish}:8080`, ...way.options, ...(typeof options === 'function' ? options(db.host) : options)], args: way.args });
	const values = (more: Values = {}): Values => ({
		container: 'rancher', old_tag: tag, publish: scene.publish, db_host: db.host, db_user: db.user, db_password: db.password, db_name: db.name, ...more,
	});
	return { db, values, rows: () => scene.rig.fingerprint({ db: db.container, name: db.name }), tables: () => tablesOf(db) };
}

const tablesOf = (db: Database) => scene.rig.ask({ db: db.container, name: db.name }, 'SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE() ORDER BY 1;');
/** The name of the server that a walk without `new_container` has made. */
const newest = async () => (await scene.rig.docker('ps', '--all', '--latest', '--format', '{{.Names}}')).trim();
const argsOf = async (name: string): Promise<unknown> => JSON.parse(await scene.rig.docker('container', 'inspect', '--format', '{{json .Args}}', name));
const envOf = async (name: string): Promise<string[]> => JSON.parse(await scene.rig.docker('container', 'inspect', '--format', '{{json .Config.Env}}', name));

describe('the upgrade', () => {
	test('leads from v1.6.14 to v1.6.30 by flags, every step proven, and loses no row', async () => {
		const { db, values, rows } = await startOld({ options: ['--restart=always'] });
		const before = await rows();
		const walk = scene.walk('external-database', values({ new_container: 'new', db_strict: 'true' }));

		await walk.through();

		expect(await rows()).toEqual(before);
		expect(walk.outcomes.get('remove')).toBe('verified');
		expect(await argsOf('new')).toEqual([...db.flags, '--db-strict-enforcing']);
		expect(lines(await scene.rig.docker('ps', '--all', '--format', '{{.Names}} {{.Image}}'))).toEqual(['new rancher/server:v1.6.30', expect.stringMatching(/^herd-db /)]);
	});

	test('leads from v1.1.4 by variables, with the certificate where the new version looks for it', async () => {
		const certificate = certificateIn(scene.rig.folder());
		const { values, rows, db } = await startOld({ tag: 'v1.1.4', told: 'variables', options: ['-v', `${certificate}:/ca.crt`] });
		const before = await rows();
		const walk = scene.walk('external-database', values({ db_style: 'env', ca_cert: certificate }));

		expect(await walk.take('directory-certificate')).toBe('looked');
		expect(await walk.take('ca-certificate')).toBe('looked');
		await walk.through('hosts-after', { preflight: false });

		expect(await rows()).toEqual(before);
		expect(await argsOf(await newest())).toEqual(['/usr/bin/s6-svscan', '/service']);
		expect(await envOf(await newest())).toEqual(expect.arrayContaining([`CATTLE_DB_CATTLE_MYSQL_HOST=${db.host}`, `CATTLE_DB_CATTLE_PASSWORD=${password}`]));
		expect(await scene.rig.untilLog(await newest(), /keystore/)).toBe('Certificate was added to keystore');
	});

	test('leads from v1.6.11 to v1.6.30 where the database insists on TLS, and back to every row; so do "back-up" and "log-lock"', async () => {
		const tlsFolder = await makeCertificates(scene.rig.folder());
		const authority = join(tlsFolder, 'ca.crt');
		const address = (host: string) => `jdbc:mysql://${host}:3306/herd?useUnicode=true&useSSL=true`;
		const env = (host: string) => ['CATTLE_DB_CATTLE_MYSQL_URL', 'CATTLE_DB_LIQUIBASE_MYSQL_URL'].map((name) => `${name}=${address(host)}`);
		const options = (host: string) => ['-v', `${authority}:/var/lib/rancher/etc/ssl/ca.crt`, ...env(host).flatMap((pair) => ['-e', pair])];
		const { values, rows, db } = await startOld({ tag: 'v1.6.11', database: { tlsFolder }, options });
		const before = await rows();
		await expect(scene.rig.docker('exec', '--env', `MYSQL_PWD=${password}`, 'rancher', 'mysql', '--host', db.host, '--user', db.user, '--execute', 'SELECT 1', db.name)).rejects.toThrow(/Access denied|insecure transport/);
		const walk = scene.walk('external-database', values({ ca_cert: authority, env: env(db.host) }));
		for (const step of ['database', 'database-version', 'database-settings']) expect(await walk.take(step)).toBe('looked');
		await walk.through('start', { preflight: false });
		expect(walk.outcomes.get('last-dump')).toBe('verified');

		await walk.back();

		expect(await rows()).toEqual(before);

		const outside: Values = { db_host: db.host, db_user: db.user, db_password: db.password, db_name: db.name };
		const backUp = scene.walk('back-up', { container: 'rancher', ...outside });
		await backUp.through();
		expect(['database', 'rows', 'back-up', 'data'].map((step) => backUp.outcomes.get(step))).toEqual(['looked', 'verified', 'verified', 'looked']);

		await scene.rig.ask({ db: db.container, name: db.name }, takenByOthers);
		await scene.rig.docker('stop', 'rancher');
		await scene.rig.docker('run', '--detach', '--name', 'new', '--restart=unless-stopped', '-e', 'RIG_LOCK_SECONDS=1,600', ...options(db.host), 'rancher/server:v1.6.30', ...db.flags);
		await untilItWaits(scene.rig, 'new');
		const lock = scene.walk('log-lock', { container: 'new', ...outside });
		await lock.through();
		expect(['nobody-migrates', 'lock-row', 'release', 'starts'].map((step) => lock.outcomes.get(step))).toEqual(['looked', 'verified', 'verified', 'looked']);
		expect(await rows()).toEqual(before);
	});

	test('leads from a moving tag and a link of the old kind to flags', async () => {
		// A link gives host and port only: the rest is what every Rancher takes by itself.
		const { values, rows, db } = await startOld({ told: 'link', database: { user: 'cattle', name: 'cattle', password: 'cattle' } });
		const before = await rows();
		await forgetName(scene.rig, 'v1.6.14');
		const walk = scene.walk('external-database', values({ db_host: 'mysql', docker_options: [`--link=${db.container}:mysql`] }));

		await walk.through('hosts-after');

		expect(await rows()).toEqual(before);
		expect(await argsOf(await newest())).toEqual(expect.arrayContaining(['--db-host', 'mysql']));
		expect(walk.outcomes.get('old-image')).toBe('verified');
	});
});

/** What the form says of a server that was told its database so. */
const formOf = (told: 'flags' | 'shell' | 'variables', db: Database): Values => ({ flags: {}, shell: { db_style: 'words', command_words: byShell(db.flags) }, variables: { db_style: 'env' } })[told];

describe('a server that a shell starts', () => {
	test('gets the same words on the way up, and the database that they name', async () => {
		const { db, values, rows } = await startOld({ told: 'shell' });
		const before = await rows();
		const walk = scene.walk('external-database', values({ new_container: 'new', ...formOf('shell', db) }));

		await walk.through();

		expect(await rows()).toEqual(before);
		expect(await argsOf('new')).toEqual(byShell(db.flags));
	});
});

describe('a server that was started with --rm', () => {
	test.each(['flags', 'shell', 'variables'] as const)('and told its database by %s is there again after the undo of its stop', async (told) => {
		const { db, values, rows } = await startOld({ told, options: ['--rm', '-e', 'A=b'] });
		const before = await rows();
		const walk = scene.walk('external-database', values({ auto_remove: 'true', env: ['A=b'], ...formOf(told, db) }));
		await walk.through('stop', { preflight: false });
		expect(lines(await scene.rig.docker('ps', '--format', '{{.Names}}'))).toEqual(['herd-db']);

		await walk.back();

		await scene.rig.untilUp('rancher');
		expect(await rows()).toEqual(before);
		expect(lines(await scene.rig.docker('ps', '--all', '--format', '{{.Names}}')).sort()).toEqual(['herd-db', 'rancher']);
		expect(await envOf('rancher')).toContain('A=b');
	});

	test('is upgraded without losing a row', async () => {
		const { values, rows } = await startOld({ options: ['--rm'] });
		const before = await rows();

		await scene.walk('external-database', values({ auto_remove: 'true' })).through();

		expect(await rows()).toEqual(before);
	});
});

describe('the way back', () => {
	test.each(['last-dump', 'start', 'remove'])('from "%s" leads to the same containers, the same tables and the same rows', async (last) => {
		const { values, rows, tables } = await startOld({ options: ['--restart=always', '-e', 'A=b'] });
		const before = { engine: await engineState(scene.rig), rows: await rows(), tables: await tables() };
		const walk = scene.walk('external-database', values({ env: ['A=b'], restart: 'always' }));
		await walk.through(last, { preflight: false });

		const taken = await walk.back();

		expect(taken).toContain(last);
		expect({ engine: await engineState(scene.rig), rows: await rows(), tables: await tables() }).toEqual(before);
	});

	test('gives an old server of v1.1.4 its variables, and nothing that it does not know', async () => {
		const { values, rows } = await startOld({ tag: 'v1.1.4', told: 'variables' });
		const before = { engine: await engineState(scene.rig), rows: await rows() };
		const walk = scene.walk('external-database', values({ db_strict: 'true', restart: 'no' }));
		await walk.through('remove', { preflight: false });

		await walk.back();

		expect({ engine: await engineState(scene.rig), rows: await rows() }).toEqual(before);
	});

	test('of a second attempt leads to what was there at the second stop', async () => {
		const { values, rows, db } = await startOld();
		const walk = scene.walk('external-database', values());
		await walk.through('start', { preflight: false });
		await walk.back();
		await scene.rig.ask({ db: db.container, name: db.name }, "UPDATE setting SET value = 'changed in between' WHERE name = 'ui.pl';");
		const before = await rows();

		for (const step of ['stop', 'last-dump', 'start']) await walk.take(step);
		await walk.back();

		expect(await rows()).toEqual(before);
	});

	test('waits for what a server that was stopped left at work in the database', async () => {
		const { values, rows } = await startOld();
		const before = await rows();
		const walk = scene.walk('external-database', values());
		await walk.through('start', { preflight: false });
		const left = `DO SLEEP(8); UPDATE setting SET value = 'left at work' WHERE name = 'ui.pl'`;
		const work = scene.rig.docker('exec', '--env', `MYSQL_PWD=${password}`, 'herd-db', 'mysql', '--host=127.0.0.1', '--user=rancher', '--execute', left, 'herd');

		await walk.back('start');
		await work;

		expect(await rows()).toEqual(before);
	});

	test('touches nothing when the last dump was cut short', async () => {
		const { values, tables } = await startOld();
		const folder = scene.rig.folder();
		const walk = scene.walk('external-database', values(), { folder });
		await walk.through('start', { preflight: false });
		const migrated = await tables();
		truncateSync(join(folder, 'rancher-backup.sql.stopped.sql'), 3000);

		expect((await walk.look('last-dump')).passed).toBe(false);
		await expect(walk.back()).rejects.toThrow(/ends in the middle/);
		expect(await tables()).toEqual(migrated);
		await scene.rig.docker('start', await newest());
		await scene.rig.untilUp(await newest());
	});
});

describe('before anything is changed', () => {
	const looks = async (walk: Walk) => {
		const found: Record<string, readonly [string, ...string[]]> = {};
		for (const { id, phase } of walk.runbook.steps) if (phase === 'preflight') found[id] = [(await walk.look(id)).result, ...(await walk.hints(id))];
		return found;
	};

	test('a server that is ready gives no hint', async () => {
		const { values } = await startOld();
		const found = await looks(scene.walk('external-database', values()));

		// Reasons that every machine of the rig has: a newer engine, no time server, no certificate.
		expect(found).toMatchObject({ 'engine-range': ['warned', 'newer'], clock: ['warned'], 'ca-certificate': ['could-not-check'] });
		const others = Object.entries(found).filter(([id]) => !['engine-range', 'clock', 'ca-certificate'].includes(id));
		expect(others.filter(([, [result, ...hints]]) => !['passed', 'warned'].includes(result) || hints.length > 0)).toEqual([]);
	});

	test('a form that is wrong is told apart, value by value', async () => {
		const { values, db } = await startOld();
		await scene.rig.ask({ db: db.container, name: 'mysql' }, "CREATE DATABASE sheep; GRANT ALL ON sheep.* TO 'rancher'@'%';");
		const wrong: readonly (readonly [string, Values, readonly string[]])[] = [
			['another host than the server uses', { db_host: `${scene.rig.place.network}.1` }, ['other-host', 'unreachable']],
			['a port where nobody listens', { db_port: '3307' }, ['unreachable']],
			['a wrong password', { db_password: 'wrong one' }, ['access-denied']],
			['a name that is another database', { db_name: 'sheep' }, ['not-ranchers']],
			['a name that is no database of this user', { db_name: 'hurd' }, ['access-denied']],
		];

		for (const [name, value, hints] of wrong) {
			const walk = scene.walk('external-database', values(value));
			expect((await walk.look('database')).passed, name).toBe(false);
			expect(await walk.hints('database'), name).toEqual(hints);
		}
	});

	test.each([
		['MySQL 8', { version: '8.0.36' }, ['mysql-8']],
		['MariaDB 10.3', { version: '10.3.39-MariaDB' }, ['mariadb']],
	])('a database that is %s is warned of', async (_, database, hints) => {
		const { values } = await startOld({ database });
		const walk = scene.walk('external-database', values());

		expect((await walk.look('database-version')).passed).toBe(false);
		expect(await walk.hints('database-version')).toEqual(hints);
	});

	test('settings and state of the database that break an upgrade are seen', async () => {
		const { values, db } = await startOld({ database: { maxConnections: 100 } });
		const walk = scene.walk('external-database', values());
		const at = { db: db.container, name: db.name };

		expect(JSON.stringify((await walk.look('database-settings')).saw)).toMatch(/max_connections\\t100/);
		await scene.rig.ask(at, 'SET GLOBAL max_connections = 200; ALTER DATABASE herd CHARACTER SET latin1;');
		expect(JSON.stringify((await walk.look('database-settings')).saw)).toMatch(/character set\\tlatin1/);
		await scene.rig.ask(at, 'ALTER DATABASE herd CHARACTER SET utf8mb4;');
		expect(JSON.stringify((await walk.look('database-settings')).saw)).toMatch(/character set\\tutf8mb4/);
		expect(await walk.hints('database-settings')).toEqual(['character-set']);
		await scene.rig.ask(at, 'ALTER DATABASE herd CHARACTER SET utf8 COLLATE utf8_general_ci;');
		expect(await walk.hints('database-settings')).toEqual([]);
		expect((await walk.look('database-settings')).passed).toBe(true);
		await scene.rig.ask(at, "ALTER TABLE service_event ENGINE = MyISAM; UPDATE DATABASECHANGELOGLOCK SET LOCKED = 1, LOCKEDBY = 'somebody'; UPDATE stack SET state = 'upgraded' WHERE name = 'ipsec';");
		expect(await walk.hints('database-health')).toEqual(['locked', 'engines']);
		expect(await walk.hints('stacks')).toEqual(['unfinished']);
	});

	test.each([
		['mounts a folder', ['-v', '/FOLDER:/var/lib/mysql'], 'bind'],
		['has its database in a volume', [], 'volume'],
		['advertises an address', ['-e', 'CATTLE_DB_CATTLE_MYSQL_HOST=10.1.2.3', '-e', 'CATTLE_CLUSTER_ADVERTISE_ADDRESS=10.1.2.4'], 'cluster'],
	])('a server that %s is sent to its own runbook', async (_, options, hint) => {
		await scene.rig.docker('create', '--name', 'rancher', ...options.map((one) => one.replace('/FOLDER', scene.rig.folder())), 'rancher/server:v1.6.14');
		const walk = scene.walk('external-database', { container: 'rancher', old_tag: 'v1.6.14', publish: scene.publish, db_host: '10.1.2.3' });

		expect((await walk.look('storage')).passed).toBe(false);
		expect(await walk.hints('storage')).toEqual([hint]);
	});
});

describe('a start that goes wrong shows why, and can be taken back', () => {
	/** Everything up to the start, and what must be there again at the end. */
	async function beforeStart(more: Values = {}, start: Start = {}) {
		const old = await startOld(start);
		const before = await old.rows();
		const walk = scene.walk('external-database', old.values(more));
		await walk.through('last-dump', { preflight: false });
		const back = async () => {
			await walk.back();
			expect(await old.rows()).toEqual(before);
		};
		return { ...old, walk, back };
	}

	test('on an empty database, which is filled without a word', async () => {
		const { walk, back, db } = await beforeStart();
		await scene.rig.ask({ db: db.container, name: 'mysql' }, 'DROP DATABASE herd; CREATE DATABASE herd CHARACTER SET utf8;');

		expect(await walk.take('start')).toBe('verified');
		expect(await walk.take('version')).toBe('looked');
		expect((await walk.look('data')).passed).toBe(false);
		expect((await walk.look('login')).passed).toBe(false);
		expect(await walk.hints('login')).toEqual(['open']);

		await back();
	});

	test.each([
		['starts again and again', 'unless-stopped', 'restarting'],
		['ends', 'no', 'ended'],
	])('when the database lets nobody in, and the server %s', async (_, restart, hint) => {
		const { walk, back, db } = await beforeStart({ restart });
		const at = { db: db.container, name: 'mysql' };
		await scene.rig.ask(at, "ALTER USER 'rancher'@'%' IDENTIFIED BY 'another';");
		await walk.run('start');

		await walk.untilHint('start', 'no-connection');
		await walk.untilHint('start', 'startup-failed');
		await walk.untilHint('start', hint);
		await scene.rig.docker('stop', await newest());

		await scene.rig.ask(at, `ALTER USER 'rancher'@'%' IDENTIFIED BY '${password.replaceAll('\\', '\\\\').replaceAll("'", "''")}';`);
		await back();
	});

	test('by a change set that fails', async () => {
		const { walk, back } = await beforeStart({ env: ['RIG_FAIL_AT=core-124'] });
		await walk.run('start');

		await walk.untilHint('start', 'migration-failed');

		await back();
	});

	test('by an index that is too long in a database of utf8mb4', async () => {
		const { walk, back, db } = await beforeStart({}, { tag: 'v1.6.11' });
		await scene.rig.ask({ db: db.container, name: db.name }, 'ALTER DATABASE herd CHARACTER SET utf8mb4;');
		await walk.run('start');

		await walk.untilHint('start', 'key-too-long');
		expect(await walk.hints('start')).toContain('migration-failed');

		await back();
	});

	test('by a change set that takes longer than the address of the database allows', async () => {
		const { walk, back } = await beforeStart({ env: ['CATTLE_DB_LIQUIBASE_MYSQL_URL=jdbc:mysql://herd-db/herd?socketTimeout=100', 'RIG_MIGRATION_SECONDS=2', 'RIG_LOCK_SECONDS=1,1'] });
		await walk.run('start');

		await walk.untilHint('start', 'cut-off');
		expect(await walk.hints('start')).toContain('migration-failed');

		await back();
	});

	test('by a variable of the log, from v1.6.11 on', async () => {
		const variable = 'CATTLE_LOGBACK_OUTPUT_LOGSTASH_CONSOLE=true';
		const started = async (tag: string) => {
			await scene.rig.docker('run', '--detach', '--name', `at-${tag}`, '-p', `${scene.publish}:8080`, '-e', variable, `rancher/server:${tag}`);
			return scene.walk('external-database', { container: 'rancher', new_container: `at-${tag}`, old_tag: 'v1.6.0', new_tag: tag, publish: scene.publish, db_host: 'db' });
		};
		const before = await started('v1.6.10');
		await scene.rig.untilUp('at-v1.6.10');
		expect(await before.hints('start')).not.toContain('log-variable');
		await scene.rig.docker('rm', '--force', 'at-v1.6.10');

		const later = await started('v1.6.11');

		await later.untilHint('start', 'log-variable');
		expect(await later.hints('start')).toContain('ended');
	});

	test('when it is killed in the middle of the migration', async () => {
		const { walk, back } = await beforeStart({ env: ['RIG_MIGRATION_SECONDS=20', 'RIG_LOCK_SECONDS=1,1'] });
		await walk.run('start');
		const server = await newest();
		await scene.rig.untilLog(server, /Starting DB migration/);
		await scene.rig.docker('exec', 'herd-db', 'bash', '-c', 'until [ "$(mysql -N -e "SELECT COUNT(*) FROM DATABASECHANGELOGLOCK WHERE LOCKED = 1" herd)" = 1 ]; do sleep 0.1; done');

		await scene.rig.docker('kill', server);
		await scene.rig.docker('start', server);
		await walk.untilHint('start', 'locked');

		await back();
	});
});
