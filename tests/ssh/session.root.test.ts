/** A session on another machine, through the real server and a real sshd: chosen, checked, run, undone, locked, left. */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Machines } from '../../src/runbook/values/machine.ts';
import { openPass, startDrover, type Drover, type Pass } from '../server/drover.ts';
import { previewOf } from '../server/preview-of.ts';
import { until } from '../server/until.ts';
import { readersPath, writeProgram } from './rooms.ts';
import { startSshd, type Sshd, type SshdOptions } from './sshd.ts';

const machines: Machines = { session: 'far', nodes: false, sudo: [] };
const lock = '/tmp/drover-session.lock';
const path = process.env['PATH'];

let sshd: Sshd;
let drover: Drover;
let pass: Pass;
let values: Record<string, string>;

async function begin(options: SshdOptions, docker = 'echo 20.10.24', shown = machines): Promise<void> {
	sshd = await startSshd(options);
	writeProgram(join(sshd.bin, 'docker'), `#!/bin/bash\n${docker}\n`);
	process.env['PATH'] = readersPath(sshd.clientConfig);
	drover = await startDrover();
	values = { folder: sshd.home(options.users?.[0]?.name ?? 'far'), name: 'bella', password: 'opensesame' };
	pass = await openPass(drover, 'demo/files', values, previewOf('demo/files', shown));
}

beforeEach(() => rmSync(lock, { force: true }));
afterEach(async () => {
	pass.close();
	await drover.close();
	await sshd.close();
	process.env['PATH'] = path;
	rmSync(lock, { force: true });
});

const choose = (ssh: string) => drover.call('PUT', `/api/sessions/${pass.id}/machine`, { ssh, nodes: false });
const kind = (session: Awaited<ReturnType<Pass['session']>>, step: string) => session.steps.get(step)?.kind ?? 'todo';

async function prepare(): Promise<void> {
	await pass.look({ step: 'folder-there', for: 'done', values });
	await pass.look({ step: 'tools', for: 'done', values });
	await pass.run('print');
	await pass.until((session) => [...session.runs.values()].some(({ state }) => state.kind === 'ended' && state.terminal === 'closed'));
	await pass.mark('ask', 'skipped', 'not today');
}

test('runs and is checked there, holds the machine from its first change on, and leaves nothing when it is closed', async () => {
	await begin({});
	expect(await choose('far')).toMatchObject({ status: 200 });
	await prepare();
	expect(existsSync(lock)).toBe(false);

	expect(await pass.run('make')).toMatchObject({ status: 201 });
	const session = await pass.until((one) => kind(one, 'make') === 'verified');

	expect(session.machines).toEqual(machines);
	expect(session.steps.get('make')).toMatchObject({ kind: 'verified', saw: [{ name: 'file-there', slots: { path: `far: ${values['folder']}/bella` } }] });
	expect([...session.runs.values()].at(-1)).toMatchObject({ display: `ssh far 'mkdir ${values['folder']}/bella'` });
	expect(readFileSync(lock, 'utf8')).toContain(pass.id);
	expect(existsSync(join(sshd.home('far'), '.local/state/drover/far'))).toBe(true);

	await drover.call('PATCH', `/api/sessions/${pass.id}`, { closed: true });
	await until(() => !existsSync(lock) && !existsSync(join(sshd.home('far'), '.local/state/drover')), 'nothing of ours over there');
});

test('the machine of a session stays when something ran, and no destination is an option of ssh', async () => {
	await begin({});
	expect(await choose('-oProxyCommand=touch /tmp/attacked')).toMatchObject({ status: 400 });
	await choose('far');
	await prepare();

	expect(await choose('')).toMatchObject({ status: 409, body: { problems: [{ name: 'machine.in-use' }] } });
});

test('a second Drover is told who changes the machine, and changes nothing', async () => {
	await begin({});
	await choose('far');
	await prepare();
	writeFileSync(lock, 'other\nanna@laptop other\n2026-01-01T00:00:00Z\n');

	expect(await pass.run('make')).toMatchObject({ status: 503, body: { problems: [{ name: 'ssh.locked', slots: { machine: 'far', who: 'anna@laptop other', since: '2026-01-01T00:00:00Z' } }] } });
	expect(existsSync(join(values['folder'] ?? '', 'bella'))).toBe(false);
});

test('a machine without Docker, and one where Docker does not respond, are refused with a sentence', async () => {
	await begin({}, 'echo "Cannot connect to the Docker daemon at unix:///var/run/docker.sock." >&2; exit 1');
	expect(await choose('far')).toMatchObject({ status: 503, body: { problems: [{ name: 'ssh.docker-not-running' }] } });
	rmSync(join(sshd.bin, 'docker'));
	// The machine of the tests may have a Docker of its own.
	expect([503, 200]).toContain((await choose('far')).status);
	expect(await choose('nowhere-at-all:1')).toMatchObject({ status: 503 });
});

const mayNot = '[ "$(id -u)" = 0 ] && { echo 20.10.24; exit; }\necho "Got permission denied while trying to connect to the Docker daemon socket" >&2; exit 1';

test('who may not use Docker is told the line for sudoers', async () => {
	await begin({ users: [{ name: 'ordinary', uid: 54_322 }] }, mayNot);

	expect(await choose('far')).toMatchObject({ status: 503, body: { problems: [{ name: 'ssh.no-sudo', slots: { line: 'ordinary ALL=(root) NOPASSWD: ALL' } }] } });
});

test('where sudo asks for nothing, commands and checks are those of root, and the line says so', async () => {
	const shown = { ...machines, sudo: ['far'] };
	await begin({ users: [{ name: 'ordinary', uid: 54_323 }] }, mayNot, shown);
	// sudo itself is real; that it asks for nothing is this rule's doing, in a folder of its own.
	const rule = '/etc/sudoers.d/drover-test-54323';
	writeFileSync(rule, '#54323 ALL=(root) NOPASSWD: ALL\nDefaults:#54323 !requiretty, !secure_path\n', { mode: 0o440 });
	try {
		expect(await choose('far')).toMatchObject({ status: 200 });
		await prepare();
		await pass.run('make');
		const session = await pass.until((one) => kind(one, 'make') === 'verified');
		expect(session.machines.sudo).toEqual(['far']);
		expect([...session.runs.values()].at(-1)).toMatchObject({ display: `ssh far 'sudo -n mkdir ${values['folder']}/bella'` });
	} finally {
		rmSync(rule);
	}
});

test('servers are looked for there', async () => {
	await begin({}, `case "$1" in version) printf 'client 20.10.24\\nengine 20.10.24\\n' ;; ps) echo ${'a'.repeat(64)} ;; container) echo '[{"Id": "x"}]' ;; esac`);

	expect(await drover.call('POST', '/api/detect', { ssh: 'far' })).toMatchObject({ status: 200, body: { documents: '[{"Id": "x"}]\n', commands: [expect.stringMatching(/^ssh far 'docker version --format '/), "ssh far 'docker ps --all --quiet --no-trunc'", "ssh far 'docker container inspect aaaaaaaaaaaa'"] } });
	expect(await drover.call('POST', '/api/detect', { ssh: '-x' })).toMatchObject({ status: 400 });
});
