/** How the programs of MySQL that a runbook starts speak TLS: as the server does, by its own address of the database. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readContent } from '../../src/content/read-content.ts';
import { folderWith } from './stand-ins.ts';

const runbooks = readContent(join(import.meta.dirname, '../..')).families.flatMap((family) => family.runbooks);

// Prints what it is started with but for what it is asked of a container, and reads what it is given.
const docker = `#!/bin/bash
case "$*" in
	*.Config.Env*) printf '%s\\n' A=b "$ADDRESS" ;;
	*.Destination*) printf '%s\\n' /var/lib/mysql "$MOUNT" ;;
	*NetworkMode*) echo --network=bridge ;;
	"container inspect"*) echo image ;;
	*) printf '%s\\n' "$@" ;;
esac
`;

/** What the program for a step's script is told of TLS and of the server's mounts. */
function told(runbook: string, script: string, address: string, mount = '') {
	const step = runbooks.find(({ id }) => id === `rancher-1.6/${runbook}`)?.steps.flatMap(({ doneWhen, run }) => [...doneWhen.flatMap((check) => (check.kind === 'command' ? [check.command] : [])), ...run]).find((command) => command.kind === 'script' && command.script.trimEnd().endsWith(script));
	if (step?.kind !== 'script') throw new RangeError(`There is no script "${script}" in ${runbook}.`);
	const folder = folderWith({ docker });
	const given = { container: 'rancher', db_host: 'db', db_port: '3306', db_user: 'cattle', db_password: 'secret', db_name: 'cattle', backup_file: join(folder, 'none') };
	const { stdout } = spawnSync('/bin/bash', ['--norc', '-euo', 'pipefail', '-c', step.script], { cwd: folder, env: { ...given, PATH: `${folder}:${process.env['PATH'] ?? ''}`, ADDRESS: `CATTLE_DB_CATTLE_MYSQL_URL=${address}`, MOUNT: mount }, encoding: 'utf8' });
	return stdout.split('\n').filter((word) => word.startsWith('--ssl') || word.startsWith('--volumes-from'));
}

const page = 'jdbc:mysql://db:3306/cattle?useUnicode=true&characterEncoding=UTF-8&socketTimeout=60000';
const authority = '/var/lib/rancher/etc/ssl/ca.crt';
const version = 'SELECT VERSION()"';

test.each([
	['no TLS', page, '', []],
	['no TLS either', `${page}&useSSL=false`, authority, []],
	['the file that the address names, as in the page of Rancher', `${page}&sslServerCert=${authority}&useSSL=true`, authority, [`--ssl-ca=${authority}`]],
	['another file that it names', `${page}&useSSL=true&serverSslCert=/certs/db.pem&connectTimeout=1`, '/certs', ['--ssl-ca=/certs/db.pem']],
	['the mounted authority', `${page}&useSSL=true`, authority, [`--ssl-ca=${authority}`]],
	['its folder', `${page}&useSSL=true`, '/var/lib/rancher/etc/ssl', [`--ssl-ca=${authority}`]],
	['the authorities of the image', `${page}&useSSL=true`, '', ['--ssl-ca=/etc/ssl/certs/ca-certificates.crt']],
	['everybody', `${page}&useSSL=true&trustServerCertificate=true`, authority, ['--ssl-cipher=DHE-RSA-AES256-SHA:AES256-SHA:AES128-SHA']],
])('trusts %s', (_, address, mount, options) => {
	expect(told('external-database', version, address, mount)).toEqual(options);
	expect(told('high-availability', version, address, mount)).toEqual(options);
	// Beside the server, with its mounts.
	expect(told('high-availability', 'outer_connections', address, mount)).toEqual([...(options.length > 0 ? ['--volumes-from=rancher:ro'] : []), ...options]);
});
