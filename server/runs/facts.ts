import type { RunFact } from '../../src/runbook/run/run-event.ts';
import type { RunState } from '../../src/runbook/run/run-state.ts';
import type { Live } from './files/run-files.ts';

/** Returns what the journal has to say of a run that stands like this. */
export function factsOf(run: string, state: RunState, live: Live | undefined): RunFact[] {
	const facts: RunFact[] = live ? [{ type: 'run.started', run, startedAt: live.startedAt }] : [];
	if (state.kind === 'never-started') facts.push({ type: 'run.never-started', run, error: state.error });
	if (state.kind === 'unknown') facts.push({ type: 'run.unknown', run, reason: state.reason });
	if (state.kind !== 'ended') return facts;
	const { end, at: endedAt, elapsedMs, output, stayers, terminal } = state;
	facts.push({ type: 'run.ended', run, end, endedAt, elapsedMs });
	if (terminal === 'closed') facts.push({ type: 'run.closed', run, output, stayers });
	return facts;
}
