import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Parameter } from '../../../src/runbook/definition/parameter.ts';
import { noRules, resolve, withoutSecrets } from '../../../src/runbook/values/resolve.ts';
import { renderCommand } from '../../../src/runbook/command/render.ts';
import { findSecretOption, hasSecretName, hasSecretValue } from '../../../src/runbook/text/secret.ts';
import { parseSnippet } from '../../../src/runbook/definition/snippet.ts';
import { parseValue } from '../../../src/runbook/values/value.ts';
import { isReadByPrograms, mayBeEnvironment } from '../../../src/runbook/definition/variable-name.ts';

const group = { group: 'g', advanced: false };
const env: Parameter = { type: 'env', ...group };

describe('a name', () => {
	test.each([
		'PWD', 'PW', 'KEY', 'PASSPHRASE', 'CREDS', 'BIND_PW', 'LDAP_BIND_PW', 'MYSQL_PWD', 'ENCRYPTION_KEY', 'CATTLE_ENCRYPTION_KEY', 'DB_PASS', 'DBPASS', 'ROOTPW', 'MYSQLPASSWORD', 'CATTLE_DB_CATTLE_PASSWORD', 'VAULT_TOKEN',
		'JAVA_STORE_PASS', 'AWS_SECRET_ACCESS_KEY', 'AWS_ACCESS_KEY_ID', 'api_key', 'apiKey', 'trustStorePassword', 'splunk-token', 'x.password', 'SSH_PRIVATE_KEY', 'TLS_KEY', 'SECRET_ID', 'OAUTH_CLIENT_SECRET', 'REGISTRY_CREDENTIALS', 'PGPASSWORD', 'ACCESS_TOKEN', 'GITHUB_TOKEN', 'Passwd',
	])('%s is a secret\'s', (name) => expect(hasSecretName(name)).toBe(true));

	test.each([
		'PATH', 'KEYBOARD', 'MONKEY', 'TURKEY', 'CATTLE_PASSIVE', 'BYPASSED', 'COMPASS', 'KEY_NAME', 'CATTLE_X_KEY_Y', 'KEYS_PER_PAGE', 'PUBLIC_KEY', 'SSH_PUBLIC_KEY', 'SORT_KEY', 'PRIMARY_KEY', 'TOKEN_TTL', 'PASSWORD_FILE', 'PASSWORD_MIN_LENGTH', 'TOKENIZER', 'SECRETARY', 'OLDPWD', 'CWD', 'SPWDX', 'DEFAULT_CATTLE_SECRETS_API_EXECUTE',
		'CATTLE_DB_CATTLE_USERNAME', 'CATTLE_UPGRADE_MANAGER', 'HOME', 'PASSENGER', 'PWDX', 'AUTHOR', 'KEYSTONE_HOST',
	])('%s is none', (name) => expect(hasSecretName(name)).toBe(false));
});

describe('a text', () => {
	test.each(['https://ops:corral9@git.example/c.git', 'tcp://u:p@127.0.0.1:4759', 'a=1&pwd=x', 'user=a;pw=x', '--passphrase=x', '-Dhttp.proxyPassword=x', '-Djavax.net.ssl.keyStorePassword=x', '{"apiKey": "x"}', 'x private-key=y', '-----BEGIN RSA PRIVATE KEY-----', '/tmp/x:/token=1'])('%s holds a secret', (text) => expect(hasSecretValue(text)).toBe(true));
	test.each(['https://git.example/c.git', 'compass=north', 'monkey=banana', 'key=value', 'keyboard=us', 'password=', 'bypass=1', 'tokenizer=fast', '-Xmx4g -Dfile.encoding=UTF-8', 'a:b@c', 'token_ttl=5'])('%s holds none', (text) => expect(hasSecretValue(text)).toBe(false));

	test('of any length and shape is read in no time', () => {
		for (const text of ['a=b '.repeat(8_000), 'a'.repeat(32_768), '-'.repeat(32_768), '//:'.repeat(10_000), `${'x.'.repeat(16_000)}=y`, '"'.repeat(32_768), 'a: '.repeat(10_000)]) {
			const before = process.cpuUsage();
			hasSecretValue(text);
			findSecretOption(`--health-cmd=mysql ${text}`);
			const { user } = process.cpuUsage(before);
			expect(user / 1000, text.slice(0, 9)).toBeLessThan(500);
		}
	});
});

