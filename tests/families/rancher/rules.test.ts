import { describe, expect, test } from 'vitest';
import type { Problem } from '../../../src/runbook/problem.ts';
import type { Values } from '../../../src/runbook/values/value.ts';
import { foundParameters, parameterOf } from '../../../src/families/rancher/parameters.ts';
import { releases } from '../../../src/families/rancher/releases.ts';
import { asked, family, resolveIn } from './family.ts';

const names = (problems: readonly Problem[]) => problems.map(({ name, parameter, item }) => [name, parameter ?? '', ...(item === undefined ? [] : [item])].join(' ').trim());

/** What a form says beside what its tags say by themselves. */
function validate(runbook: string, values: Values) {
	const { refused, warnings, answers } = resolveIn(runbook, { old_tag: 'v1.6.20', new_tag: 'v1.6.30', ...values });
	return { refused: names(refused), warnings: names(warnings).filter((name) => !/^(?:schema\.same|secret\.default)/.test(name)), slots: [...refused, ...warnings].map(({ slots }) => slots), answers };
}

const quiet = { refused: [], warnings: [] };

test('detection knows the types that the family declares', () => {
	for (const name of foundParameters) {
		const declared = family.parameters[name];
		expect(declared?.type, name).toBe(parameterOf(name).type);
		if (declared?.type === 'choice') expect(parameterOf(name)).toMatchObject({ options: declared.options });
	}
});

describe('tags', () => {
	test.each([
		['v1.6.14-rc1', 'tag.test-build new_tag'],
		['v1.6.14-patch1-rc1', 'tag.test-build new_tag'],
		['v1.0.0-pre2', 'tag.test-build new_tag'],
		['v1.1.0-dev5', 'tag.test-build new_tag'],
		['v2.4.8', 'tag.not-1x new_tag'],
		['v0.63.1', 'tag.not-1x new_tag'],
		['2.13.1', 'tag.not-1x new_tag'],
		['1.6.30', 'tag.missing-v new_tag'],
		['v1.6.14', 'tag.lower new_tag'],
	])('an upgrade to %s is refused: %s', (new_tag, name) => {
		expect(validate('single-container', { new_tag }).refused).toContain(name);
	});

	test.each([
		['latest', ['tag.moving new_tag', 'schema.unknown new_tag']],
		['stable', ['tag.moving new_tag', 'schema.unknown new_tag']],
		['v1.6.31', ['tag.unknown-release new_tag', 'schema.unknown new_tag']],
		['prod', ['tag.unknown-release new_tag', 'schema.unknown new_tag']],
		['v1.6.20', ['tag.same new_tag']],
	])('an upgrade to %s is warned of', (new_tag, warnings) => {
		expect(validate('single-container', { new_tag })).toMatchObject({ refused: [], warnings });
	});

	test('v1.6.19 asks for a test build of the agent', () => {
		expect(validate('single-container', { old_tag: 'v1.6.18', new_tag: 'v1.6.19' }).warnings).toContain('tag.skip-1.6.19 new_tag');
		expect(validate('single-container', { old_tag: 'v1.6.19' }).warnings).toEqual([]);
	});

	test('what runs is a fact, be it a test build', () => {
		expect(validate('single-container', { old_tag: 'v1.6.14-rc1' })).toMatchObject({ refused: [], warnings: ['tag.test-build-runs old_tag', 'schema.moves new_tag', 'schema.takes-long new_tag'] });
		expect(validate('single-container', { old_tag: 'v2.4.8' }).refused).toContain('tag.not-1x old_tag');
		expect(validate('single-container', { old_tag: '1.6.14' }).refused).toContain('tag.missing-v old_tag');
		expect(validate('single-container', { old_tag: 'latest' }).warnings).toContain('tag.moving old_tag');
	});

	test('the way back leads to an older tag', () => {
		expect(validate('roll-back', { old_tag: 'v1.6.14', new_tag: 'v1.6.30' }).refused).toEqual([]);
		expect(validate('roll-back', { old_tag: 'v1.6.30', new_tag: 'v1.6.14' }).refused).toEqual(['tag.higher old_tag']);
		expect(validate('roll-back', { old_tag: 'v1.6.14-rc1', new_tag: 'v1.6.30' })).toMatchObject({ refused: [], warnings: ['tag.test-build-runs old_tag', 'schema.moves new_tag'] });
		expect(validate('roll-back', { old_tag: 'v1.1.4', new_tag: 'v1.6.30' }).refused).toEqual([]);
		expect(validate('roll-back', { old_tag: 'v1.6.14', new_tag: 'v1.6.19' }).warnings).not.toContain('tag.skip-1.6.19 new_tag');
	});

	test('a missing v is not written in silence: the tag that is meant is named', () => {
		expect(validate('single-container', { new_tag: '1.6.30' }).slots).toContainEqual({ parameter: 'new_tag', value: '1.6.30', release: 'v1.6.30' });
	});

	test('what a step over versions asks for is said once, and not on the way back', () => {
		const all = ['tag.crosses-environments', 'tag.crosses-network-services', 'tag.crosses-directory-names', 'tag.crosses-loopback-dns'].map((name) => `${name} new_tag`);
		const crossings = (runbook: string, old_tag: string) => validate(runbook, { old_tag }).warnings.filter((name) => name.startsWith('tag.crosses'));

		expect(crossings('single-container', 'v1.1.4')).toEqual(all);
		expect(crossings('single-container', 'v1.2.0')).toEqual(all.slice(1));
		expect(crossings('single-container', 'v1.6.7')).toEqual(all.slice(2));
		expect(crossings('single-container', 'v1.6.11')).toEqual([]);
		expect(crossings('roll-back', 'v1.1.4')).toEqual([]);
	});
});

