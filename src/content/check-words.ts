import type { Runbook } from '../runbook/definition/definition.ts';
import type { Family } from '../runbook/definition/load.ts';
import type { LintError, SourceFile } from '../runbook/definition/yaml-file.ts';
import { lineOf } from './front-matter.ts';
import type { FamilyWords, RunbookWords, StepWords } from './words.ts';

/** Every parameter and group that is asked for has its words, and there are no others. */
export function checkFamilyWords(family: Family, words: FamilyWords, file: SourceFile): LintError[] {
	const parameters = Object.entries(family.parameters);
	const options = parameters.flatMap(([name, parameter]) => (parameter.type === 'choice' ? parameter.options.map((option) => `${name}.${option}`) : []));
	const named = Object.entries(words.parameters).flatMap(([name, one]) => Object.keys(one.options ?? {}).map((option) => `${name}.${option}`));
	return [
		...compare(file, 'parameter', parameters.map(([name]) => name), Object.keys(words.parameters)),
		...compare(file, 'option', options, named),
		...compare(file, 'rule', family.rules, Object.keys(words.rules)),
		...compare(file, 'detected container', Object.keys(family.inspections), Object.keys(words.detect)),
		...compare(file, 'group', [...new Set(parameters.map(([, parameter]) => parameter.group))], Object.keys(words.groups)),
	];
}

/** A page names each step and has words for each hint. What its prose holds is `lint.ts`'s. */
export function checkRunbookWords(runbook: Runbook, words: RunbookWords, shared: Readonly<Record<string, StepWords>>, file: SourceFile): LintError[] {
	const own = runbook.steps.filter((step) => !step.shared);
	const hints = runbook.steps.flatMap((step) => {
		const from = step.shared ? step.id : step.printedHintsOf;
		const known = from === undefined ? [] : Object.keys(shared[from]?.hints ?? {});
		return Object.keys(step.hints).filter((hint) => !known.includes(hint)).map((hint) => `${step.id}.${hint}`);
	});
	const titles = Object.keys(words.steps).filter((id) => !shared[id]);
	const extra = Object.keys(words.hints).filter((key) => !runbook.steps.some((step) => Object.keys(step.hints).some((hint) => `${step.id}.${hint}` === key)));
	return [
		...compare(file, 'step title', own.map((step) => step.id), titles),
		...hints.filter((key) => words.hints[key] === undefined).map((key) => lintError(file, 1, `hint "${key}" has no words`, `Add "${key}" to "hints".`)),
		...extra.map((key) => lintError(file, lineOf(file.text, key), `there is no hint "${key}"`, 'Remove it.')),
	];
}

function compare(file: SourceFile, what: string, wanted: readonly string[], given: readonly string[]): LintError[] {
	const missing = wanted.filter((name) => !given.includes(name)).map((name) => lintError(file, 1, `${what} "${name}" has no words`, 'Write them.'));
	const extra = given.filter((name) => !wanted.includes(name)).map((name) => lintError(file, lineOf(file.text, name.split('.').at(-1) ?? name), `there is no ${what} "${name}"`, 'Remove it.'));
	return [...missing, ...extra];
}

function lintError(file: SourceFile, line: number, message: string, advice: string): LintError {
	return { file: file.path, line, message, advice };
}
