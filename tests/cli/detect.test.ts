import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { findUntrusted } from '../../src/runbook/text/character.ts';
import { containerDocument, imageDocument } from '../families/rancher/engine.ts';
import { runDrover } from './run-drover.ts';

const folder = mkdtempSync(join(tmpdir(), 'drover-detect-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const fixtures = join(import.meta.dirname, '../families/rancher/fixtures');
const documentsOf = (name: string) => JSON.parse(readFileSync(join(fixtures, `${name}.json`), 'utf8')).documents as object[];
let files = 0;
const write = (content: unknown) => {
	const path = join(folder, `${(files += 1)}.json`);
	writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
	return path;
};
const web = (name: string) => ({ Id: name, Name: `/${name}`, State: { Status: 'running' }, Config: { Image: 'nginx:1', Env: [] }, HostConfig: {}, Mounts: [] });
const lines = (text: string) => text.trimEnd().split('\n');

test.each(readdirSync(fixtures).map((file) => file.replace('.json', '')))('what a real engine printed is told as JSON of the promised shape (%s)', async (name) => {
	const { code, out, err } = await runDrover(['detect', '--from', write(documentsOf(name)), '--json']);

	const found = JSON.parse(out);
	expect([code, err]).toEqual([0, '']);
	expect(found.length).toBeGreaterThan(0);
	for (const one of found) {
		expect(Object.keys(one)).toEqual(['container', 'version', 'runbook', 'airGapped', 'reasons', 'warnings', 'values']);
		for (const finding of [...one.reasons, ...one.warnings]) expect(finding.text).not.toMatch(/^found\.|\{[a-z_]+\}/);
	}
});

test('the values that were found render the runbook that was found', async () => {
	const path = write([containerDocument(['--name', 'rancher', '-e', 'API_TOKEN=s3cretS3cret', '-p', '8081:8080', 'rancher/server:v1.6.14'], { version: 'v1.6.14' }), imageDocument('rancher/server:v1.6.14', 'v1.6.14')]);
	const [found] = JSON.parse((await runDrover(['detect', '--from', path, '--json', '--show-secrets'])).out);

	const rendered = await runDrover(['render', found.runbook, '--values', write(found.values), '--set', 'new_tag=v1.6.30', '--json']);

	const steps = JSON.parse(rendered.out).steps as { id: string; argv: string[] | null }[];
	expect(rendered.code).toBe(0);
	expect(steps.find((step) => step.id === 'start')?.argv).toEqual(expect.arrayContaining(['8081:8080', 'API_TOKEN', 'rancher/server:v1.6.30']));
});

test('secrets are in no output unless they are asked for', async () => {
	const path = write([
		containerDocument(['--name', 'rancher', '-e', 'API_TOKEN=s3cretS3cret', 'rancher/server:v1.6.14', '--db-host', 'db', '--db-pass', 'hunter2hunter2'], { version: 'v1.6.14' }),
		imageDocument('rancher/server:v1.6.14', 'v1.6.14'),
	]);
	const masked = [await runDrover(['detect', '--from', path]), await runDrover(['detect', '--from', path, '--json'])];
	const shown = await runDrover(['detect', '--from', path, '--json', '--show-secrets']);

	for (const { out, err } of masked) {
		expect(out + err).not.toMatch(/s3cretS3cret|hunter2/);
		expect(out).toContain('API_TOKEN=••••••••');
	}
	expect(JSON.parse(shown.out)[0].values).toMatchObject({ db_password: 'hunter2hunter2', env: ['API_TOKEN=s3cretS3cret'] });
});

test('only what was found is told: a container without a port or a name of its own has no default in its place', async () => {
	const path = write([containerDocument(['--name', 'rancher', '--net=host', 'rancher/server:v1.6.14'], { version: 'v1.6.14' }), imageDocument('rancher/server:v1.6.14', 'v1.6.14')]);
	const [found] = JSON.parse((await runDrover(['detect', '--from', path, '--json'])).out);

	expect(found.values).toMatchObject({ container: 'rancher', old_tag: 'v1.6.14', publish: '' });
	for (const name of ['new_tag', 'new_container', 'data_container', 'db_host', 'java_opts']) expect(found.values).not.toHaveProperty(name);
});

test.each([
	['en', ['Container rancher, version v1.6.14', 'Path: Upgrade a high-availability setup (rancher-1.6/high-availability)', 'Why this path:', 'db_host = db.example']],
	['zh', ['容器 rancher，版本 v1.6.14', '（rancher-1.6/high-availability）', '判断依据：', 'db_host = db.example']],
] as const)('it is readable in %s', async (locale, expected) => {
	const { code, out } = await runDrover(['detect', '--from', write(documentsOf('cluster'))], { locale });

	expect(code).toBe(0);
	for (const text of expected) expect(out).toContain(text);
	expect(out).not.toMatch(/\b(?:cli|detect|found|compare)\.[a-z-]+|\{[a-z_]+\}/);
});

test('what is no server is told as that when its documents are given', async () => {
	const { code, out } = await runDrover(['detect', '--from', write([web('web')])]);

	expect(code).toBe(0);
	expect(lines(out)).toEqual(['Nothing was found that these runbooks are for.', 'web: nginx:1 is not Rancher Server.']);
});

describe('hostile documents get a sentence and an exit code', () => {
	const server = JSON.stringify([containerDocument(['--name', 'rancher', 'rancher/server:v1.6.14'], { version: 'v1.6.14' }), imageDocument('rancher/server:v1.6.14', 'v1.6.14')]);

	test.each<[string, string, RegExp]>([
		['nothing', '', /nothing to read/],
		['no JSON', 'root:x:0:0', /Line 1, column 1: this is not JSON/],
		['JSON that is cut short', server.slice(0, -40), /in the middle of a document/],
		['JSON that is too deep', '['.repeat(100_000), /nested deeper/],
		['no container', '[{"Name": "a volume", "Driver": "local"}]', /no container/],
		['fields of another shape', JSON.stringify([{ ...JSON.parse(server)[0], Mounts: 'none', HostConfig: { Binds: 7 } }]), /do not have the form/],
	])('%s', async (_, text, sentence) => {
		const { code, out, err } = await runDrover(['detect', '--from', write(text), '--json']);

		expect(code).toBe(2);
		expect(err).toMatch(sentence);
		expect(Array.isArray(JSON.parse(out))).toBe(true);
	});

	test('a name with everything that acts on a terminal comes out inert', async () => {
		const name = '/\u001b]0;x\u0007\u202e`$(id)`\n';
		const document = { ...containerDocument(['rancher/server:v1.6.14'], { version: 'v1.6.14' }), Name: name };
		for (const json of [[], ['--json']]) {
			const { out, err } = await runDrover(['detect', '--from', write([document]), ...json]);
			expect(findUntrusted((out + err).replace(/[\n\t]/g, ''))).toBeUndefined();
		}
	});

	test('two hundred containers are told, servers first', async () => {
		const others = Array.from({ length: 199 }, (_, index) => web(`web-${index}`));
		const { code, out } = await runDrover(['detect', '--from', write([...others, ...JSON.parse(server)]), '--json']);

		const found = JSON.parse(out);
		expect(code).toBe(0);
		expect(found).toHaveLength(200);
		expect(found[0]).toMatchObject({ container: 'rancher', runbook: 'rancher-1.6/single-container' });
	});

	test('a file that is not there', async () => {
		const { code, out, err } = await runDrover(['detect', '--from', join(folder, 'nowhere')]);
		expect([code, out]).toEqual([2, '']);
		expect(err).toContain('nowhere');
	});
});

describe('without --from it asks Docker', () => {
	const socket = join(folder, 'docker.sock');
	/** A client that answers with what the real one says. */
	const client = (script: string) => {
		const bin = join(folder, `bin-${(files += 1)}`);
		mkdirSync(bin);
		writeFileSync(join(bin, 'docker'), `#!/bin/sh\n${script}\n`);
		chmodSync(join(bin, 'docker'), 0o755);
		return { PATH: `${bin}:/usr/bin:/bin`, DOCKER_HOST: `unix://${socket}` };
	};

	test.each([
		['there is none', () => ({ PATH: join(folder, 'empty') }), 'There is no docker command on this machine.'],
		['it does not run', () => client(`echo "Cannot connect to the Docker daemon at unix://${socket}. Is the docker daemon running?" >&2; exit 1`), `Docker does not respond at unix://${socket}.`],
		['it is forbidden', () => client(`echo "permission denied while trying to connect to the Docker daemon socket at unix://${socket}" >&2; exit 1`), `This user is not allowed to use Docker at unix://${socket}.`],
	])('%s: one sentence with the remedy', async (_, env, sentence) => {
		const { code, out, err } = await runDrover(['detect'], { env: env() });

		expect([code, out]).toEqual([1, '']);
		expect(lines(err)).toHaveLength(1);
		expect(err).toContain(sentence);
	});

	test('every command that ran is told, and none but reading ones ran', async () => {
		const [container, image] = documentsOf('quick-start');
		const ran = join(folder, 'ran');
		const inspected = write(JSON.stringify([container], null, 4));
		const env = client(`echo "docker $*" >>${ran}\ncase "$1" in ps) echo ${'a'.repeat(64)};; container) cat ${inspected};; image) cat ${write(JSON.stringify([image], null, 4))};; esac`);
		const { code, out } = await runDrover(['detect'], { env });

		expect(code).toBe(0);
		expect(out).toContain('Container rancher, version v1.6.14');
		expect(lines(readFileSync(ran, 'utf8')).map((line) => line.split(' ').slice(0, 3).join(' '))).toEqual(['docker version --format', 'docker ps --all', 'docker container inspect', 'docker image inspect']);
		for (const command of ['docker ps --all --quiet --no-trunc', 'docker container inspect aaaaaaaaaaaa']) expect(out).toContain(`  ${command}\n`);
	});

	test('a machine without containers has no server, which is no mistake', async () => {
		const env = client('exit 0');
		expect(await runDrover(['detect'], { env })).toEqual({ code: 0, out: expect.stringContaining('Nothing was found that these runbooks are for.'), err: '' });
		expect(await runDrover(['detect', '--json'], { env })).toEqual({ code: 0, out: '[]\n', err: '' });
	});
});