describe('the schema', () => {
	test.each([
		['v1.6.14', 'v1.6.30', ['schema.moves new_tag', 'schema.takes-long new_tag'], { old: 'v1.6.14', new: 'v1.6.30', from: 123, to: 124 }],
		['v1.6.15', 'v1.6.30', ['schema.same new_tag'], { old: 'v1.6.15', new: 'v1.6.30', schema: 124 }],
		['v1.6.0', 'v1.6.13', ['schema.moves new_tag'], { old: 'v1.6.0', new: 'v1.6.13', from: 121, to: 123 }],
		['latest', 'v1.6.30', ['schema.unknown new_tag'], { old: 'latest', new: 'v1.6.30' }],
	])('from %s to %s', (old_tag, new_tag, expected, slots) => {
		const { warnings } = resolveIn('single-container', { old_tag, new_tag });
		expect(names(warnings).filter((name) => name.startsWith('schema'))).toEqual(expected);
		expect(warnings.map((one) => one.slots)).toContainEqual(slots);
	});

	test.each([['v1.6.14', 'v1.6.30', 'yes'], ['v1.6.15', 'v1.6.30', 'no'], ['v1.6.15', 'latest', 'unknown'], ['', 'v1.6.30', 'unknown'], ['v1.6.15', '', 'unknown']])('schema_moves from %s to %s is %s', (old_tag, new_tag, moves) => {
		expect(validate('single-container', { old_tag, new_tag }).answers.get('schema_moves')?.items[0]?.text).toBe(moves);
	});
});

