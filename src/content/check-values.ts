/** What a definition says of values, held against their types and against what is done with them. */
import { isSlowPattern } from './slow-pattern.ts';
import { allFamilies } from '../families/all-families.ts';
import { listTypes } from '../runbook/definition/list-types.ts';
import type { FamilyDraft } from '../runbook/definition/load.ts';
import type { Parameter } from '../runbook/definition/parameter.ts';
import type { LintError, Path, YamlFile } from '../runbook/definition/yaml-file.ts';
import { suggest } from '../runbook/text/suggest.ts';
import { parseValue } from '../runbook/values/value.ts';

/** Defaults that their types refuse, parameters that nothing uses, derived values that nobody derives, expressions that take for ever. */
export function checkValues(family: FamilyDraft): LintError[] {
	const notes: LintError[] = [];
	const note = (yaml: YamlFile | undefined, path: Path, rule: LintError['rule'], message: string, advice: string, offset?: number) => {
		const before = yaml?.lintErrors.length ?? 0;
		yaml?.lintError(path, rule, message, advice, offset);
		notes.push(...(yaml?.lintErrors.splice(before) ?? []));
	};
	for (const [name, parameter] of Object.entries(family.parameters)) {
		const wrong = 'default' in parameter && parameter.default !== undefined ? wrongDefault(name, parameter, parameter.default) : undefined;
		if (wrong) note(family.file, ['parameters', name, 'default'], 'parameter.default', ...wrong);
	}
	for (const runbook of family.runbooks) {
		for (const [name, parameter] of Object.entries(runbook.parameters)) {
			const shared = family.parameters[name];
			if (listTypes.has(parameter.type) || !('default' in parameter) || parameter.default === undefined || (shared && 'default' in shared && shared.default === parameter.default)) continue;
			const wrong = wrongDefault(name, parameter, parameter.default);
			if (wrong) note(family.files.get(runbook.id), ['defaults', name], 'parameter.default', ...wrong);
		}
	}
	for (const { runbook, name } of family.unused) {
		const path = runbook === undefined ? ['parameters', name] : ['parameters', Object.keys(family.runbooks.find(({ id }) => id === runbook)?.parameters ?? {}).indexOf(name)];
		note(runbook === undefined ? family.file : family.files.get(runbook), path, 'parameter.unused', runbook === undefined ? `no runbook asks for parameter "${name}"` : `nothing in this runbook uses parameter "${name}"`, 'Use it in a step, or remove it.');
	}
	if (!Object.hasOwn(allFamilies, family.id)) {
		for (const name of Object.keys(family.derived)) note(family.file, ['derived', name], 'derived.empty', `nothing derives "${name}"`, 'Only a family with code of its own (src/families) derives values: ask for it as a parameter.');
	}
	for (const { yaml, path, rule, message, advice, offset } of family.changes) note(yaml, path, rule, message, advice, offset);
	for (const { yaml, path, text } of family.patterns) if (isSlowPattern(text)) note(yaml, path, 'pattern.slow', `the regular expression /${text}/ can take for ever`, 'Let no part that repeats stand in another that repeats the same text: write a+ instead of (a+)+.');
	// A shared step is in several runbooks, and wrong once.
	return [...new Map(notes.map((one) => [JSON.stringify(one), one])).values()];
}

/** What is wrong with a default, and what to write; undefined for one that the form would take. */
function wrongDefault(name: string, parameter: Parameter, value: string): [message: string, advice: string] | undefined {
	const [problem] = parseValue(name, parameter, value).problems;
	if (!problem) return undefined;
	if (parameter.type !== 'choice') return [`the default "${value}" of "${name}" is no ${parameter.type}`, `Write a value that the form would take (${problem.name}), or remove it.`];
	const near = suggest(value, parameter.options);
	return [`the default "${value}" of "${name}" is none of its options`, near === '' ? `Write one of: ${parameter.options.join(', ')}.` : `Did you mean "${near}"?`];
}
