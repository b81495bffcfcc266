import type { PartName } from '../../../src/runbook/session/phase-event.ts';
import type { PhaseState } from '../../../src/runbook/session/phase-state.ts';
import { given, type Line } from '../line.ts';
import type { ReportSource } from '../source.ts';
import type { Teller } from './teller.ts';

/** Tells each phase run: when, of what, how far it came and why it ended. */
export function tellPhases({ session }: ReportSource, teller: Teller): Line[] {
	return [...session.phases.values()].map((phase) => {
		const slots = { from: teller.times.clock(phase.at), part: teller.text(partKey(phase.part)), begun: phase.begun.length, steps: phase.steps.length };
		if (!phase.end) return teller.line('report.phase-open', slots);
		return teller.line('report.phase-run', { ...slots, to: teller.times.clock(phase.end.at), stopped: tellStop(phase, phase.end, teller) });
	});
}

function tellStop({ steps: [first] }: PhaseState, end: NonNullable<PhaseState['end']>, teller: Teller): Line {
	const place = end.step === undefined ? first : { step: end.step, ...(end.node !== undefined && { node: end.node }) };
	return teller.line(`stop.${end.reason}`, { step: place ? teller.step(place.step, place.node) : given('') });
}

function partKey(part: PartName) {
	if (part === 'point-of-no-return') return 'gate.words';
	return part === 'destroy' ? 'phase.finish' : (`phase.${part}` as const);
}

/** Tells the results that the reader accepted, each with his reason. */
export function tellAccepted({ session }: ReportSource, teller: Teller): Line[] {
	return [...session.steps].flatMap(([key, status]) => {
		if (status.kind !== 'overridden' || !status.accepted) return [];
		const [step = key, node] = key.split('@', 2);
		return [teller.line(`report.accepted-${status.accepted.result}`, { at: teller.times.clock(status.at), step: teller.step(step, node), reason: given(status.reason) })];
	});
}
