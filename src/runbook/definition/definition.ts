/**
 * The shape of `src/content/runbooks/**.yaml`. Commands, parameters and checks only; every word a reader sees stands in `zh/` and `en/`.
 * What comes out of `load.ts` is a {@link Runbook}: shared steps put in, snippets parsed, defaults filled in; plain data that can travel.
 */
import { z } from 'zod';
import { Expectations } from './expectations.ts';
import { Inspection, ruleSource } from './family-rules.ts';
import { outputTypes, Parameter } from './parameter.ts';
import type { ScriptUse } from './script.ts';
import type { Snippet, Text } from './snippet.ts';

export const phases = ['preflight', 'prepare', 'change', 'verify', 'finish'] as const;
export type Phase = (typeof phases)[number];

/** What a step does to the world, from nothing to the irreplaceable. */
export const effects = ['read', 'prepare', 'change', 'destroy'] as const;
export type Effect = (typeof effects)[number];

const id = z.string().regex(/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/, { error: 'write an id in lower-case-with-dashes' });
const parameterName = z.string().regex(/^[a-z][a-z0-9_]*$/, { error: 'write a parameter name in lower_snake_case' });
const duration = z
	.string()
	.regex(/^[1-9]\d*[smh]$/, { error: 'write a duration as 5s, 10m or 1h' })
	.transform((text) => Number(text.slice(0, -1)) * { s: 1, m: 60, h: 3600 }[text.slice(-1) as 's' | 'm' | 'h']);

/** When something applies, by the values in the form: every line must hold. */
const Condition = z.strictObject({
	/** Parameters that have a value. */
	given: z.array(parameterName).optional(),
	/** Parameters that have none. */
	missing: z.array(parameterName).optional(),
	/** Parameters that have one of these values. */
	is: z.record(parameterName, z.union([z.string(), z.array(z.string())])).optional(),
	/** Where the node is that a step runs for: on this machine, or elsewhere. */
	node: z.enum(['here', 'elsewhere']).optional(),
});
export type Condition = z.output<typeof Condition>;

/** How long something usually takes, where a condition holds; and how much longer for each GiB of data beyond the first. */
const UsualTime = z.strictObject({ time: duration, per_gib: duration.optional(), when: Condition.optional() });
type UsualTime = z.output<typeof UsualTime>;

const snippetText = z.string().min(1);
const command = {
	run: snippetText.optional(),
	script: z.string().min(1).optional(),
	/** Secrets (or other values) that reach the program by its environment: `NAME: parameter`. */
	env: z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/), parameterName).optional(),
	when: Condition.optional(),
};

/** A command of a step, of its undo or of a check: a snippet or, where a pipe or a redirection is needed, a script. */
const CommandSource = z.strictObject(command);
export type CommandSource = z.output<typeof CommandSource>;

/** One command, or several of which the first whose condition holds is taken. */
const CommandOrVariants = z.union([snippetText.transform((run) => [{ run }]), CommandSource.transform((one) => [one]), z.array(CommandSource).min(1)]);

const exitCode = z.int().min(0).max(255);
const expectation = {
	/** Exit code that passes, 0 unless said. */
	exit: exitCode.optional(),
	/** A text that some line of the output holds. */
	prints: z.string().min(1).optional(),
	/** The whole output, without blanks around it. */
	equals: z.string().optional(),
	/** A regular expression that the output matches (flags `mu`). */
	matches: z.string().min(1).optional(),
	/** A text that no line of the output holds. */
	lacks: z.string().min(1).optional(),
	/** Fields of the JSON that is printed, by dotted path. */
	json: z.record(z.string(), z.string()).optional(),
	/** Exit codes that are worth a warning only. */
	warn: z.union([exitCode.transform((one) => [one]), z.array(exitCode).min(1)]).optional(),
};

/** What a check that does not pass means: the step has failed, or it is only worth a warning. */
export const severities = ['warn', 'fail'] as const;
export type Severity = (typeof severities)[number];

