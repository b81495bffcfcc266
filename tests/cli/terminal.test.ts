/** `drover run` on a real terminal: what is asked, what is shown while a step runs, and Ctrl-C. */
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openTerminal } from '../../server/runs/supervisor/terminal.ts';
import { fixtureRoot } from '../server/drover.ts';
import { makeFolder } from '../server/make-folder.ts';

/** Runs a command on a terminal, and types each answer when what it answers is on the screen. */
async function onTerminal(args: readonly string[], answers: readonly (readonly [asked: string, typed: string])[]): Promise<string> {
	const { promise, resolve } = Promise.withResolvers<void>();
	const left = [...answers];
	let text = '';
	const terminal = openTerminal({
		file: '/bin/sh',
		args: ['-c', 'trap : INT; "$@"; echo "exit code: $?"', 'sh', process.execPath, join(import.meta.dirname, 'start-process.ts'), ...args],
		env: process.env as Record<string, string>,
		columns: 120,
		rows: 40,
		onBytes: (bytes) => {
			text += Buffer.from(bytes).toString('utf8');
			for (let [asked, typed] = left[0] ?? []; asked !== undefined && text.includes(asked); [asked, typed] = left[0] ?? []) {
				left.shift();
				terminal.write(Buffer.from(typed ?? ''));
			}
		},
		onExit: () => resolve(),
	});
	await promise;
	terminal.drain();
	return text;
}

function makeProject(ask = ''): { root: string; field: string; args: string[] } {
	const home = makeFolder();
	const [root, field] = [join(home, 'project'), join(home, 'field')];
	mkdirSync(field);
	cpSync(fixtureRoot, root, { recursive: true });
	const file = join(root, 'src/content/runbooks/demo/files.yaml');
	writeFileSync(file, readFileSync(file, 'utf8').replace('[ "$answer" = "${password:-}" ] && echo "right, $name"', ': "${password:-}" "$name"').replace('read -rsp "Password: " answer', ask));
	return { root, field, args: [root, 'run', 'demo/files', '--set', `folder=${field}`, '--set', 'name=bella', '--state-dir', join(home, 'state')] };
}

test('asks before each part, and for the name before it deletes', async () => {
	const { field, args } = makeProject();

	const text = await onTerminal(args, [['They prepare', 'yes\r'], ['downtime begins', 'yes\r'], ['by hand. Type yes', 'yes\r'], ['This deletes bella. Type its name: ', 'bella\r']]);

	expect(text).toContain('exit code: 0');
	expect(text).toMatch(/Prepare: Print what was given, Answer a prompt\r\nChange: Make a folder, Fill it\r\nPoint of no return: .+\r\nVerify: .+\r\nDeletes: /);
	expect(readdirSync(field)).toEqual([]);
});

test('shows how long a step runs and usually takes; Ctrl-C asks, and cancels it', async () => {
	const { args } = makeProject();

	const text = await onTerminal([...args, '--set', 'wait=long', '--yes', 'prepare,change'], [['(usually 5 s)', '\x03'], ['Type c to cancel', 'c\r']]);

	expect(text).toContain('Fill it: 0 s (usually 5 s)');
	expect(text).toMatch(/Stopped by you at “[^”]+”\. Nothing more was started\./);
	expect(text).toContain('exit code: 1');
});

test('a program that asks is answered on the terminal; nothing that is typed is shown or kept', async () => {
	const { args } = makeProject('read -rsp "Password: " answer; [ "$(rev <<< "$answer")" = emasesnepo ]');

	const text = await onTerminal([...args, '--yes', 'prepare', '--until', 'prepare'], [['    Password: ', 'opensesame\r']]);

	expect(text).toContain('exit code: 0');
	expect(text).not.toContain('opensesame');
	expect(readAll(args.at(-1) ?? '')).not.toContain('opensesame');
});

test('Ctrl-C in the answer to a program asks what to cancel, as everywhere', async () => {
	const { args } = makeProject('read -rsp "Password: " answer');

	const text = await onTerminal([...args, '--yes', 'prepare', '--until', 'prepare'], [['    Password: ', '\x03'], ['Type c to cancel', 'c\r']]);

	expect(text).toMatch(/Stopped by you at “[^”]+”\. Nothing more was started\./);
	expect(text).toContain('exit code: 1');
});

/** All that lies in a folder. */
function readAll(folder: string): string {
	return readdirSync(folder, { recursive: true, withFileTypes: true }).filter((one) => one.isFile()).map((one) => readFileSync(join(one.parentPath, one.name), 'utf8')).join('');
}
