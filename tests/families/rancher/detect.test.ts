import { describe, expect, test } from 'vitest';
import { detect } from '../../../src/families/rancher/detect/detect.ts';
import { describeFound, maskFound, secretsOf, type Found } from '../../../src/families/rancher/detect/found.ts';
import { containerDocument, hex, imageDocument, type Made } from './engine.ts';
import { renderFound } from './round-trip.ts';

const v14: Made = { version: 'v1.6.14' };

/** A server made with these words, and whatever stands beside it. */
function look(words: readonly string[], made: Made = v14, ...more: object[]): Found {
	const [found] = detect(JSON.stringify([containerDocument(words, made), imageDocument(words.find((word) => word.includes('rancher/server')) ?? '', made.version), ...more])).found;
	if (!found) throw new RangeError('nothing found');
	return found;
}

const server = (...options: string[]) => look([...options, 'rancher/server:v1.6.14']);
const names = (list: Found['reasons']) => list.map(({ name }) => name);
const data = (name: string, ...options: string[]) => containerDocument(['--name', name, ...options, 'rancher/server:v1.6.14'], { ...v14, status: 'created' });

describe('the path of a server', () => {
	test.each<[string, readonly string[], string, readonly string[]]>([
		['--db-host', ['rancher/server:v1.6.14', '--db-host', 'db'], 'external-database', ['external-by-flag']],
		['the variable of the host', ['-e', 'CATTLE_DB_CATTLE_MYSQL_HOST=db', 'rancher/server:v1.6.14'], 'external-database', ['external-by-variable']],
		['the variable of the address', ['-e', 'CATTLE_DB_CATTLE_MYSQL_URL=jdbc:mysql://db:3307/rancher?useSSL=true', 'rancher/server:v1.6.14'], 'external-database', ['external-by-url']],
		['a link', ['--link', 'my-db:mysql', 'rancher/server:v1.6.14'], 'external-database', ['external-by-link']],
		['localhost in the variable', ['-e', 'CATTLE_DB_CATTLE_MYSQL_HOST=localhost', 'rancher/server:v1.6.14'], 'single-container', ['no-external', 'anonymous-volume']],
		['localhost on the network of the host', ['--net=host', '-e', 'CATTLE_DB_CATTLE_MYSQL_HOST=localhost', 'rancher/server:v1.6.14'], 'external-database', ['external-by-variable']],
		['another link', ['--link', 'my-db:db', 'rancher/server:v1.6.14'], 'single-container', ['no-external', 'anonymous-volume']],
		['--advertise-address', ['rancher/server:v1.6.14', '--db-host', 'db', '--advertise-address', '10.0.0.1'], 'high-availability', ['external-by-flag', 'cluster-by-flag']],
		['the variable of the address to advertise', ['-e', 'CATTLE_DB_CATTLE_MYSQL_HOST=db', '-e', 'CATTLE_CLUSTER_ADVERTISE_ADDRESS=10.0.0.1', 'rancher/server:v1.6.14'], 'high-availability', ['external-by-variable', 'cluster-by-variable']],
		['port 9345 alone', ['-p', '9345:9345', 'rancher/server:v1.6.14', '--db-host', 'db'], 'external-database', ['external-by-flag']],
		['an empty host', ['-e', 'CATTLE_DB_CATTLE_MYSQL_HOST=', 'rancher/server:v1.6.14'], 'single-container', ['no-external', 'anonymous-volume']],
		['an empty flag before a variable', ['-e', 'CATTLE_DB_CATTLE_MYSQL_HOST=db', 'rancher/server:v1.6.14', '--db-host', ''], 'single-container', ['no-external', 'anonymous-volume']],
		['the variable of a link', ['-e', 'MYSQL_PORT_3306_TCP_ADDR=10.0.0.5', 'rancher/server:v1.6.14'], 'external-database', ['external-by-variable']],
		['a link in a network of its own', ['--network=back', '--link', 'my-db:mysql', 'rancher/server:v1.6.14'], 'single-container', ['no-external', 'anonymous-volume']],
		['an empty address to advertise', ['rancher/server:v1.6.14', '--db-host', 'db', '--advertise-address', ''], 'high-availability', ['external-by-flag', 'cluster-by-port']],
		['an empty variable of the address', ['-e', 'CATTLE_CLUSTER_ADVERTISE_ADDRESS=', 'rancher/server:v1.6.14', '--db-host', 'db'], 'external-database', ['external-by-flag']],
		['a port to advertise alone', ['rancher/server:v1.6.14', '--db-host', 'db', '--advertise-http-port', '80'], 'high-availability', ['external-by-flag', 'cluster-by-port']],
		['--advertise-address without a database', ['rancher/server:v1.6.14', '--advertise-address', '10.0.0.1'], 'single-container', ['no-external', 'anonymous-volume']],
		['a mounted folder', ['-v', '/srv/mysql:/var/lib/mysql', 'rancher/server:v1.6.14'], 'bind-mount', ['no-external', 'bind-mount']],
		['--volumes-from', ['--volumes-from', 'rancher-data', 'rancher/server:v1.6.14'], 'single-container', ['no-external', 'volumes-from']],
		['nothing', ['rancher/server:v1.6.14'], 'single-container', ['no-external', 'anonymous-volume']],
		['a named volume', ['-v', 'rancher-db:/var/lib/mysql', 'rancher/server:v1.6.14'], 'single-container', ['no-external', 'named-volume']],
		['a volume of 64 digits that was named', ['-v', `${hex('x')}:/var/lib/mysql`, 'rancher/server:v1.6.14'], 'single-container', ['no-external', 'named-volume']],
	])('%s', (_, words, runbook, reasons) => {
		const found = look(words);

		expect(found.runbook).toBe(`rancher-1.6/${runbook}`);
		expect(names(found.reasons)).toEqual(['server', ...reasons]);
		expect(found).toMatchObject({ kind: 'server', version: 'v1.6.14', container: 'old_server', airGapped: false });
	});

	test('a server whose data is in memory, or nowhere, has none', () => {
		const document = containerDocument(['rancher/server:v1.6.14'], v14);
		const inMemory = { ...document, Mounts: [{ Type: 'tmpfs', Destination: '/var/lib/mysql' }] };

		expect(detect(JSON.stringify(inMemory)).found[0]).toMatchObject({ runbook: null, reasons: expect.arrayContaining([{ name: 'data-in-memory', slots: {} }]) });
		expect(detect(JSON.stringify({ ...document, Mounts: [] })).found[0]).toMatchObject({ runbook: null, reasons: expect.arrayContaining([{ name: 'no-volume', slots: {} }]) });
	});
});

