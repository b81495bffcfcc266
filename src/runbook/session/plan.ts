/**
 * What a reader may do next, and why not. The page asks it to draw buttons, the server asks it again before anything happens: the same answer.
 */
import type { Runbook, Step } from '../definition/definition.ts';
import type { Made } from '../run/made-schema.ts';
import { madeUse } from '../definition/made-use.ts';
import { problem, type Problem } from '../problem.ts';
import type { Resolved } from '../values/resolve.ts';
import { isRunSuccess } from '../run/run.ts';
import { isProof, madeBy, stepKey, type Session, type SessionRun, type StepStatus, type Unchecked } from './session.ts';
import { measuredGib } from './measured.ts';
import type { Mark } from './session-event.ts';
import { targetsOf, type Target } from './targets.ts';

/** A step of this session: once, or for one node. */
export interface PlannedStep extends Target {
	readonly key: string;
	readonly step: Step;
	readonly status: StepStatus;
	/** Its last check could not be done: beside the status, which it does not change. */
	readonly unchecked?: Unchecked;
	/** Nothing is left to do: the way onward is free. */
	readonly settled: boolean;
	/** What its last run made and nobody has taken back, where its undo acts on that; `reading` until the run's output was read. */
	readonly made?: Made | 'reading';
}

/**
 * The steps in order, each with what is known of it. A step for nodes stands once for each; without nodes, once. `gib`: the size of the data where it was measured, which
 * then is in how long a step usually takes.
 */
export function planSteps(runbook: Runbook, resolved: Resolved, session: Session | undefined, gib = measuredGib(runbook, resolved, session)): readonly PlannedStep[] {
	return runbook.steps.flatMap((step) => {
		return targetsOf(step, resolved).map((target) => {
			const key = stepKey(step.id, target.node?.name);
			const status = session?.steps.get(key) ?? { kind: 'todo' };
			const made = madeOf(step, key, status, session);
			const unchecked = session?.unchecked.get(key);
			const settled = !target.applies || isSettled(status, target.hasCheck);
			return { ...target, ...timesOf(target, gib), key, step, status, ...(unchecked && { unchecked }), settled, ...(made && { made }) };
		});
	});
}

/** How long a step usually takes with so much data; without a size, how it grows. */
function timesOf({ usuallySeconds, perGibSeconds = 0 }: Target, gib: number | undefined): Pick<Target, 'usuallySeconds' | 'perGibSeconds'> {
	if (usuallySeconds === undefined || gib === undefined) return {};
	return { usuallySeconds: Math.round(usuallySeconds + perGibSeconds * Math.max(0, gib - 1)), perGibSeconds: 0 };
}

function madeOf(step: Step, key: string, status: StepStatus, session: Session | undefined): Made | 'reading' | undefined {
	if (!session || status.kind === 'undone' || madeUse(step) === 'none') return undefined;
	const run = [...session.runs.values()].findLast((one) => one.kind === 'run' && stepKey(one.step, one.node) === key);
	return run && (madeBy(run) ?? 'reading');
}

/** `hasCheck`: something proves the step, for these values. Where nothing does, the end of its run is all that can be known. */
function isSettled(status: StepStatus, hasCheck: boolean): boolean {
	if (status.kind === 'ran') return !hasCheck;
	return isProof(status) || status.kind === 'by-hand' || status.kind === 'skipped' || status.kind === 'overridden';
}

/** The first step that is not settled. */
export function nextStep(steps: readonly PlannedStep[]): PlannedStep | undefined {
	return steps.find((one) => !one.settled);
}

/** Why a step may not run now; undefined when it may. */
export function whyNotRun(steps: readonly PlannedStep[], key: string): Problem | undefined {
	const planned = steps.find((one) => one.key === key);
	if (!planned) return problem('step.unknown', { runbook: '', step: key, suggestion: '' });
	return whyNotBegin(planned) ?? whyOutOfOrder(steps, planned);
}

