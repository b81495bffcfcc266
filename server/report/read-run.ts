import { join } from 'node:path';
import type { RunFact } from '../../src/runbook/run/run-event.ts';
import { countEvents } from '../runs/count-events.ts';
import { decide } from '../runs/decide.ts';
import { readEvidence } from '../runs/evidence.ts';
import { factsOf } from '../runs/facts.ts';
import { readPlan } from '../runs/read-plan.ts';
import type { Plan } from '../runs/files/run-files.ts';

/** A run's own files, as far as they can be read. */
export interface RunFolder {
	readonly path: string;
	readonly plan: Plan | undefined;
}

export function openRunFolder(runs: string, id: string): RunFolder {
	const path = join(runs, id);
	try {
		return { path, plan: readPlan(path) };
	} catch {
		return { path, plan: undefined };
	}
}

/** Returns what the files of a run tell of it now; nothing when they do not say more than that it was asked for. */
export function readFacts({ path, plan }: RunFolder): RunFact[] {
	if (!plan) return [];
	const seen = readEvidence(path, plan.run);
	const linked = seen.supervisor === 'alive';
	const isLost = seen.exit !== undefined && seen.end === undefined && !linked;
	const state = decide({ ...seen, linked, stayers: [], lastEvent: isLost ? countEvents(path) : 0 }, plan.at);
	return factsOf(plan.run, state, seen.live);
}
