import { z } from './zod.ts';

/** What a check saw, by name: the sentences stand in `zh/ui.json` and `en/ui.json` under `saw.<name>`. */
export const sights = {
	output: ['text'],
	'exit-code': ['code'],
	'wrong-exit-code': ['code', 'wanted', 'text'],
	'output-lacks': ['wanted', 'text'],
	'output-has': ['unwanted', 'text'],
	answer: ['url', 'status'],
	'wrong-status': ['url', 'status', 'wanted'],
	'body-lacks': ['url', 'wanted', 'text'],
	'header-lacks': ['url', 'header', 'wanted', 'text'],
	'json-differs': ['url', 'field', 'wanted', 'text'],
	'file-there': ['path'],
	'file-absent': ['path'],
	'file-lacks': ['path', 'entry'],
	'file-end': ['path', 'wanted', 'text'],
	nothing: ['what', 'reason'],
	'value-missing': ['parameter'],
} as const satisfies Record<string, readonly string[]>;
export type SightName = keyof typeof sights;

export const Sight = z.strictObject({
	name: z.enum(Object.keys(sights) as [SightName, ...SightName[]]),
	slots: z.record(z.string(), z.union([z.string(), z.number()])),
});
export type Sight = z.output<typeof Sight>;
