import { describe, expect, test } from 'vitest';
import { attempt } from '../command.ts';
import { apiKeys, type ApiKey } from '../fill.ts';
import type { Fingerprint } from '../fingerprint.ts';
import type { Knobs } from '../knobs.ts';
import { agentsAreBack, type RancherServer } from '../rancher-server.ts';
import type { Values } from '../../../src/runbook/values/value.ts';
import { lines, useScene } from './scene.ts';

const scene = useScene('rancher-api.test.ts');

interface There {
	readonly server: RancherServer;
	/** What a reader types into the form. */
	readonly values: (more?: Values, key?: ApiKey) => Values;
	readonly fingerprint: () => Promise<Fingerprint>;
	readonly ask: (statements: string) => Promise<string[]>;
	readonly turn: (knobs: Knobs) => Promise<void>;
}

async function start(tag = 'v1.6.30', ...options: string[]): Promise<There> {
	const server = await scene.rig.server({ name: 'rancher', tag, data: true, options });
	const at = { container: 'rancher' };
	const there: There = {
		server,
		values: (more = {}, key = apiKeys.admin) => ({ api_url: server.url, access_key: key.accessKey, secret_key: key.secretKey, ...more }),
		fingerprint: () => scene.rig.fingerprint(at),
		ask: (statements) => scene.rig.ask(at, statements),
		turn: (knobs) => scene.rig.turn(at, knobs),
	};
	await there.turn({ transition_seconds: 0.2 });
	return there;
}

