import type { PartName, PhaseEnded, PhaseEvent, StopReason } from './phase-event.ts';
import type { z } from '../zod.ts';

/** A step of a session, once or on a node. */
export interface StepPlace {
	readonly step: string;
	readonly node?: string;
}

/** A phase run as a session knows it; without `end` it is under way. */
export interface PhaseState {
	readonly id: string;
	readonly part: PartName;
	readonly at: string;
	readonly steps: readonly StepPlace[];
	/** Steps whose turn has come, in order. */
	readonly begun: readonly (StepPlace & { readonly at: string })[];
	readonly end?: { readonly at: string; readonly reason: StopReason; readonly step?: string; readonly node?: string; readonly problems: Problems };
}

type Problems = NonNullable<z.output<typeof PhaseEnded>['problems']>;
type Phases = Map<string, PhaseState>;

/** Takes an event into the phase runs of a session. One server does one at a time: what has no end when the next begins was cut off with its server. */
export function applyPhase(phases: Phases, event: PhaseEvent, at: string): void {
	const known = phases.get(event.phase);
	switch (event.type) {
		case 'phase.started':
			for (const [id, one] of phases) if (!one.end) phases.set(id, { ...one, end: { at, reason: 'server-ended', ...lastPlace(one), problems: [] } });
			if (!known) phases.set(event.phase, { id: event.phase, part: event.part, at, steps: event.steps.map(placeOf), begun: [] });
			return;
		case 'phase.turn':
			if (known && !known.end) phases.set(event.phase, { ...known, begun: [...known.begun, { ...placeOf(event), at }] });
			return;
		case 'phase.ended':
			if (known && !known.end) phases.set(event.phase, { ...known, end: { at, reason: event.reason, ...(event.step !== undefined && placeOf({ ...event, step: event.step })), problems: event.problems ?? [] } });
	}
}

/** Where a phase run was last; nothing before its first step. */
export function lastPlace({ begun }: PhaseState): StepPlace | undefined {
	const last = begun.at(-1);
	return last && placeOf(last);
}

export function placeOf({ step, node }: { readonly step: string; readonly node?: string | undefined }): StepPlace {
	return { step, ...(node !== undefined && { node }) };
}

/** The last phase run: the one that is under way, or that ended last. */
export function lastPhase({ phases }: { readonly phases: ReadonlyMap<string, PhaseState> }): PhaseState | undefined {
	return [...phases.values()].at(-1);
}