describe('values that follow from others', () => {
	const derived = (runbook: string, values: Values, name: string) => validate(runbook, values).answers.get(name)?.items[0]?.text;

	test.each([
		['v1.0.2', '/ca.crt'],
		['v1.1.4', '/ca.crt'],
		['v1.2.0', '/var/lib/rancher/etc/ssl/ca.crt'],
		['v1.6.30', '/var/lib/rancher/etc/ssl/ca.crt'],
		['latest', '/var/lib/rancher/etc/ssl/ca.crt'],
	])('the image %s reads its certificate at %s', (tag, place) => {
		expect(derived('single-container', { old_tag: 'v1.0.0', new_tag: tag }, 'ca_target')).toBe(place);
		expect(derived('single-container', { old_tag: tag, new_tag: 'v1.6.30' }, 'old_ca_target')).toBe(place);
	});

	test('the agent is the one that the release is paired with, unless one is given', () => {
		expect(derived('single-container', {}, 'agent_image')).toBe('rancher/agent:v1.2.11');
		expect(derived('single-container', { old_tag: 'v1.6.0', new_tag: 'v1.6.10' }, 'agent_image')).toBe('rancher/agent:v1.2.6');
		expect(derived('roll-back', { old_tag: 'v1.6.10' }, 'agent_image')).toBe('rancher/agent:v1.2.6');
		expect(derived('single-container', { new_tag: 'latest' }, 'agent_image')).toBeUndefined();
		expect(derived('single-container', { agent_image: 'corp/agent:v1.2.11' }, 'agent_image')).toBe('corp/agent:v1.2.11');
	});

	test('the load balancer is the one of the release', () => {
		expect(derived('air-gap', {}, 'balancer_image')).toBe('rancher/lb-service-haproxy:v0.9.14');
		expect(derived('air-gap', { new_tag: 'v1.6.14' }, 'balancer_image')).toBe('rancher/lb-service-haproxy:v0.7.15');
		expect(derived('air-gap', { new_tag: 'v1.1.4' }, 'balancer_image')).toBe('rancher/agent-instance:v0.8.3');
		expect(derived('air-gap', { new_tag: 'latest' }, 'balancer_image')).toBeUndefined();
	});

	test('the engines that the hosts may run are those of the image that is started', () => {
		expect(derived('single-container', {}, 'docker_range')).toContain('19');
		expect(derived('roll-back', { old_tag: 'v1.6.14' }, 'docker_range')).not.toContain('19');
		expect(derived('single-container', { new_tag: 'latest' }, 'docker_range')).toBeUndefined();
	});

	test('a cluster advertises the port that is published', () => {
		expect(derived('high-availability', { publish: '9090' }, 'advertise_http_port')).toBe('9090');
		expect(derived('high-availability', { publish: '8080' }, 'advertise_http_port')).toBeUndefined();
		expect(derived('external-database', { publish: '9090' }, 'advertise_http_port')).toBeUndefined();
		expect(derived('high-availability', { publish: '9090', docker_options: ['--network=host'] }, 'advertise_http_port')).toBeUndefined();
	});
});

describe('the certificate', () => {
	test.each([
		['v1.1.4', 'v1.6.30', ['server.ca-old-place ca_cert']],
		['v1.1.4', 'v1.2.4', ['server.ca-old-place ca_cert', 'server.ca-import-by-hand ca_cert']],
		['v1.2.0', 'v1.6.30', []],
		['v1.0.2', 'v1.1.4', []],
	])('from %s to %s', (old_tag, new_tag, expected) => {
		expect(validate('single-container', { old_tag, new_tag, ca_cert: '/etc/ca.crt' }).warnings.filter((name) => name.includes('ca_cert'))).toEqual(expected);
	});

	test('nothing is said where there is none', () => {
		expect(validate('single-container', { old_tag: 'v1.1.4', new_tag: 'v1.2.4' }).warnings.filter((name) => name.includes('.ca-'))).toEqual([]);
	});
});

