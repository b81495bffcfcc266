/** The check of the clock, run with the programs of a machine of that time in place of this one's. */
import { spawnSync } from 'node:child_process';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readContent } from '../../src/content/read-content.ts';
import { folderWith } from './stand-ins.ts';

const runbook = readContent(join(import.meta.dirname, '../..')).families.flatMap((family) => family.runbooks).find((one) => one.id === 'rancher-1.6/single-container');
const check = runbook?.steps.find((step) => step.id === 'clock')?.doneWhen[0];
const script = check?.kind === 'command' && check.command.kind === 'script' ? check.command.script : '';

/** What the check prints where these programs are, and `grep`, and nothing else. */
function clockSays(programs: Readonly<Record<string, string>>): string {
	const folder = folderWith(Object.fromEntries(Object.entries(programs).map(([name, text]) => [name, `#!/bin/sh\n${text}\n`])));
	symlinkSync('/bin/grep', join(folder, 'grep'));
	return spawnSync('/bin/bash', ['-euo', 'pipefail', '-c', script], { env: { PATH: folder }, encoding: 'utf8' }).stdout.trim();
}

// systemd 219 (CentOS 7), 229 and 237 (Ubuntu 16.04, 18.04): `show` is an unknown operation.
const status = (words: string) => ({ timedatectl: `[ "$1" = status ] || { echo "Unknown operation $1" >&2; exit 1; }\necho "${words}"` });

test.each<[string, Record<string, string>, string]>([
	['systemd 252', status('System clock synchronized: yes\n              NTP service: active'), 'yes'],
	['systemd 252, not synchronized', status('System clock synchronized: no\n              NTP service: inactive'), 'System clock synchronized: no'],
	['systemd 219', status('NTP synchronized: yes'), 'yes'],
	['systemd 219, not synchronized', status('NTP synchronized: no'), 'NTP synchronized: no'],
	['systemd 237', status('System clock synchronized: yes'), 'yes'],
	['no systemd, but chrony', { chronyc: 'echo "Leap status     : Normal"' }, 'yes'],
	['chrony that has lost its server', { chronyc: 'echo "Leap status     : Not synchronised"' }, 'Leap status     : Not synchronised'],
	['no systemd, but ntpd', { ntpq: 'echo "associd=0 status=0615 leap_none, sync_ntp, 1 event, clock_sync,"' }, 'yes'],
	['ntpd without a server', { ntpq: 'echo "associd=0 status=c011 leap_alarm, sync_unspec, 1 event,"' }, 'leap_alarm, sync_unspec'],
	['none of them', {}, 'Neither timedatectl nor chronyc nor ntpq answers.'],
])('with %s', (_, programs, said) => {
	expect(clockSays(programs)).toBe(said);
});
