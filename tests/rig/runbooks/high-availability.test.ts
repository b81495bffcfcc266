import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Values } from '../../../src/runbook/values/value.ts';
import { apiKeys } from '../fill.ts';
import { makeCertificates, type Database } from '../database.ts';
import type { Node } from '../rig.ts';
import { byShell, certificateIn, clear, engineState, forgetName, lines, useScene } from './scene.ts';
import type { Walk, WalkOptions } from './walk.ts';

const scene = useScene('high-availability.test.ts');
let nodes: Node[];
/** The node that Drover is on. */
let here: Node;

beforeAll(async () => {
	nodes = await scene.rig.nodes(3);
	[here = here] = nodes;
	Object.assign(process.env, here.env);
	for (const node of nodes) for (const tag of ['v1.1.4', 'v1.6.14']) await node.docker('pull', '--quiet', `rancher/server:${tag}`);
});
beforeEach(async () => {
	for (const node of nodes) await clear(node);
});

const password = 'p\'w "$x" \\密';
const everyNode = async <T>(look: (node: Node) => Promise<T>): Promise<T[]> => Promise.all(nodes.map(look));
const containers = (node: Node) => node.docker('ps', '--all', '--format', '{{.Names}} {{.Image}} {{.State}}').then((text) => lines(text).filter((line) => !line.startsWith('herd-db')).sort());
const rows = (db: Database) => here.fingerprint({ db: db.container, name: db.name });

/** The nodes as a form holds them: an empty `ssh` is this machine. */
const form = () => nodes.map((node, at) => ({ name: node.name, ssh: at === 0 ? '' : `root@${node.name}`, address: node.address }));
const formNode = (name: string) => form().find((node) => node.name === name);
const elsewhere = (): NonNullable<WalkOptions['elsewhere']> => Object.fromEntries(nodes.slice(1).map((node) => [node.name, node.env]));
const walkOn = (runbook: string, values: Values, options: Partial<WalkOptions> = {}) => scene.walk(runbook, values, { elsewhere: elsewhere(), ...options });

function startDatabase(maxConnections = 200, tlsFolder?: string): Promise<Database> {
	return here.database({ container: 'herd-db', user: 'rancher', name: 'herd', password, maxConnections, ...(tlsFolder !== undefined && { tlsFolder }) });
}

type Told = 'flags' | 'shell' | 'variables';
/** By a shell every node has the same words: what they advertise is an interface, which is the node's own in the network of the machine. */
const shellWords = (db: Database): string[] => byShell([...db.flags, '--advertise-address', 'eth0']);
const waysToNotify: Record<Told, (db: Database, address: string) => { options: string[]; args: string[] }> = {
	flags: (db, address) => ({ options: [], args: [...db.flags, '--advertise-address', address] }),
	shell: (db) => ({ options: ['--rm', '--network=host'], args: shellWords(db) }),
	variables: (db, address) => {
		const variables = { MYSQL_HOST: db.host, MYSQL_PORT: '3306', USERNAME: db.user, PASSWORD: db.password, MYSQL_NAME: db.name };
		return { options: Object.entries(variables).flatMap(([name, value]) => ['-e', `CATTLE_DB_CATTLE_${name}=${value}`]), args: ['--advertise-address', address] };
	},
};

/** A cluster of v1.6.14 with data in it; and the form for it. */
async function startCluster({ options = [], maxConnections, told = 'flags', tag = 'v1.6.14', count = nodes.length, tlsFolder }: { options?: readonly string[]; maxConnections?: number; told?: Told; tag?: string; count?: number; tlsFolder?: string } = {}) {
	const db = await startDatabase(maxConnections, tlsFolder);
	const tls = tlsFolder === undefined ? undefined : insistsOnTls(db, tlsFolder);
	for (const node of nodes.slice(0, count)) {
		const way = waysToNotify[told](db, node.address);
		await node.server({ name: 'rancher', tag, options: ['-p', '8080:8080', '-p', '9345:9345', ...way.options, ...(tls?.options ?? []), ...options], args: way.args });
	}
	const way = waysToNotify[told](db, here.address);
	await here.docker('rm', '--force', '--volumes', 'rancher');
	await here.server({ name: 'rancher', tag, data: true, options: ['-p', '8080:8080', '-p', '9345:9345', ...way.options, ...(tls?.options ?? []), ...options], args: way.args });
	return { db, values: (more: Values = {}) => valuesFor(db)({ old_tag: tag, nodes: form().slice(0, count), ...tls?.values, ...more }) };
}

