import type { PartName } from '../../../src/runbook/session/phase-event.ts';
import type { PhaseState } from '../../../src/runbook/session/phase-state.ts';
import { given, type Line } from '../line.ts';
import type { ReportSource } from '../source.ts';
import type { Formatter } from './formatter.ts';

/** Tells each phase run: when, of what, how far it came and why it ended. */
export function formatPhases({ session }: ReportSource, formatter: Formatter): Line[] {
	return [...session.phases.values()].map((phase) => {
		const slots = { from: formatter.times.clock(phase.at), part: formatter.text(partKey(phase.part)), begun: phase.begun.length, steps: phase.steps.length };
		if (!phase.end) return formatter.line('report.phase-open', slots);
		return formatter.line('report.phase-run', { ...slots, to: formatter.times.clock(phase.end.at), stopped: formatStop(phase, phase.end, formatter) });
	});
}

function formatStop({ steps: [first] }: PhaseState, end: NonNullable<PhaseState['end']>, formatter: Formatter): Line {
	const place = end.step === undefined ? first : { step: end.step, ...(end.node !== undefined && { node: end.node }) };
	return formatter.line(`stop.${end.reason}`, { step: place ? formatter.step(place.step, place.node) : given('') });
}

function partKey(part: PartName) {
	if (part === 'point-of-no-return') return 'gate.words';
	return part === 'destroy' ? 'phase.finish' : (`phase.${part}` as const);
}

/** Tells the results that the reader accepted, each with his reason. */
export function formatAccepted({ session }: ReportSource, formatter: Formatter): Line[] {
	return [...session.steps].flatMap(([key, status]) => {
		if (status.kind !== 'overridden' || !status.accepted) return [];
		const [step = key, node] = key.split('@', 2);
		return [formatter.line(`report.accepted-${status.accepted.result}`, { at: formatter.times.clock(status.at), step: formatter.step(step, node), reason: given(status.reason) })];
	});
}
