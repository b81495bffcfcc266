import { z } from '../zod.ts';

/** `nothing`: Docker refused before there was a container. `unknown`: one may be there, and which one cannot be known. */
export const Made = z.discriminatedUnion('kind', [
	z.strictObject({ kind: z.literal('container'), id: z.string().check(z.regex(/^[0-9a-f]{64}$/)) }),
	z.strictObject({ kind: z.literal('nothing') }),
	z.strictObject({ kind: z.literal('unknown') }),
]);
export type Made = z.output<typeof Made>;
