/** Where sessions are kept and steps run; or the reason why this machine can do neither. */
import { EventEmitter } from 'node:events';
import { Refusal, type Problem } from '../src/runbook/problem.ts';
import type { Runs } from './runs/runs.ts';
import type { Ssh } from './ssh/ssh.ts';
import type { PhaseRunner } from './sessions/phase-runner.ts';
import type { SessionStore } from './sessions/session-store.ts';
import type { StepRunner } from './sessions/step-runner.ts';
import type { CheckProgress } from './sessions/watch.ts';

export interface OpenRuntime {
	readonly ready: true;
	/** The state directory. */
	readonly folder: string;
	readonly sessions: SessionStore;
	readonly runs: Runs;
	/** The way to other machines. */
	readonly ssh: Ssh;
	readonly runner: StepRunner;
	readonly phases: PhaseRunner;
	readonly checking: EventEmitter<{ checking: [CheckProgress] }>;
	/** Why nothing can be written at this moment; undefined when it can, as far as is known. */
	trouble(): Problem | undefined;
	/** Stops looking and closes files. Stops no run. */
	close(): Promise<void>;
}

export interface ClosedRuntime {
	readonly ready: false;
	readonly problem: Problem;
}

export type Runtime = OpenRuntime | ClosedRuntime;

/** @throws Refusal with the reason when nothing can be kept or run. What goes on can be watched and ended all the same: see `openPart`. */
export function writablePart(runtime: Runtime): OpenRuntime {
	const open = openPart(runtime);
	const trouble = open.trouble();
	if (trouble) throw new Refusal(trouble);
	return open;
}

/** @throws Refusal with the reason when this machine has nothing kept and runs nothing. */
export function openPart(runtime: Runtime): OpenRuntime {
	if (!runtime.ready) throw new Refusal(runtime.problem);
	return runtime;
}
