/** The check of a directory's certificate, against a real server with TLS and real certificates; only Docker and the settings in the database are stand-ins. */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { readContent } from '../../src/content/read-content.ts';
import { rulesOf } from '../../src/families/families.ts';
import { prepareCheck } from '../../src/runbook/check/check.ts';
import type { Check } from '../../src/runbook/definition/definition.ts';
import { evaluate } from '../../src/runbook/check/evaluate.ts';
import { resolve } from '../../src/runbook/values/resolve.ts';
import { makeFolder } from '../server/make-folder.ts';
import { folderWith } from './stand-ins.ts';

const runbook = readContent(join(import.meta.dirname, '../..')).families.flatMap((family) => family.runbooks).find((one) => one.id === 'rancher-1.6/single-container');
const step = runbook?.steps.find((one) => one.id === 'directory-certificate');
if (!runbook || !step) throw new RangeError('There is no such step.');
const resolved = resolve(runbook, rulesOf(runbook.family), { container: 'rancher', old_tag: 'v1.6.7', new_tag: 'v1.6.30' });

// What runs in the container runs here; the settings are read from a file, by their names.
const docker = `#!/bin/bash
case "$*" in
	"exec rancher mysql "*" name LIKE "*) sed -n "s/^\\(.*tls\\)=true$/\\1/p" "$SETTINGS" ;;
	"exec rancher mysql "*) name=$(grep -o 'name = "[^"]*"' <<< "$*"); name=\${name#*\\"}; sed -n "s/^\${name%\\"}=//p" "$SETTINGS" ;;
	exec*) shift; [ "$1" != --interactive ] || { shift 2; exec "$@"; }; shift; exec "$@" < /dev/null ;;
	*) echo ;;
esac
`;

function ask(settings: Readonly<Record<string, string>>, programs: Readonly<Record<string, string>> = {}) {
	const file = join(makeFolder(), 'settings');
	writeFileSync(file, Object.entries(settings).map(([name, value]) => `${name}=${value}\n`).join(''));
	const path = folderWith({ docker, ...programs });
	const graded = (check: Check) => {
		const prepared = prepareCheck(check, resolved, { step: 'directory-certificate', node: { name: 'one', ssh: '', address: '10.0.0.1' } })?.probe;
		if (prepared?.kind !== 'command') throw new TypeError('The check is no command.');
		const [program = '', ...args] = prepared.command.argv;
		const { status, stdout, stderr } = spawnSync(program, args, { env: { ...prepared.command.env, PATH: `${path}:${process.env['PATH'] ?? ''}`, SETTINGS: file }, stdio: ['ignore', 'pipe', 'pipe'], encoding: 'utf8' });
		return { grade: evaluate(prepared, { kind: 'output', exit: status ?? -1, output: stdout + stderr }).grade, said: (stdout + stderr).trim() };
	};
	const [check] = step?.doneWhen ?? [];
	if (!check) throw new TypeError('The step has no check.');
	const hints = Object.entries(step?.hints ?? {}).flatMap(([hint, one]) => (one.kind !== 'printed' && graded(one).grade === 'passed' ? [hint] : []));
	return { ...graded(check), hints };
}

const freePort = () => new Promise<number>((done) => {
	const server = createServer().listen(0, '127.0.0.1', () => {
		const address = server.address();
		server.close(() => { done(typeof address === 'object' ? (address?.port ?? 0) : 0); });
	});
});

/** A directory on this machine, with a certificate of this name and these further names. */
async function directory(subject: string, names: string | undefined) {
	const folder = makeFolder();
	const [key, certificate] = [join(folder, 'key'), join(folder, 'crt')];
	execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', subject, ...(names ? ['-addext', `subjectAltName=${names}`] : []), '-keyout', key, '-out', certificate], { stdio: 'ignore' });
	const port = String(await freePort());
	const server = spawn('openssl', ['s_server', '-www', '-accept', `127.0.0.1:${port}`, '-key', key, '-cert', certificate], { stdio: ['ignore', 'pipe', 'ignore'] });
	onTestFinished(() => void server.kill());
	await new Promise<void>((done) => { server.stdout.on('data', (text) => { if (String(text).includes('ACCEPT')) done(); }); });
	return { port };
}

const settings = (server: string, port: string, base = 'api.auth.ldap.') => ({ [`${base}tls`]: 'true', [`${base}server`]: server, [`${base}port`]: port });

test.each<[string, string, string | undefined, string, boolean]>([
	['a further name', '/CN=ad', 'DNS:ad.example.com,DNS:localhost', 'localhost', true],
	['a further name in other letters', '/CN=ad', 'DNS:LocalHost', 'localhost', true],
	['its own name, as there is no other', '/O=Herd/CN=localhost/OU=x', undefined, 'localhost', true],
	['its own name, which does not count beside others', '/CN=localhost', 'DNS:ad.example.com', 'localhost', false],
	['its own name, which does not count beside an address', '/CN=localhost', 'IP:10.0.0.1', 'localhost', false],
	['an address', '/CN=ad', 'IP:127.0.0.1', '127.0.0.1', true],
	['an address that stands as a name', '/CN=127.0.0.1', undefined, '127.0.0.1', false],
	['another name', '/CN=ad.example.com', undefined, 'localhost', false],
])('a directory is held against the names of its certificate: %s', async (_, subject, names, server, fits) => {
	const { port } = await directory(subject, names);

	const { grade, said, hints } = ask(settings(server, port));

	expect([grade, hints], said).toEqual(fits ? ['passed', []] : ['failed', ['other-name']]);
	expect(said).toMatch(fits ? /^$/ : new RegExp(`^${server}:${port} is not among the names of its certificate: `));
});

test('a name with an asterisk stands for one label', async () => {
	const { port } = await directory('/CN=x', 'DNS:*.example.com');
	// Names of a domain lead here.
	const openssl = '#!/bin/bash\nargs=("$@")\nfor at in "${!args[@]}"; do args[at]=$(sed "s/^[a-z.]*example.com:/127.0.0.1:/" <<< "${args[at]}"); done\nexec /usr/bin/openssl "${args[@]}"\n';

	expect(ask(settings('ad.example.com', port), { openssl }).grade).toBe('passed');
	expect(ask(settings('dc.ad.example.com', port), { openssl }).grade).toBe('failed');
	expect(ask(settings('example.com', port), { openssl }).grade).toBe('failed');
});

test('OpenLDAP has settings of its own, and both are asked', async () => {
	const [one, other] = [await directory('/CN=localhost', undefined), await directory('/CN=meadow', undefined)];

	expect(ask({ ...settings('localhost', one.port), ...settings('localhost', other.port, 'api.auth.ldap.openldap.') })).toMatchObject({ grade: 'failed', said: `localhost:${other.port} is not among the names of its certificate: meadow` });
	expect(ask({ 'api.auth.ldap.tls': 'false', 'api.auth.ldap.server': 'localhost', 'api.auth.ldap.port': other.port }).grade).toBe('passed');
	expect(ask({}).grade).toBe('passed');
});

test('a directory that does not answer is neither right nor wrong', async () => {
	expect(ask(settings('127.0.0.1', String(await freePort())))).toMatchObject({ grade: 'could-not-check', hints: ['not-reached'] });
});
