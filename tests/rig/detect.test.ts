/**
 * From a server that a real engine made, by what `docker inspect` prints of it, to the command of its runbook, and back into the same engine: what the old
 * server had, the new one has too.
 */
import fc from 'fast-check';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readContent } from '../../src/content/read-content.ts';
import { detect } from '../../src/families/rancher/detect/detect.ts';
import type { Found } from '../../src/families/rancher/detect/found.ts';
import { rancherRules } from '../../src/families/rancher/rules.ts';
import { renderStep, type Rendered } from '../../src/runbook/command/render.ts';
import { resolve } from '../../src/runbook/values/resolve.ts';
import { serverArguments } from '../families/rancher/arguments.ts';
import { parseRun } from '../families/rancher/docker-run.ts';
import { databaseOf, expectedOptions, isCarried } from '../families/rancher/round-trip.ts';
import { isSearch } from '../seed.ts';
import { attempt } from './command.ts';
import { startRig, type Rig } from './rig.ts';

const [old, next] = ['v1.6.14', 'v1.6.30'];
/** Names under which the images are asked for: other registries, and tags that have moved on. */
const places = ['registry.corp:5000/rancher/server', 'localhost/mirror/rancher/server'];
/** A server of each seed is a container: a search looks at others as well. */
const more = isSearch ? [{ seed: fc.readConfigureGlobal().seed ?? Date.now() & 0xffffff, cases: 20 }] : [];

let rig: Rig;
beforeAll(async () => {
	rig = await startRig();
	for (const tag of [old, next]) {
		await rig.docker('pull', '--quiet', `rancher/server:${tag}`);
		for (const place of places) await rig.docker('tag', `rancher/server:${tag}`, `${place}:${tag}`);
	}
	await rig.docker('tag', `rancher/server:${old}`, 'rancher/server:latest');
	await rig.docker('network', 'create', '--subnet', '10.99.0.0/24', 'back');
	for (const name of ['rancher-data', 'old_one', 'mysql-1']) await rig.docker('create', '--name', name, `rancher/server:${old}`);
});
afterAll(async () => {
	await rig.docker('network', 'rm', 'back');
	await rig.close();
});

describe('each option that the documentation of the install names is carried over, and each that operators add', () => {
	test.each([
		['-p', '127.0.0.1:9090:8080'],
		[],
		['--restart=always'],
		['--restart=on-failure:3'],
		['-v', '/etc/ssl/corp.crt:/var/lib/rancher/etc/ssl/ca.crt'],
		['-v', '/etc/ssl/corp.crt:/ca.crt'],
		['-v', '/srv/mysql:/var/lib/mysql'],
		['-v', 'rancher-db:/var/lib/mysql'],
		['--volumes-from', 'rancher-data'],
		['--link', 'mysql-1:mysql'],
		['--net=host'],
		['--memory', '4g', '--memory-swap', '10g'],
		['--log-opt', 'max-size=10m', '--log-opt', 'max-file=3'],
		['-e', 'http_proxy=http://proxy:3128', '-e', 'https_proxy=http://proxy:3128', '-e', 'no_proxy=localhost', '-e', 'NO_PROXY=localhost'],
		['-e', 'JAVA_OPTS=-Xmx4096m'],
		['-e', 'CATTLE_JAVA_OPTS=-Xmx1g'],
		['-e', 'CATTLE_DB_CATTLE_MYSQL_HOST=db.corp', '-e', 'CATTLE_DB_CATTLE_PASSWORD=corral gate 9'],
		['-e', 'CATTLE_DB_CATTLE_GO_PARAMS=tls=true'],
		['-e', 'DEFAULT_CATTLE_CATALOG_URL={"catalogs":{"library":{"url":"https://git.corp/rancher-catalog.git","branch":"v1.6-release"}}}'],
		['-e', 'CATTLE_PROMETHEUS_EXPORTER=true', '-e', 'CATTLE_GRAPHITE_HOST=graphite', '-e', 'CATTLE_GRAPHITE_PORT=2003'],
		['-e', 'CATTLE_LOGBACK_OUTPUT_GELF_HOST=logs', '-e', 'CATTLE_LOGBACK_OUTPUT_GELF_PORT=12201'],
		['-e', 'VAULT_ADDR=https://vault:8200', '-e', 'VAULT_TOKEN=s.corral9gate'],
		['-e', 'JAVA_STORE_PASS=changeit'],
		['-e', 'CATTLE_UPGRADE_MANAGER=none'],
		['-e', 'CATTLE_AGENT_INSTANCE_IMAGE=rancher/agent-instance:v0.8.1'],
		['-e', 'CATTLE_REDIS_HOSTS=10.0.0.1:6379'],
		['--add-host=git.corp:10.0.0.7', '--dns=10.0.0.53'],
		['--ulimit', 'nofile=1024:65536'],
		['--privileged', '--security-opt=systempaths=unconfined'],
		['--user=root', '--workdir=/var/lib/cattle', '--label=team=platform'],
	])('%s %s %s %s', async (...options) => {
		await goRound([...options], `rancher/server:${old}`, []);
	});

	test.each([
		['--db-host', 'db.corp'],
		['--db-host', 'db.corp', '--db-port', '13306', '--db-user', 'ranch', '--db-pass', "-o'brien $9", '--db-name', 'rancher', '--db-strict-enforcing'],
		['--db-host', 'db.corp', '--db-pass', 'corral', '--advertise-address', '10.0.0.1', '--advertise-http-port', '80'],
	])('%s %s %s %s', async (...words) => {
		await goRound(['-p', '8080:8080'], `rancher/server:${old}`, words);
	});
});