describe('infrastructure services', () => {
	const states = (there: There) => there.ask('SELECT name, state FROM stack WHERE `system` = 1 ORDER BY id;');
	/** What a reader sees of each stack, the answers among it. */
	const stacks = (there: There) => there.ask("SELECT name, state, health_state, external_id, JSON_COMPACT(JSON_EXTRACT(data, '$.fields.environment')) FROM stack ORDER BY id;");
	/** Stacks that no template of the infrastructure made. */
	const others = ({ stack = [] }: Fingerprint) => stack.filter((row) => !row.includes('infra*'));
	const addStack = (id: number, name: string, template: string) =>
		`INSERT INTO stack (id, name, account_id, kind, uuid, state, health_state, external_id, data, \`system\`, created) VALUES (${id}, '${name}', 5, 'stack', 'uuid-${id}', 'active', 'healthy', '${template}', '{}', 1, NOW());`;

	test('are upgraded in order, one at a time, each finished before the next, with the answers that they had', async () => {
		const there = await start();
		await there.ask([
			addStack(21, 'network-policy-manager', 'catalog://library:infra*network-policy-manager:1'),
			addStack(22, 'vxlan', 'catalog://library:infra*vxlan:10'),
			addStack(23, 'overlay-2', 'catalog://library:infra*ipsec:15'),
			addStack(24, 'my-upgrader', ''),
		].join('\n'));
		const before = await there.fingerprint();
		const walk = scene.walk('infrastructure-services', there.values({ stack: 'overlay-2' }));
		const order: string[] = [];

		for (const { id } of walk.runbook.steps) {
			await walk.take(id);
			const busy = (await states(there)).filter((row) => !row.endsWith('\tactive'));
			const [, name = '', what] = /^(.*)-(upgrade|finish)$/.exec(id) ?? [];
			if (what === 'upgrade') order.push(name);
			expect(busy, id).toEqual(what === 'upgrade' ? [`${name === 'stack' ? 'overlay-2' : name}\tupgraded`] : []);
			if (/^(?:ipsec|stack)-/.test(id)) expect(await walk.hints(id), id).toEqual([]);
		}

		expect(order).toEqual(['network-policy-manager', 'network-services', 'ipsec', 'vxlan', 'scheduler', 'healthcheck', 'stack']);
		const templates = await there.ask("SELECT external_id FROM stack WHERE `system` = 1 AND name <> 'my-upgrader' ORDER BY id;");
		expect(templates.map((one) => one.replace('catalog://library:infra*', ''))).toEqual(['network-services:29', 'ipsec:18', 'scheduler:13', 'healthcheck:7', 'network-policy-manager:3', 'vxlan:13', 'ipsec:18']);
		const [ipsec = ''] = await there.ask("SELECT data FROM stack WHERE name = 'ipsec';");
		expect(JSON.parse(ipsec).fields).toMatchObject({ environment: { MTU: '1400', RANCHER_DEBUG: 'false', NOTE: '保留："1400" {ok}' }, dockerCompose: expect.stringContaining('rancher/net:v0.13.17') });
		const after = await there.fingerprint();
		expect({ ...after, stack: others(after) }).toEqual({ ...before, stack: others(before) });

		const again = scene.walk('infrastructure-services', there.values({ stack: 'overlay-2' }));
		await again.through();
		expect([...again.outcomes].filter(([id]) => /-(?:upgrade|finish)$/.test(id)).map(([, outcome]) => outcome)).toEqual(Array.from({ length: 14 }, () => 'found'));
	});

	test('that are not installed are passed over', async () => {
		const there = await start();
		const walk = scene.walk('infrastructure-services', there.values());

		await walk.through('vxlan-finish');

		expect(['network-policy-manager-upgrade', 'network-policy-manager-finish', 'vxlan-upgrade', 'vxlan-finish'].map((id) => walk.outcomes.get(id))).toEqual(['found', 'found', 'found', 'found']);
		expect(walk.outcomes.get('ipsec-upgrade')).toBe('verified');
		expect((await walk.look('all-up-to-date')).saw).toEqual([{ name: 'output-differs', slots: { wanted: '', text: 'scheduler catalog://library:infra*scheduler:10 library:infra*scheduler:13\nhealthcheck catalog://library:infra*healthcheck:4 library:infra*healthcheck:7' } }]);
	});

	test.each<[string, Knobs, ((there: There) => Promise<unknown>) | undefined]>([
		['unhealthy', { unhealthy_stacks: 'ipsec' }, undefined],
		['in-trouble', { failing_stacks: 'ipsec' }, undefined],
		['canceled', { stuck_stacks: 'ipsec' }, (there) => cancel(there)],
	])('whose upgrade is %s say so and are rolled back to what they were', async (hint, knobs, interfere) => {
		const there = await start();
		const before = await stacks(there);
		const walk = scene.walk('infrastructure-services', there.values());
		expect(await walk.hints('ipsec-upgrade')).toEqual([]);
		await there.turn(knobs);

		expect((await walk.run('ipsec-upgrade')).code).toBe(0);
		await interfere?.(there);
		await walk.untilHint('ipsec-upgrade', hint);

		expect(await walk.hints('ipsec-upgrade')).toEqual([hint]);
		expect((await walk.look('ipsec-upgrade')).passed).toBe(false);
		expect((await walk.look('all-active')).passed).toBe(false);
		expect(await walk.back()).toEqual(['ipsec-upgrade']);
		expect(await stacks(there)).toEqual(before);
	});

	async function cancel({ server, ask }: There) {
		const [id = ''] = await ask("SELECT id FROM stack WHERE name = 'ipsec';");
		const { accessKey, secretKey } = apiKeys.admin;
		const response = await fetch(`${server.url}/v2-beta/projects/1a5/stacks/1st${id}?action=cancelupgrade`, { method: 'POST', body: '{}', headers: { authorization: `Basic ${btoa(`${accessKey}:${secretKey}`)}` } });
		expect(response.status).toBe(202);
	}

	test('that fall ill when they are finished say so; what is finished is not taken back', async () => {
		const there = await start();
		const walk = scene.walk('infrastructure-services', there.values());
		await walk.take('scheduler-upgrade');
		await there.turn({ unhealthy_stacks: 'scheduler' });

		expect((await walk.run('scheduler-finish')).code).toBe(0);
		await walk.untilHint('scheduler-finish', 'unhealthy');

		expect((await walk.look('scheduler-finish')).passed).toBe(false);
		await expect(walk.back()).rejects.toThrow(/there is no upgrade to take back/);
	});

	test('are not touched before hosts are there, old upgrades finished and templates known', async () => {
		const there = await start();
		const walk = scene.walk('infrastructure-services', there.values());
		await there.ask([
			"UPDATE agent SET state = 'reconnecting' WHERE id = 2;",
			"UPDATE stack SET state = 'upgraded' WHERE name = 'healthcheck';",
			"UPDATE stack SET external_id = 'catalog://library:infra*ipsec:99' WHERE name = 'ipsec';",
		].join('\n'));

		const saw = async (id: string) => (await walk.look(id)).saw.map(({ slots }) => ('text' in slots ? slots['text'] : ''));

		expect(await saw('hosts')).toEqual(['host-2.example reconnecting']);
		expect(await saw('nothing-unfinished')).toEqual(['healthcheck upgraded catalog://library:infra*healthcheck:4']);
		expect(await saw('templates')).toEqual(['ipsec catalog://library:infra*ipsec:99']);
		expect((await walk.run('ipsec-upgrade')).code).not.toBe(0);
		expect(await states(there)).toEqual(['network-services\tactive', 'ipsec\tactive', 'scheduler\tactive', 'healthcheck\tupgraded']);
	});

	test('nothing counts as seen with keys that are refused, in an environment that is not there, or from a server that is down', async () => {
		const there = await start();
		const refused = scene.walk('infrastructure-services', there.values({}, { ...apiKeys.admin, secretKey: 'wrong-wrong-wrong' }));
		const elsewhere = scene.walk('infrastructure-services', there.values({ project_id: '1a77' }));
		const looks = ['api', 'hosts', 'nothing-unfinished', 'templates', 'all-up-to-date', 'all-active'];

		for (const walk of [refused, elsewhere]) for (const id of looks) expect((await walk.look(id)).passed, id).toBe(false);
		for (const walk of [refused, elsewhere]) expect((await walk.lookSkip('vxlan-upgrade')).passed).toBe(false);
		expect(await refused.hints('api')).toEqual(['keys-refused']);
		expect(await elsewhere.hints('api')).toEqual(['no-such-environment']);

		await scene.rig.docker('stop', 'rancher');
		const down = scene.walk('infrastructure-services', there.values());
		for (const id of ['api', 'nothing-unfinished', 'all-active']) expect((await down.look(id)).passed, id).toBe(false);
		expect(await down.hints('api')).toEqual([]);
	});

	test('are all done by hand where no keys are given', async () => {
		const walk = scene.walk('infrastructure-services', {});

		await walk.through();

		expect([...walk.outcomes].filter(([, outcome]) => outcome !== 'left-out')).toEqual(['policy-by-hand', 'network-by-hand', 'overlay-by-hand', 'rest-by-hand', 'seen-by-hand'].map((id) => [id, 'by-hand']));
	});
});

