import fc from 'fast-check';
import { isIPv6 } from 'node:net';
import { describe, expect, test } from 'vitest';
import type { Parameter } from '../../../src/runbook/definition/parameter.ts';
import { Node } from '../../../src/runbook/values/value-schema.ts';
import { hasSecretName, hasSecretValue } from '../../../src/runbook/text/secret.ts';
import { parseValue, type Value } from '../../../src/runbook/values/value.ts';

const parse = (type: string, value: Value, more: object = {}) => parseValue('p', { type, group: 'g', advanced: false, ...more } as Parameter, value);
const fits = (type: string, value: Value, more: object = {}) => parse(type, value, more).problems.length === 0;

describe.each<[string, Value[], Value[]]>([
	['container', ['rancher-server', 'a1', '0f3c', 'a'.repeat(255)], ['a', '-x', 'a b', 'a/b', '服务器', 'a'.repeat(256), '.a']],
	['image', ['rancher/server', 'server', 'a/b/c', 'my_rancher/server-x'], ['reg:5000/rancher/server', 'reg.io/rancher/server', 'localhost/server', 'rancher/server:v1', 'Rancher/server', 'a//b', '/a']],
	['agent-image', ['rancher/agent:v1.2.11'], ['rancher/agent', 'reg:5000/rancher/agent:v1', 'rancher/agent:']],
	['tag', ['v1.6.30', 'latest', 'v1.6.14-patch1-rc1', '_x'], ['.x', 'a b', 'a/b', 'a'.repeat(129), 'ｖ1']],
	['port', ['1', '80', '65535'], ['0', '65536', '080', '99999', 'x', '1 ']],
	['publish', ['8080', '127.0.0.1:8080', '[::1]:80'], ['8080:8080', ':80', 'localhost:80', '256.1.1.1:80', '127.0.0.1:']],
	['host', ['db', 'db.example.com', '10.0.0.1', '::1', 'fe80::1'], ['db:3306', 'a b', '-db', 'db.', '[::1]', '']],
	['registry', ['reg:5000', 'reg.example.com', '10.0.0.1:5000/mirror', 'reg/a/b'], ['http://reg', 'reg/', 'reg:5000/A', 'user@reg']],
	['proxy', ['http://proxy:3128', 'http://10.0.0.1'], ['http://proxy:3128/', 'http://u:p@proxy:3128', 'proxy:3128', 'socks5://x']],
	['url', ['http://127.0.0.1:8080', 'https://rancher.example.com/x'], ['ftp://x', 'http://u:p@x', 'http://', 'javascript:alert(1)', 'http://x/ y', 'http://127.0.0.1:8080/', 'http://x/y/']],
	['project', ['1a5', '1a12'], ['1a', '1b5', '5', '1a0']],
	['restart', ['no', 'always', 'unless-stopped', 'on-failure', 'on-failure:5'], ['never', 'on-failure:0', 'on-failure:']],
	['java-options', ['-Xmx4096m', '-Xmx4g -Dx=y'], ['Xmx', '-Xmx4g  -Dx', '-Xmx4g\n', '']],
	['switch', ['true', 'false'], ['yes', 'True', '1']],
	['env', [['A=1', 'B=', 'C=a b'], []], [['A'], ['1A=x'], ['=x'], ['A=1\nB=2'], ['A=1', 'A=2'], 'A=1']],
	['nodes', [[{ name: 'n1', ssh: '', address: '10.0.0.1' }]], [[{ name: 'n 1', ssh: '', address: '10.0.0.1' }], [{ name: 'n1', ssh: '-oProxyCommand=x', address: '10.0.0.1' }], ['n1'], 'n1']],
	['docker-options', [['--memory=2g', '--privileged', '--log-opt=max-size=10m', '--memory-swap=-1']], [['-m 2g'], ['--memory 2g'], ['--memory'], ['--name=x'], ['--rm'], ['memory'], ['--memory=-1 -v /:/x']]],
	['secret', ['cattle', '-x', 'p w$`\'"', '密码'], ['a\u202eb', 'a\nb']],
	['text', ['a', 'a b'], ['-a', 'a\u00a0b']],
])('%s', (type, good, bad) => {
	test.each(good.map((one) => [one]))('takes %j', (value) => {
		expect(parse(type, value).problems).toEqual([]);
	});
	test.each(bad.filter((one) => one !== '').map((one) => [one]))('refuses %j by the name of the parameter', (value) => {
		const { problems } = parse(type, value);
		expect(problems.length).toBeGreaterThan(0);
		for (const one of problems) expect(one).toMatchObject({ parameter: 'p', slots: { parameter: 'p' } });
	});
});

/** Addresses, and what a slip makes of them. */
const addresses = fc.oneof(fc.ipV6().filter((text) => !text.includes('.')), fc.string({ unit: fc.constantFrom(':', '::', '0', 'f', 'A', '12', 'fe80', '00000'), maxLength: 18 }));

test('an IPv6 address is what the system takes for one, without a zone', () => {
	fc.assert(
		fc.property(addresses, (text) => {
			fc.pre(text.includes(':'));
			expect(fits('host', text)).toBe(isIPv6(text));
		}),
		{ numRuns: 2000 },
	);
});