describe('what a container is', () => {
	const kindOf = (words: readonly string[], made: Made = v14) => look(words, made);

	test('a data container was made and never started', () => {
		expect(detect(JSON.stringify([data('rancher-data', '--volumes-from', 'old')])).found[0]).toMatchObject({ kind: 'data-container', runbook: null, values: {} });
	});

	test('a server that could not start is no data container, even one that publishes nothing', () => {
		const other = { ...data('new'), State: { Status: 'created', Error: 'no such file', StartedAt: '0001-01-01T00:00:00Z' } };
		expect(detect(JSON.stringify([other])).found[0]).toMatchObject({ kind: 'server' });
		const failed = { ...data('new', '-p', '8080:8080'), State: { Status: 'created', Error: 'port is already allocated', StartedAt: '0001-01-01T00:00:00Z' } };

		expect(detect(JSON.stringify([failed])).found[0]).toMatchObject({ kind: 'server', warnings: expect.arrayContaining([{ name: 'never-ran', slots: {} }]) });
	});

	test.each([
		['rancher/agent:v1.2.9', 'rancher-agent', 'agent', 'agent'],
		['reg:5000/rancher/agent:v1.2.9', 'x1', 'agent', 'agent'],
		['rancher/rancher:v2.4.8', 'rancher', 'other', 'rancher-2'],
		['nginx', 'web', 'other', 'no-server'],
		['rancher/lb-service-haproxy:v0.9.1', 'lb', 'other', 'no-server'],
	])('%s is told to be what it is', (image, name, kind, reason) => {
		const document = containerDocument(['--name', name, image], v14);
		const [found] = detect(JSON.stringify([{ ...document, Config: { ...document.Config, Env: [] } }])).found;

		expect(found).toMatchObject({ kind, runbook: null, airGapped: false, values: {}, reasons: [{ name: reason, slots: { image } }] });
	});

	test('the high availability of 1.0 and 1.1 leads to that of today, without its options', () => {
		const old = { version: 'v1.1.4' };
		const parent = containerDocument(['--name', 'rancher-ha', '--net=host', '--privileged', '-v', '/var/run/docker.sock:/var/run/docker.sock', 'rancher/server:v1.1.4', 'ha'], old);
		const child = containerDocument(['--name', 'rancher-ha-tunnel', '--net=host', 'rancher/server:v1.1.4'], old);
		const { found } = detect(JSON.stringify([child, parent]));

		expect(found[0]).toMatchObject({ kind: 'script-ha', container: 'rancher-ha', runbook: 'rancher-1.6/high-availability', version: 'v1.1.4', values: { container: 'rancher-ha', old_tag: 'v1.1.4', image: 'rancher/server' } });
		expect(names(found[0]?.warnings ?? [])).toEqual(['script-ha-database', 'script-ha-options']);
		expect(found[1]).toMatchObject({ kind: 'script-ha-part', runbook: null });
	});

	test('an image under another name is known by what it says', () => {
		expect(kindOf(['registry.corp/platform/cattle:prod'])).toMatchObject({ kind: 'server', version: 'v1.6.14', values: { image: 'platform/cattle', registry: 'registry.corp' } });
	});

	test('servers stand first, those that run before the others', () => {
		const stopped = containerDocument(['--name', 'prev', 'rancher/server:v1.6.10'], { version: 'v1.6.10', status: 'exited' });
		const running = containerDocument(['--name', 'now', 'rancher/server:v1.6.14'], v14);
		const agent = { ...containerDocument(['--name', 'rancher-agent', 'rancher/agent:v1.2.9'], v14), Config: { Image: 'rancher/agent:v1.2.9', Env: [] } };

		expect(detect(JSON.stringify([agent, data('rancher-data'), stopped, running])).found.map(({ container }) => container)).toEqual(['now', 'prev', 'rancher-data', 'rancher-agent']);
	});
});

