import { expect, test } from 'vitest';
import { dependenciesOf, dependencyEffects, dependencyNames, programsOf, settingsFiles } from '../../../src/runbook/command/dependencies.ts';

const script = (text: string) => ['bash', '-euo', 'pipefail', '-c', text];
const of = (argv: readonly string[], ...names: string[]) => dependenciesOf({ argv, env: {} }, names).map((one) => [one.effect, one.names, one.programs]);

test.each<[readonly string[], readonly string[]]>([
	[['docker', 'run', '-d', 'rancher/server', 'curl'], ['docker', 'docker run']],
	[['docker', 'container', 'create', 'x'], ['docker', 'docker create']],
	[['/usr/bin/tar', '-cf', 'x', 'y'], ['tar']],
	[script('if ! docker pull "$image"; then\n  timeout 5 curl -fsS "$url" | grep x\nfi'), ['bash', 'curl', 'docker', 'docker pull', 'grep']],
	[script('rows="$(docker exec "$container" mysql -e "SELECT 1; tar" | sed "s/a/b/")"'), ['bash', 'docker', 'docker exec', 'sed']],
	[script('# mysql is asked below\nmysqldump cattle > "$backup_file"'), ['bash', 'mysqldump']],
	[script('keep_whole "$file" docker container inspect "$container"\ncp -- --tar.sql x-tar'), ['bash', 'cp', 'docker', 'docker inspect']],
])('programs of %j', (argv, programs) => {
	expect([...programsOf(argv)].sort()).toEqual(programs);
});

test('a command depends on what its own programs read, and on nothing else', () => {
	expect(of(['docker', 'stop', 'rancher'], 'DOCKER_HOST', 'TAR_OPTIONS', 'http_proxy', 'DOCKER_DEFAULT_PLATFORM')).toEqual([['engine', ['DOCKER_HOST'], ['docker']], ['proxy', ['http_proxy'], ['docker']]]);
	expect(of(['docker', 'stop', 'rancher'], 'http_proxy')).toEqual([]);
	expect(of(['docker', 'pull', 'x'], 'DOCKER_DEFAULT_PLATFORM', 'DOCKER_CONTENT_TRUST').map(([effect]) => effect)).toEqual(['platform', 'trust']);
	expect(of(['mkdir', '/x'], ...dependencyNames).map(([effect]) => effect)).toEqual(['loader']);
	expect(of(['curl', 'http://x'], 'HTTP_PROXY')).toEqual([]);
	expect(of(script('cd /x && tar -cf y .'), 'CDPATH', 'TAR_OPTIONS', 'POSIXLY_CORRECT')).toEqual([['options', ['TAR_OPTIONS', 'POSIXLY_CORRECT', 'CDPATH'], ['tar', 'bash', 'cd']]]);
});

test('containers that a command makes get the proxies of Docker\'s own settings', () => {
	expect(of(['docker', 'run', '-d', 'x'], settingsFiles.proxies)).toEqual([['containers', [settingsFiles.proxies], ['docker run']]]);
	expect(of(['docker', 'start', 'x'], settingsFiles.proxies)).toEqual([]);
});

test('what a command sets itself is no dependency', () => {
	expect(dependenciesOf({ argv: ['docker', 'ps'], env: { DOCKER_HOST: 'tcp://x' } }, ['DOCKER_HOST'])).toEqual([]);
});

test('every effect has a rule', () => {
	expect([...new Set([['docker', 'run'], ['docker', 'pull'], ['curl'], ['mysql'], ['df']].flatMap((argv) => dependenciesOf({ argv, env: {} }, dependencyNames).map(({ effect }) => effect)))].sort()).toEqual([...dependencyEffects].sort());
});
