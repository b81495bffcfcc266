/** The restart policy of a server that ends in the very moment in which it is changed: Docker takes the change back, and is asked again. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readContent } from '../../src/content/read-content.ts';
import { rulesOf } from '../../src/families/families.ts';
import { renderStep } from '../../src/runbook/command/render.ts';
import { resolve } from '../../src/runbook/values/resolve.ts';
import type { Values } from '../../src/runbook/values/value.ts';
import { folderWith } from './stand-ins.ts';

const { families } = readContent(join(import.meta.dirname, '../..'));
const runbooks = families.flatMap((family) => family.runbooks);
const server = 'c0ffee'.repeat(11).slice(0, 64);
const node = { name: 'one', ssh: '', address: '10.0.0.1' };

// Source: moby/moby, daemon/update.go; opencontainers/runc, "container not running".
const ended = `Error response from daemon: Cannot update container ${server}: runc did not terminate successfully: exit status 1: container not running\n: unknown`;
const unreachable = 'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?';

// Fails as many changes as it is told to, with the words that it is told, and writes down every change that it is asked for.
const docker = `#!/bin/bash
case "$*" in
	update*)
		echo "$*" >> updates
		if [ "$(wc -l < updates)" -le "$FAILURES" ]; then echo "$REFUSAL" >&2; exit 1; fi
		echo "\${*: -1}" ;;
	*RestartPolicy*) echo unless-stopped ;;
	*AutoRemove*) echo "false true" ;;
	"ps "*) printf '%s\\n' first second ;;
	*.Id*) echo "$SERVER" ;;
	*) echo ;;
esac
`;

interface Asked {
	readonly runbook: string;
	readonly step: string;
	readonly kind: 'run' | 'undo';
	readonly values?: Values;
}

function execute({ runbook: name, step: id, kind, values }: Asked, failures: number, refusal: string) {
	const runbook = runbooks.find((one) => one.id === `rancher-1.6/${name}`);
	const step = runbook?.steps.find((one) => one.id === id);
	if (!runbook || !step) throw new RangeError(`There is no step "${id}" in ${name}.`);
	const resolved = resolve(runbook, rulesOf(runbook.family), { container: 'rancher', old_tag: 'v1.6.19', new_tag: 'v1.6.30', ...values });
	const rendered = renderStep(step, kind, resolved, { node, made: { kind: 'container', id: server } });
	expect(rendered?.problems).toEqual([]);
	const [program = '', ...args] = rendered?.argv ?? [];
	const folder = folderWith({ docker, sleep: '#!/bin/sh\n' });
	const result = spawnSync(program, args, { cwd: folder, env: { PATH: `${folder}:${process.env['PATH'] ?? ''}`, FAILURES: `${failures}`, REFUSAL: refusal, SERVER: server, ...rendered?.env }, encoding: 'utf8' });
	return { code: result.status, said: result.stdout + result.stderr, updates: readFileSync(join(folder, 'updates'), 'utf8').trim().split('\n') };
}

const ofNodes: Values = { db_host: 'db.example', db_password: 'x', nodes: [node] };
const steps: readonly (readonly [string, Asked, readonly string[]])[] = [
	['the undo of a start that goes round in circles', { runbook: 'single-container', step: 'start', kind: 'undo' }, [`update --restart=no ${server}`]],
	['a stop', { runbook: 'single-container', step: 'stop', kind: 'run' }, ['update --restart=no rancher']],
	['a node', { runbook: 'high-availability', step: 'keep-down', kind: 'run', values: ofNodes }, ['update --restart=no rancher']],
	['a node that goes on', { runbook: 'high-availability', step: 'keep-down', kind: 'undo', values: ofNodes }, ['update --restart=always rancher']],
	['what the old script started', { runbook: 'high-availability', step: 'stop-children', kind: 'run', values: { ...ofNodes, old_tag: 'v1.1.4', db_style: 'env' } }, ['update --restart=no first', 'update --restart=no second']],
];

test.each(steps)('%s asks again when the container ended in that moment', (_, asked, updates) => {
	const { code, said, updates: made } = execute(asked, 2, ended);

	expect({ code, said, made }).toMatchObject({ code: 0, made: [updates[0], updates[0], ...updates] });
	expect(said).not.toContain('Cannot update');
});

test.each(steps)('%s does not go on for ever, and says why', (_, asked) => {
	const { code, said, updates } = execute(asked, 1000, ended);

	expect(code).not.toBe(0);
	expect(said).toContain('container not running');
	expect(new Set(updates).size).toBe(1);
	expect(updates.length).toBeLessThan(20);
});

test.each(steps)('%s fails at once for any other reason, and says it', (_, asked) => {
	const { code, said, updates } = execute(asked, 1000, unreachable);

	expect(code).not.toBe(0);
	expect(said).toContain(unreachable);
	expect(updates).toHaveLength(1);
});

test('no step changes a restart policy in another way', () => {
	const folder = join(import.meta.dirname, '../../src/content/runbooks/rancher-1.6');
	const places = ['family', ...families.flatMap((family) => family.runbooks.map(({ id }) => id.replace('rancher-1.6/', '')))].flatMap((name) => readFileSync(join(folder, `${name}.yaml`), 'utf8').split('\n').filter((line) => line.includes('docker update')));

	expect(places).toHaveLength(1);
});
