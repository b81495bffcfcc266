import type { Runbook } from '../runbook/definition/definition.ts';
import type { FamilyDraft } from '../runbook/definition/load.ts';
import { suggest } from '../runbook/text/suggest.ts';
import type { Path, YamlFile } from '../runbook/definition/yaml-file.ts';
import type { FamilyWords, RunbookWords, StepWords } from './words.ts';

/** Every parameter and group that is asked for has its words, and there are no others. */
export function checkFamilyWords(family: FamilyDraft, words: FamilyWords, yaml: YamlFile): void {
	const parameters = Object.entries(family.parameters);
	compare(yaml, 'parameter', ['parameters'], [...parameters.map(([name]) => name)], Object.keys(words.parameters), family.broken);
	for (const [name, parameter] of parameters) {
		const given = Object.keys(words.parameters[name]?.options ?? {});
		if (parameter.type === 'choice' && words.parameters[name]) compare(yaml, 'option', ['parameters', name, 'options'], parameter.options, given, new Set(), `${name}.`);
		else for (const option of given) extra(yaml, 'option', ['parameters', name, 'options', option], `${name}.${option}`, []);
	}
	// A parameter that cannot be read may be the one of its group.
	const groups = Object.keys(words.groups);
	compare(yaml, 'group', ['groups'], [...new Set(parameters.map(([, parameter]) => parameter.group))], groups, family.broken.size > 0 ? new Set(groups) : new Set());
	compare(yaml, 'rule', ['rules'], family.rules, Object.keys(words.rules), family.broken);
	compare(yaml, 'detected container', ['detect'], Object.keys(family.inspections), Object.keys(words.detect), family.broken);
}

/** A page names each step and has words for each hint. What its prose holds is `lint.ts`'s. */
export function checkRunbookWords(runbook: Runbook, words: RunbookWords, shared: Readonly<Record<string, StepWords>>, yaml: YamlFile, broken: ReadonlySet<string>): void {
	const own = runbook.steps.filter((step) => !step.shared);
	const isBroken = (step: string) => broken.has(`${runbook.id} ${step}`) || broken.has(step);
	const wanted = runbook.steps.flatMap((step) => {
		const from = step.shared ? step.id : step.printedHintsOf;
		const known = from === undefined ? [] : Object.keys(shared[from]?.hints ?? {});
		return Object.keys(step.hints).filter((hint) => !known.includes(hint)).map((hint) => `${step.id}.${hint}`);
	});
	const outputs = Object.entries(runbook.outputs ?? {});
	compare(yaml, 'output', ['outputs'], outputs.map(([name]) => name), Object.keys(words.outputs), new Set(broken.size > 0 ? Object.keys(words.outputs) : []));
	const all = runbook.steps.flatMap((step) => Object.keys(step.hints).map((hint) => `${step.id}.${hint}`));
	const titles = Object.keys(words.steps).filter((id) => !shared[id]);
	compare(yaml, 'step title', ['steps'], own.map((step) => step.id), titles, new Set(titles.filter(isBroken)));
	for (const key of wanted) if (words.hints[key] === undefined) yaml.lintError(['hints'], 'words.missing', `hint "${key}" has no words`, `Add "${key}" to "hints".`);
	for (const key of Object.keys(words.hints)) if (!all.includes(key) && !isBroken(key.split('.')[0] ?? '')) extra(yaml, 'hint', ['hints', key], key, all);
}

/** `unsaid`: names that nothing is known of. `prefix`: stands before a name in a sentence. */
function compare(yaml: YamlFile, what: string, path: Path, wanted: readonly string[], given: readonly string[], unsaid: ReadonlySet<string>, prefix = ''): void {
	for (const name of wanted) if (!given.includes(name)) yaml.lintError(path, 'words.missing', `${what} "${prefix}${name}" has no words`, `Write them as "${name}: …" in "${path.join('.')}".`);
	for (const name of given) if (!wanted.includes(name) && !unsaid.has(name)) extra(yaml, what, [...path, name], `${prefix}${name}`, wanted.filter((one) => !given.includes(one)));
}

function extra(yaml: YamlFile, what: string, path: Path, name: string, known: readonly string[]): void {
	const near = suggest(name, known);
	yaml.lintError(path, 'words.unknown', `there is no ${what} "${name}"`, near === '' ? 'Remove it.' : `Did you mean "${near}"?`);
}
