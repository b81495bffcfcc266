import { z } from 'zod';

/** Types whose value is one text without settings of its own. `value-types.ts` says which texts. */
const plainTypes = [
	'agent-image',
	'container',
	'host',
	'image',
	'java-options',
	'key',
	'mount-options',
	'name',
	'port',
	'project',
	'proxy',
	'publish',
	'registry',
	'restart',
	'secret',
	'tag',
	'url',
	'volume',
] as const;

/** Types that a value can have which a step prints: one text, and no secret, because what is printed is kept. */
export const outputTypes = [...plainTypes.filter((type) => type !== 'secret'), 'number', 'path', 'text'] as const;

const common = {
	/** Value of a parameter that was not given at all. An empty value that was given means "none". */
	default: z.string().optional(),
	/** Fields that belong together in the form; its title lives in the family's page of each language. */
	group: z.string().regex(/^[a-z][a-z0-9-]*$/),
	/** Folded away until it is asked for. */
	advanced: z.boolean().default(false),
};

/** What the reader is asked for before a step can run. Label, help and example live in `zh/` and `en/`. */
export const Parameter = z.discriminatedUnion('type', [
	z.strictObject({ ...common, type: z.literal('choice'), options: z.array(z.string().min(1)).min(2) }),
	z.strictObject({
		...common,
		type: z.literal('switch'),
		/** The word that stands in the command when the switch is on: `[${db_strict}]`. */
		word: z.string().regex(/^-{1,2}[a-z][a-z0-9-]*$/).optional(),
	}),
	z.strictObject({
		...common,
		type: z.literal('path'),
		/** May be relative to the folder that Drover was started in. */
		relative: z.boolean().default(false),
	}),
	z.strictObject({
		...common,
		type: z.literal('text'),
		/** A regular expression that the whole text matches (flag `u`); the help says in words what it wants. */
		pattern: z.string().min(1).optional(),
		/** Length in characters. */
		min: z.int().positive().optional(),
		max: z.int().positive().optional(),
	}),
	/** A whole number, in digits alone. */
	z.strictObject({ ...common, type: z.literal('number'), min: z.int().min(0).optional(), max: z.int().min(0).optional() }),
	z.strictObject({ type: z.literal(['docker-options', 'env', 'words']), group: common.group, advanced: common.advanced }),
	z.strictObject({ type: z.literal('nodes'), group: common.group, advanced: common.advanced }),
	z.strictObject({ ...common, type: z.literal(plainTypes) }),
]);

/** A parameter after parsing: defaults filled in, unknown keys refused. */
export type Parameter = z.output<typeof Parameter>;
export type ParameterType = Parameter['type'];

export const parameterTypes: readonly string[] = Parameter.options.flatMap((one) => [...one.shape.type.values]);

/** The named parts that a value of this parameter has, as `port` of `${publish.port}`. */
export function fieldsOf(parameter: Parameter): readonly string[] {
	return fieldsOfType[parameter.type] ?? [];
}

const fieldsOfType: Partial<Record<ParameterType, readonly string[]>> = {
	env: ['name', 'value'],
	nodes: ['name', 'ssh', 'address'],
	path: ['folder'],
	publish: ['ip', 'port', 'host'],
};
