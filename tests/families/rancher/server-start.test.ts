import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readServerStart } from '../../../src/families/rancher/server-start.ts';

const entry = ['/usr/bin/entry'];
const told = (command: readonly string[], entrypoint: readonly string[] = entry, environment: Record<string, string> = {}) => {
	const { how, values, open, variables } = readServerStart(entrypoint, command, new Map(Object.entries(environment)));
	return { how, ...Object.fromEntries(values), ...(open.size > 0 && { open: [...open] }), ...(variables.size > 0 && { variables: Object.fromEntries(variables) }) };
};

describe('the words after the image are read as the script reads them', () => {
	test.each<[readonly string[], object]>([
		[['/usr/bin/s6-svscan', '/service'], { how: 'plain' }],
		[[], { how: 'plain' }],
		[['--db-host', 'db', '--db-strict-enforcing'], { how: 'plain', db_host: 'db', db_strict: 'true' }],
		[['--db-host', 'a', '--db-host', 'b'], { how: 'plain', db_host: 'b' }],
		[['--db-host', ''], { how: 'plain', db_host: '' }],
		[['--db-host', 'db', '/usr/bin/s6-svscan', '/service'], { how: 'plain', db_host: 'db' }],
		[['--db-host=db'], { how: 'broken' }],
		[['--db-host', 'db', '--db-pass=x'], { how: 'broken', db_host: 'db' }],
		[['true'], { how: 'nothing' }],
		[['/bin/true'], { how: 'nothing' }],
		[['echo', 'data'], { how: 'nothing' }],
		[['bash'], { how: 'nothing' }],
		[['sh', '-c', 'while true; do sleep 3600; done'], { how: 'nothing' }],
		[['--help'], { how: 'nothing' }],
		[['sh', '-c', 'exec /usr/bin/entry --db-host=db'], { how: 'broken' }],
		[['sh', '-c', 'sleep 5; /usr/bin/entry --db-host db --db-pass=x'], { how: 'broken', db_host: 'db' }],
		[['/start.sh'], { how: 'program' }],
	])('%j', (command, expected) => {
		expect(told(command)).toEqual(expected);
	});

	test('a flag that took the next flag for its value leaves a word that nothing can start', () => {
		const { how, swallowed, values } = readServerStart(entry, ['--db-host', 'db', '--db-pass', '--db-name', 'rancher']);
		expect({ how, swallowed, host: values.get('db_host'), password: values.get('db_password') }).toEqual({ how: 'broken', swallowed: { flag: '--db-pass', word: '--db-name' }, host: 'db', password: undefined });
		expect(readServerStart(entry, ['--db-host']).unfinished).toBe('--db-host');
		expect(readServerStart(entry, ['--db-host=db']).joined).toBe('--db-host');
	});
});