/** What a server needs for a database that lets nobody in without TLS, as options and as values of the form. */
function insistsOnTls(db: Database, folder: string): { readonly options: string[]; readonly values: Values } {
	const authority = join(folder, 'ca.crt');
	const env = ['CATTLE', 'LIQUIBASE'].map((name) => `CATTLE_DB_${name}_MYSQL_URL=jdbc:mysql://${db.host}:3306/herd?useUnicode=true&useSSL=true`);
	return { options: ['-v', `${authority}:/var/lib/rancher/etc/ssl/ca.crt`, ...env.flatMap((pair) => ['-e', pair])], values: { ca_cert: authority, env } };
}

const valuesFor = (db: Database) => (more: Values = {}): Values => ({
	container: 'rancher', old_tag: 'v1.6.14', publish: '8080', db_host: db.host, db_user: db.user, db_password: db.password, db_name: db.name, nodes: form(), ...more,
});

const Members = z.object({ data: z.array(z.object({ clustered: z.boolean(), config: z.object({ advertiseAddress: z.string() }) })) });

/** Rancher itself lists every node's server, each with its own address. It goes on listing those that were stopped a moment ago. */
async function expectMembers(port = 8080): Promise<void> {
	const { accessKey, secretKey } = apiKeys.admin;
	const expected = nodes.map((node) => [true, `${node.address}:9345`]);
	for (const node of nodes) {
		const answer = await fetch(`http://${node.address}:${port}/v2-beta/clustermemberships`, { headers: { authorization: `Basic ${btoa(`${accessKey}:${secretKey}`)}` } });
		const { data } = Members.parse(await answer.json());
		expect(data.map(({ clustered, config }) => [clustered, config.advertiseAddress])).toEqual(expect.arrayContaining(expected));
	}
}

/** When a container was started, and when its server was up. */
async function times(node: Node, name: string): Promise<{ readonly started: number; readonly up: number }> {
	const started = await node.docker('container', 'inspect', '--format', '{{.State.StartedAt}}', name);
	const up = lines(await node.docker('logs', '--timestamps', name)).find((line) => line.includes('Startup Succeeded')) ?? '';
	return { started: Date.parse(started), up: Date.parse(up.slice(0, up.indexOf(' '))) };
}

/** The cluster of v1.0 and v1.1: a main container that starts the others again whenever they are not there, one of them with the server. */
async function startScripted() {
	const db = await startDatabase();
	const folder = scene.rig.folder();
	const manager = join(folder, 'ha');
	writeFileSync(manager, managerProgram, { mode: 0o755 });
	const variables = { MYSQL_HOST: db.host, MYSQL_PORT: '3306', USERNAME: db.user, PASSWORD: db.password, MYSQL_NAME: db.name };
	for (const [at, node] of nodes.entries()) {
		const run = (name: string, ...words: string[]) => node.docker('run', '--detach', '--name', name, ...words);
		await run('rancher-ha-parent', '--restart=always', '--stop-signal=SIGKILL', '-p', '18080:8080', 'rancher/server:v1.1.4', 'sleep', 'infinity');
		await node.server({
			name: 'rancher-ha-cattle', tag: 'v1.1.4', data: at === 0,
			options: ['--restart=always', '--network=container:rancher-ha-parent', ...Object.entries(variables).flatMap(([name, value]) => ['-e', `CATTLE_DB_CATTLE_${name}=${value}`])],
		});
		await run('rancher-ha-agent', 'rancher/server:v1.1.4', 'true');
		await run('rancher-agent', 'rancher/server:v1.1.4', 'sleep', 'infinity');
		await run('r-management_rancher-ha_lb_1', 'rancher/server:v1.1.4', 'sleep', 'infinity');
		await node.docker('create', '--name', 'rancher-data', 'rancher/server:v1.1.4');
		const socket = (node.env.DOCKER_HOST ?? '').replace('unix://', '');
		await run('rancher-ha', '--restart=always', '--net=host', '-v', `${socket}:/var/run/docker.sock`, '-v', `${manager}:/usr/bin/ha:ro`, 'rancher/server:v1.1.4', 'ha');
	}
	return { db, values: (more: Values = {}) => valuesFor(db)({ container: 'rancher-ha', old_tag: 'v1.1.4', publish: '8081', new_container: 'rancher', ...more }) };
}

