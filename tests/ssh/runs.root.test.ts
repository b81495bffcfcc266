/** Runs on another machine, through a real sshd: output, input, size, end and cancel are those of there, and no end of a connection is an end of a run. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createSsh, type Ssh } from '../../server/ssh/ssh.ts';
import { removeScript } from '../../server/ssh/scripts.ts';
import { createRuns, type RunRequest } from '../../server/runs/runs.ts';
import { openState, reach, reachKind, reachOver, reachText, setStage, until, type Stage } from '../server/runs/harness.ts';
import { readersPath } from './rooms.ts';
import { startSshd, type Sshd, type SshdOptions } from './sshd.ts';

const machine = { ssh: 'far', sudo: false };

interface Room extends Stage {
	readonly sshd: Sshd;
	readonly ssh: Ssh;
	far(script: string, request?: Partial<RunRequest>): ReturnType<Stage['start']>;
	/** The folder of a run over there. */
	folder(run: string): string;
}

async function setRoom(options: SshdOptions = {}): Promise<Room> {
	const sshd = await startSshd(options);
	const state = openState();
	const path = readersPath(sshd.clientConfig);
	const ssh = createSsh(state.sockets, () => ({ PATH: path, HOME: '/nonexistent' }));
	onTestFinished(async () => {
		await ssh.disconnect('far');
		await sshd.close();
	});
	onTestFinished(() => endAll(sshd.folder));
	const stage = setStage({ state, ssh, graceMs: 400 });
	return { ...stage, sshd, ssh, far: (script, more) => stage.start({ ...more, machine, argv: ['bash', '-c', script] }), folder: (run) => join(sshd.home(options.users?.[0]?.name ?? 'far'), '.local/state/drover/far', run) };
}

/** Ends whatever was started below a folder: the keepers of runs name it in their environment. */
function endAll(folder: string): void {
	for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
		try {
			if (readFileSync(`/proc/${pid}/environ`, 'latin1').includes(`HOME=${folder}/`)) process.kill(Number(pid), 'SIGKILL');
		} catch {
			// It has ended by itself.
		}
	}
}

/** Rows and columns of the terminal over there. */
const sizeOf = (folder: string) => execFileSync('stty', ['-F', readFileSync(join(folder, 'tty'), 'utf8').split('\n')[0] ?? '', 'size'], { encoding: 'utf8' });

test.each([0, 1, 3, 137, 255])('exit code %i is read from the machine', async (code) => {
	const { far } = await setRoom();
	const run = far(`echo hello; exit ${code}`);

	expect(await reachOver(run)).toMatchObject({ kind: 'ended', end: { code }, output: { kind: 'whole' } });
	expect(await run.output()).toBe('hello\r\n');
});

test('argv and variables arrive as they are, in a terminal of its own', async () => {
	const { start } = await setRoom();
	const hostile = String.raw`it's "x" $HOME \n ; * 牧道`;
	const run = start({ machine, argv: ['bash', '-c', 'printf "%s|%s|%s" "$1" "$NAME" "$(stty size)"; [ -t 0 ] && [ -t 1 ]', 'x', hostile], env: { NAME: `${hostile}\nsecond` }, size: { columns: 99, rows: 33 } });

	expect(await reachOver(run)).toMatchObject({ end: { code: 0 } });
	expect(await run.output()).toBe(`${hostile}|${hostile}\r\nsecond|33 99`);
});

test('what is typed arrives, and a new size too', async () => {
	const { far, folder } = await setRoom();
	const run = far('read -r -p "name? " name; echo "<$name>"; read -r _; stty size');
	await reachText(run, 'name? ');
	expect(await run.input('1', Buffer.from('牧童\r'))).toBe('typed');
	await reachText(run, '<牧童>');
	run.resize(101, 41);
	await until(() => sizeOf(folder(run.id)).includes('41 101'), 'the new size');
	await run.input('2', Buffer.from('\r'));

	expect(await reachOver(run)).toMatchObject({ end: { code: 0 } });
	expect(await run.output()).toContain('41 101');
});