describe('environment variables', () => {
	test.each([
		['CATTLE_RANCHER_SERVER_VERSION=v1.6.14', 'server.env-baked env 0'],
		['CATTLE_HOME=/x', 'server.env-baked env 0'],
		['URL=http://x/cattle.jar', 'server.env-developer env 0'],
		['CATTLE_MASTER=true', 'server.env-developer env 0'],
		['CATTLE_DB_RELEASE_CHANGE_LOCK=true', 'server.env-releases-lock env 0'],
	])('%s is refused', (variable, name) => {
		expect(validate('single-container', { env: [variable] })).toMatchObject({ refused: [name], warnings: [] });
	});

	test.each([
		['CATTLE_AGENT_INSTANCE_IMAGE=rancher/agent-instance:v0.8.3', 'server.env-obsolete env 0'],
		['CATTLE_REDIS_HOSTS=x:6379', 'server.env-obsolete env 0'],
		['DEFAULT_CATTLE_RANCHER_CLI_LINUX_URL=https://mirror/cli', 'server.env-from-image env 0'],
		['JAVA_OPTS=-Xmx4096m', 'server.env-has-field env 0'],
		['http_proxy=http://proxy:3128', 'server.env-has-field env 0'],
	])('%s is warned of', (variable, name) => {
		expect(validate('single-container', { env: [variable] })).toMatchObject({ refused: [], warnings: [name] });
	});

	test.each(['CATTLE_PROMETHEUS_EXPORTER=true', 'CATTLE_GRAPHITE_HOST=g', 'CATTLE_LOGBACK_OUTPUT_GELF_HOST=l', 'VAULT_TOKEN=abcdefgh', 'JAVA_STORE_PASS=changeit2', 'CATTLE_DB_CATTLE_GO_PARAMS=tls=true&allowNativePasswords=true', 'CATTLE_LOGBACK_OUTPUT_LOGSTASH_CONSOLE=false', 'CATTLE_DB_LIQUIBASE_MYSQL_URL=jdbc:mysql://db/cattle?useSSL=true', 'DEFAULT_CATTLE_UPGRADE_MANAGER=all', 'CATTLE_JAVA_OPTS=-Xmx1g', 'TZ=Asia/Shanghai', 'LC_TIME=C'])('%s is fine', (variable) => {
		expect(validate('single-container', { env: [variable] })).toMatchObject(quiet);
	});

	test('what means something else to the target is judged against the target', () => {
		const warnings = (variable: string, tags: Values = {}, runbook = 'single-container') => validate(runbook, { env: [variable], ...tags }).warnings;
		const before = { old_tag: 'v1.6.9', new_tag: 'v1.6.10' };

		for (const kind of ['CONSOLE', 'FILE']) {
			expect(warnings(`CATTLE_LOGBACK_OUTPUT_LOGSTASH_${kind}=true`)).toEqual(['server.env-stops-server env 0']);
			expect(warnings(`CATTLE_LOGBACK_OUTPUT_LOGSTASH_${kind}=true`, before)).not.toContain('server.env-stops-server env 0');
			expect(warnings(`CATTLE_LOGBACK_OUTPUT_LOGSTASH_${kind}=true`, { old_tag: 'v1.6.10', new_tag: 'v1.6.30' }, 'roll-back')).not.toContain('server.env-stops-server env 0');
		}
		expect(warnings('CATTLE_LOGBACK_OUTPUT_CONSOLE=false')).toEqual(['server.env-quiet-log env 0']);
		expect(warnings('CATTLE_DB_CATTLE_GO_PARAMS=tls=true')).toEqual(['server.env-go-params env 0']);
		expect(warnings('CATTLE_DB_CATTLE_GO_PARAMS=tls=true', { old_tag: 'v1.6.0', new_tag: 'v1.6.2' })).not.toContain('server.env-go-params env 0');
		expect(warnings('CATTLE_DB_LIQUIBASE_MYSQL_URL=jdbc:mysql://db/cattle?socketTimeout=60000')).toEqual(['server.env-socket-timeout env 0']);
		expect(warnings('CATTLE_DB_LIQUIBASE_MYSQL_URL=jdbc:mysql://db/cattle?a=b&socketTimeout=0')).toEqual([]);
		expect(warnings('CATTLE_DB_CATTLE_MYSQL_URL=jdbc:mysql://db/cattle?socketTimeout=60000')).toEqual([]);
		for (const name of ['CATTLE_DOCKER_NETWORK_SUBNET_CIDR', 'CATTLE_AGENT_PACKAGE_CADVISOR_URL', 'CATTLE_HAZELCAST_AWS_REGION']) expect(warnings(`${name}=x`)).toContain('server.env-removed env 0');
		expect(warnings('CATTLE_DOCKER_NETWORK_SUBNET_CIDR=x', { old_tag: 'v1.0.2', new_tag: 'v1.1.4' })).not.toContain('server.env-removed env 0');
	});

	test('a server that upgrades no stack is warned of, wherever that is chosen', () => {
		for (const name of ['CATTLE_UPGRADE_MANAGER', 'DEFAULT_CATTLE_UPGRADE_MANAGER']) expect(validate('single-container', { env: [`${name}=none`] }).warnings).toContain('manager.none env 0');
	});

	test('the agent instance is still needed before 1.2', () => {
		expect(validate('single-container', { old_tag: 'v1.0.2', new_tag: 'v1.1.4', env: ['CATTLE_AGENT_INSTANCE_IMAGE=x/y:1'] }).warnings).not.toContain('server.env-obsolete env 0');
	});

	test('a variable that the command sets already is refused, with its field', () => {
		expect(validate('single-container', { env: ['A=1', 'JAVA_OPTS=-Xmx1g'], java_opts: '-Xmx2g' }).refused).toEqual(['server.env-twice env 1']);
		expect(validate('single-container', { env: ['no_proxy=x'], proxy: 'http://p:1', no_proxy: 'localhost' }).refused).toEqual(['server.env-twice env 0']);
		expect(validate('external-database', { db_host: 'db', env: ['CATTLE_DB_CATTLE_PASSWORD=secret12'] }).refused).toEqual(['server.env-twice env 0']);
		expect(validate('single-container', { env: ['CATTLE_DB_CATTLE_PASSWORD=secret12'] })).toMatchObject(quiet);
		expect(validate('single-container', { registry: 'r:5000', env: ['CATTLE_BOOTSTRAP_REQUIRED_IMAGE=r:5000/rancher/agent:v1.2.11'] }).refused).toEqual(['server.env-twice env 0']);
	});

	test('the setting that is overridden is named', () => {
		expect(validate('single-container', { env: ['CATTLE_CATALOG_REFRESH_INTERVAL_SECONDS=60'] }).slots).toContainEqual({ parameter: 'env', name: 'CATTLE_CATALOG_REFRESH_INTERVAL_SECONDS', setting: 'catalog.refresh.interval.seconds' });
	});
});