/** What `cluster-manager` does about its containers: one that is not running is started again. */
const managerProgram = `#!/usr/bin/python3
import http.client, signal, socket, sys, time
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
class Engine(http.client.HTTPConnection):
    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect('/var/run/docker.sock')
while True:
    for name in ('rancher-ha-parent', 'rancher-ha-cattle'):
        engine = Engine('docker')
        engine.request('POST', '/containers/' + name + '/start')
        engine.getresponse().read()
        engine.close()
    time.sleep(0.3)
`;
const bystanders = ['r-management_rancher-ha_lb_1 rancher/server:v1.1.4 running', 'rancher-agent rancher/server:v1.1.4 running', 'rancher-data rancher/server:v1.1.4 created'];

describe('the upgrade of three nodes', () => {
	test('leads from v1.6.14 to v1.6.30, one after the other, every step proven; and "roll-back" leads back', async () => {
		const { db, values } = await startCluster({ options: ['--restart=always'] });
		const before = await rows(db);
		const folder = scene.rig.folder();
		await forgetName(here, 'v1.6.14');
		const walk = walkOn('high-availability', values({ new_container: 'rancher-new', restart: 'always', ca_cert: certificateIn(folder) }), { folder });

		await walk.through();

		expect(await rows(db)).toEqual(before);
		expect(await everyNode(containers)).toEqual(nodes.map(() => ['rancher-new rancher/server:v1.6.30 running']));
		for (const node of nodes) {
			const args: unknown = JSON.parse(await node.docker('container', 'inspect', '--format', '{{json .Args}}', 'rancher-new'));
			expect(args).toEqual([...db.flags, '--advertise-address', node.address]);
		}
		await expectMembers();
		const [first, second, third] = await everyNode((node) => times(node, 'rancher-new'));
		expect(second?.started).toBeGreaterThan(first?.up ?? NaN);
		expect(third?.started).toBeGreaterThan(second?.up ?? NaN);

		// The newer version is used for a while; then it is gone back from, twice: the first time this is taken back itself.
		await here.ask({ db: db.container, name: db.name }, "UPDATE setting SET value = 'changed since' WHERE name = 'ui.pl';");
		const since = await rows(db);
		const back = walkOn('roll-back', values({ container: 'rancher-new', new_container: 'rancher', restart: 'always' }), { folder });
		await back.through('start-nodes');
		expect(await rows(db)).toEqual(before);

		await back.back();

		expect(await rows(db)).toEqual(since);
		expect(await everyNode(containers)).toEqual(nodes.map(() => ['rancher-new rancher/server:v1.6.30 running']));

		await walkOn('roll-back', values({ container: 'rancher-new', new_container: 'rancher', restart: 'always', db_style: 'env' }), { folder }).through();

		expect(await rows(db)).toEqual(before);
		expect(await everyNode(containers)).toEqual(nodes.map(() => ['rancher rancher/server:v1.6.14 running']));
		await expectMembers();
	});

	test('leads from the script of v1.1 to v1.6.30 at another port, and leaves agents, balancers and data where they are', async () => {
		const { db, values } = await startScripted();
		const before = await rows(db);
		const walk = walkOn('high-availability', values({ db_style: 'env' }));

		await walk.through();

		expect(await rows(db)).toEqual(before);
		expect(await everyNode(containers)).toEqual(nodes.map(() => [bystanders[0], 'rancher rancher/server:v1.6.30 running', ...bystanders.slice(1)].sort()));
		await expectMembers(8081);
		const args: unknown = JSON.parse(await here.docker('container', 'inspect', '--format', '{{json .Args}}', 'rancher'));
		expect(args).toEqual(['--advertise-address', here.address, '--advertise-http-port', '8081']);
		expect([walk.outcomes.get(`remove@${here.name}`), walk.outcomes.get(`remove-script@${here.name}`)]).toEqual(['left-out', 'verified']);
	});
});

