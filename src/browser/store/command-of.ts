import { renderStep, type Rendered } from '../../runbook/command/render.ts';
import type { PlannedStep } from '../../runbook/session/plan.ts';
import type { Resolved } from '../../runbook/values/resolve.ts';

/** Commands by the values that they are made of, and their steps. */
const known = new WeakMap<Resolved, WeakMap<PlannedStep, { readonly rendered: Rendered | undefined }>>();

/** Returns the command of a step with these values; undefined without one. Several parts of the page ask at each keystroke: it is made once. */
export function commandOf(resolved: Resolved, planned: PlannedStep): Rendered | undefined {
	const commands = known.get(resolved) ?? new WeakMap<PlannedStep, { readonly rendered: Rendered | undefined }>();
	known.set(resolved, commands);
	const found = commands.get(planned) ?? { rendered: renderStep(planned.step, 'run', resolved, planned.node ? { node: planned.node } : {}) };
	commands.set(planned, found);
	return found.rendered;
}
