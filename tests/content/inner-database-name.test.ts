/** A server with its own database may have given it another name than "cattle": every question, dump and copy is of that one. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readContent } from '../../src/content/read-content.ts';
import { rulesOf } from '../../src/families/families.ts';
import { prepareCheck } from '../../src/runbook/check/check.ts';
import { resolve } from '../../src/runbook/values/resolve.ts';
import { folderWith } from './stand-ins.ts';

const runbooks = readContent(join(import.meta.dirname, '../..')).families.flatMap((family) => family.runbooks);

// A server that was started with the words and variables of the test; prints what is executed in it, and the names of a directory where one is listed.
const docker = `#!/bin/bash
case "$*" in
	*.Path*) printf '%s\\n' /usr/bin/entry $WORDS ;;
	*.Config.Env*) printf '%s\\n' A=b $VARIABLES ;;
	*.Mounts*) echo volume ;;
	*"ls -A"* | *"entrypoint ls"*) printf '%s\\n' $NAMES ;;
	exec*) printf '<%s>' "$@"; echo ;;
	*) echo ;;
esac
`;

interface Server {
	readonly words?: string;
	readonly variables?: string;
	/** What stands in the directory of its databases. */
	readonly names?: string;
}

/** Looks at the first check of a step as the server does. */
function look(name: string, id: string, { words = '', variables = '', names = '' }: Server) {
	const runbook = runbooks.find((one) => one.id === `rancher-1.6/${name}`);
	const check = runbook?.steps.find((one) => one.id === id)?.doneWhen[0];
	if (!runbook || !check) throw new RangeError(`There is no check of "${id}" in ${name}.`);
	const folder = folderWith({ docker });
	const data = join(folder, 'data');
	mkdirSync(data);
	for (const one of names.split(' ')) if (one !== '') writeFileSync(join(data, one), '');
	// As `pack_files` makes it: folders end with a slash.
	const packed = join(folder, 'packed');
	for (const one of names.split(' ')) if (one !== '') mkdirSync(join(packed, one), { recursive: true });
	if (names !== '') spawnSync('tar', ['--create', '--file', join(folder, 'backup.sql.files.tar'), '--directory', packed, '.']);
	const resolved = resolve(runbook, rulesOf(runbook.family), { container: 'rancher', old_tag: 'v1.6.14', new_tag: 'v1.6.30', ...('data_dir' in runbook.parameters && { data_dir: data }) });
	const prepared = prepareCheck(check, resolved, { step: id })?.probe;
	if (prepared?.kind !== 'command') throw new TypeError('The check is no command.');
	const [program = '', ...args] = prepared.command.argv;
	const env = { ...prepared.command.env, backup_file: 'backup.sql', PATH: `${folder}:${process.env['PATH'] ?? ''}`, WORDS: words, VARIABLES: variables, NAMES: names };
	const { status, stdout } = spawnSync(program, args, { cwd: folder, env, encoding: 'utf8' });
	return { isThere: status === 0, said: stdout };
}

const variable = 'CATTLE_DB_CATTLE_MYSQL_NAME';
test.each<[Server, string]>([
	[{}, 'cattle'],
	[{ variables: `${variable}=herd` }, 'herd'],
	[{ words: '--db-name herd' }, 'herd'],
	[{ words: '--db-name herd', variables: `${variable}=other` }, 'herd'],
	[{ words: '--db-name $HERD', variables: 'HERD=meadow' }, 'meadow'],
	[{ variables: `${variable}=` }, 'cattle'],
])('%j: the database that is asked is %s', (server, name) => {
	for (const runbook of ['single-container', 'bind-mount']) expect(look(runbook, 'database-health', server).said).toContain(`<${name}>\n`);
});

test.each<[Server, boolean]>([
	[{ names: 'ibdata1 mysql cattle' }, true],
	[{ names: 'ibdata1 mysql herd' }, false],
	[{ names: 'ibdata1 mysql herd', variables: `${variable}=herd` }, true],
	[{ names: 'ibdata1 mysql cattle', variables: `${variable}=herd` }, false],
	// Source: MySQL 5.5 Reference Manual, "Mapping of Identifiers to File Names".
	[{ names: 'ibdata1 mysql my@002dherd', variables: `${variable}=my-herd` }, true],
	[{ names: 'ibdata1 cattle' }, false],
])('%j: its files are there: %s', (server, isThere) => {
	expect([look('bind-mount', 'content', server).isThere, look('single-container', 'cold-copy', server).isThere]).toEqual([isThere, isThere]);
});
