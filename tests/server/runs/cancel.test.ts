import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { RunEvent } from '../../../src/runbook/run-event.ts';
import {
	begun,
	makeFolder,
	openState,
	reachKind,
	reachOver,
	reachText,
	readLive,
	setStage,
} from './harness.ts';

const graceMs = 400;

/** What the journal was told of signals, pids left out. */
function rungs(told: readonly RunEvent[]): unknown[] {
	const names = (list: readonly { name: string }[]): string[] => list.map(({ name }) => name).sort();
	return told.flatMap((event) => {
		if (event.type === 'run.signalled') return [[event.signal, names(event.sent), names(event.refused)]];
		if (event.type === 'run.cancelled') return [['remaining', names(event.remaining)]];
		return [];
	});
}

test('a cancel is SIGINT first, and ends there when that is enough', async () => {
	const { start, told } = setStage();
	const run = start({ argv: ['sleep', '600'] });
	await reachKind(run, 'running');

	await run.cancel();

	expect(await reachOver(run)).toMatchObject({ end: { signal: 'SIGINT' } });
	expect(rungs(told)).toEqual([
		['SIGINT', ['sleep'], []],
		['remaining', []],
	]);
});

test('a program that ignores SIGINT gets SIGTERM', async () => {
	const { shell, told } = setStage({ graceMs });
	const run = shell('trap "" INT; echo begun; exec sleep 600');
	await begun(run);

	await run.cancel();

	expect(await reachOver(run)).toMatchObject({ end: { signal: 'SIGTERM' } });
	expect(rungs(told)).toEqual([
		['SIGINT', ['sleep'], []],
		['SIGTERM', ['sleep'], []],
		['remaining', []],
	]);
});

test('a program that ignores both gets SIGKILL; each step is told', async () => {
	const { shell, told } = setStage({ graceMs });
	// Between the fork and the exec the second process is a shell too.
	const run = shell('trap "" INT TERM; sleep 600 & until [ "$(cat /proc/$!/comm)" = sleep ]; do :; done; echo begun; wait');
	await begun(run);

	await Promise.all([run.cancel(), run.cancel()]);

	expect(await reachOver(run)).toMatchObject({ end: { signal: 'SIGKILL' } });
	expect(rungs(told)).toEqual([
		['SIGINT', ['sh', 'sleep'], []],
		['SIGTERM', ['sh', 'sleep'], []],
		['SIGKILL', ['sh', 'sleep'], []],
		['remaining', []],
	]);
	expect(await run.output()).toBe('begun\r\n');
});

test('a program that is stopped is killed all the same', async () => {
	const { start, state } = setStage({ graceMs });
	const run = start({ argv: ['sleep', '600'] });
	await reachKind(run, 'running');
	process.kill(readLive(state, run.id).program.pid, 'SIGSTOP');

	await run.cancel();

	expect(await reachOver(run)).toMatchObject({ kind: 'ended' });
});

test('what left the session is found by its mark', async () => {
	const { shell, told } = setStage({ graceMs });
	const run = shell('setsid sh -c "trap : INT TERM; echo begun; sleep 600" </dev/null; sleep 600');
	await begun(run);

	await run.cancel();

	await reachOver(run);
	expect(rungs(told).at(-1)).toEqual(['remaining', []]);
	const [, term] = rungs(told);
	expect(term).toEqual(['SIGTERM', expect.arrayContaining(['sleep']), []]);
});

test('a loop that forks without end is killed', async () => {
	const { shell, told } = setStage({ graceMs: 400 });
	const run = shell(
		'trap "" INT TERM; echo begun; while :; do (trap "" INT TERM; sleep 1) & sleep 0.01; done',
	);
	await begun(run);

	await run.cancel();

	expect(await reachOver(run)).toMatchObject({ end: { signal: 'SIGKILL' } });
	expect(rungs(told).at(-1)).toEqual(['remaining', []]);
});

test('only the foreground gets SIGINT, as from the keyboard', async () => {
	const { shell, told } = setStage({ graceMs });
	const run = shell('set -m; sleep 600 & sh -c "trap : INT; echo begun; tail -f /dev/null"');
	await begun(run);

	await run.cancel();

	await reachOver(run);
	const [first, second] = rungs(told);
	expect(first).toEqual(['SIGINT', expect.not.arrayContaining(['sleep']), []]);
	expect(second).toEqual(['SIGTERM', expect.arrayContaining(['sleep']), []]);
});

test('nothing is left to cancel of a run that is over', async () => {
	const { shell } = setStage();
	const run = shell('exit 0');
	await reachOver(run);

	await expect(run.cancel()).rejects.toThrow('nothing of it is known to be alive');
});

describe('a program of another user', () => {
	const whyNot =
		process.geteuid?.() === 0 ? undefined : 'Only root can make a program that runs as another user.';

	test('cannot be signalled, and that is said; Ctrl-C still works', async ({ skip }) => {
		if (whyNot && process.env.CI) throw new Error(whyNot);
		if (whyNot) return skip(whyNot);
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
import { chownSync, mkdirSync } from 'node:fs';
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
run.on('change', async (state) => {
	if (state.kind === 'running' && !isAsked) {
		isAsked = true;
		await new Promise((resolve) => setTimeout(resolve, 500));
		await run.cancel();
		console.log('typed', await run.input('1', Buffer.from('\\x03')));
	}
	if (state.kind === 'ended' && run.isOver) { console.log(JSON.stringify(state.end)); runs.close(); clearInterval(alive); }
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
	if (process.geteuid?.() !== 0) return;

	const script = `require('net').connect(${JSON.stringify(socket)}).on('error', (e) => console.log(e.code)).on('connect', () => console.log('open'))`;
	const output = execFileSync(process.execPath, ['-e', script], { encoding: 'utf8', uid: 65534, gid: 65534 });

	expect(output.trim()).toBe('EACCES');
});
