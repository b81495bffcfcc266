/**
 * From the text of a family's YAML files to runbooks, or to *all* lint errors in one go, each with file, line and what to do. Lint errors are for
 * authors, in English.
 */
import { FamilySource, RunbookSource, type Runbook } from './definition.ts';
import { RunbookLoader } from './load-runbook.ts';
import type { Parameter } from './parameter.ts';
import { didYouMean, YamlFile, type LintError, type SourceFile } from './yaml-file.ts';

export interface Family {
	readonly id: string;
	readonly parameters: Readonly<Record<string, Parameter>>;
	/** Ids of the shared steps. */
	readonly sharedSteps: readonly string[];
	readonly runbooks: readonly Runbook[];
}

/** Loads a family: its `family.yaml` and its runbooks. */
export function loadFamily(familyFile: SourceFile, runbookFiles: readonly SourceFile[]): { family?: Family; lintErrors: LintError[] } {
	const yaml = new YamlFile(familyFile);
	const source = yaml.parse(FamilySource);
	if (!source) return { lintErrors: yaml.lintErrors };
	const files = runbookFiles.map((file) => ({ file, yaml: new YamlFile(file) }));
	const runbooks = files.flatMap(({ file, yaml: own }) => {
		const runbook = own.parse(RunbookSource);
		return runbook ? [new RunbookLoader(source, runbook, own, file).load()] : [];
	});
	checkOrder(source, files.map(({ file }) => file), yaml);
	const lintErrors = [yaml, ...files.map((one) => one.yaml)].flatMap((one) => one.lintErrors);
	const unique = [...new Map(lintErrors.map((one) => [JSON.stringify(one), one])).values()];
	if (unique.length > 0) return { lintErrors: unique };
	const byId = Map.groupBy(runbooks, (one) => one.id);
	const inOrder = source.runbooks.flatMap((id) => byId.get(`${source.family}/${id}`) ?? []);
	return { family: { id: source.family, parameters: source.parameters, sharedSteps: Object.keys(source.steps), runbooks: inOrder }, lintErrors: [] };
}

function checkOrder(source: FamilySource, files: readonly SourceFile[], yaml: YamlFile): void {
	const names = files.map((file) => (file.path.split('/').at(-1) ?? '').replace(/\.yaml$/, ''));
	source.runbooks.forEach((id, index) => {
		if (!names.includes(id)) yaml.lintError(['runbooks', index], `there is no file for runbook "${id}"`, didYouMean(id, names));
	});
	for (const name of names) if (!source.runbooks.includes(name)) yaml.lintError(['runbooks'], `runbook "${name}" has no place in the order`, `Add "${name}" to "runbooks".`);
}
