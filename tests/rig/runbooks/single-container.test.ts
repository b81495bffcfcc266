import { truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Values } from '../../../src/runbook/values/value.ts';
import { lines, useScene } from './scene.ts';

const scene = useScene('single-container.test.ts');
const values = (more: Values = {}): Values => ({ container: 'rancher', old_tag: 'v1.6.14', publish: scene.publish, ...more });
const startOld = (...options: string[]) => scene.rig.server({ name: 'rancher', tag: 'v1.6.14', data: true, options: ['-p', `${scene.publish}:8080`, ...options] });
/** The name of the server that a walk without `new_container` has made. */
const newest = async () => (await scene.rig.docker('ps', '--latest', '--format', '{{.Names}}')).trim();

describe('the upgrade', () => {
	test('leads from v1.6.14 to v1.6.30, every step proven, and loses no row', async () => {
		await startOld('--restart=always');
		await scene.rig.ask({ container: 'rancher' }, "INSERT INTO setting (name, value) VALUES ('upgrade.manager', 'none');");
		const before = await scene.rig.fingerprint({ container: 'rancher' });
		const walk = scene.walk('single-container', values());

		await walk.through();

		expect(await scene.rig.fingerprint({ container: await newest() })).toEqual(before);
		expect(walk.outcomes.get('remove')).toBe('verified');
		expect(await walk.look('automatic-upgrades')).toMatchObject({ result: 'warned', saw: [{ slots: { text: 'upgrade.manager none' } }] });
		await scene.rig.ask({ container: await newest() }, "UPDATE setting SET value = 'all' WHERE name = 'upgrade.manager';");
		expect((await walk.look('automatic-upgrades')).result).toBe('passed');
		await scene.rig.ask({ container: await newest() }, "UPDATE setting SET value = 'None' WHERE name = 'upgrade.manager';");
		expect((await walk.look('automatic-upgrades')).result).toBe('warned');
		expect((await scene.rig.docker('ps', '--all', '--format', '{{.Names}} {{.Image}}')).split('\n')).toEqual([`${await newest()} rancher/server:v1.6.30`, 'rancher-data rancher/server:v1.6.14']);
	});

	test('repeats every option, by a private registry, for a server with a name, a named volume and no published port', async () => {
		const registry = await scene.rig.registry();
		const { rig } = scene;
		for (const tag of ['v1.6.14', 'v1.6.30']) {
			await rig.docker('pull', `rancher/server:${tag}`);
			await rig.docker('tag', `rancher/server:${tag}`, `${registry.address}/rancher/server:${tag}`);
			await rig.docker('push', `${registry.address}/rancher/server:${tag}`);
			await rig.docker('image', 'rm', `rancher/server:${tag}`, ...(tag === 'v1.6.30' ? [`${registry.address}/rancher/server:${tag}`] : []));
		}
		await rig.server({ name: 'rancher', tag: 'v1.6.14', registry: registry.address, data: true, options: ['-v', 'rancher-db:/var/lib/mysql', '-e', "NOTE=it's $HOME"] });
		const before = await rig.fingerprint({ container: 'rancher' });
		const folder = rig.folder();
		await rig.docker('cp', 'rancher:/etc/hostname', join(folder, 'x'));
		writeFileSync(join(folder, 'ca.crt'), '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n');
		const walk = scene.walk('single-container', values({
			publish: '', new_container: 'new', data_volume: 'rancher-db', registry: registry.address, ca_cert: join(folder, 'ca.crt'), env: ["NOTE=it's $HOME", 'MY_TOKEN=a"b c'],
			proxy: 'http://proxy.example:3128', java_opts: '-Xmx512m -Xms512m', docker_options: ['--memory=2g', '--log-opt=max-size=10m'],
		}), { folder });

		await walk.through();

		expect(await rig.fingerprint({ container: 'new' })).toEqual(before);
		const [made] = JSON.parse(await rig.docker('container', 'inspect', 'new'));
		expect(made.Config.Image).toBe(`${registry.address}/rancher/server:v1.6.30`);
		expect(made.Config.Env).toEqual(expect.arrayContaining([
			"NOTE=it's $HOME", 'MY_TOKEN=a"b c', 'http_proxy=http://proxy.example:3128', 'no_proxy=localhost,127.0.0.1', 'JAVA_OPTS=-Xmx512m -Xms512m',
			`CATTLE_BOOTSTRAP_REQUIRED_IMAGE=${registry.address}/rancher/agent:v1.2.11`,
		]));
		expect(made.HostConfig).toMatchObject({ Memory: 2 ** 31, PortBindings: {}, RestartPolicy: { Name: 'unless-stopped' } });
		// Docker's client passes them on in any order.
		expect(made.HostConfig.Binds.toSorted()).toEqual([`${join(folder, 'ca.crt')}:/var/lib/rancher/etc/ssl/ca.crt`, 'rancher-db:/var/lib/mysql']);
		expect(walk.outcomes.get('data-container')).toBe('left-out');
	});

	test('of a server whose own database has another name leads there and back, and asks, dumps and copies that one', async () => {
		const named = 'CATTLE_DB_CATTLE_MYSQL_NAME=my-herd';
		await startOld('-e', named);
		const before = await scene.rig.fingerprint({ container: 'rancher' });
		const walk = scene.walk('single-container', values({ env: [named] }));
		await walk.through('hosts-after');
		expect(await scene.rig.fingerprint({ container: await newest() })).toEqual(before);

		await walk.back();

		expect(await scene.rig.fingerprint({ container: 'rancher' })).toEqual(before);
	});

	test('gives the new server a volume with the catalog of its own image where there is no internet, and takes only that one back', async () => {
		const catalog = () => scene.rig.docker('volume', 'ls', '--quiet', '--filter', 'name=rancher-cattle');
		const walk = scene.walk('single-container', values({ registry: 'registry.example' }));
		expect(await walk.take('catalog-volume')).toBe('verified');
		expect(await catalog()).toBe('rancher-cattle-v1.6.30');
		await scene.rig.docker('create', '--name', 'new', '--volumes-from', (await startOld()).name, '-v', 'rancher-cattle-v1.6.30:/var/lib/cattle', 'rancher/server:v1.6.30');
		expect(await scene.rig.docker('run', '--rm', '--volumes-from', 'new', '--entrypoint', 'sh', 'rancher/server:v1.6.30', '-c', 'cat /var/lib/cattle/cache/global/*/HEAD')).toBe('v1.6.30');
		await scene.rig.docker('rm', 'new');
		await walk.back();
		expect(await catalog()).toBe('');

		await scene.rig.docker('volume', 'create', 'rancher-cattle-v1.6.30');
		expect((await walk.run('catalog-volume')).code).not.toBe(0);
		expect(await walk.hints('catalog-volume')).toEqual(['there-already']);
		await expect(walk.back()).rejects.toThrow(/catalog-volume/);
		expect(await catalog()).toBe('rancher-cattle-v1.6.30');
	});

	test('takes over the data container of an earlier upgrade', async () => {
		await startOld();
		await scene.rig.docker('stop', 'rancher');
		await scene.rig.docker('create', '--volumes-from', 'rancher', '--name', 'rancher-data', 'rancher/server:v1.6.14');
		await scene.rig.docker('start', 'rancher');
		await scene.rig.untilUp('rancher');
		const walk = scene.walk('single-container', values());

		await walk.through('hosts-after', { preflight: false });

		expect(walk.outcomes.get('data-container')).toBe('found');
	});

	test('gives an image that ran as a moving tag a name that stays', async () => {
		await scene.rig.server({ name: 'rancher', tag: 'stable', data: true, options: ['-p', `${scene.publish}:8080`] });
		const walk = scene.walk('single-container', values({ old_tag: 'v1.6.28' }));

		await walk.through('hosts-after', { preflight: false });

		expect(walk.outcomes.get('old-image')).toBe('verified');
	});
});