describe('a node that is alone', () => {
	test('on a database that insists on TLS goes to v1.6.30, every step proven, and back to the same container and rows', async () => {
		const tlsFolder = await makeCertificates(scene.rig.folder());
		const { db, values } = await startCluster({ count: 1, tlsFolder, options: ['--restart=always'] });
		const before = { engine: await engineState(here), rows: await rows(db) };
		const walk = walkOn('high-availability', values({ restart: 'always' }));
		expect(walk.resolved.warnings.map(({ name }) => name)).toContain('nodes.too-few');

		await walk.through();

		expect(await rows(db)).toEqual(before.rows);
		expect((await containers(here)).map((line) => line.replace(/^\S+ /, ''))).toEqual(['rancher/server:v1.6.30 running']);
		expect([walk.outcomes.get(`members@${here.name}`), walk.outcomes.get(`remove@${here.name}`)]).toEqual(['looked', 'verified']);

		await walk.back();

		expect({ engine: await engineState(here), rows: await rows(db) }).toEqual(before);
	});
});

describe('nodes that were started with --rm', () => {
	test('by a shell are upgraded without losing a row, with the same words; and "roll-back" leads back', async () => {
		const { db, values } = await startCluster({ told: 'shell' });
		const before = await rows(db);
		const folder = scene.rig.folder();
		const words = { db_style: 'words', command_words: shellWords(db), docker_options: ['--network=host'] };
		await walkOn('high-availability', values({ new_container: 'rancher-new', auto_remove: 'true', ...words }), { folder }).through();

		expect(await rows(db)).toEqual(before);
		expect(await everyNode(containers)).toEqual(nodes.map(() => ['rancher-new rancher/server:v1.6.30 running']));
		for (const node of nodes) expect(JSON.parse(await node.docker('container', 'inspect', '--format', '{{json .Args}}', 'rancher-new'))).toEqual(shellWords(db));

		await walkOn('roll-back', values({ container: 'rancher-new', new_container: 'rancher', restart: 'always', ...words }), { folder }).through();

		expect(await rows(db)).toEqual(before);
		expect(await everyNode(containers)).toEqual(nodes.map(() => ['rancher rancher/server:v1.6.14 running']));
	});

	test.each(['flags', 'variables'] as const)('and told their database by %s are there again after the undo of their stop', async (told) => {
		const { db, values } = await startCluster({ told, options: ['--rm'] });
		const before = await rows(db);
		const walk = walkOn('high-availability', values({ auto_remove: 'true', ...(told === 'variables' && { db_style: 'env' }) }));
		await walk.through('stop', { preflight: false });
		expect((await walk.look('everything-down')).passed).toBe(true);

		await walk.back();

		for (const node of nodes) await node.untilUp('rancher');
		expect(await rows(db)).toEqual(before);
		expect(await everyNode(containers)).toEqual(nodes.map(() => ['rancher rancher/server:v1.6.14 running']));
		await expectMembers();
	});
});

