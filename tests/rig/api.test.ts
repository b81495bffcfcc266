import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { apiKeys, type ApiKey } from './fill.ts';
import type { RancherServer } from './rancher-server.ts';
import { startRig, type Rig } from './rig.ts';

let rig: Rig;
let server: RancherServer;
beforeAll(async () => {
	rig = await startRig();
	server = await rig.server({ name: 'rancher', tag: 'v1.6.30', data: true, options: ['-e', 'CATTLE_REGISTRY_WHITELIST=a.example', '-e', 'DEFAULT_CATTLE_TASK_ALARM=5'] });
	await rig.turn({ container: 'rancher' }, { transition_seconds: 0.5 });
});
afterAll(() => rig.close());

const Answer = z.looseObject({});
type Answer = z.infer<typeof Answer>;

interface Asked {
	readonly method?: string;
	readonly key?: ApiKey | null;
	readonly body?: object;
	readonly at?: string;
}

async function ask(path: string, { method = 'GET', key = apiKeys.admin, body, at = server.url }: Asked = {}): Promise<{ readonly status: number; readonly version: string | null; readonly body: Answer }> {
	const authorization = key ? { authorization: `Basic ${btoa(`${key.accessKey}:${key.secretKey}`)}` } : {};
	const response = await fetch(at + path, { method, headers: { ...authorization, 'content-type': 'application/json' }, ...(body && { body: JSON.stringify(body) }) });
	const text = await response.text();
	return { status: response.status, version: response.headers.get('x-rancher-version'), body: text.startsWith('{') ? Answer.parse(JSON.parse(text)) : {} };
}

describe('without a key', () => {
	test('alive, root page and version are there, and nothing else', async () => {
		expect(await (await fetch(`${server.url}/ping`)).text()).toBe('pong');
		expect(await (await fetch(`${server.url}/`)).text()).toContain('<title>Rancher');
		for (const path of ['/v1', '/v2-beta', '/v2-beta/settings/rancher.server.version', '/v1/projects', '/v2-beta/projects/1a5/stacks']) {
			expect(await ask(path, { key: null })).toMatchObject({ status: 401, version: 'v1.6.30', body: { code: 'Unauthorized' } });
		}
	});

	test('HEAD answers like GET', async () => {
		const response = await fetch(`${server.url}/v2-beta`, { method: 'HEAD' });

		expect([response.status, response.headers.get('x-rancher-version')]).toEqual([401, 'v1.6.30']);
	});

	test('a wrong secret is refused', async () => {
		expect(await ask('/v2-beta', { key: { ...apiKeys.admin, secretKey: 'wrong' } })).toMatchObject({ status: 401 });
	});

	test('everybody is let in where access control is off', async () => {
		const open = await rig.server({ name: 'open', tag: 'v1.6.30' });

		expect(await ask('/v1/projects', { key: null, at: open.url })).toMatchObject({ status: 200, body: { data: [{ id: '1a5', name: 'Default' }] } });
	});
});

test('a variable that was carried over from an old container is believed', async () => {
	const fooled = await rig.server({ name: 'fooled', tag: 'v1.6.30', options: ['-e', 'CATTLE_RANCHER_SERVER_VERSION=v1.6.14'] });

	expect(await ask('/v2-beta', { at: fooled.url })).toMatchObject({ version: 'v1.6.14' });
});

describe('a setting', () => {
	test('says its layer: variable, database, suggested variable, delivered', async () => {
		expect(await ask('/v2-beta/settings/registry.whitelist')).toMatchObject({ body: { activeValue: 'a.example', inDb: false, source: 'Environment Variables', value: 'a.example' } });
		expect(await ask('/v2-beta/settings/api.host')).toMatchObject({ body: { activeValue: 'http://rancher.example:8080', inDb: true, source: 'Database' } });
		expect(await ask('/v2-beta/settings/task.alarm')).toMatchObject({ body: { activeValue: '5', inDb: false, source: 'Default Environment Variables' } });
		expect(await ask('/v2-beta/settings/upgrade.manager')).toMatchObject({ body: { name: 'upgrade.manager', activeValue: 'mandatory', inDb: false, source: 'Code Packaged Defaults', value: 'mandatory' } });
		expect(await ask('/v2-beta/settings/rancher.server.version')).toMatchObject({ body: { value: 'v1.6.30' } });
	});

	test('is put, also for the first time, and deleted', async () => {
		const put = await ask('/v2-beta/settings/upgrade.manager', { method: 'PUT', body: { value: 'none' } });
		const again = await ask('/v1/settings/upgrade.manager', { method: 'PUT', body: { value: '牧 "道"' } });
		const deleted = await ask('/v2-beta/settings/upgrade.manager', { method: 'DELETE' });

		expect(put).toMatchObject({ status: 200, body: { activeValue: 'none', inDb: true, source: 'Database', value: 'none' } });
		expect(again).toMatchObject({ body: { activeValue: '牧 "道"' } });
		expect(deleted).toMatchObject({ status: 200, body: { activeValue: 'mandatory', inDb: false } });
		expect(await ask('/v2-beta/settings/upgrade.manager', { method: 'DELETE' })).toMatchObject({ status: 404 });
	});

	test('that a variable decides is put without an effect', async () => {
		expect(await ask('/v2-beta/settings/registry.whitelist', { method: 'PUT', body: { value: 'b.example' } })).toMatchObject({
			body: { activeValue: 'a.example', inDb: true, source: 'Environment Variables', value: 'b.example' },
		});
	});

	test('is read by a user, and changed by an admin alone', async () => {
		expect(await ask('/v2-beta/settings/upgrade.manager', { key: apiKeys.user })).toMatchObject({ status: 200 });
		expect(await ask('/v2-beta/settings/upgrade.manager', { key: apiKeys.user, method: 'PUT', body: { value: 'none' } })).toMatchObject({ status: 405 });
	});

	test('is listed with the others', async () => {
		const { body } = await ask('/v2-beta/settings');

		expect(body['data']).toEqual(expect.arrayContaining([expect.objectContaining({ name: 'registry.default', value: '' }), expect.objectContaining({ name: 'bootstrap.required.image', value: 'rancher/agent:v1.2.11' })]));
	});
});

