import type { RunOutput, RunState } from '../../src/runbook/run/run-state.ts';
import type { Evidence } from './evidence.ts';
import type { Exit } from './files/run-files.ts';

/** How much of the output is there, of a program whose end is known. */
function decideOutput({ end, supervisor, linked, lastEvent }: Evidence): RunOutput {
	if (end?.syncedEvents !== undefined) return { kind: 'lost', afterEvent: end.syncedEvents };
	if (end) return end.droppedBytes > 0 ? { kind: 'cut', droppedBytes: end.droppedBytes } : { kind: 'whole' };
	if (linked || supervisor === 'alive') return { kind: 'pending' };
	return { kind: 'lost', afterEvent: lastEvent };
}

function decideEnd(exit: Exit, evidence: Evidence): RunState {
	if ('error' in exit.result) return { kind: 'never-started', error: exit.result.error };
	if ('unknown' in exit.result) return { kind: 'unknown', reason: exit.result.unknown };
	const output = decideOutput(evidence);
	return {
		kind: 'ended',
		end: exit.result,
		at: exit.at,
		elapsedMs: exit.elapsedMs,
		output,
		terminal: output.kind === 'pending' ? 'open' : 'closed',
		stayers: [...(evidence.end?.stayers ?? evidence.stayers)],
	};
}

function decideUnseen({ supervisor, holder, program }: Evidence): RunState {
	const seen = [supervisor, holder, program];
	if (seen.includes('rebooted')) return { kind: 'unknown', reason: 'rebooted' };
	if (seen.includes('not-comparable')) return { kind: 'unknown', reason: 'not-comparable' };
	return { kind: 'unknown', reason: 'keepers-gone' };
}

/** Returns what may be claimed of a run, and no more. Without a claim nothing is decided yet: see `settleUnclaimed`. */
export function decide(evidence: Evidence, askedAt: string): RunState {
	const { claim, live, exit, stopped, marked, supervisor, holder, program } = evidence;
	if (evidence.damaged) return { kind: 'unknown', reason: evidence.later ? 'later-version' : 'damaged' };
	if (exit) return decideEnd(exit, evidence);
	if (claim?.by === 'server') return { kind: 'never-started', error: { name: 'interrupted', subject: '' } };
	if (!claim) return { kind: 'asked' };
	const reach = evidence.linked ? 'full' : 'signals-only';
	// A supervisor that answers would have told of an end; where nothing can be compared it is the only witness.
	if (live && (evidence.linked || holder === 'alive' || program === 'alive')) {
		return { kind: 'running', startedAt: live.startedAt, reach, stopped, ...(evidence.unseenSince !== undefined && { unseenSince: evidence.unseenSince }) };
	}
	if (!live && supervisor === 'alive') return { kind: 'starting' };
	if (!live && marked) return { kind: 'running', startedAt: askedAt, reach, stopped };
	return decideUnseen(evidence);
}