describe('the way back', () => {
	test.each(['start', 'remove'])('from "%s" leads every node to the same containers, and to the same rows', async (last) => {
		const { db, values } = await startCluster({ options: ['--restart=always'] });
		const before = { engines: await everyNode(engineState), rows: await rows(db) };
		const walk = walkOn('high-availability', values({ restart: 'always' }));
		await walk.through(last, { preflight: false });

		const taken = await walk.back();

		expect(taken.filter((one) => one.startsWith(`${last}@`)).length).toBeGreaterThan(0);
		expect({ engines: await everyNode(engineState), rows: await rows(db) }).toEqual(before);
	});

	test('between two versions of one schema leads two nodes back to the same containers, without a dump, and keeps what was done since', async () => {
		const folder = scene.rig.folder();
		const { db, values } = await startCluster({ tag: 'v1.6.19', count: 2, options: ['--restart=always'] });
		const before = await everyNode(engineState);
		const walk = walkOn('high-availability', values({ restart: 'always' }), { folder });
		expect(walk.resolved.warnings.map(({ name }) => name)).toContain('nodes.too-few');
		await walk.through('members', { preflight: false });
		await here.ask({ db: db.container, name: db.name }, "INSERT INTO setting (name, value) VALUES ('of.the.new.server', 'kept');");
		const since = await rows(db);

		await walk.back();

		expect(await rows(db)).toEqual(since);
		expect(await everyNode(engineState)).toEqual(before);
		expect(readdirSync(folder).sort()).toEqual(['rancher-backup.sql', 'rancher-backup.sql.container.json', 'rancher-backup.sql.rows']);
	});

	test('leads to the script of v1.1 and what it had started', async () => {
		const { db, values } = await startScripted();
		const before = { engines: await everyNode(engineState), rows: await rows(db) };
		const walk = walkOn('high-availability', values({ db_style: 'env' }));
		await walk.through('start-others', { preflight: false });

		await walk.back();

		expect({ engines: await everyNode(engineState), rows: await rows(db) }).toEqual(before);
	});

	test('loads no dump while another new server is connected, which is not settled before it is listed with its address and the database rests', async () => {
		const { db, values } = await startCluster();
		const walk = walkOn('high-availability', values());
		await walk.through('start', { preflight: false });
		const migrated = await rows(db);
		const [, second = here, third = here] = nodes;
		const atSecond = formNode(second.name);
		const settled = async () => (await walk.look('start-others', atSecond)).passed;
		const startForgotten = (address: string) => second.server({ name: 'forgotten', tag: 'v1.6.30', options: ['-p', '8080:8080', '-p', '9345:9345'], args: [...db.flags, '--advertise-address', address] });
		await second.docker('pull', '--quiet', 'rancher/server:v1.6.30');

		// A command that was copied with the address of another machine: its server answers.
		await startForgotten(third.address);
		expect((await walk.look('nodes-answer', atSecond)).passed).toBe(true);
		expect([await settled(), await walk.hints('start-others', atSecond), (await walk.look('members', atSecond)).passed]).toEqual([false, ['not-listed'], false]);
		await second.docker('rm', '--force', '--volumes', 'forgotten');
		await startForgotten(second.address);
		expect([await settled(), (await walk.look('members', atSecond)).passed]).toEqual([true, true]);

		const busy = second.ask({ container: 'forgotten' }, 'SELECT SLEEP(600);').catch(() => undefined);
		await walk.untilHint('start-others', 'busy', atSecond);
		expect([await settled(), (await walk.look('start', formNode(here.name))).passed]).toEqual([false, false]);
		const [statement = ''] = await here.ask({ db: db.container, name: db.name }, "SELECT id FROM information_schema.processlist WHERE info = 'SELECT SLEEP(600)';");
		await here.ask({ db: db.container, name: db.name }, `KILL ${statement};`);
		await busy;
		expect((await walk.wait('start-others', atSecond)).passed).toBe(true);

		await expect(walk.back()).rejects.toThrow(/Servers are still connected: \S/);

		expect(await rows(db)).toEqual(migrated);
	});
});

