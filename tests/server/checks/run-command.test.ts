import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
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
