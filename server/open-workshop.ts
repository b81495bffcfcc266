import { EventEmitter } from 'node:events';
import { createRuns } from './runs/runs.ts';
import type { RunbookStore } from './runbooks.ts';
import { openSessionStore } from './sessions/session-store.ts';
import { createStepRunner } from './sessions/step-runner.ts';
import type { Looking } from './sessions/watch.ts';
import type { StateDirectory } from './state/state-directory.ts';
import type { OpenWorkshop } from './workshop.ts';

export interface WorkshopOptions {
	readonly state: StateDirectory;
	readonly runbooks: RunbookStore;
	/** Folder that relative paths of values start from. */
	readonly folder: string;
}

/** Opens sessions and runs of a state directory; runs of an earlier server are found again. @throws StateError */
export function openWorkshop({ state, runbooks, folder }: WorkshopOptions): OpenWorkshop {
	const looking = new EventEmitter<{ looking: [Looking] }>();
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
	const runs = createRuns({ state, journal: (session, event) => runner.journal(session, event) });
	return {
		ready: true,
		folder: state.path,
		sessions,
		runs,
		runner,
		looking,
		close: async () => {
			await runner.close();
			runs.close();
			sessions.close();
		},
	};
}
