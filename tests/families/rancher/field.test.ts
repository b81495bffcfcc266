/**
 * Setups that people have reported in public, the whole way: the document of `docker inspect`, the path and what is said of it, and the command of the path's own runbook.
 *
 * What is expected follows from rancher/rancher, `server/bin/entry` and `server/artifacts/cattle.sh` (branch v1.6).
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { detect } from '../../../src/families/rancher/detect/detect.ts';
import type { Found } from '../../../src/families/rancher/detect/found.ts';
import type { Values } from '../../../src/runbook/values/value.ts';
import { startOf } from './start-of.ts';

const read = (name: string) => detect(readFileSync(join(import.meta.dirname, `field/${name}.json`), 'utf8')).found;

function server(name: string): Found {
	const [found] = read(name);
	if (!found) throw new RangeError(`${name}: nothing found`);
	return found;
}

const names = (list: Found['reasons']) => list.map(({ name }) => name);
const here = { name: 'a', ssh: '', address: '10.0.0.11' };

/** The command that starts the new server, and what the form says of it. */
function command(found: Found, more: Values = {}) {
	const { rendered, warnings, refused } = startOf(found, more);
	return { argv: rendered.argv.join(' '), words: rendered.argv, display: rendered.display, warnings: warnings.map(({ name }) => name), refused: refused.map(({ name }) => name) };
}

describe('port 9345 is a port: only an address or a port to advertise makes one of several', () => {
	test('env-9345', () => {
		const found = server('env-9345');

		expect(found.runbook).toBe('rancher-1.6/external-database');
		expect(names(found.reasons)).toEqual(['server', 'external-by-variable']);
		expect(found.warnings).toContainEqual({ name: 'cluster-port-idle', slots: { port: '9345' } });
		const { argv } = command(found);
		expect(argv).toContain('--publish=9345:9345');
		expect(argv).not.toContain('--advertise');
	});
});

describe('one or two nodes have a path', () => {
	test('two-nodes', () => {
		const found = server('two-nodes');

		expect(found.runbook).toBe('rancher-1.6/high-availability');
		for (const nodes of [[here], [here, { name: 'b', ssh: 'b', address: '10.0.0.12' }]]) {
			const { argv, refused, warnings } = command(found, { nodes });
			expect(refused).toEqual([]);
			expect(warnings).toContain('nodes.too-few');
			expect(argv).toContain('--advertise-address 10.0.0.11');
		}
	});
});

describe('who owns the life of the container', () => {
	test('rm-anonymous: --rm is said, and not repeated', () => {
		const found = server('rm-anonymous');

		expect(found.runbook).toBe('rancher-1.6/single-container');
		expect(names(found.warnings)).toContain('auto-remove');
		expect(command(found).words).not.toContain('--rm');
	});

	test('compose-volume: Compose is named, its labels stay behind', () => {
		const found = server('compose-volume');

		expect(found.runbook).toBe('rancher-1.6/single-container');
		expect(found.warnings).toContainEqual({ name: 'made-by-compose', slots: { project: 'mgmt', service: 'rancher-server' } });
		expect(found.values).toMatchObject({ data_volume: 'mysql' });
		expect(command(found).argv).not.toContain('com.docker.compose');
		expect(command(found).argv).toContain('--env=TZ=Asia/Shanghai'.replace('--env=', '-e '));
	});
});

test('selinux: the options of the mount are carried word for word', () => {
	const found = server('selinux');

	expect(found).toMatchObject({ runbook: 'rancher-1.6/bind-mount', values: { data_dir: '/opt/rancher/mysql', data_options: 'Z' } });
	expect(names(found.warnings)).not.toContain('mount-options');
	expect(command(found).argv).toContain('-v /opt/rancher/mysql:/var/lib/mysql:Z ');
	expect(command(found).argv).toContain('--volume=/opt/rancher/log:/var/log/mysql:Z');
});

