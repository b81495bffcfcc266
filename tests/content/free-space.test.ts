/** How much free space is asked for, on a machine whose programs say how large the database is and which places are one file system. */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { rulesOf } from '../../src/families/families.ts';
import { prepareCheck } from '../../src/runbook/check/check.ts';
import { resolve } from '../../src/runbook/values/resolve.ts';
import type { Values } from '../../src/runbook/values/value.ts';
import { runbookNamed } from '../rig/runbooks/walk.ts';

const databaseKib = 1_000_000;
const imageKib = 2 * 1024 * 1024;

const folders: string[] = [];
afterEach(() => {
	for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

interface Disk {
	/** The device of a path in the container or on the machine. */
	readonly device?: (path: string) => number;
	readonly kind?: 'volume' | 'external';
}

/** KiB that are needed, by the first place of each file system, as the check prints them. */
function needed(name: string, values: Values, { device = () => 7, kind = 'volume' }: Disk = {}): Record<string, number> {
	const folder = mkdtempSync(join(tmpdir(), 'drover-space-'));
	folders.push(folder);
	const paths = ['.', folder, '/var/lib/mysql', '/etc/hostname'];
	const devices = paths.map((path) => `${path}) echo ${device(path)} ;;`).join(' ');
	const program = (file: string, text: string) => {
		writeFileSync(join(folder, file), `#!/bin/bash\n${text}\n`);
		chmodSync(join(folder, file), 0o755);
	};
	program('stat', `case "\${*: -1}" in ${devices} *) echo ${device('.')} ;; esac`);
	program('df', 'echo head; echo "disk 9 9 9000000 1% /"');
	program('docker', `case "$*" in
		*"du -sk"*) printf '${databaseKib}\\t/var/lib/mysql\\n' ;;
		*mysql*--execute*) echo ${databaseKib} ;;
		exec*) shift 2; exec "$@" ;;
		*Mounts*) echo ${kind === 'volume' ? 'volume' : ''} ;;
		*) echo ;;
	esac`);
	const runbook = runbookNamed(name);
	const resolved = resolve(runbook, rulesOf(runbook.family), { container: 'rancher', ...values });
	const [check] = runbook.steps.find(({ id }) => id === 'free-space')?.doneWhen ?? [];
	const look = check && prepareCheck(check, resolved, { step: 'free-space' })?.probe;
	if (look?.kind !== 'command') throw new TypeError('The check of free space is no command.');
	const [command = '', ...args] = look.command.argv;
	const { stdout, stderr } = spawnSync(command, args, { cwd: folder, env: { PATH: `${folder}:${process.env['PATH'] ?? ''}`, ...look.command.env }, encoding: 'utf8' });
	const { measures = '' } = runbook.steps.find(({ id }) => id === 'free-space') ?? {};
	expect(new RegExp(measures, 'mu').exec(stdout)?.[1], 'the size that the downtime is counted with').toBe(String(databaseKib));
	const lines = [...stdout.matchAll(/^(.*): (\d+) KiB needed/gm)].map(([, place = '', kib]) => [place, Number(kib)] as const);
	if (lines.length === 0) throw new Error(`The check says nothing of space: ${stdout}${stderr}`);
	return Object.fromEntries(lines.map(([place, kib]) => [place.startsWith('/') ? place : 'backup', kib]));
}

const moved = { old_tag: 'v1.6.14', new_tag: 'v1.6.30' };
const same = { old_tag: 'v1.6.19', new_tag: 'v1.6.30' };
const total = (name: string, values: Values, disk?: Disk) => Object.values(needed(name, values, disk)).reduce((sum, kib) => sum + kib, 0);
const outside = { db_host: 'db.example', db_password: 'x' };
const folder = { data_dir: '/srv/rancher/mysql' };
const nodes = [{ name: 'one', ssh: '', address: '10.0.0.1' }];

describe('on one disk for everything', () => {
	test.each<[string, Values, number, number, 'volume' | 'external']>([
		['single-container', {}, 3, 1, 'volume'],
		['bind-mount', folder, 4, 2, 'volume'],
		['external-database', outside, 2, 1, 'external'],
		['high-availability', { ...outside, nodes }, 2, 1, 'external'],
	])('%s asks for what it writes, and for one dump alone between equal schemas', (name, values, copies, alone, kind) => {
		expect(total(name, { ...values, ...moved }, { kind })).toBe(copies * databaseKib + imageKib);
		expect(total(name, { ...values, ...same }, { kind })).toBe(alone * databaseKib + imageKib);
	});
});

test('on disks of their own each place has its own need', () => {
	const device = (path: string) => ['/var/lib/mysql', '/etc/hostname'].indexOf(path) + 7;

	expect(Object.values(needed('single-container', moved, { device })).sort((a, b) => a - b)).toEqual([databaseKib, 2 * databaseKib, imageKib]);
	expect(Object.values(needed('single-container', same, { device })).sort((a, b) => a - b)).toEqual([0, databaseKib, imageKib]);
});

test('a backup alone is a dump and a copy of the files', () => {
	expect(total('back-up', { old_tag: 'v1.6.19' })).toBe(2 * databaseKib);
});