test('the form takes a node when the schema does', () => {
	const texts = fc.constantFrom('', 'n1', 'a b', '-x', '10.0.0.1', '::1', 'me@host');
	const part = fc.oneof(texts, fc.constantFrom<unknown>(1, null, ['n1']));
	const nodes = fc.oneof(fc.record({ name: texts, ssh: texts, address: texts }), fc.record({ name: part, ssh: part, address: part, more: part }, { requiredKeys: [] }));
	fc.assert(
		fc.property(nodes, (node) => {
			expect(fits('nodes', [node] as Value)).toBe(Node.safeParse(node).success);
		}),
		{ numRuns: 2000 },
	);
});

test('a path is absolute unless it may be relative', () => {
	expect(fits('path', 'backup.sql', { relative: true })).toBe(true);
	expect(fits('path', 'backup.sql', { relative: false })).toBe(false);
	expect(fits('path', '/data/rancher db', { relative: false })).toBe(true);
	expect(fits('path', '/a:/b', { relative: false })).toBe(false);
	expect(['a', 'a/b', '/a', '/a/b/', 'a/'].map((path) => parse('path', path, { relative: true }).items[0]?.fields['folder'])).toEqual(['.', 'a', '/', '/a', '.']);
});

test('a full-width character is named, with its place', () => {
	expect(parse('port', '８080').problems).toMatchObject([{ name: 'value.character', slots: { character: '８', code: 'U+FF18', position: 1 } }]);
	expect(parse('text', 'a\u3000b').problems).toMatchObject([{ name: 'value.character', slots: { code: 'U+3000', position: 2 } }]);
});

test('published ports can be read by their parts', () => {
	const fields = (text: string) => parse('publish', text).items[0]?.fields;
	expect(fields('9090')).toEqual({ ip: '', port: '9090', host: '127.0.0.1' });
	expect(fields('0.0.0.0:80')).toEqual({ ip: '0.0.0.0', port: '80', host: '127.0.0.1' });
	expect(fields('10.0.0.5:80')).toEqual({ ip: '10.0.0.5', port: '80', host: '10.0.0.5' });
	expect(fields('[::]:80')).toEqual({ ip: '[::]', port: '80', host: '[::1]' });
});

test('a problem of a secret does not tell the secret', () => {
	const { problems } = parse('secret', 'hunter2\u200bhunter2');
	expect(JSON.stringify(problems)).not.toContain('hunter2');
});

test('variables with passwords and tokens are known by name', () => {
	expect(['CATTLE_DB_CATTLE_PASSWORD', 'VAULT_TOKEN', 'JAVA_STORE_PASS', 'AWS_SECRET_KEY', 'api_key'].filter(hasSecretName)).toHaveLength(5);
	expect(['PATH', 'CATTLE_PASSIVE', 'BYPASSED', 'KEYBOARD'].filter(hasSecretName)).toEqual([]);
});

test('a variable that holds a password is secret, whatever its name', () => {
	const secret = ['https://ops:corral9@git.example/c.git', 'jdbc:mysql://db/cattle?user=a&password=corral9', '-Djavax.net.ssl.trustStorePassword=changeit', '{"token": "corral9"}'];
	const open = ['https://git.example:8443/c.git', '{"url":"https://git.example/c.git","branch":"master"}', 'token ring', 'a:b@c', 'password=', '//x/y:z/@'];

	expect(secret.filter(hasSecretValue)).toEqual(secret);
	expect(open.filter(hasSecretValue)).toEqual([]);
	expect(parseValue('env', { type: 'env', group: 'g', advanced: false }, secret.map((value, index) => `CATTLE_V${index}=${value}`)).items.map((item) => item.secret)).toEqual([true, true, true, true]);
});

test.each<[Parameter, string, string | undefined]>([
	[{ type: 'number', group: 'g', advanced: false, min: 2, max: 64 }, '8', undefined],
	[{ type: 'number', group: 'g', advanced: false, min: 2, max: 64 }, '1', 'value.too-small'],
	[{ type: 'number', group: 'g', advanced: false, min: 2, max: 64 }, '65', 'value.too-big'],
	[{ type: 'number', group: 'g', advanced: false }, '08', 'value.type'],
	[{ type: 'number', group: 'g', advanced: false }, '-1', 'value.dash'],
	[{ type: 'number', group: 'g', advanced: false }, 'a[$(id)]', 'value.type'],
	[{ type: 'text', group: 'g', advanced: false, pattern: '[A-Z]{3}-\\d+' }, 'ABC-12', undefined],
	[{ type: 'text', group: 'g', advanced: false, pattern: '[A-Z]{3}-\\d+' }, 'xABC-12', 'value.pattern'],
	[{ type: 'text', group: 'g', advanced: false, pattern: 'a|b' }, 'bc', 'value.pattern'],
	[{ type: 'text', group: 'g', advanced: false, min: 3, max: 4 }, 'ab', 'value.too-short'],
	[{ type: 'text', group: 'g', advanced: false, min: 3, max: 4 }, '牛牛牛牛牛', 'value.too-long'],
])('%j: %s is %s', (parameter, value, name) => {
	expect(parseValue('x', parameter, value).problems.map((one) => one.name)).toEqual(name === undefined ? [] : [name]);
});