describe('a server that was started with --rm', () => {
	test('is seen before anything is stopped, and the form has to say so', async () => {
		await startOld('--rm');

		expect((await scene.walk('single-container', values()).look('auto-remove')).passed).toBe(false);
		expect(await scene.walk('single-container', values()).hints('auto-remove')).toEqual(['removes-itself']);
		expect((await scene.walk('single-container', values({ auto_remove: 'true' })).look('auto-remove')).passed).toBe(true);
	});

	test('is upgraded without losing a row, though Docker removes it at the stop', async () => {
		await startOld('--rm');
		const before = await scene.rig.fingerprint({ container: 'rancher' });
		const walk = scene.walk('single-container', values({ auto_remove: 'true' }));

		await walk.through();

		expect(await scene.rig.fingerprint({ container: await newest() })).toEqual(before);
	});

	test.each(['without-rm', 'stop', 'start', 'remove'])('runs again on its data after the undo from "%s"', async (last) => {
		await startOld('--rm', '-e', 'A=b');
		const before = await scene.rig.fingerprint({ container: 'rancher' });
		const walk = scene.walk('single-container', values({ auto_remove: 'true', env: ['A=b'] }));
		await walk.through(last, { preflight: false });

		expect(await walk.back()).toContain(last);

		expect(await scene.rig.fingerprint({ container: 'rancher' })).toEqual(before);
		expect(lines(await scene.rig.docker('ps', '--all', '--format', '{{.Names}} {{.Image}}'))).toEqual(['rancher rancher/server:v1.6.14']);
		expect(await scene.rig.docker('container', 'inspect', '--format', '{{.Config.Env}}', 'rancher')).toContain('A=b');
	});
});