describe('the version', () => {
	test.each([
		['rancher/server:v1.6.14', 'v1.6.14', 'v1.6.14', []],
		['rancher/server:latest', 'v1.6.14', 'v1.6.14', [{ name: 'tag-moving', slots: { tag: 'latest', version: 'v1.6.14' } }]],
		['rancher/server', 'v1.6.14', 'v1.6.14', [{ name: 'tag-moving', slots: { tag: 'latest', version: 'v1.6.14' } }]],
		['rancher/server:v1.6.20', 'v1.6.14', 'v1.6.14', [{ name: 'tag-moved', slots: { tag: 'v1.6.20', version: 'v1.6.14' } }]],
		['rancher/server:v1.0.2', 'v1.0.2', 'v1.0.2', []],
		[`rancher/server@sha256:${hex('x')}`, 'v1.6.14', 'v1.6.14', []],
	])('%s that says %s is %s', (image, says, version, warnings) => {
		const found = look([image], { version: says });

		expect(found).toMatchObject({ version, values: { old_tag: version } });
		expect(found.warnings.filter(({ name }) => name.startsWith('tag'))).toEqual(warnings);
	});

	test('what the image says counts, not what somebody set', () => {
		const found = look(['-e', 'CATTLE_RANCHER_SERVER_VERSION=v1.6.0', 'rancher/server:v1.6.14']);

		expect(found).toMatchObject({ version: 'v1.6.14', warnings: expect.arrayContaining([{ name: 'version-set-by-hand', slots: { variable: 'CATTLE_RANCHER_SERVER_VERSION', version: 'v1.6.0' } }]) });
		expect(found.values['env']).toBeUndefined();
	});

	test('a server of another line has no path', () => {
		expect(look(['rancher/server:v0.63.1'], { version: 'v0.63.1' })).toMatchObject({ version: 'v0.63.1', runbook: null });
	});

	test('without its word the tag counts, and without a tag nothing does', () => {
		const silent = (image: string) => {
			const document = containerDocument([image], v14);
			return detect(JSON.stringify([{ ...document, Config: { ...document.Config, Env: [] } }])).found[0];
		};

		expect(silent('rancher/server:v1.6.5')).toMatchObject({ version: 'v1.6.5', values: { old_tag: 'v1.6.5' } });
		expect(silent('rancher/server')).toMatchObject({ version: null, warnings: expect.arrayContaining([{ name: 'version-unknown', slots: {} }]) });
		expect(silent('rancher/server')?.values['old_tag']).toBeUndefined();
	});
});