/** Why a step itself may not run now, whatever stands before it. */
export function whyNotBegin(planned: PlannedStep): Problem | undefined {
	const { step, status } = planned;
	const where = { step: step.id };
	if (!planned.applies) return problem('step.not-applicable', where, where);
	if (planned.way !== 'run') return whyNoCommand(planned);
	if (status.kind === 'running') return problem('step.running', where, where);
	if (status.kind === 'unknown') return problem('step.unsettled', where, where);
	if (planned.settled && step.effect !== 'read') return problem('step.already-done', where, where);
	if (planned.made === 'reading') return problem('step.running', where, where);
	return planned.made?.kind === 'container' ? problem('step.made-before', { step: step.id, container: planned.made.id.slice(0, 12) }, where) : undefined;
}

function whyNoCommand({ step, node }: PlannedStep): Problem {
	const where = { step: step.id };
	if (step.byHand) return problem('step.by-hand', where, where);
	if (step.run.length > 0 && node) return problem('node.elsewhere', { step: step.id, node: node.name, ssh: node.ssh }, where);
	return problem('step.no-command', where, where);
}

/** The earlier step that must be settled first. Preflight steps look, in any order; nodes that are taken together do not wait for each other. */
export function whyOutOfOrder(steps: readonly PlannedStep[], planned: PlannedStep): Problem | undefined {
	const { step } = planned;
	const index = steps.indexOf(planned);
	const before = steps.slice(0, index).find((one) => {
		if (one.settled) return false;
		if (step.phase === 'preflight') return false;
		return one.step.id !== step.id || step.each === 'nodes-in-turn';
	});
	return before && problem('step.out-of-order', { step: step.id, before: before.step.id }, { step: step.id });
}

/** Why a reader may not settle a step himself; undefined when he may. Skipping and overriding need a reason. */
export function whyNotMark(planned: PlannedStep, steps: readonly PlannedStep[], mark: Mark, reason: string): Problem | undefined {
	const where = { step: planned.step.id };
	if (planned.status.kind === 'running') return problem('step.running', where, where);
	if (!planned.applies) return problem('step.not-applicable', where, where);
	if (mark === 'undone') return isMadeUnknown(planned) ? undefined : problem('step.nothing-to-undo', where, where);
	if (mark === 'cleared') return undefined;
	// A required step is settled by its check alone; by hand is the reader's word for it.
	if (planned.step.required && planned.hasCheck) return problem('step.cannot-override', where, where);
	if (mark !== 'by-hand') {
		if (planned.step.required) return problem('step.cannot-override', where, where);
		if (reason.trim() === '') return problem('step.needs-reason', where, where);
	}
	return whyOutOfOrder(steps, planned);
}

/** Whether the undo of a step cannot be done from here, because nobody knows which container its run made. */
export function isMadeUnknown({ made }: PlannedStep): boolean {
	return typeof made === 'object' && made.kind === 'unknown';
}

/** A step that was run and can be taken back, with the run that made it. */
export interface RollbackStep {
	readonly planned: PlannedStep;
	readonly run: SessionRun;
	/** What its undo acts on. */
	readonly made?: Made;
}

/**
 * What this session has done and not yet taken back, last first. A step that was found done, done by hand or skipped is not the session's to take
 * back; one that failed or whose end is unknown may have done something, so it is.
 */
export function rollbackSteps(runbook: Runbook, steps: readonly PlannedStep[], session: Session): readonly RollbackStep[] {
	const order = new Map(runbook.steps.map((step, index) => [step.id, index]));
	const done = steps.flatMap((planned) => {
		if (planned.step.effect === 'read') return [];
		const own = [...session.runs.values()].filter((run) => stepKey(run.step, run.node) === planned.key && run.state.kind !== 'never-started');
		const last = own.at(-1);
		const made = own.filter((run) => run.kind === 'run').at(-1);
		const undone = last !== undefined && planned.status.kind === 'undone';
		if (!made || undone) return [];
		if (planned.step.allOrNothing && last?.kind === 'run' && made.state.kind === 'ended' && 'code' in made.state.end && made.state.end.code !== 0) return [];
		const container = typeof planned.made === 'object' ? planned.made : undefined;
		if (container?.kind === 'nothing' && madeUse(planned.step) === 'only') return [];
		return [{ planned, run: made, ...(container && { made: container }) }];
	});
	return done.sort((a, b) => (order.get(b.planned.step.id) ?? 0) - (order.get(a.planned.step.id) ?? 0) || steps.indexOf(b.planned) - steps.indexOf(a.planned));
}