describe('the agent', () => {
	test.each([
		['rancher/agent:v1.2.11', []],
		['rancher/agent:v1.2.11-ca', ['server.agent-custom agent_image']],
		['corp/agent:v1.0.0', ['server.agent-custom agent_image']],
	])('%s beside v1.6.30', (agent_image, warnings) => {
		expect(validate('single-container', { agent_image })).toMatchObject({ refused: [], warnings });
	});

	test('a release of another number was forgotten to raise', () => {
		expect(validate('single-container', { agent_image: 'rancher/agent:v1.2.2' }).refused).toEqual(['server.agent-mismatch agent_image']);
		expect(validate('single-container', { env: ['CATTLE_BOOTSTRAP_REQUIRED_IMAGE=r:5000/rancher/agent:v1.2.2'] }).refused).toEqual(['server.agent-mismatch env 0']);
		expect(validate('single-container', { env: ['CATTLE_BOOTSTRAP_REQUIRED_IMAGE=r:5000/rancher/agent:v1.2.11'] })).toMatchObject(quiet);
	});

	test('on the way back the old one is right', () => {
		expect(validate('roll-back', { old_tag: 'v1.6.14', agent_image: 'rancher/agent:v1.2.9' }).refused).toEqual([]);
	});
});

describe('the database', () => {
	const db = { db_host: 'db.example', db_password: 'hunter2hunter2' };

	test('flags are unknown before 1.2, variables are not', () => {
		expect(validate('external-database', { ...db, old_tag: 'v1.0.2', new_tag: 'v1.1.4' }).refused).toEqual(['server.flags-unknown db_style']);
		expect(validate('external-database', { ...db, old_tag: 'v1.0.2', new_tag: 'v1.1.4', db_style: 'env' }).refused).toEqual([]);
		expect(validate('external-database', { ...db, old_tag: 'v1.1.4' }).refused).toEqual([]);
		expect(validate('roll-back', { ...db, old_tag: 'v1.1.4' }).refused).toEqual(['server.flags-unknown db_style']);
	});

	test('strict enforcing is known from v1.6.11 on and needs all five values', () => {
		const strict = { ...db, db_strict: 'true' };
		expect(validate('external-database', strict)).toMatchObject(quiet);
		expect(validate('external-database', { ...strict, old_tag: 'v1.6.1', new_tag: 'v1.6.10' }).refused).toEqual(['server.strict-unknown db_strict']);
		expect(validate('external-database', { ...strict, db_port: '', db_name: '' })).toMatchObject({ refused: ['server.strict-needs-all db_strict'] });
		expect(validate('external-database', { ...strict, db_port: '' }).slots).toContainEqual({ parameter: 'db_strict', missing: 'db_port' });
		expect(validate('roll-back', { ...strict, old_tag: 'v1.6.10' }).refused).toEqual(['server.strict-unknown db_strict']);
	});

	test('loopback is the container itself, unless it has the network of its host', () => {
		for (const db_host of ['localhost', '127.0.0.1', '::1']) expect(validate('external-database', { ...db, db_host }).warnings).toEqual(['server.db-loopback db_host']);
		expect(validate('external-database', { ...db, db_host: 'localhost', publish: '', docker_options: ['--network=host'] })).toMatchObject(quiet);
	});

	test('a mask is no password', () => {
		expect(validate('external-database', { ...db, db_password: '••••••••' }).refused).toEqual(['secret.masked db_password']);
		expect(validate('external-database', { ...db, env: ['A=1', 'VAULT_TOKEN=••••••••'] }).refused).toEqual(['secret.masked env 1']);
	});
});

