/**
 * From the text of a family's YAML files to runbooks, or to *all* lint errors in one go, each with file, line and what to do. Lint errors are for
 * authors, in English.
 */
import { FamilySource, RunbookSource, type Runbook } from './definition.ts';
import { RunbookLoader } from './load-runbook.ts';
import type { Expectations } from './expectations.ts';
import type { Inspection } from './family-rules.ts';
import type { Parameter } from './parameter.ts';
import { didYouMean, YamlFile, type LintError, type Path, type SourceFile } from './yaml-file.ts';

export interface Family {
	readonly id: string;
	readonly parameters: Readonly<Record<string, Parameter>>;
	/** Ids of the shared steps. */
	readonly sharedSteps: readonly string[];
	readonly runbooks: readonly Runbook[];
	/** Expectations of its runbooks, by id. */
	readonly tests: Readonly<Record<string, readonly Expectations[]>>;
	/** Ids of its rules. */
	readonly rules: readonly string[];
	/** Containers that it is for, by id. */
	readonly inspections: Readonly<Record<string, Inspection>>;
}

/** Loads a family: its `family.yaml` and its runbooks. */
export function loadFamily(familyFile: SourceFile, runbookFiles: readonly SourceFile[]): { family?: Family; lintErrors: LintError[] } {
	const yaml = new YamlFile(familyFile);
	const source = yaml.parse(FamilySource);
	if (!source) return { lintErrors: yaml.lintErrors };
	const files = runbookFiles.map((file) => ({ file, yaml: new YamlFile(file) }));
	const tests: Record<string, readonly Expectations[]> = {};
	const runbooks = files.flatMap(({ file, yaml: own }) => {
		const runbook = own.parse(RunbookSource);
		if (runbook) tests[runbook.id] = runbook.tests;
		return runbook ? [new RunbookLoader(source, runbook, own, file).load()] : [];
	});
	checkRules(source, yaml);
	checkOrder(source, files.map(({ file }) => file), yaml);
	const lintErrors = [yaml, ...files.map((one) => one.yaml)].flatMap((one) => one.lintErrors);
	const unique = [...new Map(lintErrors.map((one) => [JSON.stringify(one), one])).values()];
	if (unique.length > 0) return { lintErrors: unique };
	const byId = Map.groupBy(runbooks, (one) => one.id);
	const inOrder = source.runbooks.flatMap((id) => byId.get(`${source.family}/${id}`) ?? []);
	return { family: { id: source.family, parameters: source.parameters, sharedSteps: Object.keys(source.steps), runbooks: inOrder, tests, rules: Object.keys(source.rules), inspections: source.detect }, lintErrors: [] };
}

/** Rules and inspections speak of parameters and runbooks that are there. */
function checkRules(source: FamilySource, yaml: YamlFile): void {
	const known = [...Object.keys(source.parameters), ...Object.keys(source.derived)];
	const check = (name: string | undefined, path: Path, names: readonly string[] = known) => {
		if (name !== undefined && !names.includes(name)) yaml.lintError(path, `the family has no parameter "${name}"`, didYouMean(name, names));
	};
	for (const [id, { when, refuse, warn }] of Object.entries(source.rules)) {
		for (const name of [...(when.given ?? []), ...(when.missing ?? []), ...Object.keys(when.is ?? {})]) check(name, ['rules', id, 'when']);
		check(refuse, ['rules', id, 'refuse'], Object.keys(source.parameters));
		check(warn, ['rules', id, 'warn'], Object.keys(source.parameters));
	}
	for (const [id, { runbook, values }] of Object.entries(source.detect)) {
		for (const name of Object.keys(values)) check(name, ['detect', id, 'values', name], Object.keys(source.parameters));
		if (!source.runbooks.includes(runbook)) yaml.lintError(['detect', id, 'runbook'], `the family has no runbook "${runbook}"`, didYouMean(runbook, source.runbooks));
	}
}

function checkOrder(source: FamilySource, files: readonly SourceFile[], yaml: YamlFile): void {
	const names = files.map((file) => (file.path.split('/').at(-1) ?? '').replace(/\.yaml$/, ''));
	source.runbooks.forEach((id, index) => {
		if (!names.includes(id)) yaml.lintError(['runbooks', index], `there is no file for runbook "${id}"`, didYouMean(id, names));
	});
	for (const name of names) if (!source.runbooks.includes(name)) yaml.lintError(['runbooks'], `runbook "${name}" has no place in the order`, `Add "${name}" to "runbooks".`);
}