describe('an option of docker run', () => {
	test.each(['--log-opt=splunk-token=x', '--log-opt=splunk-url=https://u:p@h', '--label=x.password=hunter2', '--health-cmd=mysqladmin -psecret ping', '--health-cmd=mysqladmin ping -u root --password=x', '--health-cmd=redis-cli -a secret ping', '--health-cmd=curl -u me:secret http://x/', '--health-cmd=curl http://x/?token=1', '--label=config={"secret":"x"}'])('%s holds a secret', (word) => {
		expect(findSecretOption(word)).toBeDefined();
		expect(parseValue('o', { type: 'docker-options', ...group }, [word]).problems[0]?.name).toBe('value.holds-secret');
	});
	test.each(['--log-opt=max-size=10m', '--label=com.example.key=abc', '--label=a=b', '--health-cmd=mysqladmin -p"$MYSQL_PWD" ping', '--health-cmd=mysqladmin --password=$MYSQL_ROOT_PASSWORD ping', '--health-cmd=curl -f http://localhost:8080/ping', '--cpus=2', '--hostname=monkey', '--health-cmd=mysqladmin ping -p', '--ulimit=nofile=1024'])('%s holds none', (word) => {
		expect(findSecretOption(word)).toBeUndefined();
		expect(parseValue('o', { type: 'docker-options', ...group }, [word]).problems).toEqual([]);
	});
});

/** Whoever reads one of these as what it means would run, reach or trust something else. */
const dangerous = [
	'PATH', 'HOME', 'DOCKER_HOST', 'DOCKER_CONFIG', 'DOCKER_CONTEXT', 'DOCKER_TLS_VERIFY', 'DOCKER_AUTH_TOKEN', 'LD_PRELOAD', 'LD_LIBRARY_PATH', 'LD_AUDIT', 'GLIBC_TUNABLES', 'GCONV_PATH', 'LOCPATH', 'MALLOC_CHECK_', 'BASH_ENV', 'ENV', 'IFS', 'SHELLOPTS', 'PS4', 'PROMPT_COMMAND', 'CDPATH', 'BASH_FUNC_x%%', 'NODE_OPTIONS', 'NODE_EXTRA_CA_CERTS', 'NODE_AUTH_TOKEN', 'NPM_TOKEN',
	'HTTP_PROXY', 'https_proxy', 'ALL_PROXY', 'no_proxy', 'GODEBUG', 'SSL_CERT_FILE', 'SSL_CERT_DIR', 'OPENSSL_CONF', 'SSLKEYLOGFILE', 'TMPDIR', 'XDG_CONFIG_HOME', 'XDG_RUNTIME_DIR', 'CURL_HOME', 'CURL_CA_BUNDLE', 'PERL5LIB', 'PERL5OPT', 'PYTHONPATH', 'PYTHONSTARTUP', 'RUBYOPT', 'SSH_AUTH_SOCK', 'SSH_ASKPASS', 'GIT_ASKPASS', 'SUDO_ASKPASS', 'LANG', 'LC_ALL', 'TZ', 'TAR_OPTIONS', 'GREP_OPTIONS',
	'POSIXLY_CORRECT', 'HOSTALIASES', 'RES_OPTIONS', 'AWS_CONFIG_FILE', 'GOOGLE_APPLICATION_CREDENTIALS', 'PASSWORD_STORE_DIR', 'DBUS_SESSION_BUS_ADDRESS', 'CREDENTIALS_DIRECTORY', 'DROVER_RUN', 'ANYTHING', 'path', 'Ld_Preload', 'JAVA_TOOL_OPTIONS', 'ZDOTDIR', 'BUILDKIT_PROGRESS', 'KUBECONFIG',
];
const harmless = ['CATTLE_DB_CATTLE_PASSWORD', 'VAULT_TOKEN', 'MYSQL_PWD', 'LDAP_BIND_PW', 'ENCRYPTION_KEY', 'AWS_SECRET_ACCESS_KEY', 'AWS_ACCESS_KEY_ID', 'JAVA_OPTS', 'CATTLE_JAVA_OPTS', 'DATABASE_URL', 'DEFAULT_CATTLE_CATALOG_URL', 'CATTLE_CATALOG_URL', 'REDIS_URL', 'SMTP_PASSWORD', 'API_TOKEN', 'GITHUB_TOKEN', 'HISTORY_DB_PASSWORD', 'HTTP_AUTH_TOKEN'];

