/** An address of the database that breaks off what takes long: the check before an upgrade and the form judge it alike. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readContent } from '../../src/content/read-content.ts';
import { rulesOf } from '../../src/families/families.ts';
import { prepareCheck } from '../../src/runbook/check/check.ts';
import { resolve } from '../../src/runbook/values/resolve.ts';
import type { Values } from '../../src/runbook/values/value.ts';
import { folderWith } from './stand-ins.ts';

const runbooks = readContent(join(import.meta.dirname, '../..')).families.flatMap((family) => family.runbooks);
const docker = '#!/bin/bash\ncase "$*" in *.Config.Env*) printf "%s\\n" A=b "$ADDRESS" ;; *) echo ;; esac\n';
const variable = 'CATTLE_DB_LIQUIBASE_MYSQL_URL';
const moved: Values = { container: 'rancher', old_tag: 'v1.6.14', new_tag: 'v1.6.30' };

/** What the check says of a server that was started with this address, by the values of the form; undefined where it does not apply. */
function checked(name: string, address: string, values: Values = {}): 'fine' | 'interrupted' | undefined {
	const runbook = runbooks.find(({ id }) => id === `rancher-1.6/${name}`);
	const check = runbook?.steps.find(({ id }) => id === 'database-health')?.doneWhen.at(-1);
	if (!runbook || !check) throw new RangeError(`${name} does not look at its database.`);
	expect(check.severity).toBe('warn');
	const look = prepareCheck(check, resolve(runbook, rulesOf(runbook.family), { ...moved, ...values }), { step: 'database-health' })?.probe;
	if (!look) return undefined;
	if (look.kind !== 'command') throw new TypeError('The check is no command.');
	const [program = '', ...args] = look.command.argv;
	const { status, stdout, stderr } = spawnSync(program, args, { env: { ...look.command.env, PATH: `${folderWith({ docker })}:${process.env['PATH'] ?? ''}`, ADDRESS: `${variable}=${address}` }, stdio: ['ignore', 'pipe', 'pipe'], encoding: 'utf8' });
	expect([status, stderr]).toEqual([0, '']);
	expect(stdout === '' || stdout === `${address}\n`).toBe(true);
	return stdout === '' ? 'fine' : 'interrupted';
}

function judged(address: string): 'fine' | 'interrupted' {
	const runbook = runbooks.find(({ id }) => id === 'rancher-1.6/single-container');
	if (!runbook) return 'fine';
	return resolve(runbook, rulesOf(runbook.family), { ...moved, env: [`${variable}=${address}`] }).warnings.some(({ name }) => name === 'server.env-socket-timeout') ? 'interrupted' : 'fine';
}

const base = 'jdbc:mysql://db/cattle';
test.each([
	[base, 'fine'],
	[`${base}?socketTimeout=60000`, 'interrupted'],
	[`${base}?useSSL=true&SocketTimeout=060&connectTimeout=1`, 'interrupted'],
	[`${base}?socketTimeout=0`, 'fine'],
	[`${base}?socketTimeout=00&connectTimeout=60000`, 'fine'],
	[`${base}?socketTimeout=`, 'fine'],
	[`${base}?mysocketTimeout=60`, 'fine'],
] as const)('%s is %s to both', (address, expected) => {
	for (const runbook of ['single-container', 'external-database', 'bind-mount', 'high-availability']) expect([checked(runbook, address), judged(address)], runbook).toEqual([expected, expected]);
});

test('nothing is said where no change set is run, or where the form has a better address', () => {
	const bad = `${base}?socketTimeout=60000`;

	expect(checked('external-database', bad, { old_tag: 'v1.6.19' })).toBeUndefined();
	expect(checked('external-database', bad, { env: [`${variable}=${base}`] })).toBeUndefined();
	expect(checked('external-database', bad, { env: [`${variable}=${bad}`] })).toBe('interrupted');
});
