/** The programs that the manual's checks call, in shells of readers that would make them see something else. */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { runCommand } from '../../../server/checks/run-command.ts';
import { readerEnvironment } from '../../../server/environment.ts';
import { makeFolder } from '../make-folder.ts';

const server = createServer((_, res) => void res.end('pong'));
beforeAll(async () => {
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
});
afterAll(() => void server.close());

const scripts = (port: number): readonly string[] => [
	`curl --silent --show-error --max-time 5 http://127.0.0.1:${port}/`,
	'tar --create --directory data --sort=name . | tar --list',
	'grep -c o data/Ähre',
	'ls -A data | head -1',
	'cd data && ls -d inner',
	'df --output=size . | tail -1',
	'date --date=@0 "+%a %H:%M"',
	'head -c 3 <<< "ä€"',
	'ls nowhere',
];

function fill(folder: string): void {
	for (const name of ['data', 'data/inner', 'elsewhere', 'elsewhere/data']) mkdirSync(join(folder, name));
	writeFileSync(join(folder, 'data/Ähre'), 'one\ntwo\n');
	writeFileSync(join(folder, 'data/zebra'), 'three\n');
	writeFileSync(join(folder, '.curlrc'), 'proxy = "http://127.0.0.1:1"\n');
	writeFileSync(join(folder, 'startup'), 'grep() { echo 7; }\n');
}

/** What a reader may have in his shell, each by itself. */
const shells: readonly Readonly<Record<string, (folder: string) => string>>[] = [
	{ http_proxy: () => 'http://127.0.0.1:1', no_proxy: () => '' },
	{ ALL_PROXY: () => 'http://127.0.0.1:1', NO_PROXY: () => '' },
	// It has a `.curlrc`.
	{ HOME: (folder) => folder },
	{ TAR_OPTIONS: () => '--exclude=*ebra' },
	{ CDPATH: () => 'elsewhere' },
	{ BASH_ENV: (folder) => join(folder, 'startup') },
	{ TZ: () => 'Asia/Shanghai' },
	{ DF_BLOCK_SIZE: () => '1' },
	{ LC_ALL: () => 'C' },
];

test.each(shells.map((shell) => [Object.keys(shell).join(', '), shell] as const))('a check sees the same with %s in the shell, and the reader would not', async (_, shell) => {
	const folder = makeFolder();
	fill(folder);
	const { port } = server.address() as AddressInfo;
	const own = Object.fromEntries(Object.entries(shell).map(([name, of]) => [name, of(folder)]));
	const see = () => Promise.all(scripts(port).map((script) => runCommand(commandOf(['bash', '-c', script]), folder, new AbortController().signal, 30)));
	const type = (env: Readonly<Record<string, string>>) => scripts(port).map((script) => spawnShell(script, folder, { ...readerEnvironment(), LC_ALL: 'C.UTF-8', ...env }));

	const plain = await see();
	for (const [name, value] of Object.entries(own)) vi.stubEnv(name, value);
	const changed = await see();
	vi.unstubAllEnvs();

	expect(changed).toEqual(plain);
	expect(plain[0]).toEqual({ kind: 'output', exit: 0, output: 'pong' });
	// Where the shell changed nothing for the reader either, the comparison above would prove nothing.
	expect(await Promise.all(type(own))).not.toEqual(await Promise.all(type({})));
});

function commandOf(argv: readonly string[]) {
	const given = { argv, env: {} };
	return { ...given, masked: given, parts: [], display: '', secrets: [], problems: [] };
}

function spawnShell(script: string, cwd: string, env: Readonly<Record<string, string>>): Promise<string> {
	return new Promise((done) => execFile('bash', ['--norc', '-c', script], { cwd, env }, (error, out, err) => done(`${error?.code ?? 0} ${out}${err}`)));
}