describe('a secret variable', () => {
	test.each(dangerous)('%s never becomes the environment of a command', (name) => {
		expect(mayBeEnvironment(name)).toBe(false);
		if (!/^\w+$/.test(name)) return;
		const { items, problems } = parseValue('env', env, [`${name}=tcp://u:pass@127.0.0.1:1/token=1`]);
		expect(items).toEqual([]);
		expect(problems).toEqual([expect.objectContaining({ name: 'value.variable-read', slots: { parameter: 'env', name } })]);
		// Plain, or empty, it is a word of the command.
		for (const plain of ['plain', '']) expect(parseValue('env', env, [`${name}=${plain}`]).items.map(({ secret, text }) => [secret, text])).toEqual([[hasSecretName(name) && plain !== '', `${name}=${plain}`]].filter(([secret]) => secret === false));
	});

	test.each(harmless)('%s reaches the container by its name alone', (name) => {
		expect(mayBeEnvironment(name)).toBe(true);
		expect(parseValue('env', env, [`${name}=https://u:corral9@h/`]).items.map(({ secret }) => secret)).toEqual([true]);
	});

	test('leaves in what is kept its name at most, refused or not', () => {
		const runbook = { id: 'x', family: 'x', parameters: { env, docker_options: { type: 'docker-options', ...group }, java_opts: { type: 'java-options', ...group }, note: { type: 'text', ...group } }, derived: {}, steps: [] } as const satisfies Parameters<typeof withoutSecrets>[0];
		const values = { env: [...dangerous, ...harmless].map((name) => `${name}=token=hunter2corral`), docker_options: ['--log-opt=splunk-token=hunter2corral', '--cpus=2'], java_opts: '-Dhttp.proxyPassword=hunter2corral', note: 'see http://me:hunter2corral@x/' };

		expect(JSON.stringify(withoutSecrets(runbook, values))).not.toContain('hunter2corral');
		expect(withoutSecrets(runbook, values)).toMatchObject({ docker_options: ['--cpus=2'] });
		expect(resolve(runbook, noRules, values).refused.filter(({ name }) => name === 'value.holds-secret')).toHaveLength(3);
		expect(JSON.stringify(resolve(runbook, noRules, values).refused)).not.toContain('hunter2corral');
	});
});

test('whatever is given, the program that is shown is the one that runs, with what is shown', () => {
	const folder = mkdtempSync(join(tmpdir(), 'drover-env-'));
	try {
		const [own, other] = [join(folder, 'own'), join(folder, 'other')];
		for (const [place, word] of [[own, 'real'], [other, 'another']] as const) {
			mkdirSync(place);
			writeFileSync(join(place, 'docker'), `#!/bin/bash\nprintf '%s\\0' ${word} "DOCKER_HOST=$DOCKER_HOST" "LD_PRELOAD=$LD_PRELOAD" "HOME=$HOME" "NODE_OPTIONS=$NODE_OPTIONS" "$@"\n`);
			chmodSync(join(place, 'docker'), 0o755);
		}
		const items = [`PATH=${other}:/usr/bin:/bin:/token=1`, 'DOCKER_HOST=tcp://u:p@127.0.0.1:4759', 'LD_PRELOAD=/tmp/token=1/x.so', 'HOME=/tmp/token=1', 'DOCKER_CONFIG=/tmp/token=1', 'NODE_OPTIONS=--require=/tmp/token=1', `PATH=${other}:/usr/bin:/bin`, 'LD_PRELOAD=/tmp/x.so', 'VAULT_TOKEN=hunter2corral'];
		const command = { kind: 'argv', snippet: parseSnippet('docker run [-e ${env}]... image'), env: {} } as const;
		const base = { PATH: `${own}${delimiter}/usr/bin${delimiter}/bin`, HOME: '/nonexistent' };
		for (const item of items) {
			const runbook = { id: 'x', family: 'x', parameters: { env }, derived: {}, steps: [] } satisfies Parameters<typeof resolve>[0];
			const rendered = renderCommand([command], resolve(runbook, noRules, { env: [item] }), { step: 's' });
			const [file = '', ...args] = rendered?.argv ?? [];
			const asRun = spawnSync(file, args, { env: { ...base, ...rendered?.env }, encoding: 'utf8' });
			// In a shell where the secrets are set, what is shown is what runs.
			const asShown = spawnSync('/bin/bash', ['-c', rendered?.display ?? ''], { env: { ...base, ...rendered?.env }, encoding: 'utf8' });

			expect(asRun.stdout.split('\0').slice(0, 5), item).toEqual(['real', 'DOCKER_HOST=', 'LD_PRELOAD=', 'HOME=/nonexistent', 'NODE_OPTIONS=']);
			expect(asShown.stdout, item).toBe(asRun.stdout);
		}
	} finally {
		rmSync(folder, { recursive: true });
	}
});

test('the parameters of a script have no names that programs read', () => {
	expect(['container', 'image', 'old_tag', 'publish_port', 'db_password', 'proxy', 'node', 'made'].filter(isReadByPrograms)).toEqual([]);
	expect(['http_proxy', 'no_proxy', 'npm_config_prefix', 'PATH'].filter((name) => !isReadByPrograms(name))).toEqual([]);
});
