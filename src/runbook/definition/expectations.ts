/** Expectations of an author beside a runbook, `tests:`: values, and what follows from them. Nothing is run: they are read like everything else that can be wrong with content. */
import { z } from 'zod';

const name = z.string().min(1);

export const Expectations = z.strictObject({
	/** Values as a file of `--values` has them. */
	values: z.record(z.string(), z.union([z.string(), z.array(z.union([z.string(), z.strictObject({ name: z.string(), ssh: z.string(), address: z.string() })]))])).default({}),
	/** Commands of steps, as they are shown. */
	commands: z.record(name, z.string()).default({}),
	/** Steps that these values leave out. */
	skipped: z.array(name).default([]),
	/** Steps whose command lacks a value. */
	blocked: z.array(name).default([]),
	/** Parameters whose values are refused: all of them. */
	refused: z.array(name).default([]),
	/** Parameters that get a warning: all of them. */
	warned: z.array(name).optional(),
});
export type Expectations = z.output<typeof Expectations>;