test('environments, hosts and members of a cluster are listed', async () => {
	expect(await ask('/v2-beta/projects')).toMatchObject({ body: { data: [{ id: '1a5', type: 'project' }, { id: '1a9', name: '生产环境 🐄' }] } });
	expect(await ask('/v2-beta/projects/1a5/hosts')).toMatchObject({ body: { data: [{ id: '1h1', state: 'active', agentState: 'active', labels: { 区域: '华东' } }, { id: '1h2' }] } });
	expect(await ask('/v2-beta/clustermemberships')).toMatchObject({ body: { data: [{ clustered: false }] } });
	await rig.ask({ container: 'rancher' }, "UPDATE agent SET state = 'reconnecting' WHERE id = 2;");
	expect(await ask('/v2-beta/projects/1a5/hosts/1h2')).toMatchObject({ body: { agentState: 'reconnecting' } });
});

describe('a stack', () => {
	const stacks = '/v2-beta/projects/1a5/stacks';
	const upgrade = { dockerCompose: "version: '2'\n", rancherCompose: '', environment: { MTU: '1500', 说明: 'it\'s "new"' }, externalId: 'catalog://library:infra*ipsec:18' };

	async function idOf(name: string): Promise<string> {
		const { body } = await ask(`${stacks}?name=${name}`);
		return z.object({ data: z.tuple([z.object({ id: z.string() })]) }).parse(body).data[0].id;
	}

	async function until(id: string, state: string): Promise<Answer> {
		await expect.poll(async () => (await ask(`${stacks}/${id}`)).body['state'], { timeout: 30_000 }).toBe(state);
		return (await ask(`${stacks}/${id}`)).body;
	}

	test('of the infrastructure is found by a filter', async () => {
		const system = await ask(`${stacks}?system=true&limit=-1`);

		expect(system).toMatchObject({ body: { data: [{ name: 'network-services' }, { name: 'ipsec' }, { name: 'scheduler' }, { name: 'healthcheck' }] } });
		expect(await ask(`${stacks}?system=false`)).toMatchObject({ body: { data: [{ name: '网站-前端' }, {}] } });
		expect(await ask(`${stacks}?name=ipsec`)).toMatchObject({ body: { data: [{ externalId: 'catalog://library:infra*ipsec:15', healthState: 'healthy', environment: { MTU: '1400' } }] } });
	});

	test('is upgraded and finished', async () => {
		const id = await idOf('ipsec');
		const started = await ask(`${stacks}/${id}?action=upgrade`, { method: 'POST', body: upgrade });
		const upgraded = await until(id, 'upgraded');
		await ask(`${stacks}/${id}?action=finishupgrade`, { method: 'POST', body: {} });

		expect(started).toMatchObject({ status: 202, body: { state: 'upgrading', transitioning: 'yes', previousEnvironment: { MTU: '1400' } } });
		expect(Object.keys(Answer.parse(upgraded['actions']))).toEqual(['finishupgrade', 'rollback', 'remove']);
		expect(await until(id, 'active')).toMatchObject({ healthState: 'healthy', transitioning: 'no', environment: { 说明: 'it\'s "new"' }, externalId: upgrade.externalId });
	});

	test('is rolled back to what it was', async () => {
		const id = await idOf('scheduler');
		const { externalId, environment } = (await ask(`${stacks}/${id}`)).body;
		await ask(`${stacks}/${id}?action=upgrade`, { method: 'POST', body: { ...upgrade, externalId: 'catalog://library:infra*scheduler:13' } });
		await until(id, 'upgraded');
		await ask(`${stacks}/${id}?action=rollback`, { method: 'POST', body: {} });

		expect(await until(id, 'active')).toMatchObject({ externalId, environment });
	});

	test('is cancelled while it upgrades, and then rolled back', async () => {
		const id = await idOf('healthcheck');
		await rig.turn({ container: 'rancher' }, { stuck_stacks: 'healthcheck' });
		await ask(`${stacks}/${id}?action=upgrade`, { method: 'POST', body: { ...upgrade, externalId: 'catalog://library:infra*healthcheck:7' } });
		await ask(`${stacks}/${id}?action=cancelupgrade`, { method: 'POST', body: {} });
		await until(id, 'canceled-upgrade');
		await ask(`${stacks}/${id}?action=rollback`, { method: 'POST', body: {} });

		expect(await until(id, 'active')).toMatchObject({ externalId: 'catalog://library:infra*healthcheck:4' });
	});

	test('that is told to is not healthy after its upgrade', async () => {
		const id = await idOf('network-services');
		await rig.turn({ container: 'rancher' }, { unhealthy_stacks: 'network-services' });
		await ask(`${stacks}/${id}?action=upgrade`, { method: 'POST', body: upgrade });

		expect(await until(id, 'upgraded')).toMatchObject({ healthState: 'unhealthy' });
		await ask(`${stacks}/${id}?action=rollback`, { method: 'POST', body: {} });
		expect(await until(id, 'active')).toMatchObject({ healthState: 'healthy' });
	});

	test.each(['finishupgrade', 'rollback', 'cancelupgrade'])('refuses %s in the wrong state', async (action) => {
		expect(await ask(`${stacks}/${await idOf('ipsec')}?action=${action}`, { method: 'POST', body: {} })).toMatchObject({ status: 422, body: { code: 'ActionNotAvailable' } });
	});

	test('goes on with its upgrade after the server was started again', async () => {
		const id = await idOf('ipsec');
		await rig.turn({ container: 'rancher' }, { transition_seconds: 3 });
		await ask(`${stacks}/${id}?action=upgrade`, { method: 'POST', body: upgrade });
		await rig.docker('restart', 'rancher');
		await rig.untilUp('rancher');

		await until(id, 'upgraded');
	});
});