describe('what stands before the script hides nothing', () => {
	const host = { how: 'wrapped', db_host: 'db' };
	test.each<[string, readonly string[], readonly string[] | undefined]>([
		['sh -c', ['sh', '-c', '/usr/bin/entry --db-host db'], undefined],
		['bash -lc', ['/bin/bash', '-lc', 'exec /usr/bin/entry --db-host db'], undefined],
		['ash -exc', ['ash', '-exc', 'update-ca-certificates; entry --db-host db'], undefined],
		['bash -o pipefail -c', ['bash', '-o', 'pipefail', '-c', 'entry --db-host "db"'], undefined],
		['tini --', ['tini', '--', '/usr/bin/entry', '--db-host', 'db'], undefined],
		['dumb-init', ['dumb-init', '/usr/bin/entry', '--db-host', 'db'], undefined],
		['tini of the entry point', ['/usr/bin/entry', '--db-host', 'db'], ['/usr/bin/tini', '--']],
		['the script of the entry point', ['--db-host', 'db'], ['/tini', '-g', '--', '/usr/bin/entry']],
		['sh -c of the entry point', [], ['/bin/sh', '-c', "/usr/bin/entry --db-host 'db'"]],
		['exec env', ['env', 'A=b', '/usr/bin/entry', '--db-host', 'db'], undefined],
		['a shell in a shell', ['sh', '-c', `exec bash -c 'sleep 5 && exec /usr/bin/entry --db-host db'`], undefined],
		['an if', ['sh', '-c', 'if [ -e /x ]; then . /x; fi\nexec /usr/bin/entry --db-host db'], undefined],
		['"$@"', ['sh', '-c', 'sleep 1; exec /usr/bin/entry "$@"', '--', '--db-host', 'db'], undefined],
		['$1', ['sh', '-c', 'exec /usr/bin/entry --db-host $1', 'x', 'db'], undefined],
		['flags before the shell', ['--db-host', 'db', 'sh', '-c', 'sleep 5; exec /usr/bin/s6-svscan /service'], undefined],
		['gosu', ['gosu', 'root', '/usr/bin/entry', '--db-host', 'db'], undefined],
		['a comment and a continued line', ['sh', '-c', '# wait\nexec /usr/bin/entry \\\n  --db-host db # the database'], undefined],
	])('%s', (_, command, entrypoint) => {
		const { variables, ...rest } = { variables: undefined, ...told(command, entrypoint) };
		expect(rest).toEqual(host);
		expect(variables === undefined || typeof variables === 'object').toBe(true);
	});

	test('variables that are known are filled in, others leave the value open', () => {
		expect(told(['sh', '-c', 'entry --db-host $DB --db-user ${WHO:-ranch}'], entry, { DB: 'db' })).toEqual({ how: 'wrapped', db_host: 'db', db_user: 'ranch' });
		expect(told(['sh', '-c', 'DB=db; export DB; entry --db-host "$DB"'])).toMatchObject({ how: 'wrapped', db_host: 'db' });
		expect(told(['sh', '-c', 'export CATTLE_DB_CATTLE_MYSQL_HOST=db && exec /usr/bin/entry'])).toEqual({ how: 'wrapped', variables: { CATTLE_DB_CATTLE_MYSQL_HOST: 'db' } });
		expect(told([], ['/bin/sh', '-c', '/usr/bin/entry --advertise-address $(curl -s 169.254.169.254/latest/meta-data/local-ipv4)'])).toEqual({ how: 'wrapped', nodes: '', open: ['nodes'] });
		expect(told(['sh', '-c', 'entry --db-pass "$(cat /run/secrets/db)" --db-host `hostname`.db'])).toEqual({ how: 'wrapped', db_password: '', db_host: '.db', open: ['db_password', 'db_host'] });
		expect(told(['sh', '-c', 'entry --db-host $NOWHERE'])).toMatchObject({ open: ['db_host'] });
	});

	test('parameters are filled in where a shell does, and nowhere else', () => {
		expect(told(['sh', '-c', 'exec "$@"', 'sh', 'entry', '--db-pass', '$@'])).toEqual({ how: 'wrapped', db_password: '$@' });
		expect(told(['sh', '-c', "# it's ours\nentry $@", 'sh', '--db-host', 'db'])).toEqual({ how: 'wrapped', db_host: 'db' });
		expect(told(['sh', '-c', "entry --db-pass '$@ x' --db-host \\$@", 'sh', 'no'])).toEqual({ how: 'wrapped', db_password: '$@ x', db_host: '$@' });
		expect(told(['sh', '-c', 'entry --db-pass "it\'s \\$@" --db-host "a${@}"', 'sh', 'no'])).toEqual({ how: 'wrapped', db_password: "it's $@", db_host: 'a', open: ['db_host'] });
	});

	test('a program of one\'s own hands its flags on', () => {
		expect(told(['--db-host', 'db'], ['/my-entry.sh'])).toEqual({ how: 'program', db_host: 'db' });
		expect(told(['/my-entry.sh', '/usr/bin/entry', '--db-host', 'db'])).toEqual({ how: 'program', db_host: 'db' });
		expect(told(['sh', '/start.sh'])).toEqual({ how: 'program' });
	});
});

test('any words are read to their end, and a database behind any wrapper is found', () => {
	const wrap = fc.constantFrom<(words: readonly string[]) => readonly string[]>(
		(words) => ['sh', '-c', words.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ')],
		(words) => ['/bin/bash', '-ec', `sleep 1; exec ${words.map((word) => `"${word.replaceAll(/[$`"\\]/g, String.raw`\$&`)}"`).join(' ')}`],
		(words) => ['tini', '--', ...words],
		(words) => ['env', 'X=1', ...words],
		(words) => ['exec', ...words],
	);
	fc.assert(
		fc.property(fc.array(wrap, { minLength: 1, maxLength: 4 }), fc.string({ minLength: 1, maxLength: 12 }).filter((text) => !text.includes('\u0000') && !text.startsWith('-')), (wraps, host) => {
			const command = wraps.reduce<readonly string[]>((words, one) => one(words), ['/usr/bin/entry', '--db-host', host]);
			expect(told(command)).toMatchObject({ how: 'wrapped', db_host: host });
		}),
	);
	fc.assert(fc.property(fc.array(fc.oneof(fc.string(), fc.constantFrom('sh', '-c', 'entry', '--db-host', 'tini', '--', '$(', '"', "'", '`', '${', 'A=b', 'exec'))), (words) => void readServerStart(entry, words)));
});
