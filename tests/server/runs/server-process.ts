/**
 * A server that starts one run and waits for its end, in a process that can be killed. With `dieAfter` it sends itself SIGKILL after so
 * many operations on files, counted from the start of the run; it prints how many there were when it comes to the end.
 */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { z } from 'zod';
import { openStateDirectory } from '../../../server/state/state-directory.ts';

const Task = z.strictObject({
	state: z.string(),
	script: z.string(),
	dieAfter: z.int().default(0),
	/** File at whose making by the run's keepers this server dies. */
	dieAt: z.string().optional(),
});

const task = Task.parse(JSON.parse(process.argv[2] ?? ''));
let isCounting = false;
let count = 0;

for (const name of [
	'chmodSync',
	'fdatasyncSync',
	'fsyncSync',
	'linkSync',
	'mkdirSync',
	'renameSync',
	'unlinkSync',
	'writeSync',
] as const) {
	const real: (...args: never[]) => unknown = fs[name];
	const counted = (...args: never[]): unknown => {
		const result = real(...args);
		if (isCounting && ++count === task.dieAfter) process.kill(process.pid, 'SIGKILL');
		return result;
	};
	Object.defineProperty(fs, name, { value: counted });
}
syncBuiltinESMExports();

const { createRuns } = await import('../../../server/runs/runs.ts');
const { defaultExecArgv } = await import('../../../server/runs/spawn-supervisor.ts');
const { openJournal } = await import('../../../server/state/journal-file.ts');
const { RunEvent } = await import('../../../src/runbook/run/run-event.ts');

const opening = openStateDirectory(task.state);
if (opening.kind !== 'ready') throw opening.error;
const journal = openJournal(join(opening.state.sessions, 'one.jsonl'), {
	parse: (value) => RunEvent.parse(value),
});
const hook = `${join(import.meta.dirname, 'kill-at.ts')}?at=${task.dieAt}&kill=${process.pid}`;
const runs = createRuns({
	state: opening.state,
	journal: (_, event) => void journal.append(event),
	execArgv: task.dieAt ? [...defaultExecArgv, `--import=file://${hook}`] : defaultExecArgv,
});

isCounting = true;
const run = runs.start({
	id: 'only',
	session: 'one',
	step: 'step',
	display: 'shown',
	definition: 'hash',
	cwd: '/',
	argv: ['sh', '-c', task.script],
});
const alive = setInterval(() => {}, 1_000_000);
run.on('change', () => {
	if (!run.isOver) return;
	clearInterval(alive);
	process.stdout.write(String(count));
	runs.close();
});