describe('a shell before the server', () => {
	const text = '/usr/sbin/update-ca-certificates;/usr/bin/entry --db-host db.example.net --db-pass s3cret';

	test('wrapper-db: the database in its words counts, and the words are carried', () => {
		const found = server('wrapper-db');

		expect(found).toMatchObject({ runbook: 'rancher-1.6/external-database', values: { db_host: 'db.example.net', db_password: 's3cret', db_style: 'words', command_words: ['sh', '-c', text] } });
		expect(names(found.reasons)).toEqual(['server', 'external-by-words']);
		const { words, display, refused } = command(found);
		expect(refused).toEqual([]);
		expect(words.slice(-4)).toEqual(['rancher/server:v1.6.30', 'sh', '-c', text]);
		expect(words).not.toContain('--db-host');
		expect(display).not.toContain('s3cret');
	});

	test('aws-inner: the entry point is the image\'s, so the new image has it too', () => {
		const found = server('aws-inner');

		expect(found).toMatchObject({ runbook: 'rancher-1.6/single-container', version: 'v1.6.14', values: { image: 'rancher-master-aws' } });
		expect(found.warnings).toContainEqual({ name: 'image-own', slots: { image: 'rancher-master-aws' } });
		expect(names(found.warnings)).not.toContain('words-unknown');
		expect(command(found).words.at(-1)).toBe('rancher-master-aws:v1.6.30');
	});
});

test('aliyun: the server comes from a mirror, the agents do not', () => {
	const found = server('aliyun');

	expect(found.values).toMatchObject({ registry: 'registry.cn-hangzhou.aliyuncs.com', image: 'acme/rancher-server', agent_image: '' });
	expect(names(found.warnings)).toEqual(expect.arrayContaining(['agent-from-hub', 'image-own']));
	const { argv } = command(found);
	expect(argv).not.toContain('CATTLE_BOOTSTRAP_REQUIRED_IMAGE');
	expect(argv).toContain('registry.cn-hangzhou.aliyuncs.com/acme/rancher-server:v1.6.30');
});

describe('variables whose meaning changes in the target', () => {
	test('logback: from v1.6.11 on the server does not start with it', () => {
		const found = server('logback');

		expect(found.runbook).toBe('rancher-1.6/high-availability');
		expect(command(found, { nodes: [here] })).toMatchObject({ refused: [], warnings: expect.arrayContaining(['server.env-stops-server']) });
		expect(command(found, { nodes: [here], new_tag: 'v1.6.10', old_tag: 'v1.6.9' }).warnings).not.toContain('server.env-stops-server');
		expect(command(found, { nodes: [here] }).warnings).toContain('server.env-quiet-log');
	});

	test('jdbc: tls=true alone drops the parameter that MySQL needs', () => {
		const found = server('jdbc');

		expect(found).toMatchObject({ runbook: 'rancher-1.6/external-database', values: { db_host: 'db.example.net', db_user: 'rancher@db', db_password: 'p&w%d', db_name: 'rancher' } });
		expect(command(found).warnings).toContain('server.env-go-params');
		expect(command(found).warnings).not.toContain('server.env-socket-timeout');
	});
});

test('swallowed: a flag that took the next flag for its value', () => {
	const found = server('swallowed');

	expect(found.runbook).toBe('rancher-1.6/external-database');
	expect(found.warnings).toContainEqual({ name: 'flag-swallowed', slots: { flag: '--db-pass', word: '--db-name' } });
	expect(found.values['db_password']).toBeUndefined();
	expect(command(found).argv).not.toMatch(/--db-pass --db-name|rancher$/);
});

test('empty-host-nolink: an empty host is none', () => {
	const found = server('empty-host-nolink');

	expect(found.runbook).toBe('rancher-1.6/single-container');
	expect(names(found.reasons)).toEqual(['server', 'no-external', 'anonymous-volume']);
	expect(command(found)).toMatchObject({ refused: [] });
	expect(command(found).argv).toContain('-p 80:8080');
});

test('random-port: the port that hosts use at present is offered', () => {
	const found = server('random-port');

	expect(found.values).toMatchObject({ publish: '32768' });
	expect(found.warnings).toContainEqual({ name: 'port-random-kept', slots: { port: '8080', present: '32768' } });
	expect(command(found).argv).toContain('-p 32768:8080');
	expect(command(found).argv).not.toContain('--publish=8080');
});

test('from-true: a container that ran "true" holds data and is no server', () => {
	const [found, data] = read('from-true');

	expect(found).toMatchObject({ container: 'from-true', runbook: 'rancher-1.6/single-container', values: { data_container: 'rancher-server-data' } });
	expect(names(found?.warnings ?? [])).not.toContain('data-container-runs');
	expect(data).toMatchObject({ container: 'rancher-server-data', kind: 'data-container', runbook: null, values: {}, reasons: [{ name: 'data-container-ran', slots: { command: 'true' } }] });
	expect(found && command(found).argv).toContain('--volumes-from rancher-server-data');
});
