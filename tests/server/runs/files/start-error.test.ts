import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { explainStartError } from '../../../../server/runs/files/start-error.ts';
import { makeFolder, reachOver, setStage } from '../harness.ts';

/** What `execvp` says when one folder of the `PATH` may not be searched, whatever the others hold. */
const denied = Object.assign(new Error('spawn EACCES'), { code: 'EACCES' });

function makePath() {
	const folder = makeFolder();
	const [closed, open] = [join(folder, 'closed'), join(folder, 'open')];
	mkdirSync(closed, { mode: 0 });
	onTestFinished(() => chmodSync(closed, 0o700));
	mkdirSync(open);
	writeFileSync(join(open, 'plain'), 'echo ran\n', { mode: 0o644 });
	mkdirSync(join(open, 'folder'));
	return { folder, path: [closed, open, '/usr/bin'].join(delimiter) };
}

test.each([
	['no-command', 'no-such-command'],
	['no-command', 'folder'],
	['not-executable', 'plain'],
	['not-executable', './open/plain'],
	['not-executable', './closed/anything'],
])('where a folder of the PATH may not be searched, it is %s: %s', (name, file) => {
	const { folder, path } = makePath();

	expect(explainStartError(denied, file, path, folder)).toEqual({ name, subject: file });
});

test('a command that is nowhere is no command, also for a reader whose PATH has a folder that he may not search', async () => {
	const { path } = makePath();
	const { start } = setStage();

	const state = await reachOver(start({ argv: ['no-such-command'], env: { PATH: path } }));

	expect(state).toEqual({ kind: 'never-started', error: { name: 'no-command', subject: 'no-such-command' } });
});