describe('after the start', () => {
	/** An upgrade up to its start, whose server gets these variables. */
	async function started(env: readonly string[] = []) {
		await startOld();
		const walk = scene.walk('single-container', values({ env: [...env] }));
		await walk.through('start', { preflight: false });
		return { walk, ask: async (sql: string) => scene.rig.ask({ container: await newest() }, sql) };
	}

	test('agents of containers that went away meanwhile are not missed, and what is missing has advice of its own', async () => {
		const { walk, ask } = await started();
		expect(await ask("SELECT COUNT(*) FROM account WHERE kind = 'agent' AND uuid = 'agentAccount20' AND removed IS NOT NULL;")).toEqual(['1']);
		expect(await walk.take('data')).toBe('looked');
		const [identity, address] = await ask("SELECT value FROM setting WHERE name IN ('install.uuid', 'api.host') ORDER BY name DESC;");
		const host = { lost: 'UPDATE host SET removed = NOW() WHERE id = 2;', found: 'UPDATE host SET removed = NULL WHERE id = 2;' };
		const setting = (name: string, value = '') => `UPDATE setting SET value = '${value}' WHERE name = '${name}';`;
		const cases = [
			{ ...host, hints: ['hosts-missing'] },
			{ lost: 'UPDATE account SET removed = NOW() WHERE id = 7;', found: 'UPDATE account SET removed = NULL WHERE id = 7;', hints: ['other-database'] },
			{ lost: setting('install.uuid', 'x') + host.lost, found: setting('install.uuid', identity) + host.found, hints: ['other-database'] },
			{ lost: setting('api.host', 'http://other'), found: setting('api.host', address), hints: ['address-changed'] },
		];

		for (const { lost, found, hints } of cases) {
			await ask(lost);
			expect((await walk.look('data')).passed, lost).toBe(false);
			expect(await walk.hints('data'), lost).toEqual(hints);
			await ask(found);
			expect((await walk.look('data')).passed, found).toBe(true);
		}
	});

	test('hosts are back when their agents report the new image, not while the database holds the old state', async () => {
		const { walk, ask } = await started(['RIG_PING_SECONDS=3600']);

		expect(await ask('SELECT DISTINCT state FROM agent;')).toEqual(['active']);
		const seen = await walk.look('hosts-after');

		expect(seen.passed).toBe(false);
		expect(JSON.stringify(seen.saw)).toContain('host-2.example\\tactive\\trancher/agent:v1.2.9');
	});
});

