/** The shapes of content as JSON Schema, for editors: the same zod schemas that everything is parsed with. */
import { z } from 'zod';
import { FamilySource, RunbookSource } from '../runbook/definition/definition.ts';
import { ContentConfig } from './content-config.ts';

/** By file name. */
export function contentSchemas(): Readonly<Record<string, unknown>> {
	const schema = (shape: z.ZodType) => z.toJSONSchema(shape, { io: 'input', unrepresentable: 'any' });
	return { 'drover.json': schema(ContentConfig), 'family.json': schema(FamilySource), 'runbook.json': schema(RunbookSource) };
}
