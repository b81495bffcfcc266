/**
 * From the text of a family's YAML files to runbooks, or to *all* lint errors in one go, each with file, line and what to do. Lint errors are for
 * authors, in English.
 */
import { FamilySource, phases, RunbookSource, type Phase, type Runbook } from './definition.ts';
import type { Expectations } from './expectations.ts';
import type { Inspection } from './family-rules.ts';
import { isBroken, RunbookLoader, type Change, type ForeignText } from './load-runbook.ts';
import type { Parameter } from './parameter.ts';
import type { ShellText } from './shell-reader.ts';
import { didYouMean, YamlFile, type LintError, type Path, type Repair, type SourceFile } from './yaml-file.ts';

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

/** What could be read of a family, however much is wrong with it, for whoever has more to say of it. */
export interface FamilyDraft extends Family {
	readonly file: YamlFile;
	/** By id of the runbook. */
	readonly files: ReadonlyMap<string, YamlFile>;
	readonly derived: Readonly<Record<string, Parameter>>;
	/** Names of parameters that no runbook asks for or that none of those that ask uses: see {@link Unused}. */
	readonly unused: readonly Unused[];
	readonly scripts: readonly ForeignText[];
	readonly patterns: readonly ForeignText[];
	readonly changes: readonly Change[];
	/** Ids of steps, as `runbook step`, and names of parameters that could not be read. */
	readonly broken: ReadonlySet<string>;
}

/** A parameter that nothing uses: of a runbook that lists it, or of the family. */
export interface Unused {
	readonly runbook?: string;
	readonly name: string;
}

/** Loads a family: its `family.yaml` and its runbooks. `family` is there when nothing is wrong with any of them. */
export function loadFamily(familyFile: SourceFile, runbookFiles: readonly SourceFile[]): { family?: Family; draft?: FamilyDraft; lintErrors: LintError[] } {
	const yaml = new YamlFile(familyFile);
	const names = runbookFiles.map(nameOf);
	const read = yaml.read(FamilySource, repairFamily(familyFile.path.split('/').at(-2) ?? '', names));
	const files = runbookFiles.map((file) => ({ file, yaml: new YamlFile(file) }));
	const sources = files.map((one) => ({ ...one, read: one.yaml.read(RunbookSource, repairRunbook(one.file)) }));
	const shells = new Map<string, ShellText>();
	const loaded = read
		? sources.flatMap(({ file, yaml: own, read: runbook }) => {
				if (!runbook) return [];
				const loader = new RunbookLoader({ source: read.data, yaml, broken: read.broken, read: shells }, runbook, own, file);
				return [{ runbook: loader.load(), loader, yaml: own, broken: runbook.broken, source: runbook.data }];
			})
		: [];
	if (read) {
		checkRules(read.data, read.broken, yaml);
		checkOrder(read.data, names, yaml);
	}
	const forms = read ? Object.entries({ ...read.data.parameters, ...read.data.derived }).flatMap(([name, one]) => (one.type === 'text' && one.pattern !== undefined ? checkForm(yaml, [Object.hasOwn(read.data.parameters, name) ? 'parameters' : 'derived', name, 'pattern'], one.pattern) : [])) : [];
	for (const [name, one] of Object.entries(read?.data.parameters ?? {})) {
		if ((one.type === 'text' || one.type === 'number') && one.min !== undefined && one.max !== undefined && one.min > one.max) yaml.lintError(['parameters', name, 'min'], 'condition.impossible', `parameter "${name}" wants at least ${one.min} and at most ${one.max}`, 'Let "min" be the smaller one.');
	}
	const lintErrors = [yaml, ...files.map((one) => one.yaml)].flatMap((one) => one.lintErrors);
	const unique = [...new Map(lintErrors.map((one) => [JSON.stringify(one), one])).values()];
	if (!read) return { lintErrors: unique };
	const source = read.data;
	const byId = Map.groupBy(loaded, ({ runbook }) => runbook.id);
	const inOrder = [...source.runbooks.flatMap((id) => byId.get(`${source.family}/${id}`) ?? [])];
	const family: Family = { id: source.family, parameters: source.parameters, sharedSteps: Object.keys(source.steps), runbooks: inOrder.map(({ runbook }) => runbook), tests: Object.fromEntries(loaded.map(({ runbook, source: { tests } }) => [runbook.id, tests])), rules: Object.keys(source.rules), inspections: source.detect };
	const draft: FamilyDraft = {
		...family,
		file: yaml,
		files: new Map(loaded.map(({ runbook, yaml: own }) => [runbook.id, own])),
		derived: source.derived,
		unused: loaded.length < files.length || read.broken.length > 0 ? [] : findUnused(source, loaded),
		scripts: [...Object.entries(source.functions).map(([name, text]): ForeignText => ({ yaml, path: ['functions', name], text })), ...loaded.flatMap(({ loader, yaml: own, source: { functions } }) => [...Object.entries(functions).map(([name, text]): ForeignText => ({ yaml: own, path: ['functions', name], text })), ...loader.scripts])],
		patterns: [...forms, ...loaded.flatMap(({ loader }) => loader.patterns)],
		changes: loaded.flatMap(({ loader }) => loader.changes),
		broken: new Set([
			...read.broken.map(([, name]) => String(name)),
			...loaded.flatMap(({ runbook, broken, source: { steps } }) => steps.flatMap((step, index) => (isBroken(broken, 'steps', index) ? [`${runbook.id} ${'use' in step ? step.use : step.id}`] : []))),
		]),
	};
	return unique.length > 0 ? { draft, lintErrors: unique } : { family, draft, lintErrors: [] };
}

