/**
 * What applies, where, and who does it: decided here and nowhere else. The page, the server, the Markdown page, the report and the command line ask this; a property
 * (`tests/content/applies.test.ts`) holds what they say against each other.
 */
import { checkApplies } from '../check/check.ts';
import type { Step } from '../definition/definition.ts';
import { nodesOf } from '../command/render.ts';
import { holds, isElsewhere, type Resolved } from '../values/resolve.ts';
import type { StepNode } from '../values/value-types.ts';

/** `run`: from here, by its command. `look`: it has no command, its check is looked at. `by-hand`: the reader does it, there or in other pages. */
export type Way = 'run' | 'check' | 'by-hand';

/** Where a step is done: once, or on one node. */
export interface Target {
	readonly node?: StepNode;
	/** Its condition holds there, for these values, and so does that of one of its commands. */
	readonly applies: boolean;
	readonly way: Way;
	/** Something proves it there, for these values. */
	readonly hasCheck: boolean;
	/** After it only the backup leads back, for these values. */
	readonly pointOfNoReturn: boolean;
	/** How long it usually takes there, for these values. */
	readonly usuallySeconds?: number;
	/** How much longer for each GiB of data beyond the first. */
	readonly perGibSeconds?: number;
}

/** The one rule for what applies. A step for nodes stands once for each; without nodes, once. */
export function targetsOf(step: Step, resolved: Resolved): readonly Target[] {
	const nodes = nodesOf(step, resolved);
	return (nodes.length > 0 ? nodes : [undefined]).map((node) => {
		const applies = holds(step.when, resolved.answers, node) && hasCommand(step, resolved, node);
		const hasCheck = step.doneWhen.some((check) => checkApplies(check, resolved, node));
		const usually = step.usually.find(({ when }) => holds(when, resolved.answers, node));
		return {
			...(node && { node }),
			applies,
			way: wayOf(step, node, hasCheck),
			hasCheck,
			pointOfNoReturn: isPointOfNoReturn(step, resolved, node),
			...(usually && { usuallySeconds: usually.seconds, perGibSeconds: usually.perGibSeconds }),
		};
	});
}

/** The target that stands for a step where one has to: the first that applies. */
export function firstTarget(step: Step, resolved: Resolved): Target | undefined {
	const targets = targetsOf(step, resolved);
	return targets.find(({ applies }) => applies) ?? targets[0];
}

/** Whether only the backup leads back after a step, for these values. */
export function isPointOfNoReturn({ pointOfNoReturn }: Step, resolved: Resolved, node?: StepNode): boolean {
	return typeof pointOfNoReturn === 'boolean' ? pointOfNoReturn : holds(pointOfNoReturn, resolved.answers, node);
}

function hasCommand(step: Step, resolved: Resolved, node: StepNode | undefined): boolean {
	return step.run.length === 0 || step.run.some((command) => holds(command.when, resolved.answers, node));
}

function wayOf(step: Step, node: StepNode | undefined, hasCheck: boolean): Way {
	if (step.run.length > 0) return isElsewhere(node) ? 'by-hand' : 'run';
	return step.byHand || !hasCheck ? 'by-hand' : 'check';
}