describe('where the data is', () => {
	test('one place alone is given', () => {
		expect(validate('single-container', { data_volume: 'rancher-db' })).toMatchObject(quiet);
		expect(validate('single-container', { data_volume: 'rancher-db', data_container: '' })).toMatchObject(quiet);
		expect(validate('single-container', { data_volume: 'rancher-db', data_container: 'rancher-data' }).refused).toEqual(['server.data-twice data_volume']);
		expect(validate('roll-back', { data_volume: 'rancher-db', data_dir: '/data/db' }).refused).toEqual(['server.data-twice data_dir']);
	});

	test.each(['/', '/etc', '/usr', '/usr/local', '/var/lib', '/var/lib/docker', '/var/lib/docker/volumes', '/home', '/root', '/proc/x', '/data/../etc', '//var//lib/', '/./'])('%s may not change its owner', (data_dir) => {
		expect(validate('bind-mount', { data_dir }).refused).toEqual(['server.data-dir-system data_dir']);
	});

	test.each(['/data', '/data/rancher-db', '/var/lib/rancher', '/var/lib/rancher/mysql', '/root/db', '/srv', '/home/ops/db', '/etc/../data'])('%s may hold the database', (data_dir) => {
		expect(validate('bind-mount', { data_dir })).toMatchObject(quiet);
	});

	test('Docker gives a name once', () => {
		expect(validate('single-container', { container: 'rancher', new_container: 'rancher' }).refused).toEqual(['server.same-name new_container']);
		expect(validate('single-container', { container: 'rancher', data_container: 'rancher' }).refused).toEqual(['server.same-name data_container']);
		expect(validate('single-container', { container: 'rancher', new_container: 'rancher-data' }).refused).toEqual(['server.same-name data_container']);
		expect(validate('single-container', { container: 'rancher', new_container: 'rancher-2' })).toMatchObject(quiet);
	});
});

describe('options that are carried over', () => {
	test('a small memory limit kills the server', () => {
		expect(validate('single-container', { docker_options: ['--memory=512m'] }).warnings).toEqual(['server.memory-small docker_options 0']);
		expect(validate('single-container', { docker_options: ['--init', '--memory=1g'] }).warnings).toEqual(['server.memory-small docker_options 1']);
		expect(validate('single-container', { docker_options: ['--memory=8g'] })).toMatchObject(quiet);
		expect(validate('single-container', { docker_options: ['--memory=4g'], java_opts: '-Xmx4096m' }).warnings).toEqual(['server.heap-over-limit docker_options 0']);
		expect(validate('single-container', { docker_options: ['--memory=8g'], java_opts: '-Xms1g -Xmx4g' })).toMatchObject(quiet);
	});

	test.each([
		['single-container', ['--volume=x:/var/lib/mysql'], { data_volume: 'rancher-db' }],
		['bind-mount', ['--mount=type=bind,source=/x,target=/var/lib/mysql'], { data_dir: '/data/db' }],
		['single-container', ['--volume=/x:/var/lib/rancher/etc/ssl/ca.crt:ro'], { ca_cert: '/y' }],
	])('%s: what a field mounts already is refused', (runbook, docker_options, values) => {
		expect(validate(runbook, { docker_options, ...values }).refused).toEqual(['server.option-has-field docker_options 0']);
	});

	test('without the field the same option is fine', () => {
		expect(validate('external-database', { db_host: 'db', db_password: 'hunter2hunter2', docker_options: ['--volume=x:/var/lib/mysql', '--volume=/x:/ca.crt'] })).toMatchObject(quiet);
	});

	test.each(['--volume=cattle:/var/lib/cattle', '--mount=type=volume,source=cattle,target=/var/lib/cattle', '--tmpfs=/var/lib/cattle'])('without internet a server that has %s needs no volume for its catalog', (option) => {
		const values = { registry: 'registry.example', docker_options: [option] };

		expect(validate('single-container', values).refused).toEqual([]);
		expect(validate('single-container', values).answers.get('catalog_volume')).toBeUndefined();
		expect(validate('single-container', { registry: 'registry.example' }).answers.get('catalog_volume')?.items[0]?.text).toBe('rancher-cattle-v1.6.30');
	});

	test('ports are not published on the network of the host', () => {
		expect(validate('single-container', { docker_options: ['--network=host'] }).warnings).toEqual(['server.publish-ignored publish']);
		expect(validate('single-container', { docker_options: ['--network=host'], publish: '' })).toMatchObject(quiet);
	});

	test.each([['always', ['server.restart-always restart']], ['no', ['server.restart-none restart']], ['unless-stopped', []], ['on-failure:3', []]])('restart %s', (restart, warnings) => {
		expect(validate('single-container', { restart })).toMatchObject({ refused: [], warnings });
	});
});

