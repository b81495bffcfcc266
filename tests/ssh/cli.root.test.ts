/** `--ssh HOST` on the command line, through a real sshd: what is shown, found, checked and run there. */
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { project, runDrover } from '../cli/run-drover.ts';
import { makeFolder } from '../server/make-folder.ts';
import { fixtureRoot } from '../server/drover.ts';
import { readersPath, writeProgram } from './rooms.ts';
import { startSshd, type Sshd } from './sshd.ts';

const path = process.env['PATH'];
let sshd: Sshd;
let state: string;

beforeEach(async () => {
	rmSync('/tmp/drover-session.lock', { force: true });
	sshd = await startSshd();
	writeProgram(join(sshd.bin, 'docker'), '#!/bin/sh\nif [ "$1" = version ]; then printf "client 20.10.24\\nengine 20.10.24\\n"; fi\n');
	process.env['PATH'] = readersPath(sshd.clientConfig);
	state = join(makeFolder(), 'state');
});
afterEach(async () => {
	await sshd.close();
	process.env['PATH'] = path;
	rmSync('/tmp/drover-session.lock', { force: true });
});

const drover = (...args: string[]) => runDrover(args, { root: args[0] === 'detect' ? project : fixtureRoot, env: { ...process.env } });
const values = () => ['--set', `folder=${sshd.home('far')}`, '--set', 'name=bella', '--set', 'password=opensesame'];

test('render shows the line for here, and argv over there', async () => {
	const { code, out } = await drover('render', 'demo/files', 'make', ...values(), '--ssh', 'far', '--json');

	expect(code).toBe(0);
	expect((JSON.parse(out) as { steps: unknown[] }).steps[0]).toMatchObject({ ssh: 'far', command: `ssh far 'mkdir ${sshd.home('far')}/bella'`, argv: ['mkdir', `${sshd.home('far')}/bella`] });
});

test('what cannot be typed behind ssh is refused before anything is asked', async () => {
	for (const command of [['render', 'demo/files'], ['check', 'demo/files'], ['detect']]) expect(await drover(...command, '--ssh=-oProxyCommand=id')).toMatchObject({ code: 2, err: expect.stringContaining('no ssh destination') as string });
});

test('detect finds nothing where nothing is, and says where it could not look', async () => {
	expect(await drover('detect', '--ssh', 'far', '--json')).toMatchObject({ code: 0, out: '[]\n' });
	await sshd.kill();
	expect(await drover('detect', '--ssh', 'far')).toMatchObject({ code: 5, err: expect.stringContaining('far cannot be reached') as string });
});

test('check looks over there, and run changes something there', async () => {
	expect(await drover('check', 'demo/files', ...values(), '--ssh', 'far', '--state-dir', state, '--json')).toMatchObject({ code: 0 });
	const run = await drover('run', 'demo/files', ...values(), '--ssh', 'far', '--state-dir', state, '--until', 'print', '--yes', 'prepare', '--json');

	expect(run.code, run.out + run.err).toBe(0);
	expect(existsSync(join(sshd.home('far'), '.local/state/drover/far'))).toBe(true);
});

test('check says that it could not check where the machine does not answer', async () => {
	await sshd.kill();

	expect(await drover('check', 'demo/files', ...values(), '--ssh', 'far', '--state-dir', state)).toMatchObject({ code: 5 });
});