describe('without internet', () => {
	test.each<[string, readonly string[], boolean, object]>([
		['rancher/server:v1.6.14', [], false, { image: 'rancher/server' }],
		['docker.io/rancher/server:v1.6.14', [], false, { image: 'rancher/server' }],
		['reg.corp:5000/rancher/server:v1.6.14', [], true, { image: 'rancher/server', registry: 'reg.corp:5000' }],
		['localhost/rancher/server:v1.6.14', [], true, { image: 'rancher/server', registry: 'localhost' }],
		['reg.corp/a/b/rancher/server:v1.6.14', [], true, { image: 'rancher/server', registry: 'reg.corp/a/b' }],
		['reg.corp/rancher/server:v1.6.14', ['-e', 'CATTLE_BOOTSTRAP_REQUIRED_IMAGE=reg.corp/rancher/agent:v1.2.9'], true, { image: 'rancher/server', registry: 'reg.corp' }],
		['rancher/server:v1.6.14', ['-e', 'CATTLE_BOOTSTRAP_REQUIRED_IMAGE=reg.corp/rancher/agent:v1.2.9'], true, { image: 'rancher/server', registry: 'reg.corp' }],
		['rancher/server:v1.6.14', ['-e', 'CATTLE_BOOTSTRAP_REQUIRED_IMAGE=rancher/agent:v1.2.9'], true, { image: 'rancher/server' }],
		['reg.corp/rancher/server:v1.6.14', ['-e', 'CATTLE_BOOTSTRAP_REQUIRED_IMAGE=reg.corp/corp/agent:v1.2.9'], true, { image: 'rancher/server', registry: 'reg.corp', agent_image: 'corp/agent:v1.2.9' }],
	])('%s %j: %s', (image, options, airGapped, values) => {
		const found = look([...options, image]);

		expect(found).toMatchObject({ airGapped, values });
		expect(Object.keys(found.values)).not.toContain('registry' in values ? '' : 'registry');
		expect(JSON.stringify(found.values)).not.toContain('CATTLE_BOOTSTRAP');
	});

	test('the agent gets the tag that the new version is paired with', () => {
		const { options } = renderFound(look(['-e', 'CATTLE_BOOTSTRAP_REQUIRED_IMAGE=reg.corp/rancher/agent:v1.2.9', 'reg.corp/rancher/server:v1.6.14']));

		expect(options).toContain('--env=CATTLE_BOOTSTRAP_REQUIRED_IMAGE=reg.corp/rancher/agent:v1.2.11');
	});

	test('an image that is named by its id is told', () => {
		const document = containerDocument(['rancher/server:v1.6.14'], v14);
		const [found] = detect(JSON.stringify([{ ...document, Config: { ...document.Config, Image: `sha256:${hex('x')}` } }])).found;

		expect(found?.values['image']).toBeUndefined();
		expect(names(found?.warnings ?? [])).toContain('image-unnamed');
	});

	test('an agent from a third place is told, with its name', () => {
		const found = look(['-e', 'CATTLE_BOOTSTRAP_REQUIRED_IMAGE=other:5000/rancher/agent:v1.2.9', 'reg.corp/rancher/server:v1.6.14']);

		expect(found.warnings).toContainEqual({ name: 'agent-registry-other', slots: { registry: 'reg.corp', image: 'other:5000/rancher/agent:v1.2.9' } });
	});
});