/** Rules and inspections speak of parameters and runbooks that are there. */
function checkRules(source: FamilySource, broken: readonly Path[], yaml: YamlFile): void {
	const known = [...Object.keys(source.parameters), ...Object.keys(source.derived)];
	const check = (name: string | undefined, path: Path, names: readonly string[] = known) => {
		if (name !== undefined && !names.includes(name) && !isBroken(broken, 'parameters', name)) yaml.lintError(path, 'parameter.unknown', `the family has no parameter "${name}"`, didYouMean(name, names));
	};
	for (const [id, { when, refuse, warn }] of Object.entries(source.rules)) {
		for (const name of [...(when.given ?? []), ...(when.missing ?? []), ...Object.keys(when.is ?? {})]) check(name, ['rules', id, 'when']);
		check(refuse, ['rules', id, 'refuse'], Object.keys(source.parameters));
		check(warn, ['rules', id, 'warn'], Object.keys(source.parameters));
	}
	for (const [id, { runbook, values }] of Object.entries(source.detect)) {
		for (const name of Object.keys(values)) check(name, ['detect', id, 'values', name], Object.keys(source.parameters));
		if (!source.runbooks.includes(runbook)) yaml.lintError(['detect', id, 'runbook'], 'runbook.order', `the family has no runbook "${runbook}"`, didYouMean(runbook, source.runbooks));
	}
}

const nameOf = (file: SourceFile) => (file.path.split('/').at(-1) ?? '').replace(/\.yaml$/, '');

/** Takes out of a family what cannot be read, by its name. */
function repairFamily(folder: string, names: readonly string[]): Repair {
	return (content, [list, key]) => {
		const part = typeof list === 'string' ? content[list] : undefined;
		if (key !== undefined && typeof part === 'object' && part !== null && !Array.isArray(part) && Object.hasOwn(part, key)) {
			delete (part as Record<string | number, unknown>)[key];
			return [list ?? '', key];
		}
		if (list === 'runbooks') content['runbooks'] = names.length > 0 ? names : ['none'];
		else if (list === 'family') content['family'] = folder;
		else if (list === 'parameters' && (typeof part !== 'object' || part === null || Array.isArray(part))) content['parameters'] = {};
		else if (typeof list === 'string' && Object.hasOwn(content, list)) delete content[list];
		else return undefined;
		return [list];
	};
}

