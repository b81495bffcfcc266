import { z } from './zod.ts';

/** A problem as it travels and is kept: by its name and slots. */
export const Problem = z.strictObject({
	name: z.string(),
	slots: z.record(z.string(), z.union([z.string(), z.number()])),
	parameter: z.optional(z.string()),
	item: z.optional(z.number()),
	step: z.optional(z.string()),
});
