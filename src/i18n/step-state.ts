/** How a step stands, in one word: the name of its shape and of its words. */
import type { PlannedStep } from '../runbook/session/plan.ts';
import type { WordKey } from './words.ts';

export const shownStates = ['todo', 'next', 'running', 'checking', 'ran', 'verified', 'warned', 'found', 'by-hand', 'skipped', 'overridden', 'failed', 'could-not-check', 'unknown', 'stale', 'undone', 'not-applicable'] as const;
export type ShownState = (typeof shownStates)[number];

/** The state of a step, or of a step on one node. `next` is the first that is not settled. */
export function stateOf(planned: PlannedStep, next: PlannedStep | undefined): ShownState {
	const { status, applies } = planned;
	if (status.kind === 'running') return 'running';
	if (!applies) return 'not-applicable';
	if (planned.unchecked && (status.kind === 'todo' || status.kind === 'ran' || status.kind === 'undone') && !planned.settled) return 'could-not-check';
	if (status.kind === 'ran') return planned.settled ? 'ran' : 'checking';
	if (status.kind === 'todo' || status.kind === 'undone') return next?.key === planned.key ? 'next' : status.kind;
	return status.kind;
}

/** What asks for attention comes first: one state for a step that stands on several nodes. */
const urgent: readonly ShownState[] = ['running', 'failed', 'unknown', 'could-not-check', 'stale', 'checking', 'next', 'todo', 'undone', 'overridden', 'skipped', 'by-hand', 'ran', 'warned', 'found', 'verified', 'not-applicable'];

export function stateOfAll(planned: readonly PlannedStep[], next: PlannedStep | undefined): ShownState {
	const states = planned.map((one) => stateOf(one, next));
	return urgent.find((state) => states.includes(state)) ?? 'todo';
}

/** The shape of a state of a step. */
export function shapeOf(state: ShownState): string {
	return state === 'ran' ? 'by-hand' : state;
}

export function stateWord(state: ShownState, undoing = false): WordKey {
	return undoing ? 'status.undoing' : `status.${state}`;
}