describe('the stop', () => {
	test('ends the database before the container, also where Docker would start it again at once, and the undo gives the policy back', async () => {
		await startOld('--restart=on-failure:7');
		const walk = scene.walk('single-container', values());
		await walk.through('stop', { preflight: false });

		expect(await scene.rig.docker('container', 'inspect', '--format', '{{.State.Running}} {{.HostConfig.RestartPolicy.Name}}', 'rancher')).toBe('false no');
		await walk.back();
		expect(await scene.rig.docker('container', 'inspect', '--format', '{{.State.Running}} {{.HostConfig.RestartPolicy}}', 'rancher')).toBe('true {on-failure 7}');
	});

	test('by hand kills the database, which the check sees', async () => {
		await startOld();
		const walk = scene.walk('single-container', values());
		await walk.through('back-up', { preflight: false });

		await scene.rig.docker('stop', '--time', '60', 'rancher');

		expect((await walk.look('stop')).passed).toBe(false);
		expect(await walk.hints('stop')).toEqual(['killed']);
	});

	test('that broke off is finished by a second one, and the policy that was there first is given back', async () => {
		await startOld('--restart=unless-stopped');
		const walk = scene.walk('single-container', values());
		await walk.through('stop', { preflight: false });
		await scene.rig.docker('start', 'rancher');
		await scene.rig.untilUp('rancher');

		await walk.take('stop');
		await walk.back();

		expect(await scene.rig.docker('container', 'inspect', '--format', '{{.HostConfig.RestartPolicy.Name}}', 'rancher')).toBe('unless-stopped');
	});
});

describe('the way back', () => {
	test('of a second attempt leads to what was there at the second stop', async () => {
		await startOld();
		const walk = scene.walk('single-container', values());
		await walk.through('start', { preflight: false });
		await walk.back();
		await scene.rig.ask({ container: 'rancher' }, "UPDATE setting SET value = 'changed in between' WHERE name = 'ui.pl';");
		const before = await scene.rig.fingerprint({ container: 'rancher' });

		for (const step of ['data-container', 'stop', 'cold-copy', 'start']) await walk.take(step);
		await walk.back();

		expect(await scene.rig.fingerprint({ container: 'rancher' })).toEqual(before);
	});

	test('touches nothing when the copy of the files was cut short', async () => {
		await startOld();
		const folder = scene.rig.folder();
		const walk = scene.walk('single-container', values(), { folder });
		await walk.through('start', { preflight: false });
		truncateSync(join(folder, 'rancher-backup.sql.files.tar'), 2_000_000);

		expect((await walk.look('cold-copy')).passed).toBe(false);
		await expect(walk.back()).rejects.toThrow(/is cut short/);
		const server = await newestStopped();
		await scene.rig.docker('start', server);
		await scene.rig.untilUp(server);
	});
});

async function newestStopped(): Promise<string> {
	return (await scene.rig.docker('ps', '--all', '--latest', '--format', '{{.Names}}')).trim();
}