test('a run goes on while the machine cannot be reached, and has its whole output and true end afterwards', async () => {
	const { far, sshd, folder } = await setRoom();
	const run = far('for i in 1 2 3; do echo "line $i"; done; while [ ! -e "$HOME/go" ]; do sleep 0.05; done; seq 1 2000; exit 7');
	await reachText(run, 'line 3');
	await sshd.kill();

	const unseen = await reach(run, (state) => state.kind === 'running' && state.unseenSince !== undefined);
	expect(unseen).toMatchObject({ kind: 'running', unseenSince: expect.stringMatching(/^\d{4}-/) as string });
	writeFileSync(join(sshd.home('far'), 'go'), '');
	await until(() => existsSync(join(folder(run.id), 'end')), 'its end over there');
	expect(run.state.kind).toBe('running');
	await sshd.start();

	expect(await reachOver(run)).toMatchObject({ kind: 'ended', end: { code: 7 }, output: { kind: 'whole' } });
	const lines = (await run.output()).trim().split('\r\n');
	expect(lines).toEqual(['line 1', 'line 2', 'line 3', ...Array.from({ length: 2000 }, (_, n) => String(n + 1))]);
});

test('a server that ends finds the run again', async () => {
	const { far, runs, state, ssh, sshd } = await setRoom();
	const run = far('echo begun; while [ ! -e "$HOME/go" ]; do sleep 0.05; done; exit 5');
	await reachText(run, 'begun');
	runs.close();
	const later = createRuns({ state, ssh, journal: () => undefined });
	onTestFinished(() => later.close());
	const again = later.get(run.id)!;
	await reachKind(again, 'running');
	writeFileSync(join(sshd.home('far'), 'go'), '');

	expect(await reachOver(again)).toMatchObject({ kind: 'ended', end: { code: 5 } });
});

test('a cancel reaches what the run started over there, grandchildren too', async () => {
	const { far, told, sshd } = await setRoom();
	const run = far(`setsid bash -c 'trap "" INT TERM; echo "$$" > "$HOME/apart"; while :; do sleep 0.1; done' & trap "" INT TERM; echo begun; while :; do sleep 0.1; done`);
	await reachText(run, 'begun');
	await until(() => existsSync(join(sshd.home('far'), 'apart')), 'the grandchild');
	await reachKind(run, 'running');

	await run.cancel();

	expect(await reachOver(run)).toMatchObject({ kind: 'ended', end: { code: 137 } });
	const apart = Number(readFileSync(join(sshd.home('far'), 'apart'), 'utf8'));
	await until(() => !existsSync(`/proc/${apart}`), 'its end');
	expect(told.flatMap((event): (string | number)[] => (event.type === 'run.signalled' ? [event.signal] : event.type === 'run.cancelled' ? [event.remaining.length] : []))).toEqual(['SIGINT', 'SIGTERM', 'SIGKILL', 0]);
});

test('Ctrl-C typed into the terminal interrupts the program alone', async () => {
	const { far } = await setRoom();
	const run = far('trap "echo interrupted; exit 9" INT; echo begun; while :; do sleep 0.1; done');
	await reachText(run, 'begun');
	await reachKind(run, 'running');
	await run.input('c', Buffer.from('\x03'));

	expect(await reachOver(run)).toMatchObject({ end: { code: 9 } });
	expect(await run.output()).toContain('interrupted');
});

test.each([
	['a machine that was restarted', 'far-rebooted', (folder: string) => writeFileSync(join(folder, 'boot'), 'another-boot\n')],
	['a folder that is gone', 'far-lost', (folder: string) => rmSync(folder, { recursive: true })],
	['processes that watched it and are gone', 'far-ended', () => undefined],
])('of %s the end is unknown', async (_, reason, change) => {
	const { far, sshd, folder } = await setRoom();
	const run = far('echo begun; exec sleep 3000');
	await reachText(run, 'begun');
	await reachKind(run, 'running');
	const [keeper = ''] = readFileSync(join(folder(run.id), 'keeper'), 'utf8').split(' ');
	const [leader = ''] = readFileSync(join(folder(run.id), 'leader'), 'utf8').split(' ');
	await sshd.kill();
	change(folder(run.id));
	process.kill(Number(keeper), 'SIGKILL');
	process.kill(Number(leader), 'SIGKILL');
	await sshd.start();

	expect(await reachOver(run)).toMatchObject({ kind: 'unknown', reason });
});

test('a command that is not there ends with 127, as in every shell', async () => {
	const { start } = await setRoom();
	const run = start({ machine, argv: ['no-such-program', 'x'] });

	expect(await reachOver(run)).toMatchObject({ kind: 'ended', end: { code: 127 } });
	expect(await run.output()).toContain('no-such-program: command not found');
});