describe('where the data is', () => {
	const shared = [{ Type: 'volume', Name: hex('shared'), Source: '/x', Destination: '/var/lib/mysql', Driver: 'local' }];

	test('a data container that an earlier upgrade made and did not use is found', () => {
		const holder = data('my-data');
		const volume = holder.Mounts.find((mount) => 'Destination' in mount && mount.Destination === '/var/lib/mysql');
		const found = look(['rancher/server:v1.6.14'], { ...v14, shared: volume ? [volume] : [] }, holder);

		expect(found).toMatchObject({ values: { data_container: 'my-data' }, warnings: expect.arrayContaining([{ name: 'data-container-unused', slots: { container: 'my-data' } }]) });
	});

	test('a container of the usual name with other data is in the way', () => {
		const found = look(['rancher/server:v1.6.14'], v14, data('rancher-data'));

		expect(found.values['data_container']).toBeUndefined();
		expect(names(found.warnings)).toContain('data-name-taken');
	});

	test('--volumes-from by id is told by name, and of several the one that holds the database', () => {
		const holder = { ...data('holder'), Mounts: shared };
		const found = look(['--volumes-from', 'logs:ro', '--volumes-from', holder.Id.slice(0, 20), 'rancher/server:v1.6.14'], { ...v14, shared }, holder);

		expect(found.values).toMatchObject({ data_container: 'holder', docker_options: ['--volumes-from=logs:ro'] });
		expect(names(found.warnings)).toContain('data-containers-several');
	});

	test('a data container that runs is told', () => {
		const holder = { ...containerDocument(['--name', 'old', 'rancher/server:v1.6.10'], { version: 'v1.6.10', status: 'exited' }), Mounts: shared };
		expect(names(look(['--volumes-from', 'old', 'rancher/server:v1.6.14'], { ...v14, shared }, holder).warnings)).toContain('data-container-runs');
	});

	test('two servers that run on the same data are told', () => {
		const other = containerDocument(['--name', 'other', 'rancher/server:v1.6.14'], { ...v14, shared });
		expect(look(['rancher/server:v1.6.14'], { ...v14, shared }, other).warnings).toContainEqual({ name: 'other-server-same-data', slots: { container: 'other' } });
		expect(names(look(['rancher/server:v1.6.14'], { ...v14, shared }, { ...other, State: { Status: 'exited' } }).warnings)).not.toContain('other-server-same-data');
	});

	test('a folder is told as it is mounted, its options by name', () => {
		expect(server('-v', '/srv/mysql/:/var/lib/mysql').values).toMatchObject({ data_dir: '/srv/mysql' });
		for (const options of ['Z', 'z', 'rw,Z', 'Z,rshared', 'rw']) expect(server('-v', `/srv/mysql:/var/lib/mysql:${options}`).values).toMatchObject({ data_dir: '/srv/mysql', data_options: options });
		expect(server('-v', 'rancher-db:/var/lib/mysql:z').values).toMatchObject({ data_volume: 'rancher-db', data_options: 'z' });
	});

	test('the database of an old engine, which does not say what a mount is, is found too', () => {
		const old = (mount: object) => {
			const document = containerDocument(['rancher/server:v1.6.14'], v14);
			return detect(JSON.stringify([{ ...document, Mounts: [mount] }])).found[0];
		};

		expect(old({ Source: '/srv/mysql', Destination: '/var/lib/mysql', Mode: '', RW: true })).toMatchObject({ runbook: 'rancher-1.6/bind-mount', values: { data_dir: '/srv/mysql' } });
		expect(old({ Name: hex('v'), Source: '/var/lib/docker/volumes/x/_data', Destination: '/var/lib/mysql', Driver: 'local' })).toMatchObject({ runbook: 'rancher-1.6/single-container' });
	});
});

describe('old forms become new ones', () => {
	test.each([
		['v1.1.4', 'ca-old-place'],
		['v1.6.14', 'ca-was-ignored'],
	])('a certificate at /ca.crt of %s', (version, warning) => {
		const found = look(['-v', '/etc/corp.crt:/ca.crt', `rancher/server:${version}`], { version });

		expect(found.values).toMatchObject({ ca_cert: '/etc/corp.crt' });
		expect(found.values['docker_options']).toBeUndefined();
		expect(names(found.warnings)).toContain(warning);
	});

	test('a certificate that came with the volumes of a data container at the old place is mounted at the new one', () => {
		const shared = [{ Type: 'bind', Source: '/etc/corp.crt', Destination: '/ca.crt' }];
		expect(look(['--volumes-from', 'rancher-data', 'rancher/server:v1.6.14'], { ...v14, shared }).values).toMatchObject({ ca_cert: '/etc/corp.crt' });
		expect(look(['--volumes-from', 'rancher-data', 'rancher/server:v1.6.14'], { ...v14, shared: [{ ...shared[0], Destination: '/var/lib/rancher/etc/ssl/ca.crt' }] }).values['ca_cert']).toBeUndefined();
	});

	test('the certificate of a 1.2 needed keytool', () => {
		expect(names(look(['-v', '/c:/var/lib/rancher/etc/ssl/ca.crt', 'rancher/server:v1.2.4'], { version: 'v1.2.4' }).warnings)).toContain('ca-keytool');
	});

	test('a certificate with options keeps them', () => {
		expect(server('-v', '/c:/var/lib/rancher/etc/ssl/ca.crt:ro,Z').values).toMatchObject({ ca_cert: '/c', ca_options: 'ro,Z' });
		expect(server('-v', '/c:/ca.crt:ro').values).toMatchObject({ ca_cert: '/c', ca_options: 'ro' });
	});

	test('always becomes unless-stopped, and is told', () => {
		expect(server('--restart=always')).toMatchObject({ values: { restart: 'unless-stopped' }, warnings: expect.arrayContaining([{ name: 'restart-always', slots: {} }]) });
	});

	test.each(['CATTLE_AGENT_INSTANCE_IMAGE=x', 'CATTLE_REDIS_HOSTS=x', 'URL=http://x', 'CATTLE_MASTER=true'])('%s is left out, and told', (variable) => {
		const found = server('-e', variable);

		expect(found.values['env']).toBeUndefined();
		expect(found.warnings).toContainEqual(expect.objectContaining({ slots: { variable: variable.split('=')[0] } }));
	});

	test('flags of a server with its own database become variables', () => {
		const found = look(['rancher/server:v1.6.14', '--db-user', 'ranch', '--db-pass', 'corral9gate']);

		expect(found.values['env']).toEqual(['CATTLE_DB_CATTLE_USERNAME=ranch', 'CATTLE_DB_CATTLE_PASSWORD=corral9gate']);
		expect(secretsOf(found.values).variables).toEqual(['CATTLE_DB_CATTLE_PASSWORD']);
	});

	test('a server of a cluster that publishes another port advertises it', () => {
		const found = look(['-p', '9090:8080', '-p', '9345:9345', 'rancher/server:v1.6.14', '--db-host', 'db', '--advertise-address', '10.0.0.1']);

		expect(found.warnings).toContainEqual({ name: 'advertise-port-added', slots: { port: '9090' } });
		expect(renderFound(found).words).toEqual(expect.arrayContaining(['--advertise-http-port', '9090']));
	});
});

