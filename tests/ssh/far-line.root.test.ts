/** What a real sshd and the login shells of other machines make of the line that is shown, and of the wrapper that runs: the same argv and environment, whatever the values. */
import { spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { encodeFar, greeting, wrapperLine } from '../../src/runbook/command/far-wrapper.ts';
import { render, runbookOf, runbookOfSteps } from '../runbook/fixtures.ts';
import { hostileText } from '../runbook/hostile.ts';
import { startSshd, type Sshd } from './sshd.ts';

const shells = { bash: '/bin/bash', dash: '/bin/dash', 'busybox sh': 'BUSYBOX', zsh: '/usr/bin/zsh', fish: '/usr/bin/fish' } as const;
const userOf = (shell: string) => `far-${shell.replace(' ', '-')}`;
const secret = String.raw`s"e$c\r`;

let sshd: Sshd;
let here: string;
const masters: ChildProcess[] = [];

beforeAll(async () => {
	sshd = await startSshd({
		users: Object.entries(shells).map(([name, shell]) => ({ name: userOf(name), shell })),
		config: ['SetEnv PATH=BIN:/usr/bin:/bin', 'AcceptEnv password', 'MaxSessions 100'],
	});
	// What stands for Docker prints what it was given.
	const show = `#!/bin/bash\nprintf '%s\\0' drover-argv "$0" "$@"; printf '%s\\0' drover-env "$NAME" "$API_TOKEN" "$note"\n`;
	writeFileSync(join(sshd.bin, 'docker'), show);
	chmodSync(join(sshd.bin, 'docker'), 0o755);
	// The reader's ssh: the real one, to this sshd and no other.
	here = join(sshd.folder, 'here');
	mkdirSync(here);
	writeFileSync(join(here, 'ssh'), `#!/bin/bash\nexec /usr/bin/ssh -F ${sshd.clientConfig} -o SendEnv=password -o ControlPath=${sshd.folder}/m-%r "$@"\n`);
	chmodSync(join(here, 'ssh'), 0o755);
	for (const name of Object.keys(shells)) {
		const master = spawn('/usr/bin/ssh', ['-F', sshd.clientConfig, '-M', '-N', '-o', 'SendEnv=password', '-o', `ControlPath=${sshd.folder}/m-%r`, '-o', 'PermitLocalCommand=yes', '-o', 'LocalCommand=echo connected', `${userOf(name)}@far`], { stdio: ['ignore', 'pipe', 'inherit'] });
		masters.push(master);
		await new Promise((resolve) => master.stdout.once('data', resolve));
	}
}, 120_000);

afterAll(async () => {
	for (const master of masters) master.kill();
	await sshd.close();
});

/** What `docker` got there. */
async function given(program: string, args: readonly string[], input = ''): Promise<{ argv: string[]; env: string[]; before: string; said: string }> {
	const child = spawn(program, args, { env: { PATH: `${here}:/usr/bin:/bin`, password: secret, HOME: sshd.folder } });
	const chunks: Buffer[] = [];
	let said = '';
	child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
	child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
	child.stdin.on('error', () => undefined).end(input);
	await new Promise((resolve) => child.on('close', resolve));
	const text = Buffer.concat(chunks).toString();
	const at = text.indexOf('drover-argv\0');
	const fields = text.slice(at).split('\0').slice(1, -1);
	const end = fields.indexOf('drover-env');
	return { argv: fields.slice(0, end).map((one, index) => (index === 0 ? (one.split('/').at(-1) ?? '') : one)), env: fields.slice(end + 1), before: text.slice(0, Math.max(at, 0)), said };
}

const cases = fc.sample(fc.tuple(hostileText, hostileText, hostileText), { numRuns: 60, seed: 16 });
const trouble = ["'", '\\', "\\'", "'\\''", 'a\\', '%self', '=ls', '~', '{a,b}', '!!', '$HOME', '-x', '(id)', '$(id)', '`id`', '&', '#', '^', '*', "it's \\n \\\\ \\'", '\t', 'a\nb'];

test.each(Object.keys(shells))('%s: the shown line and the wrapper give the same argv and environment', async (shell) => {
	const ssh = `${userOf(shell)}@far`;
	const machines = { session: ssh, nodes: false, sudo: [] };
	const texts = [...trouble.map((one): [string, string, string] => [one, one, one]), ...cases];
	const rendered = texts.flatMap(([note, file, env]) => {
		const one = render(runbookOf('docker run "${note}" x[${file}] [-e ${env}]... [--pass ${password}]'), { note, file, env: [`NAME=${env}`, `API_TOKEN=${env}`], password: secret }, {}, machines);
		return one.problems.length > 0 ? [] : [one];
	});
	expect(rendered.length).toBeGreaterThan(30);

	for (const { argv, env, display } of rendered) {
		// In the login shell the secret is there as a variable, as the line says.
		const typed = await given('/bin/bash', ['-c', display.replaceAll('API_TOKEN="$API_TOKEN"', 'API_TOKEN=x')]);
		expect(typed.argv, display + typed.said).toEqual(argv);

		const run = await given('ssh', [ssh, wrapperLine(false)], encodeFar({ argv, env }));
		expect(run.argv, display + run.said).toEqual(argv);
		expect(run.env).toEqual(['', env['API_TOKEN'] ?? '', '']);
		expect(run.before.startsWith(`${greeting} `)).toBe(true);
	}
}, 300_000);

test.each(Object.keys(shells))('%s: a script with backslashes, quotes and lines is the same script there', async (shell) => {
	const ssh = `${userOf(shell)}@far`;
	const runbook = runbookOfSteps(String.raw`
- id: s
  phase: prepare
  script: |
    text=$(printf "%s\n\\ \$x \"y\"" "$note")
    docker "$text" \
      "$(echo a | sed "s/a\(b*\)/\\1c/")"`);
	const rendered = render(runbook, { note: String.raw`it's \n "x" %self` }, {}, { session: ssh, nodes: false, sudo: [] });

	const typed = await given('/bin/bash', ['-c', rendered.display]);
	const run = await given('ssh', [ssh, wrapperLine(false)], encodeFar({ argv: rendered.argv, env: rendered.env }));

	expect(typed.argv, typed.said).toEqual(['docker', String.raw`it's \n "x" %self` + '\n\\ $x "y"', 'c']);
	expect(run.argv, run.said).toEqual(typed.argv);
	expect(run.env).toEqual(typed.env);
});

test('a folder that is not there is no exit code of the command, and nothing runs', async () => {
	const run = await given('ssh', ['far-dash@far', wrapperLine(false)], encodeFar({ argv: ['docker', 'x'], cwd: '/nowhere' }));

	expect(run.argv).toEqual([]);
	expect(run.said).toContain('/nowhere');
});
