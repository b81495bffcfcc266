import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { runCommand } from '../../../server/checks/run-command.ts';
import { makeFolder } from '../make-folder.ts';

// For an ordinary user only: root may search any folder, and the gate runs this as one who may not.
test('a command that is nowhere is not there, also for a reader whose PATH has a folder that he may not search', async () => {
	const folder = makeFolder();
	const closed = join(folder, 'closed');
	mkdirSync(closed, { mode: 0 });
	onTestFinished(() => chmodSync(closed, 0o700));
	const given = { argv: ['no-such-command'], env: { PATH: `${closed}:/usr/bin` } };
	const command = { ...given, masked: given, parts: [], display: '', secrets: [], problems: [] };

	expect(await runCommand(command, folder, new AbortController().signal, 30)).toEqual({ kind: 'nothing', reason: 'spawn no-such-command ENOENT' });
});

test('what came while this process was busy is read before the end is told, also where somebody else holds the output', async () => {
	const folder = makeFolder();
	const place = (name: string) => join(folder, name);
	// What it leaves behind prints once more when it is told to, and never lets go of the output by itself.
	const script = 'echo $$ > began; (until [ -e go ]; do sleep 0.01; done; echo late; echo > printed; exec sleep 300) & echo early';
	const given = { argv: ['sh', '-c', script], env: {} };
	const seen = runCommand({ ...given, masked: given, parts: [], display: '', secrets: [], problems: [] }, folder, new AbortController().signal, 60);
	while (!existsSync(place('began')) || readFileSync(place('began'), 'utf8') === '') await nextTurn();
	// It has ended, and that was heard: only then its parent lets go of its number.
	while (existsSync(`/proc/${readFileSync(place('began'), 'utf8').trim()}`)) await nextTurn();

	writeFileSync(place('go'), '');
	const until = performance.now() + 600;
	while (performance.now() < until || !existsSync(place('printed'))) continue;

	expect(await seen).toEqual({ kind: 'output', exit: 0, output: 'early\nlate\n' });
});