describe('variables of the image', () => {
	const withoutImage = (...options: string[]) => detect(JSON.stringify([containerDocument([...options, 'rancher/server:v1.6.14'], v14)])).found[0];

	test('are no finding, with the image and without it', () => {
		expect(server().values['env']).toBeUndefined();
		expect(withoutImage()?.values['env']).toBeUndefined();
		expect(names(withoutImage()?.warnings ?? [])).toContain('image-missing');
		expect(names(server().warnings)).not.toContain('image-missing');
	});

	test('that have another value were set by somebody', () => {
		const options = ['-e', 'no_proxy=localhost,.corp', '-e', 'DEFAULT_CATTLE_CATALOG_URL={"catalogs":{"library":{"url":"https://git.corp/c.git","branch":"v1.6-release"}}}'];

		for (const found of [server(...options), withoutImage(...options)]) expect((found?.values['env'] as string[]).toSorted()).toEqual(options.filter((option) => option !== '-e').toSorted());
	});

	test('that say which version it is are never repeated', () => {
		const found = server('-e', 'CATTLE_CATTLE_VERSION=v0.1', '-e', 'CATTLE_HOME=/x');

		expect(found.values['env']).toBeUndefined();
		expect(found.warnings.filter(({ name }) => name === 'variable-baked')).toHaveLength(2);
	});
});

