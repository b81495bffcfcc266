/** What is read of a run whose files are written by three processes, each in its own time. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readEvidence } from '../../../server/runs/evidence.ts';
import { identify } from '../../../server/state/identity.ts';
import { makeFolder } from './harness.ts';

const here = identify(process.pid);
/** Somebody who was, in the same boot and namespace. */
const gone = { ...here, pid: spawnSync('true').pid, start: '1' };
const exit = { result: { code: 7 }, at: 'later', elapsedMs: 5 };

function runFolder(files: Readonly<Record<string, object>>): string {
	const folder = makeFolder();
	for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), JSON.stringify(content));
	return folder;
}

const liveOf = (supervisor: typeof here) => ({ protocol: 1, socket: '/s', supervisor, holder: gone, program: gone, startedAt: 'then' });

test('an end that is written before the beginning waits for it, as long as somebody is there to write it', () => {
	const folder = runFolder({ claim: { by: 'supervisor', who: here }, 'exit.json': exit });
	expect(readEvidence(folder, 'one').exit).toBeUndefined();

	writeFileSync(join(folder, 'live.json'), JSON.stringify(liveOf(here)));
	expect(readEvidence(folder, 'one')).toMatchObject({ exit, live: { startedAt: 'then' } });
});

test('an end whose beginning nobody can write any more is told by itself', () => {
	const folder = runFolder({ claim: { by: 'supervisor', who: gone }, 'exit.json': exit });

	expect(readEvidence(folder, 'one')).toMatchObject({ exit, live: undefined, supervisor: 'gone' });
});

test('a program that could not be started has no beginning to wait for', () => {
	const never = { ...exit, result: { error: { name: 'no-command', subject: 'x' } } };

	expect(readEvidence(runFolder({ claim: { by: 'supervisor', who: here }, 'exit.json': never }), 'one').exit).toEqual(never);
});