/** Why the undo of a step may not run now; undefined when it may. */
export function whyNotUndo(back: readonly RollbackStep[], key: string): Problem | undefined {
	const index = back.findIndex((one) => one.planned.key === key);
	const step = key.split('@')[0] ?? key;
	const entry = back[index];
	if (!entry) return problem('step.nothing-to-undo', { step }, { step });
	if (entry.planned.step.undo.length === 0) return problem('step.no-undo', { step }, { step });
	if (entry.planned.status.kind === 'running' || entry.planned.made === 'reading') return problem('step.running', { step }, { step });
	const later = back.slice(0, index).find((one) => one.planned.step.undo.length > 0);
	if (later) return problem('step.undo-order', { step, later: later.planned.step.id }, { step });
	return isMadeUnknown(entry.planned) ? problem('step.made-unknown', { step }, { step }) : undefined;
}

/**
 * When the server went down by this session's doing, and when it was up again: all changes were made, or all that were made are taken back. After
 * several tries it is the latest. RFC 3339 times.
 */
export function downtimeOf(steps: readonly PlannedStep[], session: Session): { from?: string; to?: string } {
	const change = steps.filter((one) => one.step.phase === 'change' && one.applies);
	const keys = new Set(change.map((one) => one.key));
	const standing = new Set<string>();
	let outage: { from?: string; to?: string } = {};
	for (const run of session.runs.values()) {
		const key = stepKey(run.step, run.node);
		if (!keys.has(key) || run.state.kind === 'never-started') continue;
		if (run.kind === 'run') {
			if (standing.size === 0) outage = { from: run.askedAt };
			standing.add(key);
		} else if (run.state.kind === 'ended' && isRunSuccess(run.state) && standing.delete(key) && standing.size === 0) {
			outage = { ...outage, to: run.state.at };
		}
	}
	const last = change.at(-1)?.status;
	const done = standing.size > 0 && last && 'at' in last && change.every((one) => one.settled);
	return done ? { ...outage, to: last.at } : outage;
}

/** How long a server is usually down, in seconds, and how much longer for each GiB of data beyond the first. */
export interface UsualDowntime {
	readonly seconds: number;
	readonly perGibSeconds: number;
}

/**
 * How long the server is usually still down: the changes that apply and are not settled, one after the other, but for nodes that are taken together. What is done on
 * other nodes alone is not counted: of several nodes the others start when the first is up again.
 */
export function usualDowntime(steps: readonly PlannedStep[]): UsualDowntime {
	const left = steps.filter(({ step, applies, settled }) => step.phase === 'change' && applies && !settled && step.when?.node !== 'elsewhere');
	const counted = left.filter((one) => one.step.each !== 'nodes' || left.find(({ step }) => step.id === one.step.id) === one);
	const sum = (part: (one: PlannedStep) => number | undefined) => counted.reduce((total, one) => total + (part(one) ?? 0), 0);
	return { seconds: sum((one) => one.usuallySeconds), perGibSeconds: sum((one) => one.perGibSeconds) };
}

/** Steps whose check should still hold, so that they can be looked at again. */
export function stepsToRecheck(steps: readonly PlannedStep[]): readonly PlannedStep[] {
	const started = (one: PlannedStep) => one.applies && one.status.kind !== 'todo' && one.status.kind !== 'undone';
	const changing = steps.some((one) => one.step.phase === 'change' && started(one));
	return steps.filter((one) => {
		if (one.step.doneWhen.length === 0 || !one.applies) return false;
		if (!['verified', 'warned', 'found', 'by-hand', 'stale'].includes(one.status.kind)) return false;
		if (one.step.phase === 'preflight' && changing) return false;
		return one.step.until === undefined || !steps.some((later) => later.step.id === one.step.until && started(later));
	});
}