describe('what cannot be taken over is told', () => {
	test.each<[string, readonly string[], object]>([
		['a removed container', ['--rm'], { name: 'auto-remove', slots: {} }],
		['a random port', ['-p', '8080'], { name: 'port-random', slots: { port: '8080' } }],
		['a variable that was taken away', ['-e', 'LANG'], { name: 'variable-unset', slots: { variable: 'LANG' } }],
		['a name that is the host\'s', ['--net=host'], { name: 'host-hostname', slots: { hostname: 'docker-host' } }],
		['an own entry point', ['--entrypoint=/x'], { name: 'entrypoint-own', slots: {} }],
		['a privileged server', ['--privileged'], { name: 'privileged-not-needed', slots: { option: '--privileged' } }],
		['the socket of Docker', ['-v', '/var/run/docker.sock:/var/run/docker.sock'], { name: 'privileged-not-needed', slots: { option: '/var/run/docker.sock' } }],
		['little memory', ['-m', '512m'], { name: 'memory-small', slots: { limit: '512m' } }],
		['a token of a log driver', ['--log-driver=splunk', '--log-opt=splunk-token=corral9'], { name: 'option-secret', slots: { option: '--log-opt=splunk-token' } }],
		['a server made by Compose', ['--label=com.docker.compose.project=rancher'], { name: 'made-by', slots: { tool: 'Docker Compose', label: 'com.docker.compose.project' } }],
		['a refused environment variable', ['-e', 'MY-VAR=corral9'], expect.objectContaining({ name: 'variable-refused', slots: { variable: 'MY-VAR' } })],
		['a proxy with a password', ['-e', 'http_proxy=http://a:corral9@p:1', '-e', 'https_proxy=http://a:corral9@p:1'], expect.objectContaining({ name: 'variable-kept', slots: { parameter: 'proxy', variable: 'http_proxy' } })],
		['no restart policy', [], { name: 'restart-none', slots: {} }],
	])('%s', (_, options, warning) => {
		const found = server(...options);

		expect(found.warnings).toContainEqual(warning);
		expect(JSON.stringify(found.warnings)).not.toContain('corral9');
	});

	test('words that are no flags', () => {
		expect(look(['rancher/server:v1.6.14', '--db-host=db']).warnings).toContainEqual({ name: 'flag-joined', slots: { flag: '--db-host' } });
		expect(look(['rancher/server:v1.6.14', '--nonsense']).warnings).toContainEqual({ name: 'words-unknown', slots: {} });
		expect(look(['rancher/server:v1.6.14', '--db-host']).warnings).toContainEqual({ name: 'flag-unfinished', slots: { flag: '--db-host' } });
		expect(look(['rancher/server:v1.6.14', '--advertise-address', '10.0.0.1']).warnings).toContainEqual({ name: 'flag-without-database', slots: { flag: '--advertise-address' } });
	});

	test('fields that no option is known for', () => {
		const document = containerDocument(['rancher/server:v1.6.14'], v14);
		const [found] = detect(JSON.stringify([{ ...document, HostConfig: { ...document.HostConfig, NewThing: { deep: [0, 'x'] }, CpuCount: 2, Nothing: { a: [null, 0, ''] } }, Config: { ...document.Config, Odd: true } }])).found;

		expect(found?.warnings.filter(({ name }) => name === 'option-unknown').map(({ slots }) => slots['setting'])).toEqual(['Config.Odd', 'HostConfig.NewThing', 'HostConfig.CpuCount']);
	});

	test('a seccomp profile, a GPU and a network that was joined later', () => {
		const document = containerDocument(['rancher/server:v1.6.14'], v14);
		const [found] = detect(JSON.stringify([{ ...document, HostConfig: { ...document.HostConfig, SecurityOpt: ['seccomp={"a":1}'], DeviceRequests: [{ Driver: '', Count: -1, Capabilities: [['gpu']] }] }, NetworkSettings: { Networks: { bridge: {}, back: {} } } }])).found;

		expect(found?.warnings).toEqual(expect.arrayContaining([
			{ name: 'option-impossible', slots: { option: '--security-opt=seccomp' } },
			{ name: 'option-unknown', slots: { setting: 'HostConfig.DeviceRequests' } },
			{ name: 'network-extra', slots: { network: 'back' } },
		]));
	});

	test('what belongs to one machine of a cluster', () => {
		const found = look(['-p', '10.0.0.1:8080:8080', '-p', '10.0.0.1:9345:9345', '--hostname=node1', 'rancher/server:v1.6.14', '--db-host', 'db', '--advertise-address', '10.0.0.1']);

		expect(names(found.warnings)).toEqual(expect.arrayContaining(['port-per-node', 'port-cluster', 'option-per-node']));
		expect(found.values['docker_options']).toBeUndefined();
	});
});

describe('documents of other engines', () => {
	const words = ['--name', 'rancher', '--restart=unless-stopped', '-p', '8080:8080', '-m', '4g', 'rancher/server:v1.6.14'];
	const modern = look(words);
	const document = containerDocument(words, v14);
	const asOf = (host: object, config: object, mounts: object[] = document.Mounts) => {
		const { CgroupnsMode, MaskedPaths, ReadonlyPaths, ...older } = document.HostConfig;
		const kept = 'CgroupnsMode' in host ? { CgroupnsMode, MaskedPaths, ReadonlyPaths } : {};
		return detect(JSON.stringify([{ ...document, HostConfig: { ...older, ...kept, ...host }, Config: { ...document.Config, ...config }, Mounts: mounts }, imageDocument('rancher/server:v1.6.14', 'v1.6.14')])).found[0];
	};

	test('1.12 says more of what it does by itself, and less of mounts', () => {
		const untyped = document.Mounts.map((mount) => Object.fromEntries(Object.entries(mount).filter(([name]) => name !== 'Type')));
		expect(asOf({ IpcMode: '', MemorySwappiness: -1, PidsLimit: 0, DiskQuota: 0, LxcConf: null }, { StopSignal: 'SIGTERM' }, untyped)).toEqual(modern);
	});

	test('18.09 shares the memory of processes', () => {
		expect(asOf({ IpcMode: 'shareable', Runtime: 'runc' }, {})).toEqual(modern);
	});

	test('28 with version 2 of cgroups has a terminal and a namespace of its own', () => {
		expect(asOf({ CgroupnsMode: 'private', OomKillDisable: null, ConsoleSize: [30, 120], Annotations: null, Dns: null, Runtime: 'runc' }, { Shell: null })).toEqual(modern);
		expect(asOf({ CgroupnsMode: 'host', OomKillDisable: null }, {})?.values['docker_options']).toContain('--cgroupns=host');
		expect(asOf({ CgroupnsMode: 'private' }, {})?.values['docker_options']).toContain('--cgroupns=private');
	});
});

