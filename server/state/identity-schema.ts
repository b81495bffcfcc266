import { z } from '../../src/runbook/zod.ts';
import type { Identity } from './identity.ts';

/** An identity as it stands in a file; fields of a later version are passed over. Apart from `identity.ts`, which must load without zod. */
export const IdentitySchema: z.ZodMiniType<Identity> = z.object({
	pid: z.int(),
	start: z.string(),
	boot: z.string(),
	namespace: z.string(),
});