/** Takes out of a runbook what cannot be read; a step leaves one behind that does nothing, with its id and in its place. */
function repairRunbook(file: SourceFile): Repair {
	return (content, [list, key]) => {
		const part = typeof list === 'string' ? content[list] : undefined;
		if (list === 'steps' && Array.isArray(part) && typeof key === 'number') {
			part[key] = standIn(part, key);
			return [list, key];
		}
		if ((list === 'defaults' || list === 'functions') && key !== undefined && typeof part === 'object' && part !== null && Object.hasOwn(part, key)) {
			delete (part as Record<string | number, unknown>)[key];
			return [list, key];
		}
		if (list === 'id') content['id'] = file.path.split('/').slice(-2).join('/').replace(/\.yaml$/, '');
		else if (list === 'parameters') content['parameters'] = [];
		else if (list !== 'steps' && typeof list === 'string' && Object.hasOwn(content, list)) delete content[list];
		else return undefined;
		return [list ?? ''];
	};
}

function standIn(steps: readonly unknown[], index: number): Record<string, unknown> {
	const idOf = (step: unknown) => (typeof step === 'object' && step !== null ? ((step as { id?: unknown }).id ?? (step as { use?: unknown }).use) : undefined);
	const phaseOf = (step: unknown): Phase | undefined => phases.find((phase) => typeof step === 'object' && step !== null && (step as { phase?: unknown }).phase === phase);
	const id = idOf(steps[index]);
	const before = steps.slice(0, index).map(phaseOf).findLast((phase) => phase !== undefined);
	return { id: typeof id === 'string' && /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/.test(id) ? id : `step-${index + 1}`, phase: phaseOf(steps[index]) ?? before ?? 'preflight', do: 'by-hand' };
}

/** Parameters that a runbook lists and does not use, and those of the family that no runbook lists. What a family derives from is used: only its code says which. */
function findUnused(source: FamilySource, loaded: readonly { readonly runbook: Runbook; readonly loader: RunbookLoader }[]): Unused[] {
	const nowhere = Object.keys(source.parameters).filter((name) => !loaded.some(({ runbook }) => Object.hasOwn(runbook.parameters, name)));
	const hasCode = Object.keys(source.derived).length > 0;
	// What a rule asks, or detection finds, is there to be read.
	const declared = new Set([...Object.values(source.detect).flatMap(({ values }) => Object.keys(values)), ...Object.values(source.rules).flatMap(({ when, refuse, warn }) => [refuse ?? warn ?? '', ...(when.given ?? []), ...(when.missing ?? []), ...Object.keys(when.is ?? {})])]);
	const idle = hasCode ? [] : loaded.flatMap(({ runbook, loader }) => Object.keys(runbook.parameters).filter((name) => !loader.used.has(name) && !declared.has(name)).map((name) => ({ runbook: runbook.id, name })));
	return [...nowhere.map((name) => ({ name })), ...idle];
}

/** A regular expression that a text of the form has to match. */
function checkForm(yaml: YamlFile, path: Path, text: string): ForeignText[] {
	try {
		const whole = `^(?:${text})$`;
		new RegExp(whole, 'u');
		return [{ yaml, path, text: whole }];
	} catch (error) {
		yaml.lintError(path, 'pattern.syntax', error instanceof Error ? error.message : String(error), 'Fix the regular expression.');
		return [];
	}
}

function checkOrder(source: FamilySource, names: readonly string[], yaml: YamlFile): void {
	source.runbooks.forEach((id, index) => {
		if (!names.includes(id) && id !== 'none') yaml.lintError(['runbooks', index], 'runbook.order', `there is no file for runbook "${id}"`, didYouMean(id, names));
	});
	for (const name of names) if (!source.runbooks.includes(name)) yaml.lintError(['runbooks'], 'runbook.order', `runbook "${name}" has no place in the order`, `Add "${name}" to "runbooks".`);
}

export type { Path };
