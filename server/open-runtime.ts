import { EventEmitter } from 'node:events';
import { isRunActive } from '../src/runbook/run/run.ts';
import { log } from './log.ts';
import { createRuns, type Runs } from './runs/runs.ts';
import type { RunbookStore } from './runbooks.ts';
import { createPhaseRunner } from './sessions/phase-runner.ts';
import { openSessionStore, type LiveSession, type SessionStore } from './sessions/session-store.ts';
import { createStepRunner } from './sessions/step-runner.ts';
import type { Looking } from './sessions/watch.ts';
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
	const looking = new EventEmitter<{ looking: [Looking] }>().setMaxListeners(0);
	const sessions = openSessionStore(state.sessions);
	// The runner starts runs, and runs tell the runner what became of them: each is given the other as a function.
	const runner = createStepRunner({
		runbooks,
		sessions,
		folder,
		runs: () => runs,
		onLooking: (one) => looking.emit('looking', one),
	});
	runner.resume();
	const runs = createRuns({ state, journal: (session, event) => runner.journal(session, event), spare: true });
	// Who works on a session may press Run next.
	sessions.events.on('entry', (_, { event }) => event.type.startsWith('run.') || runs.expect());
	tellLost(sessions, runs);
	const phases = createPhaseRunner({ runbooks, sessions, runner });
	phases.resume();
	return {
		ready: true,
		folder: state.path,
		sessions,
		runs,
		runner,
		phases,
		looking,
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
function tellLost(sessions: SessionStore, runs: Runs): void {
	for (const { problem, slots } of runs.notices) log('error', { message: problem, ...slots });
	for (const live of sessions.list()) {
		const lost = [...live.session.runs.values()].filter((run) => isRunActive(run.state) && !runs.get(run.id));
		for (const { id } of lost) tellUnknown(live, id);
	}
}

function tellUnknown(live: LiveSession, run: string): void {
	try {
		live.append({ type: 'run.unknown', run, reason: 'damaged' });
	} catch (error) {
		log('error', { run, message: String(error) });
	}
}