describe('what Rancher upgrades by itself', () => {
	const setting = (there: There) => there.ask("SELECT value FROM setting WHERE name = 'upgrade.manager';");

	test('is noted, set, seen, and put back to what was delivered or to what somebody had chosen', async () => {
		const there = await start();
		const delivered = scene.walk('upgrade-manager', there.values({ upgrade_manager: 'none' }));

		await delivered.through();
		expect(delivered.outcomes.get('set')).toBe('verified');
		expect(await setting(there)).toEqual(['none']);
		await delivered.back();
		expect(await setting(there)).toEqual([]);

		await there.ask("INSERT INTO setting (name, value) VALUES ('upgrade.manager', 'all');");
		const folder = scene.rig.folder();
		const chosen = scene.walk('upgrade-manager', there.values({ upgrade_manager: 'mandatory' }), { folder });
		await chosen.through();
		expect(await setting(there)).toEqual(['mandatory']);
		expect(await chosen.hints('set')).toEqual([]);
		await chosen.back();
		expect(await setting(there)).toEqual(['all']);

		const same = scene.walk('upgrade-manager', there.values({ upgrade_manager: 'all' }));
		await same.through();
		expect(same.outcomes.get('set')).toBe('found');
		expect((await chosen.run('note')).code).not.toBe(0);
	});

	test('is decided by a variable of the container where there is one, and that is said before', async () => {
		const there = await start('v1.6.30', '-e', 'CATTLE_UPGRADE_MANAGER=all');
		const walk = scene.walk('upgrade-manager', there.values({ upgrade_manager: 'none' }));

		expect((await walk.look('api')).passed).toBe(true);
		expect((await walk.look('not-overridden')).passed).toBe(false);
		expect(await walk.hints('not-overridden')).toEqual(['overridden']);
		await walk.take('note');
		await expect(walk.take('set')).rejects.toThrow(/is not done/);
		expect(await walk.hints('set')).toEqual([]);
	});

	test('is not changed with keys that are no administrator\'s', async () => {
		const there = await start();
		const user = scene.walk('upgrade-manager', there.values({ upgrade_manager: 'none' }, apiKeys.user));
		const wrong = scene.walk('upgrade-manager', there.values({}, { ...apiKeys.admin, secretKey: 'wrong-wrong-wrong' }));

		await user.through('note');
		expect((await user.run('set')).code).not.toBe(0);

		expect(await user.hints('set')).toEqual(['not-changed']);
		expect(await setting(there)).toEqual([]);
		expect((await wrong.look('api')).passed).toBe(false);
		expect(await wrong.hints('api')).toEqual(['keys-refused']);
		for (const id of ['not-overridden', 'set']) expect((await wrong.look(id)).passed, id).toBe(false);
	});

	test.each(['v1.1.4', 'v1.6.0'])('is no setting of %s', async (tag) => {
		const there = await start(tag);
		const walk = scene.walk('upgrade-manager', there.values());

		expect((await walk.look('api')).passed).toBe(false);
		expect(await walk.hints('api')).toEqual(['too-old']);
	});

	test('is chosen by hand where no keys are given', async () => {
		const walk = scene.walk('upgrade-manager', {});

		await walk.through();

		expect([...walk.outcomes]).toEqual([['api', 'left-out'], ['not-overridden', 'left-out'], ['note', 'left-out'], ['set', 'left-out'], ['set-by-hand', 'by-hand']]);
	});
});