describe('before anything is changed', () => {
	test('a server that is not ready is told apart, reason by reason', async () => {
		await startOld();
		await scene.rig.ask({ container: 'rancher' }, [
			"UPDATE stack SET state = 'upgraded' WHERE name = 'ipsec';",
			"UPDATE agent SET state = 'reconnecting' WHERE id = 2;",
			"UPDATE DATABASECHANGELOGLOCK SET LOCKED = 1, LOCKEDBY = 'somebody';",
			'ALTER TABLE service_event ENGINE = MyISAM;',
			"INSERT INTO setting (name, value) VALUES ('api.auth.ldap.openldap.tls', 'true');",
		].join('\n'));
		const walk = scene.walk('single-container', values({ old_tag: 'v1.6.11', ca_cert: '/nowhere/ca.crt', backup_file: 'no-folder/backup.sql', data_volume: 'other' }));
		const failing = walk.runbook.steps.filter((step) => step.phase === 'preflight');

		const found = [];
		for (const step of failing) found.push([step.id, (await walk.look(step.id)).result, await walk.hints(step.id)]);

		expect(Object.fromEntries(found.map(([id, ...rest]) => [id, rest]))).toMatchObject({
			engine: ['passed', []],
			'engine-range': ['warned', ['newer']],
			'old-server': ['failed', ['other-version']],
			storage: ['failed', ['other-volume']],
			stacks: ['failed', ['unfinished']],
			'database-health': ['failed', ['locked', 'engines']],
			'directory-certificate': ['failed', []],
			'hosts-before': ['failed', []],
			'ca-certificate': ['failed', ['no-file']],
			'backup-place': ['failed', ['no-folder']],
		});
	});

	test('is asked about a directory\'s certificate only where v1.6.8 lies between the versions', async () => {
		await startOld();

		expect(await scene.walk('single-container', values()).take('directory-certificate')).toBe('left-out');
		expect(await scene.walk('single-container', values({ old_tag: 'v1.6.7' })).take('directory-certificate')).toBe('looked');
	});

	test('stacks of one\'s own that wait to be finished are listed, and do not stop the upgrade', async () => {
		await startOld();
		await scene.rig.ask({ container: 'rancher' }, "UPDATE stack SET state = 'upgraded' WHERE id = 11;\nUPDATE service SET state = 'upgraded' WHERE id = 2;");
		const walk = scene.walk('single-container', values());

		expect((await walk.look('stacks')).result).toBe('warned');
		expect(await walk.hints('stacks')).toEqual(['unfinished-own-work']);
	});

	test('a host that is away is called by the name that Rancher shows', async () => {
		await startOld();
		await scene.rig.ask({ container: 'rancher' }, "UPDATE agent SET state = 'reconnecting';");

		expect(JSON.stringify((await scene.walk('single-container', values()).look('hosts-before')).saw)).toMatch(/主机-一号\\treconnecting\\nhost-2\.example\\treconnecting/);
	});

	test('a host whose Docker the last agent cannot speak to is listed, and does not stop the upgrade', async () => {
		await startOld();
		const walk = scene.walk('single-container', values());
		expect((await walk.look('host-engines')).result).toBe('passed');
		await scene.rig.ask({ container: 'rancher' }, "UPDATE label SET value = '25.0' WHERE `key` = 'io.rancher.host.docker_version' AND id = 12;");

		const seen = await walk.look('host-engines');
		expect([seen.result, JSON.stringify(seen.saw)]).toEqual(['warned', expect.stringContaining('host-2.example\\t25.0')]);
		expect(await walk.hints('host-engines')).toEqual(['too-new']);
	});

	test('a host whose system uses nftables by default is listed, and does not stop the upgrade', async () => {
		await startOld();
		await scene.rig.ask({ container: 'rancher' }, `UPDATE host SET name = 'meadow', data = '{"fields":{"info":{"osInfo":{"operatingSystem":"Debian GNU/Linux 12 (bookworm)","kernelVersion":"6.1.0"}}}}' WHERE id = 2;`);
		const walk = scene.walk('single-container', values());

		const seen = await walk.look('host-engines');
		expect([seen.result, JSON.stringify(seen.saw)]).toEqual(['warned', expect.stringContaining('meadow\\tDebian GNU/Linux 12')]);
		expect(await walk.hints('host-engines')).toEqual(['nftables']);
	});

	test.each([
		['stopped', () => scene.rig.docker('stop', 'rancher'), 'old-server', 'stopped'],
		['gone', () => scene.rig.docker('rename', 'rancher', 'ranger'), 'old-server', 'no-such-container'],
	])('a server that is %s is told apart', async (_, change, step, hint) => {
		await startOld();
		await change();

		expect(await scene.walk('single-container', values()).hints(step)).toEqual([hint]);
	});

	test.each([
		['mounts a folder', ['-v', '/FOLDER:/var/lib/mysql'], 'bind'],
		['has a database of its own', ['-e', 'CATTLE_DB_CATTLE_MYSQL_HOST=10.1.2.3'], 'external'],
		['advertises an address', ['-e', 'CATTLE_DB_CATTLE_MYSQL_HOST=10.1.2.3', '-e', 'CATTLE_CLUSTER_ADVERTISE_ADDRESS=10.1.2.4'], 'cluster'],
	])('a server that %s is sent to its own runbook', async (_, options, hint) => {
		await scene.rig.docker('create', '--name', 'rancher', ...options.map((one) => one.replace('/FOLDER', scene.rig.folder())), 'rancher/server:v1.6.14');
		const walk = scene.walk('single-container', values());

		expect((await walk.look('storage')).passed).toBe(false);
		expect(await walk.hints('storage')).toEqual([hint]);
	});

	test('a backup that is there already, a name that is taken and a port in other hands are seen', async () => {
		await startOld();
		await scene.rig.docker('create', '--name', 'taken', 'rancher/server:v1.6.14');
		const folder = scene.rig.folder();
		writeFileSync(join(folder, 'rancher-backup.sql'), '');
		const other = await scene.rig.freePort();
		await scene.rig.docker('run', '-d', '-p', `127.0.0.1:${other}:8080`, '--name', 'thief', '--entrypoint', 'sleep', 'rancher/server:v1.6.14', '600');
		const walk = scene.walk('single-container', values({ new_container: 'taken', publish: `127.0.0.1:${other}` }), { folder });

		expect(await walk.hints('backup-place')).toEqual(['there-already']);
		expect(await walk.hints('way-clear')).toEqual(['port-taken', 'name-taken']);
		expect((await scene.walk('single-container', values({ publish: `127.0.0.1:${other}` })).look('way-clear')).passed).toBe(false);
		expect((await scene.walk('single-container', values()).look('way-clear')).passed).toBe(true);
	});
});