describe('the catalog', () => {
	const of = (id: string, query = 'projectId=1a5&rancherVersion=v1.6.30'): string => `/v1-catalog/templates/${id}?${query}`;

	test('knows what an older template can be upgraded to, and says nowhere what the default is', async () => {
		const { body } = await ask(of('library:infra*ipsec:15'));

		expect(body).toMatchObject({
			id: 'library:infra*ipsec:15',
			upgradeVersionLinks: { '0.2.5': `${server.url}/v1-catalog/templates/library:infra*ipsec:18?projectId=1a5&rancherVersion=v1.6.30` },
			// Only from v0.20.5 of catalog-service on; Rancher v1.6.30 brings v0.19.10.
			links: expect.not.objectContaining({ defaultUpgradeVersion: expect.anything() }),
		});
	});

	test('has nothing above the newest, nor for a server that is too old', async () => {
		expect((await ask(of('library:infra*ipsec:18'))).body).toMatchObject({ upgradeVersionLinks: {}, links: expect.not.objectContaining({ defaultUpgradeVersion: expect.anything() }) });
		expect((await ask(of('library:infra*ipsec:15', 'rancherVersion=v1.6.14'))).body).toMatchObject({ upgradeVersionLinks: {} });
	});

	test('gives files and questions', async () => {
		const { body } = await ask(of('library:infra*ipsec:18'));

		expect(body).toMatchObject({ files: { 'docker-compose.yml.tpl': expect.stringContaining('image: rancher/net:v0.13.17\n'), 'rancher-compose.yml': expect.any(String) }, questions: [{ variable: 'MTU', default: '1500' }, {}] });
	});

	test('is refreshed, and knows what it does not know', async () => {
		expect(await ask('/v1-catalog/templates?refresh&action=refresh', { method: 'POST' })).toMatchObject({ status: 204 });
		expect(await ask(of('library:infra*ipsec:99'))).toMatchObject({ status: 404 });
		expect(await ask(of('community:infra*ipsec:18'))).toMatchObject({ status: 404 });
	});
});

test('servers of a cluster see each other, and not the one that is gone', async () => {
	const nodes = await rig.nodes(3);
	const [one, two, three] = nodes;
	if (!one || !two || !three) throw new Error('There are not three nodes.');
	const db = await three.database();
	for (const node of [one, two]) {
		const options = ['-p', '8080:8080', '-p', '9345:9345'];
		await node.server({ name: 'rancher', tag: 'v1.6.14', options, args: [...db.flags, '--advertise-address', node.address], data: node === one });
	}
	const members = async (): Promise<unknown[]> => z.array(z.object({ clustered: z.literal(true), config: z.object({ advertiseAddress: z.string() }) })).parse((await ask('/v2-beta/clustermemberships', { at: `http://${two.address}:8080` })).body['data']).map(({ config }) => config.advertiseAddress);

	expect(await members()).toEqual([`${one.address}:9345`, `${two.address}:9345`]);
	await one.docker('exec', 'rancher', 'bash', '-c', `exec 3<> /dev/tcp/${two.address}/9345`);
	await one.docker('stop', 'rancher');
	await expect.poll(members, { timeout: 60_000, interval: 1000 }).toEqual([`${two.address}:9345`]);
	expect(await three.fingerprint({ db: db.container })).toEqual(await two.fingerprint({ container: 'rancher' }));
});
