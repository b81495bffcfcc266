/** Programs and sockets of two users: only root can be both. */
import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { makeFolder, openState, reachKind, reachText, readLive, setStage } from './harness.ts';

describe('a program of another user', () => {
	test('cannot be signalled, and that is said; Ctrl-C still works', () => {
		// Stands in for sudo: a program that becomes root altogether, started by somebody who is not.
		const folder = makeFolder();
		chmodSync(folder, 0o755);
		const sudo = join(folder, 'sudo');
		copyFileSync(execFileSync('sh', ['-c', 'command -v setpriv'], { encoding: 'utf8' }).trim(), sudo);
		chmodSync(sudo, 0o4755);
		const server = join(folder, 'server.ts');
		writeFileSync(server, otherUsersServer(sudo, join(folder, 'state')));

		const output = execFileSync(process.execPath, [server], { encoding: 'utf8', timeout: 50_000 });

		expect(output.trim().split('\n')).toEqual([
			'SIGINT sent [] refused ["sleep"]',
			'SIGTERM sent [] refused ["sleep"]',
			'SIGKILL sent [] refused ["sleep"]',
			'remaining ["sleep"]',
			'typed typed',
			'{"signal":"SIGINT"}',
		]);
	});
});

function otherUsersServer(sudo: string, state: string): string {
	const root = join(import.meta.dirname, '../../..');
	return `
import { chownSync, mkdirSync, readFileSync } from 'node:fs';
import { until } from '${root}/tests/server/until.ts';
import { openStateDirectory } from '${root}/server/state/state-directory.ts';
import { createRuns } from '${root}/server/runs/runs.ts';
mkdirSync('${state}', { mode: 0o700 });
chownSync('${state}', 65534, 65534);
process.setgroups([]); process.setgid(65534); process.setuid(65534);
const { state } = openStateDirectory('${state}');
const names = (list) => JSON.stringify(list.map(({ name }) => name));
const journal = (_, event) => {
	if (event.type === 'run.signalled') console.log(event.signal, 'sent', names(event.sent), 'refused', names(event.refused));
	if (event.type === 'run.cancelled') console.log('remaining', names(event.remaining));
};
const runs = createRuns({ state, journal, graceMs: 200 });
const run = runs.start({ session: 's', step: 's', display: 'd', definition: 'h', cwd: '/',
	argv: ['${sudo}', '--reuid', '0', '--clear-groups', 'sleep', '600'] });
const alive = setInterval(() => {}, 1000);
let isAsked = false;
run.on('change', async (now) => {
	if (now.kind === 'running' && !isAsked) {
		isAsked = true;
		// Known as soon as it is there; it is root's when it has become the program that it was started for.
		const { program } = JSON.parse(readFileSync(state.runs + '/' + run.id + '/live.json', 'utf8'));
		await until(() => readFileSync('/proc/' + program.pid + '/comm', 'utf8') === 'sleep\\n', 'the program of root');
		await run.cancel();
		console.log('typed', await run.input('1', Buffer.from('\\x03')));
	}
	if (now.kind === 'ended' && run.isOver) { console.log(JSON.stringify(now.end)); runs.close(); clearInterval(alive); }
});
`;
}

test('a socket that another user would have to pass is closed to him', async () => {
	const state = openState();
	const { start } = setStage({ state });
	const run = start({ argv: ['sh', '-c', 'echo begun; sleep 600'] });
	await reachText(run, 'begun');
	await reachKind(run, 'running');
	const { socket } = readLive(state, run.id);

	const script = `require('net').connect(${JSON.stringify(socket)}).on('error', (e) => console.log(e.code)).on('connect', () => console.log('open'))`;
	const output = execFileSync(process.execPath, ['-e', script], { encoding: 'utf8', uid: 65534, gid: 65534 });

	expect(output.trim()).toBe('EACCES');
});