describe('a cluster', () => {
	const db = { db_host: 'db.example', db_password: 'hunter2hunter2' };
	const node = (name: string, address: string) => ({ name, ssh: '', address });
	const three = [node('a', '10.0.0.1'), node('b', '10.0.0.2'), node('c', '10.0.0.3')];
	const ha = (values: Values) => validate('high-availability', { ...db, nodes: three, ...values });

	test('three nodes with an address each are fine', () => {
		expect(ha({})).toMatchObject(quiet);
	});

	test('fewer are warned of: two are common, and one may be left', () => {
		for (const count of [1, 2]) expect(ha({ nodes: three.slice(0, count) })).toMatchObject({ refused: [], warnings: ['nodes.too-few nodes'] });
	});

	test('the same address twice is refused, and loopback', () => {
		expect(ha({ nodes: [...three.slice(0, 2), node('c', '10.0.0.1')] }).refused).toEqual(['nodes.same-address nodes 2']);
		expect(ha({ nodes: [...three.slice(0, 2), node('c', '127.0.0.1')] }).refused).toEqual(['nodes.loopback nodes 2']);
		expect(validate('roll-back', { ...db, nodes: three, old_tag: 'v1.1.4' }).refused).toContain('nodes.script-back old_tag');
		expect(validate('roll-back', { ...db, nodes: three, old_tag: 'v1.6.14' }).refused).not.toContain('nodes.script-back old_tag');
	});

	test('words that each node looks up may repeat, an interface needs the network of the host', () => {
		expect(ha({ nodes: ['a', 'b', 'c'].map((name) => node(name, 'awslocal')) })).toMatchObject(quiet);
		const byInterface = ['a', 'b', 'c'].map((name) => node(name, 'eth0'));
		expect(ha({ nodes: byInterface }).warnings).toEqual(['nodes.interface nodes 0', 'nodes.interface nodes 1', 'nodes.interface nodes 2']);
		expect(ha({ nodes: byInterface, publish: '', docker_options: ['--network=host'] })).toMatchObject(quiet);
		expect(ha({ nodes: ['node1', 'node2', 'node3'].map((name) => node(name, name)) })).toMatchObject(quiet);
	});

	test('the others reach a server at the port that it advertises', () => {
		expect(ha({ publish: '9090' })).toMatchObject(quiet);
		expect(ha({ publish: '9090', advertise_http_port: '8080' }).warnings).toEqual(['nodes.other-port advertise_http_port']);
		expect(ha({ publish: '' }).warnings).toEqual(['nodes.not-published publish']);
		expect(ha({ publish: '10.0.0.1:8080' }).warnings).toEqual(['nodes.publish-address publish']);
	});
});

