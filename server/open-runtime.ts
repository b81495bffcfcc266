import { EventEmitter } from 'node:events';
import { isRunActive } from '../src/runbook/run/run.ts';
import { readerEnvironment } from './environment.ts';
import { log } from './log.ts';
import { createRuns, type Runs } from './runs/runs.ts';
import type { RunbookStore } from './runbooks.ts';
import { createPhaseRunner } from './sessions/phase-runner.ts';
import { openSessionStore, type LiveSession, type SessionStore } from './sessions/session-store.ts';
import { createStepRunner } from './sessions/step-runner.ts';
import type { CheckProgress } from './sessions/watch.ts';
import { createSsh } from './ssh/ssh.ts';
import { whyUnwritable, type StateDirectory } from './state/state-directory.ts';
import type { OpenRuntime } from './runtime.ts';

export interface RuntimeOptions {
	readonly state: StateDirectory;
	readonly runbooks: RunbookStore;
	/** Folder that relative paths of values start from. */
	readonly folder: string;
}

/** Opens sessions and runs of a state directory; runs of an earlier server are found again. @throws StateError */
export function openRuntime({ state, runbooks, folder }: RuntimeOptions): OpenRuntime {
	const checking = new EventEmitter<{ checking: [CheckProgress] }>().setMaxListeners(0);
	const sessions = openSessionStore(state.sessions);
	const ssh = createSsh(state.sockets, readerEnvironment);
	// The runner starts runs, and runs tell the runner what became of them: each is given the other as a function.
	const runner = createStepRunner({
		runbooks,
		sessions,
		folder,
		ssh,
		runs: () => runs,
		onChecking: (one) => checking.emit('checking', one),
	});
	runner.resume();
	const runs = createRuns({ state, ssh, journal: (session, event) => runner.journal(session, event) });
	recordLost(sessions, runs);
	runner.readLeftOutputs();
	const phases = createPhaseRunner({ runbooks, sessions, runner });
	phases.resume();
	return {
		ready: true,
		folder: state.path,
		sessions,
		runs,
		ssh,
		runner,
		phases,
		checking,
		trouble: () => {
			const error = whyUnwritable(state);
			return error ? { name: error.problem, slots: error.slots } : sessions.failure();
		},
		close: async () => {
			await phases.close();
			await runner.close();
			runs.close();
			sessions.close();
		},
	};
}

/** A run whose folder is gone or cannot be read has no other witness: its session says that nothing is known, and does not wait for it for ever. */
function recordLost(sessions: SessionStore, runs: Runs): void {
	for (const { problem, slots } of runs.notices) log('error', { message: problem, ...slots });
	for (const live of sessions.list()) {
		const lost = [...live.session.runs.values()].filter((run) => isRunActive(run.state) && !runs.get(run.id));
		for (const { id } of lost) recordUnknown(live, id);
	}
}

function recordUnknown(live: LiveSession, run: string): void {
	try {
		live.append({ type: 'run.unknown', run, reason: 'damaged' });
	} catch (error) {
		log('error', { run, message: String(error) });
	}
}
