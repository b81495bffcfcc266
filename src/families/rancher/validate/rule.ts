import type { Problem } from '../../../runbook/problem.ts';
import type { Form } from '../../../runbook/values/resolve.ts';

/** What a rule says of the form: something that cannot be run, or something to know before it is. */
export interface RuleResult {
	readonly refused: boolean;
	readonly problem: Problem;
}

/** A rule, or several about one thing. It asks only for parameters that it finds. */
export type Rule = (form: Form) => readonly RuleResult[];

export const refuse = (problem: Problem): RuleResult => ({ refused: true, problem });
export const warn = (problem: Problem): RuleResult => ({ refused: false, problem });

/** Whether the runbook leads back: what it starts is the old tag, and the new one is what runs. */
export function goesBack(form: Form): boolean {
	return form.runbook.endsWith('/roll-back');
}

/** The tag of the image that the runbook starts. */
export function targetOf(form: Form): string | undefined {
	return form.text(goesBack(form) ? 'old_tag' : 'new_tag');
}

/** Somebody gave this parameter a value: a default does not count. */
export function isGiven(form: Form, parameter: string): boolean {
	return form.origin(parameter) === 'given' && form.items(parameter).length > 0;
}
