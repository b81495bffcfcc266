import { z } from '../zod.ts';

/**
 * How a check came out. `warned`: it did not pass, and its definition says that this is worth a warning only. `could-not-check`: what it asks is not known, so it
 * settles nothing. `not-applicable`: nothing of it is asked for these values.
 */
export const grades = ['passed', 'warned', 'failed', 'could-not-check', 'not-applicable'] as const;
export const Grade = z.enum(grades);
export type Grade = z.output<typeof Grade>;

/** What a check saw, by name: the sentences stand in `zh/ui.json` and `en/ui.json` under `saw.<name>`. */
export const observations = {
	output: ['text'],
	/** What must not be there was asked for, and is not. */
	absent: [],
	/** Nothing was found of what must not be there. */
	none: [],
	lacks: ['unwanted'],
	'exit-code': ['code'],
	'wrong-exit-code': ['code', 'wanted', 'text'],
	'output-lacks': ['wanted', 'text'],
	'output-differs': ['wanted', 'text'],
	'output-unmatched': ['pattern', 'text'],
	'output-has': ['unwanted', 'text'],
	answer: ['url', 'status'],
	'wrong-status': ['url', 'status', 'wanted'],
	'body-lacks': ['url', 'wanted', 'text'],
	'header-lacks': ['url', 'header', 'wanted', 'text'],
	'header-absent': ['url', 'header', 'wanted'],
	'header-differs': ['url', 'header', 'wanted', 'text'],
	'header-unmatched': ['url', 'header', 'pattern', 'text'],
	'json-differs': ['url', 'field', 'wanted', 'text'],
	'file-there': ['path'],
	'file-absent': ['path'],
	'file-lacks': ['path', 'entry'],
	'file-end': ['path', 'wanted', 'text'],
	'no-answer': ['url', 'reason'],
	refused: ['url'],
	'not-refused': ['url', 'status'],
	nothing: ['what', 'reason'],
	unreached: ['what', 'machine', 'reason'],
	'cannot-run': ['what', 'code', 'text'],
	'engine-silent': ['what', 'text'],
	'time-limit': ['what', 'seconds'],
	'not-held': ['seconds', 'held'],
	'value-missing': ['parameter'],
	/** Drover runs in a container, and the check asks for what only the machine has. */
	'in-container': [],
	'not-mounted': ['path'],
} as const satisfies Record<string, readonly string[]>;
export type ObservationName = keyof typeof observations;

export const Observation = z.strictObject({
	name: z.enum(Object.keys(observations) as [ObservationName, ...ObservationName[]]),
	slots: z.record(z.string(), z.union([z.string(), z.number()])),
});
export type Observation = z.output<typeof Observation>;
