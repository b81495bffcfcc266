import { z } from 'zod';
import { phases } from '../runbook/definition/definition.ts';

/** Words of a parameter, beside its field. */
export const ParameterWords = z.strictObject({
	label: z.string().min(1),
	/** One or two sentences: what it is, and where to find it. */
	help: z.string().min(1),
	/** A typical value, shown in the empty field. */
	example: z.string().optional(),
	/** Labels of a choice's options. */
	options: z.record(z.string(), z.string()).optional(),
});
export type ParameterWords = z.output<typeof ParameterWords>;

/** Front matter of `<locale>/runbooks/<family>/family.mdx`, the page of the family. */
export const FamilyWords = z.strictObject({
	title: z.string().min(1),
	description: z.string().min(1),
	/** Sentences below the titles of phases, where the ones that fit every subject say too little. */
	phases: z.partialRecord(z.enum(phases), z.string().min(1)).default({}),
	/** Why there is no return after the point of no return. */
	point_of_no_return: z.string().min(1).optional(),
	parameters: z.record(z.string(), ParameterWords),
	/** Sentences of the family's rules: what is wrong or worth knowing, and what to do. */
	rules: z.record(z.string(), z.string().min(1)).default({}),
	/** What each thing is that the family detects. */
	detect: z.record(z.string(), z.string().min(1)).default({}),
	/** Titles of the groups of the form. */
	groups: z.record(z.string(), z.string().min(1)),
});
export type FamilyWords = z.output<typeof FamilyWords>;

/** Front matter of `<locale>/runbooks/<family>/<runbook>.mdx`. */
export const RunbookWords = z.strictObject({
	title: z.string().min(1),
	/** A few words for navigation. */
	short: z.string().min(1),
	/** One sentence, for lists and search. */
	description: z.string().min(1),
	/** Titles of the runbook's own steps. */
	steps: z.record(z.string(), z.string().min(1)).default({}),
	/** Sentences of hints, as `step.hint`: what the sign means, and what to do. */
	hints: z.record(z.string(), z.string().min(1)).default({}),
	/** Names of values that steps give to later ones. */
	outputs: z.record(z.string(), z.string().min(1)).default({}),
});
export type RunbookWords = z.output<typeof RunbookWords>;

/** Front matter of `<locale>/runbooks/<family>/steps/<step>.mdx`, the words of a shared step. */
export const StepWords = z.strictObject({ title: z.string().min(1), hints: z.record(z.string(), z.string().min(1)).default({}) });
export type StepWords = z.output<typeof StepWords>;

/** Front matter of `<locale>/guide/*.mdx`. */
export const GuideWords = z.strictObject({
	title: z.string().min(1),
	short: z.string().min(1),
	description: z.string().min(1),
	/** Place in the navigation, from 1. */
	order: z.int().positive(),
});
export type GuideWords = z.output<typeof GuideWords>;