test('a password is asked for by ssh in the terminal, and kept nowhere', async () => {
	const password = 'Pw-of-this-test-1';
	const { far, state, sshd } = await setRoom({ config: ['KbdInteractiveAuthentication no'] });
	writeFileSync(join(sshd.home('far'), '.ssh/authorized_keys'), '');
	writeFileSync(join(sshd.folder, 'sshd_config'), readFileSync(join(sshd.folder, 'sshd_config'), 'utf8').replaceAll('PasswordAuthentication no', 'PasswordAuthentication yes'));
	writeFileSync(join(sshd.folder, 'passwd'), readFileSync(join(sshd.folder, 'passwd'), 'utf8').replace('far:*:', `far:${execFileSync('openssl', ['passwd', '-6', password], { encoding: 'utf8' }).trim()}:`));
	await sshd.kill();
	await sshd.start();
	const run = far('echo done');
	await reachText(run, 'password:');
	await run.input('p', Buffer.from(`${password}\r`));

	expect(await reachOver(run)).toMatchObject({ end: { code: 0 } });
	expect(await run.output()).toContain('done');
	expect(execFileSync('bash', ['-c', `grep -rlF ${password} ${state.path} ${sshd.home('far')} || true`], { encoding: 'utf8' })).toBe('');
}, 60_000);

test('secrets stand in no argument of a process here or there, and in no file', async () => {
	const secret = 'S3cret-of-this-test';
	const { start, state, sshd, folder } = await setRoom();
	const run = start({ machine, argv: ['bash', '-c', 'echo "it is $password"; while [ ! -e "$HOME/go" ]; do sleep 0.05; done'], env: { password: secret }, secrets: [secret] });
	await reachText(run, 'it is');
	const args = execFileSync('ps', ['-eww', '-o', 'args='], { encoding: 'utf8' });
	writeFileSync(join(sshd.home('far'), 'go'), '');
	await reachOver(run);

	expect(args).not.toContain(secret);
	expect(await run.output()).not.toContain(secret);
	expect(execFileSync('bash', ['-c', `grep -rlF ${secret} ${state.path} || true`], { encoding: 'utf8' })).toBe('');
	expect(execFileSync('stat', ['-c', '%a', folder(run.id)], { encoding: 'utf8' }).trim()).toBe('700');
});

test('a full disk over there takes output away, and not the end', async () => {
	const { far, sshd, folder } = await setRoom();
	const small = join(sshd.home('far'), '.local');
	execFileSync('mkdir', ['-p', small]);
	execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', small]);
	onTestFinished(() => void execFileSync('umount', ['-l', small]));
	// The sshd sees what was mounted before it began.
	await sshd.kill();
	await sshd.start();
	const run = far('head -c 1000000 /dev/zero | tr "\\0" x; exit 4');

	expect(await reachOver(run)).toMatchObject({ kind: 'ended', end: { code: 4 }, output: { kind: 'cut', droppedBytes: expect.any(Number) as number } });
	expect(existsSync(join(folder(run.id), 'end'))).toBe(true);
});

test('without "script" a run has no terminal and no input, and everything else', async () => {
	const { far } = await setRoom({ config: ['SetEnv PATH=BIN'] , users: [{ name: 'far' }] }).then((room) => {
		for (const name of ['bash', 'cat', 'mkdir', 'mkfifo', 'tee', 'wc', 'sleep', 'tail', 'stat', 'mv', 'stty', 'seq', 'tr']) execFileSync('ln', ['-s', `/usr/bin/${name}`, join(room.sshd.bin, name)]);
		return room;
	});
	const run = far('[ -t 1 ] || echo "no terminal"; seq 1 3; exit 6');

	expect(await reachOver(run)).toMatchObject({ kind: 'ended', end: { code: 6 }, output: { kind: 'whole' } });
	expect(await run.output()).toContain('no terminal\n1\n2\n3\n');
});

test('a folder over there is removed when its run has ended, and not before', async () => {
	const { far, ssh, sshd, folder } = await setRoom();
	const run = far('echo begun; while [ ! -e "$HOME/go" ]; do sleep 0.05; done');
	await reachText(run, 'begun');
	const remove = async () => (await ssh.answer(machine, { argv: removeScript(run.id), seconds: 20 })).output.toString();

	expect(await remove()).toBe('running');
	writeFileSync(join(sshd.home('far'), 'go'), '');
	await reachOver(run);
	await until(() => existsSync(join(folder(run.id), 'end')), 'its end');
	expect(await remove()).toBe('removed');
	expect(existsSync(folder(run.id))).toBe(false);
});
