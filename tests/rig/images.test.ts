import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { attempt } from './command.ts';
import { startRig, type Rig } from './rig.ts';

let rig: Rig;
beforeAll(async () => {
	rig = await startRig();
});
afterAll(() => rig.close());

async function inspect(image: string, format: string): Promise<string> {
	await rig.docker('pull', '--quiet', image);
	return rig.docker('image', 'inspect', '--format', format, image);
}

async function variablesOf(image: string): Promise<string[]> {
	return (await inspect(image, '{{range .Config.Env}}{{println .}}{{end}}')).split('\n');
}

describe('an image of the server', () => {
	test.each(['v1.0.2', 'v1.1.4', 'v1.2.4', 'v1.3.5', 'v1.4.3', 'v1.5.10', 'v1.6.0', 'v1.6.10', 'v1.6.11', 'v1.6.14', 'v1.6.19', 'v1.6.28', 'v1.6.30', 'latest', 'stable'])('is there as %s', async (tag) => {
		await expect(rig.docker('pull', '--quiet', `rancher/server:${tag}`)).resolves.toBe(`docker.io/rancher/server:${tag}`);
	});

	test('says its version by a variable, before 1.1 by another one', async () => {
		expect(await variablesOf('rancher/server:v1.0.2')).toContain('CATTLE_RANCHER_SERVER_IMAGE=v1.0.2');
		expect(await variablesOf('rancher/server:v1.1.4')).toEqual(expect.arrayContaining(['CATTLE_RANCHER_SERVER_VERSION=v1.1.4', 'CATTLE_RANCHER_SERVER_IMAGE=rancher/server']));
		expect(await variablesOf('rancher/server:latest')).toContain('CATTLE_RANCHER_SERVER_VERSION=v1.6.30');
	});

	test('reads flags from 1.2 on', async () => {
		expect(await inspect('rancher/server:v1.1.4', '{{json .Config.Entrypoint}} {{json .Config.Cmd}}')).toBe('null ["/usr/bin/s6-svscan","/service"]');
		expect(await inspect('rancher/server:v1.2.4', '{{json .Config.Entrypoint}} {{json .Config.Cmd}}')).toBe('["/usr/bin/entry"] ["/usr/bin/s6-svscan","/service"]');
	});

	test('has three volumes, two ports and the ids 102 and 105', async () => {
		expect(await inspect('rancher/server:v1.6.30', '{{json .Config.Volumes}} {{json .Config.ExposedPorts}}')).toBe(
			'{"/var/lib/cattle":{},"/var/lib/mysql":{},"/var/log/mysql":{}} {"3306/tcp":{},"8080/tcp":{}}',
		);
		expect(await rig.docker('run', '--rm', '--entrypoint', 'id', 'rancher/server:v1.6.30', 'mysql')).toBe('uid=102(mysql) gid=105(mysql) groups=105(mysql)');
	});
});

test('the agent and the load balancer of each release are there', async () => {
	const names = ['agent:v1.0.1', 'agent:v1.2.11-rc1', 'agent:v1.2.11', 'lb-service-haproxy:v0.9.14', 'agent-instance:v0.8.3', 'dns:v0.17.4', 'net:holder', 'pre-pull-images:v0.2.2'];
	for (const name of names) await expect(rig.docker('pull', '--quiet', `rancher/${name}`)).resolves.toContain(name);
});

test.each(['rancher/server:v1.6.29', 'rancher/nothing:v1', 'registry.example/rancher/server:v1.6.30'])('%s fails at once', async (name) => {
	const asked = performance.now();

	const { code } = await attempt('docker', ['pull', name], { env: rig.env });

	expect(code).toBe(1);
	expect(performance.now() - asked).toBeLessThan(5000);
});

test('a private registry wants its login, and takes what is pushed', async () => {
	const { address } = await rig.registry({ login: { user: 'drover', password: 'geheim $1' } });
	await rig.docker('pull', '--quiet', 'rancher/agent:v1.2.11');
	await rig.docker('tag', 'rancher/agent:v1.2.11', `${address}/rancher/agent:v1.2.11`);

	const refused = await attempt('docker', ['push', `${address}/rancher/agent:v1.2.11`], { env: rig.env });
	const login = await attempt('docker', ['login', '--username', 'drover', '--password-stdin', address], { env: rig.env, input: 'geheim $1' });
	const pushed = await attempt('docker', ['push', `${address}/rancher/agent:v1.2.11`], { env: rig.env });

	expect(refused.stderr).toContain('no basic auth credentials');
	expect(login.code).toBe(0);
	expect(pushed.code).toBe(0);
});
