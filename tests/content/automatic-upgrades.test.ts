/** Whether Rancher upgrades its own stacks: the check after an upgrade and the form before it judge the same variables alike. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readContent } from '../../src/content/read-content.ts';
import { rulesOf } from '../../src/families/families.ts';
import { resolve } from '../../src/runbook/values/resolve.ts';
import { folderWith } from './stand-ins.ts';

const runbook = readContent(join(import.meta.dirname, '../..')).families.flatMap((family) => family.runbooks).find(({ id }) => id === 'rancher-1.6/single-container');
const check = runbook?.steps.find(({ id }) => id === 'automatic-upgrades')?.doneWhen[0];
if (!runbook || check?.kind !== 'command' || check.command.kind !== 'script') throw new TypeError('There is no check of automatic upgrades.');
const { script } = check.command;
const { matches: wanted } = check.expect;
if (wanted === undefined) throw new TypeError('The check of automatic upgrades expects nothing.');
const expected = new RegExp(wanted, 'mu');

// What Docker says of a new server with these variables, whose database has this setting.
const docker = `#!/bin/bash
case "$*" in
	*.Config.Env*) printf '%s' "$VARIABLES" ;;
	*mysql*) [ -z "$SETTING" ] || echo "$SETTING" ;;
	"ps "*) echo new ;;
	*"{{.Id}} {{.Name}}"*) echo "new /new rancher/server:v1.6.30 :8080." ;;
	*) echo old ;;
esac
`;

function checked(env: readonly string[], setting: string): 'off' | 'on' {
	const given = { container: 'rancher', image: 'rancher/server', new_tag: 'v1.6.30', publish_port: '8080' };
	const variables = { PATH: `${folderWith({ docker })}:${process.env['PATH'] ?? ''}`, VARIABLES: env.map((one) => `${one}\n`).join(''), SETTING: setting };
	const { status, stdout, stderr } = spawnSync('/bin/bash', ['--norc', '-euo', 'pipefail', '-c', script], { env: { ...variables, ...given }, encoding: 'utf8' });
	expect([status, stderr]).toEqual([0, '']);
	return expected.test(stdout) ? 'on' : 'off';
}

function judged(env: readonly string[]): 'off' | 'on' {
	if (!runbook) return 'on';
	const { warnings } = resolve(runbook, rulesOf(runbook.family), { container: 'rancher', env: [...env] });
	return warnings.some(({ name }) => name === 'manager.none') ? 'off' : 'on';
}

const [strong, weak] = ['CATTLE_UPGRADE_MANAGER', 'DEFAULT_CATTLE_UPGRADE_MANAGER'];
test.each<[string[], 'off' | 'on']>([
	[[], 'on'],
	[[`${strong}=none`], 'off'],
	[[`${weak}=none`], 'off'],
	[[`${weak}=NONE`], 'off'],
	[[`${weak}=mandatory`], 'on'],
	[[`${strong}=all`, `${weak}=none`], 'on'],
	[[`${strong}=none`, `${weak}=all`], 'off'],
	[[`${strong}=`, `${weak}=none`], 'off'],
	[[`${weak}=none`, `${weak}=all`], 'on'],
	[[`MY_${strong}=none`], 'on'],
])('with %j automatic upgrades are %s', (env, state) => {
	expect([checked(env, ''), judged(env)]).toEqual([state, state]);
});

test('what was set in Rancher counts between the two variables', () => {
	expect(checked([`${weak}=none`], 'all')).toBe('on');
	expect(checked([`${weak}=all`], 'none')).toBe('off');
	expect(checked([`${strong}=all`], 'none')).toBe('on');
});
