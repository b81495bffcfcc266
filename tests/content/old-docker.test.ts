/**
 * Docker 1.12 has no `docker container inspect`: every runbook that asks Docker, and detection, say first which part is too old and what to do, by one rule. The programs are stand-ins that
 * answer as 1.12 does; with the real client and engine the same step and the same detection are walked in the rig.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { runChecks } from '../../server/checks/run-checks.ts';
import { createDocker } from '../../server/docker/docker.ts';
import { readContent } from '../../src/content/read-content.ts';
import { rulesOf } from '../../src/families/families.ts';
import type { Check } from '../../src/runbook/definition/definition.ts';
import { dockerVersionsFormat, findTooOldDocker } from '../../src/runbook/command/oldest-docker.ts';
import { resolve } from '../../src/runbook/values/resolve.ts';
import { runDrover } from '../cli/run-drover.ts';
import { folderWith } from './stand-ins.ts';

const root = join(import.meta.dirname, '../..');
const runbooks = readContent(root).families.flatMap((family) => family.runbooks);
const ofDocker = runbooks.filter((runbook) => JSON.stringify(runbook.steps).includes('docker container inspect') || runbook.id.endsWith('air-gap'));
const words = (locale: 'en' | 'zh') => JSON.parse(readFileSync(join(root, locale, 'problems.json'), 'utf8')) as Record<string, string>;

interface Versions {
	readonly client: string;
	readonly engine: string;
	/** What the engine says instead of its version. */
	readonly refusal?: string;
}

/** The usual programs, and a `docker` that answers as these versions do. Source of its words: docker/docker v1.12.6, cli/command and cli/cobra.go. */
function pathWith({ client, engine, refusal }: Versions): string {
	const docker = `#!/bin/sh
case "$1 $2" in
"version --format")
	case "$3" in *Client*) echo "client ${client}" ;; esac
	${refusal ? `echo "Error response from daemon: ${refusal}" >&2; exit 1` : `case "$3" in *println*) echo "engine ${engine}" ;; *Server*) echo "${engine}" ;; esac`} ;;
"container "* | "image inspect") echo "docker: '$1' is not a docker command." >&2; exit 1 ;;
*) echo "not for this test: $*" >&2; exit 1 ;;
esac
`;
	return `${folderWith({ docker })}:/usr/bin:/bin`;
}

afterEach(() => {
	vi.unstubAllEnvs();
});

const tooOld: readonly (readonly [string, Versions, 'client' | 'engine', string])[] = [
	['an engine 1.12', { client: '1.13.1', engine: '1.12.6' }, 'engine', '1.12.6'],
	['a client 1.12', { client: '1.12.6', engine: '17.03.2-ce' }, 'client', '1.12.6'],
	['both', { client: '1.12.6', engine: '1.12.6' }, 'client', '1.12.6'],
	['an engine 1.9 that a client refuses', { client: '17.03.2-ce', engine: '', refusal: 'client is newer than server (client API version: 1.26, server API version: 1.21)' }, 'engine', 'API 1.21'],
	['an engine 1.12 that refuses a new client', { client: '29.1.2', engine: '', refusal: 'client version 1.44 is too new. Maximum supported API version is 1.24' }, 'engine', 'API 1.24'],
	['a client 1.12 that a new engine refuses', { client: '1.12.6', engine: '', refusal: 'client version 1.24 is too old. Minimum supported API version is 1.44, please upgrade your client to a newer version' }, 'client', '1.12.6'],
];

test('each runbook that asks Docker begins with it', () => {
	expect(ofDocker.map(({ id }) => id.replace('rancher-1.6/', ''))).toEqual(['single-container', 'external-database', 'bind-mount', 'high-availability', 'air-gap', 'back-up', 'roll-back', 'log-lock']);
	for (const { id, steps } of ofDocker) {
		expect([steps[0]?.id, steps[0]?.required], id).toEqual(['engine', true]);
		expect([steps[0]?.doneWhen, steps[0]?.hints], id).toEqual([ofDocker[0]?.steps[0]?.doneWhen, ofDocker[0]?.steps[0]?.hints]);
	}
});

test('the first step asks for the versions in the words of detection', () => {
	const [check] = ofDocker[0]?.steps[0]?.doneWhen ?? [];

	expect(check?.kind === 'command' && check.command.kind === 'script' && check.command.script).toContain(`docker version --format "${dockerVersionsFormat.replaceAll('"', '\\"')}"`);
});

describe.each(tooOld)('%s', (_, versions, part, version) => {
	test('the first step says so, and what to do', async () => {
		vi.stubEnv('PATH', pathWith(versions));
		const runbook = ofDocker.find(({ id }) => id.endsWith('single-container'));
		if (!runbook) throw new Error('There is no runbook of a single container.');
		const [step] = runbook.steps;
		const resolved = resolve(runbook, rulesOf(runbook.family), { container: 'rancher', old_tag: 'v1.6.14' });
		const result = async (checks: readonly Check[]) => (await runChecks(checks, resolved, { step: 'engine' }, { folder: '/', signal: new AbortController().signal, wait: false })).result;

		expect(await result(step?.doneWhen ?? [])).toBe('failed');
		const hints = await Promise.all(Object.entries(step?.hints ?? {}).map(async ([name, hint]) => (hint.kind !== 'printed' && (await result([hint])) === 'passed' ? [name] : [])));
		expect(hints.flat()).toEqual([...(part === 'client' ? ['old-client'] : []), ...(part === 'engine' || versions.engine.startsWith('1.12.') ? ['too-old'] : [])]);
	});

	test('detection says it before it asks for anything else', async () => {
		const docker = createDocker(() => ({ PATH: pathWith(versions), DOCKER_HOST: 'unix:///run/docker.sock' }));
		const slots = { version, oldest: '1.13' };
		const expected = part === 'client' ? { name: 'docker.old-client', slots } : { name: 'docker.old-engine', slots: { host: 'unix:///run/docker.sock', ...slots } };

		expect(await docker.state()).toEqual({ ready: false, problem: expected });
		await expect(docker.inspect()).rejects.toMatchObject({ problems: [expected] });
	});
});

test.each(['en', 'zh'] as const)('the command line says it in a sentence (%s)', async (locale) => {
	const { code, err, out } = await runDrover(['detect'], { locale, env: { PATH: pathWith({ client: '1.13.1', engine: '1.12.6' }), DOCKER_HOST: 'unix:///run/docker.sock' } });

	expect([code, out]).toEqual([1, '']);
	expect(err.trim()).toBe(words(locale)['problem.docker.old-engine']?.replace('{host}', 'unix:///run/docker.sock').replace('{version}', '1.12.6').replace('{oldest}', '1.13'));
});

test.each(['client 1.13.0\nengine 1.13.0', 'client 17.03.2-ce\nengine 17.03.2-ce', 'client 28.2.2\nengine 29.1.0', 'client 28.2.2\n', 'client 10.0.1\nengine 1.13.1-rc2', ''])('%j is not too old', (said) => {
	expect(findTooOldDocker(said)).toBeUndefined();
});
