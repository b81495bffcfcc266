/**
 * What one press may do. Page, server and command line ask this alone. A part of a runbook never reaches over a point of no return, and what destroys is always alone.
 */
import { isProof } from './session.ts';
import { nextStep, whyNotBegin, whyOutOfOrder, type PlannedStep } from './plan.ts';
import type { PartName } from './phase-event.ts';
import { problem, type Problem } from '../problem.ts';

/** Steps that one press may do together. */
export interface Part {
	readonly name: PartName;
	readonly steps: readonly PlannedStep[];
}

/** What one press does now. */
export interface Runnable {
	readonly part: Part;
	/** In order. After the last change, also the checks of `verify`. */
	readonly steps: readonly PlannedStep[];
}

/** The parts of a runbook, in order. They follow from the values alone: what is done meanwhile changes nothing of them. Steps that do not apply are in none. */
export function partsOf(steps: readonly PlannedStep[]): readonly Part[] {
	const parts: { name: PartName; steps: PlannedStep[] }[] = [];
	for (const planned of steps) {
		if (!planned.applies) continue;
		const name = partNameOf(planned);
		const last = parts.at(-1);
		if (last?.name === name && !isAlone(name)) last.steps.push(planned);
		else parts.push({ name, steps: [planned] });
	}
	return parts;
}

function partNameOf({ step, pointOfNoReturn }: PlannedStep): PartName {
	if (step.effect === 'destroy') return 'destroy';
	return pointOfNoReturn ? 'point-of-no-return' : step.phase;
}

const isAlone = (name: PartName): boolean => name === 'destroy' || name === 'point-of-no-return';

/**
 * Returns what one press does: of the part of the step `from` (default: the next step), from there on, what is not settled, up to the first step that waits for the reader. Undefined when
 * nothing may begin there. `again`: checks that have passed are done once more.
 */
export function runnableSteps(steps: readonly PlannedStep[], from = nextStep(steps)?.key, { again = false } = {}): Runnable | undefined {
	const parts = partsOf(steps);
	const index = parts.findIndex((one) => one.steps.some(({ key }) => key === from));
	const part = parts[index];
	if (!part) return undefined;
	const after = part.steps.slice(part.steps.findIndex(({ key }) => key === from));
	const taken = takeSteps(after, again);
	const first = taken.steps[0];
	if (!first || whyOutOfOrder(steps, first)) return undefined;
	const checks = taken.isWhole ? checksAfter(parts, index) : [];
	return { part, steps: [...taken.steps, ...takeSteps(checks, again).steps] };
}

/** `isWhole`: nothing of them waits for the reader. */
function takeSteps(steps: readonly PlannedStep[], again: boolean): { steps: readonly PlannedStep[]; isWhole: boolean } {
	const taken: PlannedStep[] = [];
	let isWhole = true;
	for (const planned of steps) {
		if (planned.settled && !(again && isCheckedAgain(planned))) continue;
		if (mayBegin(planned)) {
			taken.push(planned);
			continue;
		}
		isWhole = false;
		// Preflight steps do not wait for each other.
		if (planned.step.phase !== 'preflight') break;
	}
	return { steps: taken, isWhole };
}

/** What a check has settled, not the reader. */
const isCheckedAgain = ({ way, status }: PlannedStep): boolean => way === 'check' && isProof(status);

/** Whether a step can begin once those before it are settled. What no longer holds is checked again, never done again unasked. */
function mayBegin(planned: PlannedStep): boolean {
	if (planned.way === 'check') return planned.status.kind !== 'running';
	return planned.status.kind !== 'stale' && whyNotBegin(planned) === undefined;
}

/** The checks that follow by themselves when the last change is made: what `verify` has, up to a step that does more than read. */
function checksAfter(parts: readonly Part[], index: number): readonly PlannedStep[] {
	const [part, next] = [parts[index], parts[index + 1]];
	if (!part || next?.name !== 'verify' || (part.name !== 'change' && part.name !== 'point-of-no-return')) return [];
	const end = next.steps.findIndex(({ step }) => step.effect !== 'read');
	return end < 0 ? next.steps : next.steps.slice(0, end);
}

/** What the reader is asked before a press does these steps: nothing, yes or no, or the name of what is destroyed. */
export function questionOf(steps: readonly PlannedStep[]): 'none' | 'confirm' | 'object' {
	if (steps.some(({ step }) => step.effect === 'destroy')) return 'object';
	return steps.some(({ step, pointOfNoReturn }) => step.effect === 'change' || pointOfNoReturn) ? 'confirm' : 'none';
}

/** Why steps, given by their keys, may not be done by one press; undefined when they may. Whether each may begin is asked again when its turn comes. */
export function whyNotTogether(steps: readonly PlannedStep[], keys: readonly string[]): Problem | undefined {
	const parts = partsOf(steps);
	const index = parts.findIndex((part) => part.steps.some(({ key }) => key === keys[0]));
	const allowed = [...(parts[index]?.steps ?? []), ...checksAfter(parts, index)];
	const refuse = (key = '') => {
		const step = steps.find((one) => one.key === key)?.step.id ?? key;
		return problem('phase.steps', { step }, { step });
	};
	if (index < 0) return refuse(keys[0]);
	let at = allowed.findIndex(({ key }) => key === keys[0]);
	const first = allowed[at];
	const why = first && whyOutOfOrder(steps, first);
	if (why) return why;
	for (const key of keys.slice(1)) {
		const next = allowed.findIndex((one, place) => place > at && one.key === key);
		const left = allowed.slice(at + 1, Math.max(next, 0)).find((one) => !one.settled && one.step.phase !== 'preflight');
		if (next < 0 || left) return refuse(left?.key ?? key);
		at = next;
	}
	return undefined;
}