describe('before anything is changed', () => {
	test('a cluster that is ready gives no hint, and is told apart node by node when it is not', async () => {
		const { db, values } = await startCluster();
		const walk = walkOn('high-availability', values());
		const node = (at: number) => form()[at];
		const steps = walk.runbook.steps.filter(({ phase, each }) => phase === 'preflight' && !each).map(({ id }) => id);
		const hinting = async (of: Walk) => (await Promise.all(steps.map(async (id) => (await of.hints(id)).map((hint) => `${id}.${hint}`)))).flat();

		expect(await hinting(walk)).toEqual(['engine-range.newer']);
		for (const id of ['nodes-answer', 'cluster-port']) expect((await walk.look(id, node(2))).passed, id).toBe(true);
		expect((await walk.look('database-settings')).passed).toBe(true);
		expect((await walk.look('storage')).passed).toBe(true);

		await here.ask({ db: db.container, name: 'mysql' }, 'SET GLOBAL max_connections = 149;');
		expect((await walk.look('database-settings')).passed).toBe(false);

		// A node whose cluster port is closed, and one that is down.
		const [, second = here, third = here] = nodes;
		await second.docker('rm', '--force', '--volumes', 'rancher');
		await second.server({ name: 'rancher', tag: 'v1.6.14', options: ['-p', '8080:8080'], args: [...db.flags, '--advertise-address', second.address] });
		await third.docker('stop', 'rancher');
		expect([(await walk.look('nodes-answer', node(1))).passed, (await walk.look('cluster-port', node(1))).passed]).toEqual([true, false]);
		expect([(await walk.look('nodes-answer', node(2))).passed, (await walk.look('cluster-port', node(2))).passed]).toEqual([false, false]);
	});

	test.each([
		['advertises no address', ['-e', 'CATTLE_DB_CATTLE_MYSQL_HOST=10.1.2.3'], 'single'],
		['keeps its database itself', [], 'inside'],
	])('a server that %s is sent to its own runbook', async (_, options, hint) => {
		await here.docker('create', '--name', 'rancher', ...options, 'rancher/server:v1.6.14');
		const walk = walkOn('high-availability', { container: 'rancher', old_tag: 'v1.6.14', publish: '8080', db_host: '10.1.2.3', nodes: form() });

		expect((await walk.look('storage')).passed).toBe(false);
		expect(await walk.hints('storage')).toEqual([hint]);
	});
});

describe('a node that was forgotten', () => {
	test('is seen from here by its address, and by the database', async () => {
		const { values } = await startCluster();
		const walk = walkOn('high-availability', values());
		const [first, second, third] = form();
		for (const node of [first, second]) await walk.take('stop', node);

		expect((await walk.look('stop', second)).passed).toBe(true);
		expect(JSON.stringify((await walk.look('stop', third)).saw)).toContain('not-refused');
		const everything = await walk.look('everything-down');
		expect(everything.passed).toBe(false);
		expect(JSON.stringify(everything.saw)).toMatch(/\d+\.\d+\.\d+\.\d+:\d+/);

		await walk.take('stop', third);
		expect((await walk.look('everything-down')).passed).toBe(true);
	});

	test('of the old script is brought back by its main container, until that is stopped', async () => {
		const { values } = await startScripted();
		const walk = walkOn('high-availability', values());
		const node = formNode(here.name);
		await here.docker('stop', 'rancher-ha-cattle');
		await here.untilUp('rancher-ha-cattle');

		await walk.take('stop', node);
		await walk.take('stop-children', node);

		expect(lines(await here.docker('ps', '--filter', 'name=rancher-ha-', '--format', '{{.Names}}'))).toEqual([]);
		expect(await containers(here)).toEqual(expect.arrayContaining(bystanders));
	});
});
