/** What a family without code says of its values, and how it knows what it is for when it runs: `rules:` and `detect:` of `family.yaml`. Their words are on the family's page. */
import { z } from 'zod';

const parameterName = z.string().regex(/^[a-z][a-z0-9_]*$/, { error: 'write a parameter name in lower_snake_case' });
/** `Config.Image`: fields of what `docker container inspect` prints, from the top. */
const field = z.string().regex(/^[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_./-]+)*$/, { error: 'write a field of docker container inspect, as Config.Image' });
const pattern = z.string().min(1).refine(isPattern, { error: 'write a regular expression' });

function isPattern(text: string): boolean {
	try {
		return new RegExp(text, 'u') instanceof RegExp;
	} catch {
		return false;
	}
}

/** A rule: where its condition holds, the values are refused, or a warning is said, beside the field of a parameter. */
export function ruleSource<C extends z.ZodType>(condition: C) {
	return z.strictObject({ when: condition, refuse: parameterName.optional(), warn: parameterName.optional() }).refine(({ refuse, warn }) => (refuse === undefined) !== (warn === undefined), { error: 'write either "refuse" or "warn", with the parameter beside whose field the sentence stands' });
}

/** Where a value comes from: a field, the variable of an environment, or what is mounted at a place (its volume, or its path on the host). With `matches`, the first group of it. */
export const ValueFrom = z.union([
	field.transform((from) => ({ from })),
	z.strictObject({ from: field, matches: pattern.optional() }),
	z.strictObject({ env: z.string().min(1), matches: pattern.optional() }),
	z.strictObject({ mount: z.string().min(1), matches: pattern.optional() }),
]);
export type ValueFrom = z.output<typeof ValueFrom>;

/** A container that the family is for, by fields that match. */
export const Inspection = z.strictObject({
	where: z.record(field, pattern),
	/** The runbook that its values are for. */
	runbook: z.string(),
	/** What it is, in a word: a tag. */
	version: ValueFrom.optional(),
	values: z.record(parameterName, ValueFrom),
});
export type Inspection = z.output<typeof Inspection>;
