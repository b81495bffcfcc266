import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { contentSentences } from '../src/i18n/catalogue.ts';
import { fill } from '../src/i18n/fill.ts';
import { locales, type OwnLocale } from '../src/i18n/locale.ts';
import { formatProblem as formatWith, type Names } from '../src/i18n/format.ts';
import type { Problem } from '../src/runbook/problem.ts';

/** Says a sentence by its key, with its slots. A key without words comes back as it is, so that it is noticed. */
export type Say = (key: string, slots?: Readonly<Record<string, string | number>>) => string;

/** The words outside of pages, for what speaks without a browser: the command line and the report. */
export function readWords(root: string): Readonly<Record<OwnLocale, Say>> {
	const formatIn = (locale: OwnLocale): Say => {
		const files = globSync('*.json', { cwd: join(root, locale) }).sort();
		const parts = files.map((file) => JSON.parse(readFileSync(join(root, locale, basename(file)), 'utf8')) as Record<string, string>);
		const words = new Map(parts.flatMap((one) => Object.entries(one)));
		return (key, slots) => fill(words.get(key) ?? contentSentences(locale)[key] ?? key, slots);
	};
	return Object.fromEntries(locales.map((locale) => [locale, formatIn(locale)])) as Record<OwnLocale, Say>;
}

/** Whoever works at a command line knows parameters, steps and runbooks by their ids. */
const ids: Names = { parameter: (name) => name, step: (id) => id, runbook: (id) => id };

/** The sentence of a problem. It names the parameter: no field stands beside it. */
export function formatProblem(say: Say, problem: Problem): string {
	const sentence = formatWith(problem, say, ids);
	const { parameter } = problem;
	return parameter === undefined || sentence.includes(parameter) ? sentence : `${parameter}: ${sentence}`;
}