describe('the words after the image', () => {
	const db = { db_host: 'db.example', db_password: 'hunter2hunter2', db_style: 'words' };
	const text = (host: string) => ['sh', '-c', `sleep 5; exec /usr/bin/entry --db-host ${host}`];
	const external = (values: Values) => validate('external-database', { ...db, ...values }).refused;

	test('tell the server the database that the form has', () => {
		expect(external({ command_words: text('db.example') })).toEqual([]);
		expect(external({ command_words: text('$DB'), env: ['DB=db.example'] })).toEqual([]);
		expect(external({ command_words: text('$(hostname)') })).toEqual([]);
		expect(external({ command_words: text('other') })).toEqual(['server.words-other-database command_words']);
		expect(external({ command_words: text('other'), db_style: 'flags' })).toEqual(['server.words-other-database command_words']);
	});

	test('or variables do, a link, or an image of one\'s own; else the server starts empty', () => {
		const plain = ['sh', '-c', 'exec /usr/bin/entry'];
		expect(external({ command_words: plain })).toEqual(['server.words-no-database db_style']);
		expect(external({})).toEqual(['server.words-no-database db_style']);
		expect(external({ command_words: plain, env: ['CATTLE_DB_CATTLE_MYSQL_HOST=db.example'] })).toEqual([]);
		expect(external({ command_words: plain, env: ['CATTLE_DB_CATTLE_MYSQL_HOST=other'] })).toEqual(['server.words-other-database db_host']);
		expect(external({ command_words: plain, docker_options: ['--link=x:mysql'] })).toEqual([]);
		expect(external({ image: 'corp/rancher' })).toEqual([]);
	});

	test('start a server, and for a database inside none elsewhere', () => {
		expect(validate('single-container', { command_words: ['true'] }).refused).toEqual(['server.words-no-server command_words']);
		expect(validate('single-container', { command_words: ['--db-host=x'] }).refused).toEqual(['server.words-no-server command_words']);
		expect(validate('single-container', { command_words: ['-c', 'entry'], docker_options: ['--entrypoint=/bin/sh'] }).refused).toEqual([]);
		expect(validate('bind-mount', { command_words: text('db') }).refused).toEqual(['server.words-external command_words']);
		expect(validate('single-container', { command_words: ['sh', '-c', '••••••••'] }).refused).toContain('secret.masked command_words 2');
	});

	test('advertise an address that every node finds out', () => {
		const nodes = ['a', 'b'].map((name, index) => ({ name, ssh: '', address: `10.0.0.${index + 1}` }));
		const ha = (address: string, count = 2) => validate('high-availability', { ...db, nodes: nodes.slice(0, count), command_words: ['sh', '-c', `entry --db-host db.example --advertise-address ${address}`] }).refused;
		expect(ha('10.0.0.1')).toEqual(['nodes.address-in-words command_words']);
		for (const address of ['awslocal', 'eth0', '$(hostname -i)']) expect(ha(address)).toEqual([]);
		expect(ha('10.0.0.1', 1)).toEqual([]);
	});
});

describe('ways out', () => {
	test('hosts pull the agent without credentials of an environment', () => {
		expect(validate('single-container', { registry: 'registry.example:5000/mirror' }).warnings).toEqual(['server.registry-login registry']);
	});

	test('what is near is spared from the proxy', () => {
		const proxy = 'http://proxy:3128';
		expect(validate('single-container', { proxy })).toMatchObject(quiet);
		expect(validate('single-container', { proxy, no_proxy: '127.0.0.1' }).warnings).toEqual(['server.no-proxy-lacks no_proxy']);
		expect(validate('external-database', { proxy, db_host: 'db.example', db_password: 'hunter2hunter2' }).slots).toContainEqual({ parameter: 'no_proxy', host: 'db.example' });
		expect(validate('external-database', { proxy, db_host: 'db.example', db_password: 'hunter2hunter2', no_proxy: 'localhost, .example' })).toMatchObject(quiet);
		expect(validate('single-container', { proxy, registry: 'r.example:5000/x' }).slots).toContainEqual({ parameter: 'no_proxy', host: 'r.example' });
	});
});

test('from every release to every later one nothing is refused, and back neither', () => {
	const db = { db_host: 'db', db_style: 'env', db_password: 'hunter2hunter2', ca_cert: '/ca.crt' };
	for (const [index, old] of releases.entries()) {
		for (const next of releases.slice(index + 1).filter((_, at) => at % 7 === 0)) {
			expect(validate('external-database', { ...db, old_tag: old.tag, new_tag: next.tag }).refused, `${old.tag} ${next.tag}`).toEqual([]);
			expect(validate('roll-back', { ...db, old_tag: old.tag, new_tag: next.tag }).refused, `${next.tag} ${old.tag}`).toEqual([]);
		}
	}
});

test('an empty form is judged by nothing', () => {
	for (const id of Object.keys(asked)) expect(resolveIn(id, {}).refused, id).toEqual([]);
});