describe('a value as it is found', () => {
	test('of a port that is not published the field is empty', () => {
		expect(server().values['publish']).toBe('');
		expect(server('-p', '127.0.0.1:9090:8080').values['publish']).toBe('127.0.0.1:9090');
		expect(server('-p', '[::1]:9090:8080').values['publish']).toBe('[::1]:9090');
	});

	test('of one server of a cluster its own node is known', () => {
		const found = look(['-p', '9345:9345', 'rancher/server:v1.6.14', '--db-host', 'db', '--advertise-address', '10.0.0.1', '--advertise-http-port', '80']);
		expect(found.values).toMatchObject({ nodes: [{ name: '10-0-0-1', ssh: '', address: '10.0.0.1' }], advertise_http_port: '80', db_host: 'db', db_style: 'flags' });
		expect(look(['--net=host', 'rancher/server:v1.6.14', '--db-host', 'db', '--advertise-address', 'eth0']).values).toMatchObject({ nodes: [{ name: 'docker-host', ssh: '', address: 'eth0' }] });
	});

	test('nothing is there that was not in the document', () => {
		expect(server('-p', '8080:8080', '--restart=unless-stopped').values).toEqual({ container: 'old_server', old_tag: 'v1.6.14', image: 'rancher/server', publish: '8080', restart: 'unless-stopped' });
		expect(look(['-e', 'CATTLE_DB_CATTLE_MYSQL_HOST=db', 'rancher/server:v1.6.14']).values).toEqual({ container: 'old_server', old_tag: 'v1.6.14', image: 'rancher/server', publish: '', restart: 'no', db_host: 'db', db_style: 'env' });
	});

	test('a flag counts before the variable that it sets', () => {
		expect(look(['-e', 'CATTLE_DB_CATTLE_MYSQL_HOST=old', '-e', 'CATTLE_DB_CATTLE_USERNAME=ranch', 'rancher/server:v1.6.14', '--db-host', 'db']).values).toMatchObject({ db_host: 'db', db_user: 'ranch', db_style: 'flags' });
	});

	test('of several hosts in an address the first is asked', () => {
		for (const address of ['jdbc:mysql://db:3307,db2:3306/rancher?useSSL=true', 'jdbc:mysql://db:3307,db2/rancher', 'jdbc:mariadb:failover://db:3307,[fd00::5]:3306/rancher', 'jdbc:mysql:loadbalance://db:3307/rancher']) {
			expect(look(['-e', `CATTLE_DB_CATTLE_MYSQL_URL=${address}`, 'rancher/server:v1.6.14']).values, address).toMatchObject({ db_host: 'db', db_port: '3307', db_name: 'rancher' });
		}
	});

	test('the parts of an address of a database are read from it', () => {
		const secret = look(['-e', 'CATTLE_DB_CATTLE_MYSQL_URL=jdbc:mysql://[fd00::5]/rancher?user=ranch&password=corral%2B9gate', 'rancher/server:v1.6.14']);
		expect(secret.values).toMatchObject({ db_host: 'fd00::5', db_user: 'ranch', db_password: 'corral+9gate' });
		expect(JSON.stringify(maskFound(secret))).not.toContain('corral');
		expect(look(['-e', 'CATTLE_DB_CATTLE_MYSQL_URL=jdbc:mysql://db.corp:3307/rancher?useSSL=true', 'rancher/server:v1.6.14']).values).toMatchObject({ db_host: 'db.corp', db_port: '3307', db_name: 'rancher', env: ['CATTLE_DB_CATTLE_MYSQL_URL=jdbc:mysql://db.corp:3307/rancher?useSSL=true'] });
	});

	test('masked, its secrets are hidden and marked', () => {
		const found = look(['-e', 'VAULT_TOKEN=s.corral9', '-e', 'A=1', 'rancher/server:v1.6.14', '--db-host', 'db', '--db-pass', 'corral9gate']);

		expect(secretsOf(found.values)).toEqual({ parameters: ['db_password'], variables: ['VAULT_TOKEN'] });
		expect(maskFound(found).values).toMatchObject({ db_password: '••••••••', env: ['A=1', 'VAULT_TOKEN=••••••••'], db_host: 'db' });
		expect(Object.keys(describeFound(found))).toEqual(['container', 'version', 'runbook', 'airGapped', 'reasons', 'warnings', 'values']);
	});
});
