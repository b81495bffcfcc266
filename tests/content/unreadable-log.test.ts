/** A log that Docker cannot read says nothing of the server: no check and no hint takes that for an answer. */
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { runChecks } from '../../server/checks/run-checks.ts';
import { readContent } from '../../src/content/read-content.ts';
import { rulesOf } from '../../src/families/families.ts';
import { prepareCheck } from '../../src/runbook/check/check.ts';
import type { Check } from '../../src/runbook/definition/definition.ts';
import { resolve } from '../../src/runbook/values/resolve.ts';
import { makeFolder } from '../server/make-folder.ts';
import { folderWith } from './stand-ins.ts';

const runbooks = readContent(join(import.meta.dirname, '../..')).families.flatMap((family) => family.runbooks);
const node = { name: 'one', ssh: '', address: '10.0.0.1' };
const values = { container: 'rancher', old_tag: 'v1.6.14', new_tag: 'v1.6.30', publish: '8080', db_host: 'db.example', db_password: 'x', nodes: [node], data_dir: '/srv/rancher', backup_file: 'backup.sql' };

// Sources of the words: moby/moby, daemon/logger/logger.go (ErrReadLogsNotSupported), and the same of v1.13.
const refusals = ['Error response from daemon: configured logging driver does not support reading', 'Error response from daemon: configured logging reader does not support reading'];
const docker = (log: string) => `#!/bin/bash
case "$*" in
	logs*) ${log} ;;
	"ps "*) echo new ;;
	*"{{.Id}} {{.Name}}"*) echo "new /new $IMAGE :8080." ;;
	*) echo old ;;
esac
`;

afterEach(() => {
	vi.unstubAllEnvs();
});

function startOf(name: string) {
	const runbook = runbooks.find(({ id }) => id === `rancher-1.6/${name}`);
	const step = runbook?.steps.find(({ id }) => id === 'start');
	if (!runbook || !step) throw new RangeError(`${name} starts no server.`);
	const asked = Object.fromEntries(Object.entries(values).filter(([parameter]) => parameter in runbook.parameters));
	const resolved = resolve(runbook, rulesOf(runbook.family), asked);
	const result = async (checks: readonly Check[]) => (await runChecks(checks, resolved, { step: 'start', node }, { folder: makeFolder(), signal: new AbortController().signal, wait: false })).result;
	const ofLog = step.doneWhen.filter((check) => {
		const look = prepareCheck(check, resolved, { step: 'start', node })?.probe;
		return look?.kind === 'command' && look.expect.lacks === 'Importing schema';
	});
	return { step, result, ofLog };
}

const starting = ['single-container', 'external-database', 'bind-mount', 'high-availability', 'roll-back'];

test.each(starting.flatMap((name) => refusals.map((refusal) => [name, refusal] as const)))('%s: "%s" proves nothing, and a hint says so', async (name, refusal) => {
	vi.stubEnv('PATH', `${folderWith({ docker: docker(`echo "${refusal}" >&2; exit 1`) })}:${process.env['PATH'] ?? ''}`);
	vi.stubEnv('IMAGE', name === 'roll-back' ? 'rancher/server:v1.6.14' : 'rancher/server:v1.6.30');
	const { step, result, ofLog } = startOf(name);

	expect([ofLog.length, await result(ofLog)]).toEqual([1, 'could-not-check']);
	const hints = await Promise.all(['empty-database', 'locked', 'log-unreadable'].map(async (hint) => [hint, await result([step.hints[hint] ?? []].flat() as Check[])]));
	expect(hints).toEqual([['empty-database', 'could-not-check'], ['locked', 'could-not-check'], ['log-unreadable', 'passed']]);
});

test.each(starting)('%s: a log that can be read passes or fails', async (name) => {
	vi.stubEnv('IMAGE', name === 'roll-back' ? 'rancher/server:v1.6.14' : 'rancher/server:v1.6.30');
	const { result, ofLog, step } = startOf(name);
	for (const [line, expected] of [['Startup Succeeded', 'passed'], ['Importing schema', 'failed']] as const) {
		vi.stubEnv('PATH', `${folderWith({ docker: docker(`echo "${line}"`) })}:/usr/bin:/bin`);

		expect(await result(ofLog)).toBe(expected);
		expect(await result([step.hints['log-unreadable'] as Check])).toBe('failed');
	}
});

test('the log lock: a log that cannot be read says neither that the server waits nor that it does not', async () => {
	const runbook = runbooks.find(({ id }) => id === 'rancher-1.6/log-lock');
	const step = runbook?.steps.find(({ id }) => id === 'waiting');
	if (!runbook || !step) throw new RangeError('Nothing waits for the lock.');
	vi.stubEnv('PATH', `${folderWith({ docker: docker(`echo "${refusals[0] ?? ''}" >&2; exit 1`) })}:${process.env['PATH'] ?? ''}`);
	const resolved = resolve(runbook, rulesOf(runbook.family), { container: 'rancher' });
	const result = async (checks: readonly Check[]) => (await runChecks(checks, resolved, { step: 'waiting' }, { folder: makeFolder(), signal: new AbortController().signal, wait: false })).result;

	expect(await result(step.doneWhen)).toBe('could-not-check');
	expect(await Promise.all(Object.entries(step.hints).map(async ([hint, check]) => [hint, await result([check as Check])]))).toEqual([['log-unreadable', 'passed'], ['migration-failed', 'could-not-check'], ['over', 'could-not-check']]);
});