test.each([{ seed: 16, cases: 30 }, { seed: 11991486, cases: 20 }, { seed: 16083314, cases: 20 }, ...more])('any combination of options is carried over (seed $seed)', async ({ seed, cases }) => {
	let taken = 0;
	for (const { options, image, words, dataContainer } of fc.sample(serverArguments, { seed, numRuns: cases })) {
		if (await goRound(options, image, words, dataContainer)) taken += 1;
	}

	// An engine refuses some combinations (a swap limit without a limit, a host name in the machine's own namespace): such a server cannot exist.
	expect(taken).toBeGreaterThan(cases / 2);
});

/** Makes a server of these words, finds it, makes what its runbook starts, and compares. Returns whether the engine makes such a server at all. */
async function goRound(options: readonly string[], image: string, words: readonly string[], dataContainer?: string): Promise<boolean> {
	const said = [...options, image, ...words];
	const made = await attempt('docker', ['create', '--name', 'rancher', ...said], { env: rig.env });
	if (made.code !== 0) {
		await rig.docker('rm', '--force', 'rancher').catch(() => undefined);
		return false;
	}
	try {
		// Only the daemon's own record tells a server from a container that was made for its volumes: it has been started once.
		const before = await inspect('rancher');
		const found = findIn([{ ...before, State: { ...before.State, Status: 'exited', StartedAt: '2026-01-01T00:00:00Z' } }, await inspectImage(before.Image)]);
		const { argv, env } = startOf(found);
		const told = parseRun(argv.slice(2), env);
		// Every privilege holds this one: both ways of saying it make the same container, as the comparison below shows.
		const isHeld = (option: string) => option === '--security-opt=systempaths=unconfined' && options.includes('--privileged');
		// Where there is no internet the new server is given the catalog of its own image, in a volume that the old one did not have.
		const isCatalog = (option: string) => found.airGapped && option === `--volume=rancher-cattle-${next}:/var/lib/cattle`;
		const isOurs = (option: string) => isCarried(option) && !isHeld(option) && !isCatalog(option);
		expect(told.options.filter(isOurs), said.join(' ')).toEqual(expectedOptions(said, dataContainer).filter(isOurs));
		expect(databaseOf(told)).toEqual(databaseOf(parseRun(said)));
		expect(found).toMatchObject({ version: old, values: { container: 'rancher' } });

		const again = await attempt('docker', ['create', '--name', 'new', ...argv.slice(3)], { env: { ...rig.env, ...env } });
		expect(again, argv.join(' ')).toMatchObject({ code: 0 });
		expect(withoutTranslated(await inspect('new')), said.join(' ')).toEqual(withoutTranslated(before));
	} finally {
		await attempt('docker', ['rm', '--force', 'rancher', 'new'], { env: rig.env });
	}
	return true;
}

interface Document {
	readonly Image: string;
	readonly State: object;
	readonly HostConfig: Readonly<Record<string, unknown>>;
	readonly Config: Readonly<Record<string, unknown>>;
}

async function inspect(container: string): Promise<Document> {
	return JSON.parse(await rig.docker('container', 'inspect', container))[0] as Document;
}

async function inspectImage(id: string): Promise<object> {
	return JSON.parse(await rig.docker('image', 'inspect', id))[0] as object;
}

function findIn(documents: readonly object[]): Found {
	const { found, problems } = detect(JSON.stringify(documents));
	const [server] = found;
	expect(problems).toEqual([]);
	if (!server) throw new RangeError('No server was found.');
	return server;
}

const content = readContent(join(import.meta.dirname, '../..'));
const runbooks = content.families.flatMap((family) => family.runbooks);

/** What the runbook that was found starts, with what was found. */
function startOf(found: Found): Rendered {
	const runbook = runbooks.find(({ id }) => id === found.runbook);
	if (!runbook) throw new RangeError(`There is no runbook ${found.runbook ?? ''}.`);
	const resolved = resolve(runbook, rancherRules, { ...found.values, new_tag: next });
	expect(resolved.refused).toEqual([]);
	const node = { name: 'here', ssh: '', address: '10.0.0.1' };
	const starts = runbook.steps.map((step) => renderStep(step, 'run', resolved, step.each ? { node } : {})).filter((one) => one?.argv.slice(0, 3).join(' ') === 'docker run -d');
	const [start] = starts;
	if (!start || start.problems.length > 0) throw new RangeError(JSON.stringify(start?.problems));
	return start;
}

/** What an engine keeps of a container, without what an upgrade translates on purpose: `expectedOptions` speaks of that. */
function withoutTranslated({ HostConfig, Config }: Document) {
	const host = { ...HostConfig };
	for (const name of ['Binds', 'VolumesFrom', 'RestartPolicy', 'ContainerIDFile', 'PortBindings']) delete host[name];
	// A link is told with the name of the container that has it.
	host['Links'] = (host['Links'] as string[] | null)?.map((link) => link.replace(/:\/\w+\//, ':')) ?? null;
	const config = { ...Config };
	for (const name of ['Env', 'Cmd', 'Image', 'Hostname', 'AttachStdout', 'AttachStderr', 'ExposedPorts', 'Entrypoint']) delete config[name];
	return { host, config };
}