describe('a backup', () => {
	test('that ends in the middle is no backup', async () => {
		await startOld();
		const folder = scene.rig.folder();
		const walk = scene.walk('single-container', values(), { folder });
		await walk.through('back-up', { preflight: false });
		truncateSync(join(folder, 'rancher-backup.sql'), 3000);

		expect((await walk.look('back-up')).passed).toBe(false);
	});

	test('is never written over', async () => {
		await startOld();
		const folder = scene.rig.folder();
		const walk = scene.walk('single-container', values(), { folder });
		await walk.through('back-up', { preflight: false });

		for (const step of ['definition', 'rows', 'back-up']) expect((await walk.run(step)).code, step).not.toBe(0);
	});
});

describe('a start that goes wrong shows why, and can be taken back', () => {
	/** Everything up to the start, and what must be there again at the end. */
	async function beforeStart(more: Values = {}) {
		await startOld();
		const rows = await scene.rig.fingerprint({ container: 'rancher' });
		const walk = scene.walk('single-container', values(more));
		await walk.through('cold-copy', { preflight: false });
		return { walk, rows };
	}

	test('an empty volume', async () => {
		const { walk, rows } = await beforeStart();
		await scene.rig.docker('rm', 'rancher-data');
		await scene.rig.docker('create', '--name', 'rancher-data', 'rancher/server:v1.6.14');

		expect((await walk.run('start')).code).toBe(0);
		await walk.untilHint('start', 'empty-database');
		await scene.rig.untilUp(await newest());

		expect((await walk.look('start')).passed).toBe(false);
		expect((await walk.look('data')).passed).toBe(false);
		expect((await walk.look('login')).passed).toBe(false);
		expect(await walk.hints('login')).toEqual(['open']);
		expect(await walk.hints('data-container')).toEqual(['other-volume']);
		await walk.back();
		expect(await scene.rig.fingerprint({ container: 'rancher' })).toEqual(rows);
	});

	test('a data container that holds another volume is not taken over', async () => {
		await startOld();
		await scene.rig.docker('create', '--name', 'rancher-data', 'rancher/server:v1.6.14');
		const walk = scene.walk('single-container', values());
		await walk.through('old-image', { preflight: false });

		expect((await walk.run('data-container')).code).not.toBe(0);
		expect(await walk.hints('data-container')).toEqual(['other-volume']);
	});

	test('a migration that is interrupted', async () => {
		const { walk, rows } = await beforeStart({ env: ['RIG_MIGRATION_SECONDS=20', 'RIG_LOCK_SECONDS=1,1'] });
		await walk.run('start');
		const server = await newest();
		await scene.rig.untilLog(server, /Starting DB migration/);
		await scene.rig.docker('exec', server, 'bash', '-c', 'until [ "$(mysql -N -e "SELECT COUNT(*) FROM DATABASECHANGELOGLOCK WHERE LOCKED = 1" cattle)" = 1 ]; do sleep 0.1; done');

		await scene.rig.docker('kill', server);
		await scene.rig.docker('start', server);
		await walk.untilHint('start', 'locked');

		await walk.back();
		expect(await scene.rig.fingerprint({ container: 'rancher' })).toEqual(rows);
	});

	test('a change set that fails', async () => {
		const { walk, rows } = await beforeStart({ env: ['RIG_FAIL_AT=core-124'] });
		await walk.run('start');

		await walk.untilHint('start', 'migration-failed');
		expect(await walk.hints('start')).toEqual(expect.arrayContaining(['migration-failed', 'startup-failed']));

		await walk.back();
		expect(await scene.rig.fingerprint({ container: 'rancher' })).toEqual(rows);
	});

	test('files that belong to somebody else', async () => {
		const { walk, rows } = await beforeStart();
		const inside = (...command: string[]) => scene.rig.docker('run', '--rm', '--volumes-from', 'rancher', '--entrypoint', command[0] ?? '', 'rancher/server:v1.6.14', ...command.slice(1));
		await inside('chown', '-R', '0:0', '/var/lib/mysql');
		await inside('chmod', '-R', 'go-rwx', '/var/lib/mysql');
		await walk.run('start');

		await walk.untilHint('start', 'no-mysql');

		await walk.back();
		expect(await scene.rig.fingerprint({ container: 'rancher' })).toEqual(rows);
	});

	test('a port in other hands', async () => {
		const { walk, rows } = await beforeStart();
		await scene.rig.docker('run', '-d', '-p', `${scene.publish}:8080`, '--name', 'thief', '--entrypoint', 'sleep', 'rancher/server:v1.6.14', '600');

		expect((await walk.run('start')).code).not.toBe(0);
		expect(await walk.hints('start')).toEqual(['port-taken']);

		await scene.rig.docker('rm', '--force', '--volumes', 'thief');
		await walk.back();
		expect(await scene.rig.fingerprint({ container: 'rancher' })).toEqual(rows);
	});

	test('a name that is taken, whose owner is left alone', async () => {
		const { walk, rows } = await beforeStart({ new_container: 'new' });
		await scene.rig.docker('create', '--name', 'new', 'rancher/server:v1.6.14');

		expect((await walk.run('start')).code).not.toBe(0);
		expect(await walk.hints('start')).toEqual(['name-taken']);

		await walk.back();
		expect(await scene.rig.fingerprint({ container: 'rancher' })).toEqual(rows);
		expect(lines(await scene.rig.docker('ps', '--all', '--format', '{{.Names}}')).sort()).toEqual(['new', 'rancher']);
	});

	test('an image that nobody has', async () => {
		await startOld();
		const walk = scene.walk('single-container', values({ new_tag: 'v1.6.29' }));

		await expect(walk.through('pull')).rejects.toThrow(/Step "pull".*ended with 1/s);
		// The rig's Docker Hub has no such tag, and behind it is nobody.
		expect(await walk.hints('pull')).toEqual(['missing-image', 'unreachable']);
		expect(await walk.hints('start')).toEqual(['missing-image']);
	});
});
