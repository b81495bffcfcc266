import { expect, test } from 'vitest';
import type { Runbook } from '../../../src/runbook/definition/definition.ts';
import type { Parameter } from '../../../src/runbook/definition/parameter.ts';
import { withoutSecrets, withSecrets } from '../../../src/runbook/values/resolve.ts';
import type { Values } from '../../../src/runbook/values/value.ts';

const group = { group: 'g', advanced: false };
const parameters: Record<string, Parameter> = {
	password: { ...group, type: 'secret' },
	env: { ...group, type: 'env' },
	proxy: { ...group, type: 'proxy' },
	java_opts: { ...group, type: 'java-options' },
	docker_options: { ...group, type: 'docker-options' },
	nodes: { ...group, type: 'nodes' },
};
const runbook: Runbook = { id: 'f/r', family: 'f', parameters, derived: {}, steps: [] };

test.each<[Values, Values]>([
	[{ password: 'opensesame' }, {}],
	[{ env: ['A=b', 'API_TOKEN=opensesame'] }, { env: ['A=b', 'API_TOKEN'] }],
	[{ env: ['A=http://u:opensesame@db'] }, { env: ['A'] }],
	[{ proxy: 'http://proxy:3128' }, { proxy: 'http://proxy:3128' }],
	[{ java_opts: '-Dpassword=x' }, {}],
	[{ nodes: [{ name: 'a', ssh: '', address: '10.0.0.1' }] }, { nodes: [{ name: 'a', ssh: '', address: '10.0.0.1' }] }],
	[{ nobody: 'opensesame' }, {}],
])('of %j is kept %j', (values, kept) => {
	expect(withoutSecrets(runbook, values)).toEqual(kept);
	expect(withoutSecrets(runbook, kept)).toEqual(kept);
});

test.each<[Values, Values]>([
	[{ env: ['API-TOKEN=opensesame'] }, { env: ['API-TOKEN'] }],
	[{ env: ['API_TOKEN=opensesame\u0007'] }, { env: ['API_TOKEN'] }],
	[{ env: ['API_TOKEN=opensesame', 'API_TOKEN=opensesame2'] }, { env: ['API_TOKEN', 'API_TOKEN'] }],
	[{ env: ['API_TOKEN: opensesame'] }, { env: ['API_TOKEN'] }],
	[{ env: ['http://u:opensesame@db?a=b'] }, { env: ['http'] }],
	[{ env: 'API_TOKEN=opensesame' }, { env: 'API_TOKEN' }],
	[{ proxy: 'http://u:opensesame@proxy:3128' }, {}],
	[{ docker_options: ['--cpus=2', '--env=PASSWORD=opensesame'] }, { docker_options: ['--cpus=2'] }],
	[{ proxy: 'proxy' }, { proxy: 'proxy' }],
])('of %j, which is refused, is kept %j', (values, kept) => {
	expect(withoutSecrets(runbook, values)).toEqual(kept);
});

test('what was kept and what the form knows are the values again', () => {
	const values = { password: 'opensesame', env: ['A=b', 'API_TOKEN=opensesame', 'API_KEY: x'] };

	expect(withSecrets(runbook, withoutSecrets(runbook, values), values)).toEqual({ ...values, env: ['A=b', 'API_TOKEN=opensesame', 'API_KEY'] });
});
