/** What tests of runs share: a state directory of their own, runs in it, and nothing left behind. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, onTestFinished } from 'vitest';
import type { RunEvent } from '../../../src/runbook/run/run-event.ts';
import type { RunState } from '../../../src/runbook/run/run-state.ts';
import { isMarked, listProcesses } from '../../../server/runs/files/processes.ts';
import { Live } from '../../../server/runs/files/run-files.ts';
import type { Run } from '../../../server/runs/run.ts';
import { createRuns, type RunRequest, type Runs, type RunsOptions } from '../../../server/runs/runs.ts';
import { findAlive } from '../../../server/state/identity.ts';
import { openStateDirectory, type StateDirectory } from '../../../server/state/state-directory.ts';
import { makeFolder } from '../make-folder.ts';
import { until } from '../until.ts';

export { makeFolder, until };

/** Keepers of all tests of a file start from the same compiled code: the first compiles it. */
const cache = mkdtempSync(join(tmpdir(), 'drover-test-cache-'));
afterAll(() => rmSync(cache, { recursive: true, force: true, maxRetries: 5 }));

export function openState(folder?: string): StateDirectory {
	const opening = openStateDirectory(folder ?? join(makeFolder(), 'state'));
	if (opening.kind !== 'ready') throw opening.error;
	return folder === undefined ? { ...opening.state, cache } : opening.state;
}

/** Returns what `live.json` of a run says, while there is one. */
export function readLive(state: StateDirectory, run: string): Live {
	return Live.parse(JSON.parse(readFileSync(join(state.runs, run, 'live.json'), 'utf8')));
}

function kill(pid: number): void {
	try {
		process.kill(pid, 'SIGKILL');
	} catch {
		// Gone already.
	}
}

/** Ends every process of every run of a state directory: the marked ones, and supervisors by their argument. */
export function killAll(state: StateDirectory): void {
	const ids = readdirSync(state.runs);
	for (const { pid } of listProcesses()) {
		if (pid !== process.pid && (ids.some((id) => isMarked(pid, id)) || hasArgument(pid, state.path)))
			kill(pid);
	}
}

function hasArgument(pid: number, path: string): boolean {
	try {
		return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
			.split('\0')
			.some((argument) => argument.startsWith(`${path}/`));
	} catch {
		return false;
	}
}

export interface Stage {
	readonly state: StateDirectory;
	readonly runs: Runs;
	/** What the journal was told, in order. */
	readonly told: RunEvent[];
	start(request: Partial<RunRequest> & Pick<RunRequest, 'argv'>): Run;
	/** Starts `sh -c`. */
	shell(script: string, request?: Partial<RunRequest>): Run;
}

export const request = {
	session: 'one',
	step: 'step',
	display: 'shown',
	definition: 'hash',
	cwd: '/',
} as const;

/** Opens runs as a server would. Everything is ended and removed after the test. */
export function setStage(options: Partial<RunsOptions> = {}): Stage {
	const state = options.state ?? openState();
	const told: RunEvent[] = [];
	const runs = createRuns({ journal: (_, event) => void told.push(event), ...options, state });
	onTestFinished(() => {
		runs.close();
		killAll(state);
	});
	const start: Stage['start'] = (more) => runs.start({ ...request, ...more });
	return {
		state,
		runs,
		told,
		start,
		shell: (script, more) => start({ ...more, argv: ['sh', '-c', script] }),
	};
}

/** Resolves with the state of the run as soon as it is one that is waited for. */
export function reach(run: Run, isWanted: (state: RunState) => boolean): Promise<RunState> {
	const { promise, resolve } = Promise.withResolvers<RunState>();
	const see = (state: RunState): void => {
		if (!isWanted(state)) return;
		run.off('change', see);
		resolve(state);
	};
	run.on('change', see);
	see(run.state);
	return promise;
}

export const reachKind = (run: Run, kind: RunState['kind']): Promise<RunState> =>
	reach(run, (state) => state.kind === kind);

/** Resolves when nothing more can come from the run. */
export const reachOver = (run: Run): Promise<RunState> =>
	reach(run, () => run.isOver || run.state.kind === 'unknown');

/** Resolves when the output so far holds the text. */
export async function reachText(run: Run, text: string | RegExp): Promise<string> {
	let seen = '';
	for await (const event of run.follow(1, new AbortController().signal)) {
		if (event.kind === 'output') seen += event.text;
		if (typeof text === 'string' ? seen.includes(text) : text.test(seen)) return seen;
	}
	throw new Error(`Cannot find ${String(text)} in what the run printed: ${JSON.stringify(seen.slice(-500))}`);
}

/** Resolves when the program has printed "begun" and everybody knows who it is. */
export async function begun(run: Run): Promise<void> {
	await Promise.all([reachText(run, 'begun'), reachKind(run, 'running')]);
}

/** Returns all that comes, in order. */
export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
	const all: T[] = [];
	for await (const item of items) all.push(item);
	return all;
}

export function isGone(who: { readonly pid: number; readonly start: string }): boolean {
	return findAlive(who) === undefined;
}