test('no key is seen in a list of processes while it is used', async () => {
	const there = await start();
	const walk = scene.walk('infrastructure-services', there.values());
	const seen: string[] = [];
	const looking = walk.run('list');
	let done = false;
	void looking.finally(() => (done = true));

	while (!done) seen.push(...lines(await processes()));
	await looking;

	expect(seen.filter((line) => line.includes('curl')).length).toBeGreaterThan(0);
	expect(seen.filter((line) => line.includes(apiKeys.admin.secretKey))).toEqual([]);
});

async function processes(): Promise<string> {
	return (await attempt('ps', ['-e', '-ww', '-o', 'args'])).stdout;
}

describe('a catalog without internet', () => {
	const without = ['-e', 'RIG_CATALOG_REACHABLE=false'];
	const start = (name: string, tag: string, options: string[]) => scene.rig.server({ name, tag, data: tag === 'v1.6.14', options: [...without, ...options] });
	const walkTo = async (url: string) => scene.walk('infrastructure-services', { api_url: url, access_key: apiKeys.admin.accessKey, secret_key: apiKeys.admin.secretKey });

	test('that came along with the old server is never green, though nothing in it is newer', async () => {
		const old = await start('rancher', 'v1.6.14', []);
		await scene.rig.ask({ container: 'rancher' }, "UPDATE stack SET external_id = 'catalog://library:infra*ipsec:15' WHERE name = 'ipsec';");
		expect(await (await walkTo(old.url)).hints('templates')).toEqual([]);
		await scene.rig.docker('stop', 'rancher');
		await scene.rig.docker('create', '--volumes-from', 'rancher', '--name', 'rancher-data', 'rancher/server:v1.6.14');
		const { url } = await start('new', 'v1.6.30', ['--volumes-from', 'rancher-data']);
		const walk = await walkTo(url);

		await walk.take('refresh');

		expect((await walk.look('templates')).passed).toBe(false);
		expect(JSON.stringify((await walk.look('templates')).saw)).toContain('network-services: library:infra*network-services:26, not library:infra*network-services:29');
		expect(await walk.hints('templates')).toEqual(['old-catalog']);
		expect((await walk.look('all-up-to-date')).passed).toBe(false);
	});

	test('is the new one where it has a volume of its own, and Kubernetes is left alone', async () => {
		await start('rancher', 'v1.6.14', []);
		await scene.rig.docker('stop', 'rancher');
		const { url } = await start('new', 'v1.6.30', ['--volumes-from', 'rancher', '-v', 'catalog:/var/lib/cattle']);
		const at = { container: 'new' };
		await scene.rig.turn(at, { transition_seconds: 0.2 });
		await scene.rig.untilLog('new', agentsAreBack);
		await scene.rig.ask(at, "INSERT INTO stack (id, name, account_id, kind, uuid, state, health_state, external_id, data, `system`, created) VALUES (31, 'kubernetes', 5, 'stack', 'uuid-31', 'active', 'healthy', 'catalog://library:infra*k8s:35', '{}', 1, NOW());");
		const walk = await walkTo(url);

		await walk.through('healthcheck-finish');

		expect((await walk.look('all-up-to-date')).passed).toBe(true);
		expect(await scene.rig.ask(at, "SELECT external_id FROM stack WHERE name = 'kubernetes';")).toEqual(['catalog://library:infra*k8s:35']);
		const forced = scene.walk('infrastructure-services', { api_url: url, access_key: apiKeys.admin.accessKey, secret_key: apiKeys.admin.secretKey, stack: 'kubernetes' });
		expect(await forced.run('stack-upgrade')).toMatchObject({ code: 1, output: expect.stringContaining('is an orchestration') });
	});
});