const common = {
	/** How often a check is tried again until it passes. */
	every: duration.optional(),
	/** For how long it is tried again, in seconds; then it has failed. */
	within: duration.optional(),
	/** For how long it must hold, without one try that does not pass. */
	for: duration.optional(),
	/** How long one try may take, in seconds, 30 unless said; then it could not be done. `within` bounds a try as well. */
	timeout: duration.optional(),
	severity: z.enum(severities).optional(),
	/** It asks for services or settings of the machine itself, which a container does not see: there it could not be done. */
	machine: z.literal(true).optional(),
	when: Condition.optional(),
};

const status = z.int().min(100).max(599);

/** What a header must be: exactly a text (`equals`, or the bare text), or one that a regular expression matches (flag `u`). */
const HeaderSource = z.union([
	z.string().min(1).transform((equals) => ({ equals })),
	z.strictObject({ equals: z.string().min(1) }),
	z.strictObject({ matches: z.string().min(1) }),
]);

/** A read-only look at the world. */
const CheckSource = z.union([
	z.strictObject({ ...command, ...expectation, ...common }),
	z.strictObject({
		http: z.string().regex(/^https?:\/\/|^\$\{/, { error: 'write a whole address, as http://127.0.0.1:${publish.port}/ping' }),
		/** Basic authentication by two parameters: an account API key. */
		user: parameterName.optional(),
		password: parameterName.optional(),
		/**
		 * The statuses that count. Unless said: 200 where something of the answer is wanted (`body`, `headers`, `json`), else any of 200 to 399.
		 */
		status: z.union([status.transform((one) => [one]), z.array(status).min(1)]).optional(),
		/** The connection is refused: nothing listens there. An address that cannot be reached could not be checked. */
		refused: z.literal(true).optional(),
		/** A text that the body holds. */
		body: z.string().optional(),
		/** Headers by lower-case name. */
		headers: z.record(z.string().regex(/^[a-z0-9-]+$/), HeaderSource).optional(),
		/** Fields of a JSON body, by dotted path. */
		json: z.record(z.string(), z.string()).optional(),
		...common,
	}),
	z.strictObject({
		file: z.string().min(1),
		/** It is there (true) or not there (false). */
		exists: z.boolean().default(true),
		/** Folders that must be in it, or the end of its last line. */
		holds: z.array(z.string()).optional(),
		ends: z.string().optional(),
		...common,
	}),
]);
export type CheckSource = z.output<typeof CheckSource>;
const Checks = z.union([CheckSource.transform((one) => [one]), z.array(CheckSource).min(1)]);

/** A hint by what the last run of its step printed: a regular expression (flags `mu`) on its last 64 KiB, without what moves a cursor or colours. */
const PrintedSource = z.strictObject({ printed: z.string().min(1), when: Condition.optional() });
export type HintSource = CheckSource | z.output<typeof PrintedSource>;

/** Where a value stands in what a step printed: its last line that is not empty, the first group of a regular expression (flags `mu`), or a field of the JSON that it is, by dotted path. */
const OutputFrom = z.union([
	z.strictObject({ type: z.enum(outputTypes), from: z.literal('last-line') }),
	z.strictObject({ type: z.enum(outputTypes), matches: z.string().min(1) }),
	z.strictObject({ type: z.enum(outputTypes), json: z.string().min(1) }),
]);
export type OutputSource = z.output<typeof OutputFrom>;

/** A step as it is written in a runbook or, to be shared, in the family. */
export const StepSource = z.strictObject({
	id,
	phase: z.enum(phases),
	effect: z.enum(effects).optional(),
	run: CommandOrVariants.optional(),
	script: z.string().min(1).optional(),
	env: command.env,
	/** A thing that the reader does elsewhere, in Rancher's own pages for one. */
	do: z.literal('by-hand').optional(),
	when: Condition.optional(),
	/** Once for each node: all together, or each when the one before has passed its check. */
	each: z.enum(['nodes', 'nodes-in-turn']).optional(),
	skip_when: Checks.optional(),
	done_when: Checks.optional(),
	undo: CommandOrVariants.optional(),
	/** A run that ended with another exit code than 0 has made nothing: there is nothing to undo. */
	all_or_nothing: z.boolean().default(false),
	/** What proves that the undo worked. */
	undone_when: Checks.optional(),
	/** After it only the backup leads back: always, or by the values. */
	point_of_no_return: z.union([z.boolean(), Condition]).default(false),
	/** The parameter whose value the reader types before something is destroyed. */
	object: parameterName.optional(),
	/** The step after which its check is no longer expected to hold; a preflight's holds until the first change. */
	until: id.optional(),
	/** Cannot be skipped or overridden. */
	required: z.boolean().default(false),
	/** It stands in the upgrade at a glance, at the top of the page. */
	glance: z.boolean().default(false),
	/** How long it usually takes: one time, or several of which the first whose condition holds is taken. */
	usually: z.union([duration.transform((time): UsualTime[] => [{ time }]), z.array(UsualTime).min(1)]).optional(),
	/** A regular expression (flags `mu`) on what its check observed, whose group is the size of the data, in KiB: what `per_gib` counts. */
	measures: z.string().min(1).optional(),
	hints: z.record(id, z.union([PrintedSource, CheckSource])).optional(),
	/** Values that later steps take from what this one printed, by name; held to their types like any other. */
	outputs: z.record(parameterName, OutputFrom).optional(),
	/** A shared step of the family whose printed hints are this step's too, with their words: its command prints the same. */
	printed_hints_of: id.optional(),
});
export type StepSource = z.output<typeof StepSource>;

/** Bash functions for scripts, by name: the body alone. */
const Functions = z.record(z.string().regex(/^[a-z][a-z0-9_]*$/, { error: 'write the name of a function in lower_snake_case' }), z.string().min(1));

/** A shared step, with what this runbook changes of it. */
const SharedStep = StepSource.partial().omit({ id: true }).extend({ use: id });

export const RunbookSource = z.strictObject({
	id: z.string().regex(/^[a-z0-9][a-z0-9.-]*\/[a-z][a-z0-9-]*$/, { error: 'write an id as family/runbook' }),
	parameters: z.array(parameterName),
	/** Defaults of this runbook where the family's do not fit. */
	defaults: z.record(parameterName, z.string()).optional(),
	/** Something is down from the first change to the end: said unless `false`. The family's unless said. */
	downtime: z.boolean().optional(),
	/** Functions of this runbook; one that the family has too takes its place. */
	functions: Functions.default({}),
	steps: z.array(z.union([SharedStep, StepSource])).min(1),
	/** What follows from values, for its author. */
	tests: z.array(Expectations).default([]),
});
export type RunbookSource = z.output<typeof RunbookSource>;

export const FamilySource = z.strictObject({
	family: z.string().regex(/^[a-z0-9][a-z0-9.-]*$/),
	parameters: z.record(parameterName, Parameter),
	/** Values that follow from others by the family's rules: never asked for, used like any other. */
	derived: z.record(parameterName, Parameter).default({}),
	downtime: z.boolean().default(true),
	/** What scripts of several steps share. */
	functions: Functions.default({}),
	steps: z.record(id, StepSource.omit({ id: true })).default({}),
	/** What cannot work and what to know before it is tried, by conditions; the sentences are on the family's page. */
	rules: z.record(id, ruleSource(Condition)).default({}),
	/** Containers that the family is for. */
	detect: z.record(id, Inspection).default({}),
	/** The order of the runbooks. */
	runbooks: z.array(id).min(1),
});
export type FamilySource = z.output<typeof FamilySource>;

/** A command whose text has been parsed. */
export type Command = { readonly when?: Condition; readonly env: Readonly<Record<string, string>> } & (
	| { readonly kind: 'argv'; readonly snippet: Snippet }
	| { readonly kind: 'script'; readonly script: string; readonly uses: readonly ScriptUse[] }
);

export interface Expectation {
	readonly exit: number;
	readonly prints?: Text;
	readonly equals?: Text;
	readonly lacks?: Text;
	readonly matches?: string;
	/** Absent where nothing is wanted of it. */
	readonly json?: Readonly<Record<string, Text>>;
	readonly warn?: readonly number[];
}

export type HeaderExpectation = { readonly equals: Text } | { readonly matches: string };

export type Check = {
	readonly everySeconds: number;
	readonly withinSeconds: number;
	readonly forSeconds: number;
	readonly timeoutSeconds: number;
	readonly severity: Severity;
	readonly machine: boolean;
	readonly when?: Condition;
} & (
	| { readonly kind: 'command'; readonly command: Command; readonly expect: Expectation }
	| {
			readonly kind: 'http';
			readonly url: Text;
			readonly user?: string;
			readonly password?: string;
			/** Empty: see {@link CheckSource}. */
			readonly status: readonly number[];
			readonly refused: boolean;
			readonly body?: Text;
			readonly headers: Readonly<Record<string, HeaderExpectation>>;
			readonly json: Readonly<Record<string, Text>>;
	  }
	| {
			readonly kind: 'file';
			readonly path: Text;
			readonly exists: boolean;
			readonly holds: readonly string[];
			readonly ends?: string;
	  }
);

/** A value that a step gives to later ones. */
export interface Output {
	/** The step that gives it. */
	readonly step: string;
	readonly parameter: Parameter;
	readonly from: { readonly kind: 'last-line' } | { readonly kind: 'matches'; readonly pattern: string } | { readonly kind: 'json'; readonly path: string };
}

/** What the last run of a step printed. No check: a result is never proved by what a command says of itself. */
export interface PrintedHint {
	readonly kind: 'printed';
	readonly matches: string;
	readonly when?: Condition;
}
export type Hint = Check | PrintedHint;

export interface Step {
	readonly id: string;
	readonly phase: Phase;
	readonly effect: Effect;
	/** Empty for a step that is done by hand or that only looks. */
	readonly run: readonly Command[];
	readonly byHand: boolean;
	readonly when?: Condition;
	readonly each?: 'nodes' | 'nodes-in-turn';
	readonly skipWhen: readonly Check[];
	readonly doneWhen: readonly Check[];
	readonly undo: readonly Command[];
	readonly allOrNothing: boolean;
	readonly undoneWhen: readonly Check[];
	readonly pointOfNoReturn: boolean | Condition;
	readonly object?: string;
	readonly until?: string;
	readonly required: boolean;
	/** It stands at the top of the page too. */
	readonly glance?: true;
	/** The first whose condition holds is taken. */
	readonly usually: readonly { readonly seconds: number; readonly perGibSeconds: number; readonly when?: Condition }[];
	/** A regular expression on what its check observed; its group is the size of the data, in KiB. */
	readonly measures?: string;
	readonly hints: Readonly<Record<string, Hint>>;
	/** The shared step that it has printed hints from, and their words. */
	readonly printedHintsOf?: string;
	/** The step is the family's: its words are shared too. */
	readonly shared: boolean;
}

/** A rule that is declared: where its condition holds, its sentence stands beside the field of `parameter`. */
export interface FamilyRule {
	readonly id: string;
	readonly when: Condition;
	readonly refused: boolean;
	readonly parameter: string;
}

export interface Runbook {
	readonly id: string;
	readonly family: string;
	/** In the order of the form. */
	readonly parameters: Readonly<Record<string, Parameter>>;
	readonly derived: Readonly<Record<string, Parameter>>;
	/** Rules of the family whose parameters this runbook asks for. */
	readonly rules?: readonly FamilyRule[];
	/** Changes of this runbook take nothing down. */
	readonly downtime?: false;
	/** Values that steps give to later ones. Absent where none does. */
	readonly outputs?: Readonly<Record<string, Output>>;
	readonly steps: readonly Step[];
}
