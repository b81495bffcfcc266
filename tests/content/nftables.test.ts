/** Which systems of hosts use nftables by default, by what Docker calls them in the host's own words: moby/moby, `pkg/parsers/operatingsystem` (PRETTY_NAME of os-release). */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readContent } from '../../src/content/read-content.ts';
import { folderWith } from './stand-ins.ts';

const runbook = readContent(join(import.meta.dirname, '../..')).families.flatMap((family) => family.runbooks).find((one) => one.id === 'rancher-1.6/single-container');
const check = runbook?.steps.find((step) => step.id === 'host-engines')?.doneWhen[1];
const script = check?.kind === 'command' && check.command.kind === 'script' ? check.command.script : '';

function listed(system: string): string {
	const docker = '#!/bin/bash\ncase "$*" in *operatingSystem*) printf "meadow\\t%s\\n" "$SYSTEM" ;; *mysql*) echo "unexpected: $*" >&2; exit 9 ;; *) echo ;; esac\n';
	const { stdout, stderr } = spawnSync('/bin/bash', ['-euo', 'pipefail', '-c', script], { env: { PATH: `${folderWith({ docker })}:${process.env['PATH'] ?? ''}`, SYSTEM: system, container: 'rancher' }, stdio: ['ignore', 'pipe', 'pipe'], encoding: 'utf8' });
	return (stdout + stderr).trim();
}

test.each([
	'Debian GNU/Linux 10 (buster)', 'Debian GNU/Linux 12 (bookworm)', 'CentOS Linux 8 (Core)', 'CentOS Stream 9', 'Red Hat Enterprise Linux 8.6 (Ootpa)', 'Rocky Linux 9.3 (Blue Onyx)', 'AlmaLinux 8.10 (Cerulean Leopard)',
	'Oracle Linux Server 8.9', 'Ubuntu 20.10', 'Ubuntu 22.04.3 LTS', 'Fedora Linux 38 (Server Edition)', 'Fedora 32 (Cloud Edition)',
])('%s is listed', (system) => {
	expect(listed(system)).toBe(`meadow\t${system}`);
});

test.each([
	'Debian GNU/Linux 9 (stretch)', 'CentOS Linux 7 (Core)', 'Red Hat Enterprise Linux Server 7.9 (Maipo)', 'Oracle Linux Server 7.9', 'Ubuntu 16.04.7 LTS', 'Ubuntu 20.04.6 LTS', 'Fedora 31 (Cloud Edition)', 'RancherOS v1.5.8', 'Container Linux by CoreOS 1745.7.0',
])('%s is not', (system) => {
	expect(listed(system)).toBe('');
});
