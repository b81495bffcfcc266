import {
	phases,
	type Check,
	type CheckSource,
	type Hint,
	type HintSource,
	type Output,
	type OutputSource,
	type Command,
	type CommandSource,
	type Condition,
	type Effect,
	type FamilySource,
	type Phase,
	type Runbook,
	type RunbookSource,
	type Step,
	type StepSource,
} from './definition.ts';
import { checkOptions } from './check-options.ts';
import { checkCommand } from './command-rules.ts';
import { addFunctions, placeInFunctions } from './functions.ts';
import { listTypes } from './list-types.ts';
import { madeName, makesContainer } from '../run/made.ts';
import { literalWords, madeUse } from './made-use.ts';
import { fieldsOf, type Parameter } from './parameter.ts';
import type { LintRule } from './lint-rules.ts';
import { readScript } from './script.ts';
import { readShell, type ShellText } from './shell-reader.ts';
import { parseText, readSnippet, slotsOf, SnippetError, type Slot, type Snippet, type Text } from './snippet.ts';
import { isReadByPrograms } from './variable-name.ts';
import { didYouMean, type Path, type Read, type SourceFile, type YamlFile } from './yaml-file.ts';

const effectOfPhase: Readonly<Record<Phase, Effect>> = { preflight: 'read', prepare: 'prepare', change: 'change', verify: 'read', finish: 'change' };

/** A place in the runbook's file or, of a shared step, in the family's. */
export interface Place {
	readonly yaml: YamlFile;
	readonly path: Path;
}

/** A text of a definition that another program has to read: Bash, or what makes regular expressions. */
export interface ForeignText extends Place {
	readonly text: string;
}

export interface Change extends Place {
	readonly rule: LintRule;
	readonly message: string;
	readonly advice: string;
	readonly offset: number;
}

export interface FamilyFile {
	readonly source: FamilySource;
	readonly yaml: YamlFile;
	/** Parts that do not fit the schema: nothing more is said of them. */
	readonly broken: readonly Path[];
	/** Scripts that have been read: those of a shared step are the same in every runbook. */
	readonly read: Map<string, ShellText>;
}

/** An output is held to its type like a value of the form. */
const parameterOfOutput = ({ type }: OutputSource): Parameter => (type === 'path' ? { type, group: 'outputs', advanced: false, relative: true } : { type, group: 'outputs', advanced: false });

const within = ({ yaml, path }: Place, ...keys: Path): Place => ({ yaml, path: [...path, ...keys] });

/** Whether a part, by its first two keys, could not be read. */
export const isBroken = (broken: readonly Path[], ...path: Path) => broken.some((one) => one.length <= path.length && one.every((key, index) => key === path[index]));

/** Turns one runbook's source into a runbook. */
export class RunbookLoader {
	readonly scripts: ForeignText[] = [];
	readonly patterns: ForeignText[] = [];
	/** Commands that change something where it is said that they only read: told by a lint, and no reason not to load the runbook. */
	readonly changes: Change[] = [];
	/** Parameters that something of the runbook uses. */
	readonly used = new Set<string>();
	readonly #family: FamilySource;
	readonly #familyFile: FamilyFile;
	readonly #broken: readonly Path[];
	readonly #source: RunbookSource;
	readonly #yaml: YamlFile;
	readonly #file: SourceFile;
	readonly #fields: Map<string, readonly string[]>;
	readonly #functions: Readonly<Record<string, string>>;
	/** Values that steps give to later ones, with the place of their step. */
	readonly #outputs: ReadonlyMap<string, Output & { readonly index: number }>;
	/** The step that is being read, by its place. */
	#index = 0;
	/** The command of that step is being read: it has printed nothing yet. */
	#inRun = false;
	/** An undo is being read: it may speak of what its step made. */
	#inUndo = false;
	/** Where the shared step that is being read is used: parameters that it needs are the runbook's. */
	#usedAt: Place | undefined;

	constructor(family: FamilyFile, { data: source, broken }: Read<RunbookSource>, yaml: YamlFile, file: SourceFile) {
		this.#familyFile = family;
		this.#family = family.source;
		this.#broken = broken;
		this.#source = source;
		this.#yaml = yaml;
		this.#file = file;
		const known = [...source.parameters.map((name) => [name, this.#family.parameters[name]] as const), ...Object.entries(this.#family.derived)];
		this.#fields = new Map(known.flatMap(([name, parameter]) => (parameter ? [[name, fieldsOf(parameter)] as const] : [])));
		this.#outputs = this.#collectOutputs();
		for (const [name, { parameter }] of this.#outputs) this.#fields.set(name, fieldsOf(parameter));
		const nodes = this.#fields.get('nodes');
		if (nodes) this.#fields.set('node', nodes);
		this.#functions = Object.keys(source.functions).length > 0 ? { ...this.#family.functions, ...source.functions } : this.#family.functions;
	}

	load(): Runbook {
		const { id, parameters: names } = this.#source;
		if (!this.#file.path.endsWith(`${id}.yaml`)) this.#yaml.lintError(['id'], 'file.name', `id "${id}" is not the file's name`, 'Name the file as the id says.');
		names.forEach((name, index) => {
			if (!this.#family.parameters[name] && !isBroken(this.#familyFile.broken, 'parameters', name)) this.#yaml.lintError(['parameters', index], 'parameter.unknown', `the family has no parameter "${name}"`, didYouMean(name, Object.keys(this.#family.parameters)));
			if (name === madeName) this.#yaml.lintError(['parameters', index], 'parameter.reserved', `"${madeName}" is the container that a step made`, 'Give the parameter another name.');
			if (names.indexOf(name) !== index) this.#yaml.lintError(['parameters', index], 'parameter.duplicate', `parameter "${name}" is listed twice`, 'Remove one.');
		});
		for (const name of Object.keys(this.#source.defaults ?? {})) if (!names.includes(name)) this.#yaml.lintError(['defaults', name], 'parameter.unknown', `"${name}" is not a parameter of this runbook`, didYouMean(name, names));
		const placed = this.#source.steps.flatMap((step, index) => this.#stepAt(step, index).map((one) => ({ step: one, path: ['steps', index] })));
		this.#checkSteps(placed);
		const steps = placed.map(({ step }) => step);
		return { id, family: this.#family.family, parameters: this.#parameters(), derived: this.#family.derived, ...(!(this.#source.downtime ?? this.#family.downtime) && { downtime: false as const }), ...this.#rules(), ...(this.#outputs.size > 0 && { outputs: Object.fromEntries([...this.#outputs].map(([name, { index: _, ...output }]) => [name, output])) }), steps };
	}

	/** A rule about what this runbook does not ask for says nothing here. */
	#rules(): Pick<Runbook, 'rules'> {
		const known = [...this.#source.parameters, ...Object.keys(this.#family.derived)];
		const rules = Object.entries(this.#family.rules).flatMap(([id, { when, refuse, warn }]) => {
			const parameter = refuse ?? warn ?? '';
			const named = [parameter, ...(when.given ?? []), ...(when.missing ?? []), ...Object.keys(when.is ?? {})];
			return named.every((name) => known.includes(name)) ? [{ id, when, refused: refuse !== undefined, parameter }] : [];
		});
		return rules.length === 0 ? {} : { rules };
	}

	#parameters(): Record<string, Parameter> {
		return Object.fromEntries(
			this.#source.parameters.flatMap((name) => {
				const parameter = this.#family.parameters[name];
				const own = this.#source.defaults?.[name];
				if (!parameter) return [];
				return [[name, own === undefined || listTypes.has(parameter.type) ? parameter : { ...parameter, default: own }] as const];
			}),
		);
	}

	#checkSteps(placed: readonly { readonly step: Step; readonly path: Path }[]): void {
		const ids = placed.map(({ step }) => step.id);
		let phase = 0;
		placed.forEach(({ step, path }, index) => {
			const say = (rule: LintRule, key: string, message: string, advice: string) => this.#yaml.lintError([...path, key], rule, message, advice);
			if (ids.indexOf(step.id) < index) say('step.duplicate', 'id', `there are two steps "${step.id}"`, 'Give each step an id of its own.');
			if (phases.indexOf(step.phase) < phase) say('step.order', 'phase', `step "${step.id}" goes back to phase "${step.phase}"`, `Phases follow each other: ${phases.join(', ')}.`);
			if (step.until !== undefined && !ids.includes(step.until)) say('step.until', 'until', `there is no step "${step.until}"`, didYouMean(step.until, ids));
			else if (step.until !== undefined && ids.indexOf(step.until) <= index) say('step.until', 'until', `step "${step.id}" holds until "${step.until}", which is not later`, 'Name a later step.');
			phase = Math.max(phase, phases.indexOf(step.phase));
		});
	}

	/** Every value that a step gives, before any step is read: one that comes too early is told as such. */
	#collectOutputs(): Map<string, Output & { readonly index: number }> {
		const outputs = new Map<string, Output & { readonly index: number }>();
		this.#source.steps.forEach((source, index) => {
			const shared = 'use' in source ? this.#family.steps[source.use] : undefined;
			const step = 'use' in source ? source.use : source.id;
			const given = source.outputs ?? shared?.outputs ?? {};
			const place: Place = source.outputs ? { yaml: this.#yaml, path: ['steps', index, 'outputs'] } : { yaml: this.#familyFile.yaml, path: ['steps', step, 'outputs'] };
			for (const [name, output] of Object.entries(given)) {
				const at = within(place, name);
				const known = this.#source.parameters.includes(name) || Object.hasOwn(this.#family.derived, name) || name === madeName || name === 'node' || outputs.has(name);
				if (known) this.#note(at, 'output.name', `there is a value "${name}" already`, 'Give the output another name.');
				if (isReadByPrograms(name)) this.#note(at, 'parameter.variable', `programs read the variable "${name}" themselves`, 'Give the output another name.');
				if ('matches' in output && this.#catch(within(at, 'matches'), () => new RegExp(output.matches, 'mu')) && !/(?<!\\)\((?!\?(?!<[A-Za-z]))/.test(output.matches)) this.#note(within(at, 'matches'), 'output.step', `the regular expression of output "${name}" has no group`, 'Put ( ) around the value.');
				if ('matches' in output) this.patterns.push({ ...within(at, 'matches'), text: output.matches });
				const { run, script, each } = { ...shared, ...source };
				if ((run === undefined && script === undefined) || each !== undefined) this.#note(at, 'output.step', `step "${step}" gives the value "${name}", and has no command that runs once`, 'Give it "run" or "script", and no "each".');
				if (!known) outputs.set(name, { step, index, parameter: parameterOfOutput(output), from: 'from' in output ? { kind: 'last-line' } : 'matches' in output ? { kind: 'matches', pattern: output.matches } : { kind: 'json', path: output.json } });
			}
		});
		return outputs;
	}

	#stepAt(source: RunbookSource['steps'][number], index: number): Step[] {
		this.#index = index;
		return this.#step(source, ['steps', index]);
	}

	#step(source: RunbookSource['steps'][number], path: Path): Step[] {
		const place = { yaml: this.#yaml, path };
		if (!('use' in source)) return [this.#build(source, (...keys) => within(place, ...keys), false, isBroken(this.#broken, ...path))];
		const shared = this.#family.steps[source.use];
		if (!shared) {
			if (!isBroken(this.#familyFile.broken, 'steps', source.use)) this.#yaml.lintError([...path, 'use'], 'step.shared', `the family has no shared step "${source.use}"`, didYouMean(source.use, Object.keys(this.#family.steps)));
			return [];
		}
		const { use, ...changes } = source;
		const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined && value !== false));
		// What the runbook changes stands there, all else in the family's file.
		const at = (...keys: Path): Place => (keys.length === 0 || Object.hasOwn(given, keys[0] ?? '') ? within(place, ...keys) : { yaml: this.#familyFile.yaml, path: ['steps', use, ...keys] });
		this.#usedAt = within(place, 'use');
		const step = this.#build({ ...shared, ...given, id: use }, at, true);
		this.#usedAt = undefined;
		return [step];
	}

	/** `at`: where a key of the step stands. */
	#build(source: StepSource, at: (...keys: Path) => Place, shared: boolean, isStandIn = false): Step {
		const effect = source.effect ?? effectOfPhase[source.phase];
		const scripted = source.script === undefined ? [] : [{ script: source.script, ...(source.env && { env: source.env }) }];
		const variants: CommandSource[] = [...(source.run ?? []).map((one) => ({ ...(source.env && { env: source.env }), ...one })), ...scripted];
		const reads = effect === 'read' ? ('step' as const) : undefined;
		const step: Step = {
			id: source.id,
			phase: source.phase,
			effect,
			run: this.#ofRun(() => variants.map((one, index) => this.#command(one, at(source.script === undefined ? 'run' : 'script'), index, reads))),
			byHand: source.do === 'by-hand',
			...(source.when && { when: this.#condition(source.when, at('when')) }),
			...(source.each && { each: source.each }),
			skipWhen: this.#checks(source.skip_when, at('skip_when')),
			doneWhen: this.#checks(source.done_when, at('done_when')),
			undo: this.#ofUndo(() => (source.undo ?? []).map((one, index) => this.#command(one, at('undo'), index))),
			undoneWhen: this.#ofUndo(() => this.#checks(source.undone_when, at('undone_when'))),
			allOrNothing: source.all_or_nothing,
			pointOfNoReturn: typeof source.point_of_no_return === 'boolean' ? source.point_of_no_return : this.#condition(source.point_of_no_return, at('point_of_no_return')),
			...(source.object !== undefined && { object: source.object }),
			...(source.until !== undefined && { until: source.until }),
			required: source.required,
			...(source.glance && { glance: true as const }),
			usually: (source.usually ?? []).map(({ time, per_gib = 0, when }) => ({ seconds: time, perGibSeconds: per_gib, ...(when && { when: this.#condition(when, at('usually')) }) })),
			...(source.measures !== undefined && { measures: this.#pattern(source.measures, at('measures'), 'mu') }),
			hints: { ...Object.fromEntries(Object.entries(source.hints ?? {}).map(([id, check]) => [id, this.#hint(check, at('hints', id))])), ...this.#printedHints(source, at('printed_hints_of')) },
			...(source.printed_hints_of !== undefined && { printedHintsOf: source.printed_hints_of }),
			shared,
		};
		if (!isStandIn) this.#checkStep(step, source, at);
		return step;
	}

	#ofRun<T>(read: () => T): T {
		this.#inRun = true;
		const result = read();
		this.#inRun = false;
		return result;
	}

	#ofUndo<T>(read: () => T): T {
		this.#inUndo = true;
		const result = read();
		this.#inUndo = false;
		return result;
	}

	#checkStep(step: Step, source: StepSource, at: (...keys: Path) => Place): void {
		const say = (rule: LintRule, message: string, advice: string) => this.#note(at(), rule, `step "${step.id}" ${message}`, advice);
		const ways = [source.run, source.script, source.do].filter((way) => way !== undefined).length;
		if (ways > 1) say('step.ways', 'has more than one of "run", "script" and "do"', 'Keep one.');
		if (ways === 0 && step.doneWhen.length === 0) say('step.empty', 'does nothing and looks at nothing', 'Give it "run", "script", "do: by-hand" or "done_when".');
		const changes = step.effect === 'change' || step.effect === 'destroy';
		if (changes && step.undo.length === 0 && step.pointOfNoReturn !== true) say('step.undo', 'changes things and has neither an undo nor a gate', 'Give it "undo", or mark it as "point_of_no_return: true".');
		if (step.effect === 'destroy' && step.object === undefined) say('step.object', 'destroys something and does not say what', 'Name the parameter whose value the reader types: "object: container".');
		if (step.phase === 'preflight' && changes) say('step.effect', 'changes things in the preflight', 'The preflight only looks: move it to a later phase.');
		if (madeUse(step) !== 'none' && !step.run.every((command) => command.kind === 'argv' && makesContainer(literalWords(command.snippet)))) {
			say('step.made', `has an undo that uses "\${${madeName}}", and its command makes no container that Docker prints the id of`, 'Only "docker run -d" and "docker create" make one; let "run" be one of them.');
		}
		if (step.object !== undefined && this.#name(step.object, at('object'))?.type === 'secret') {
			this.#note(at('object'), 'step.object', `step "${step.id}" asks for the secret "${step.object}" by its name`, 'Name a parameter that may be shown.');
		}
		if (step.each) this.#name('nodes', at('each'));
	}

	#noteCommand(place: Place, rule: LintRule, message: string, advice: string, offset: number): void {
		if (rule === 'check.changes' || rule === 'step.effect') this.changes.push({ ...place, rule, message, advice, offset });
		else this.#note(place, rule, message, advice, offset);
	}

	#note({ yaml, path }: Place, rule: LintRule, message: string, advice: string, offset?: number): void {
		yaml.lintError(path, rule, message, advice, offset);
	}

	/** `reads`: what calls it says that it only reads. */
	#command(source: CommandSource, place: Place, index: number, reads?: 'step' | 'check'): Command {
		const isBare = place.path.at(-1) === 'script';
		const inner = isBare ? place : within(place, index, source.run === undefined ? 'script' : 'run');
		const env = source.env ?? {};
		for (const name of Object.values(env)) this.#name(name, inner);
		this.#checkVariables(Object.keys(env), inner);
		const when = source.when ? { when: this.#condition(source.when, inner) } : {};
		if ((source.run === undefined) === (source.script === undefined)) this.#note(place, 'command.ways', 'a command has "run" or "script", and not both', 'Keep one.');
		const parameterOf = (name: string) => this.#outputs.get(name)?.parameter ?? this.#family.derived[name] ?? this.#family.parameters[name === 'node' ? 'nodes' : name];
		if (source.script !== undefined) {
			const trimmed = source.script.trim();
			const own = `\n${trimmed}\n`;
			const script = addFunctions(own, this.#functions);
			const fields = this.#inUndo ? new Map([...this.#fields, [madeName, []]]) : this.#fields;
			const shell = this.#familyFile.read.get(script) ?? readShell(script);
			this.#familyFile.read.set(script, shell);
			const parsed = readScript(script, fields, shell);
			const before = script.length - own.length;
			// The line break before the script, and blanks that were cut off in front of it.
			const shift = before + 1 - source.script.indexOf(trimmed);
			const note = (rule: LintRule, offset: number, message: string, advice: string) => {
				const [shared, at] = offset < before ? placeInFunctions(script, offset, this.#functions) : [undefined, offset - shift];
				this.#noteCommand(shared === undefined ? inner : this.#functionPlace(shared), rule, message, advice, Math.max(at, 0));
			};
			for (const { offset, message, advice } of parsed.errors) note('script.syntax', offset, message, advice);
			for (const { rule, offset, message, advice } of checkCommand({ script: parsed, parameterOf, reads })) note(rule, offset, message, advice);
			this.#checkVariables(parsed.uses.map(({ variable }) => variable), inner);
			for (const { name, variable } of parsed.uses) {
				if (this.#outputs.has(name)) this.#name(name, inner, Math.max((parsed.shell.expansions.find((one) => one.name === variable)?.offset ?? 0) - shift, 0));
				this.used.add(name);
			}
			if (parsed.shell.faults.length === 0) this.scripts.push({ ...inner, text: source.script });
			return { kind: 'script', script, uses: parsed.uses, env, ...when };
		}
		const { snippet, errors } = readSnippet((source.run ?? '').trim());
		for (const { offset, message, advice } of errors) this.#note(inner, 'snippet.syntax', message, advice, offset);
		this.#checkSlots(snippet, inner);
		for (const { rule, offset, message, advice } of checkCommand({ snippet, parameterOf, reads })) this.#noteCommand(inner, rule, message, advice, offset);
		return { kind: 'argv', snippet, env, ...when };
	}

	#functionPlace(name: string): Place {
		return { yaml: Object.hasOwn(this.#source.functions, name) ? this.#yaml : this.#familyFile.yaml, path: ['functions', name] };
	}

	/** A value of the reader's must not choose what a program does: `path`, `http_proxy`. */
	#checkVariables(names: readonly string[], place: Place): void {
		for (const name of names) if (isReadByPrograms(name)) this.#note(place, 'parameter.variable', `programs read the variable "${name}" themselves`, 'Give the variable, or the parameter, a name of its own.');
	}

	#checkSlots(snippet: Snippet, place: Place): void {
		for (const { slot, repeat } of slotsOf(snippet)) {
			if (this.#isMade(slot)) continue;
			const parameter = this.#slot(slot, place);
			if (!parameter || slot.name === 'node') continue;
			if (listTypes.has(parameter.type) !== repeat) {
				this.#note(place, 'parameter.list', `list parameter "${slot.name}" and "[…]..." belong together`, repeat ? 'Repeat over a list, or remove "...".' : 'Write [-e ${env}]..., once for each item.', slot.offset);
			}
		}
	}

	#isMade({ name, field }: Slot): boolean {
		return this.#inUndo && name === madeName && field === undefined;
	}

	/** The parameter of a slot; `node` is the node that a step runs for. */
	#slot(slot: Slot, place: Place): Parameter | undefined {
		const name = slot.name === 'node' ? 'nodes' : slot.name;
		const parameter = this.#name(name, place, slot.offset);
		if (!parameter || slot.field === undefined) return parameter;
		const fields = fieldsOf(parameter);
		if (!fields.includes(slot.field)) this.#note(place, 'parameter.field', `"${slot.name}" has no field "${slot.field}"`, fields.length > 0 ? `It has ${fields.join(', ')}.` : 'Remove the field.', slot.offset);
		return parameter;
	}

	#name(name: string, place: Place, offset?: number): Parameter | undefined {
		this.used.add(name);
		const output = this.#outputs.get(name);
		if (output) {
			const isEarly = output.index > this.#index || (output.index === this.#index && this.#inRun);
			if (isEarly) this.#note(this.#usedAt ?? place, 'output.order', `"${name}" is given by step "${output.step}", which comes later`, 'Use it after that step.', this.#usedAt ? undefined : offset);
			return output.parameter;
		}
		const parameter = this.#source.parameters.includes(name) ? this.#family.parameters[name] : this.#family.derived[name];
		if (parameter || isBroken(this.#broken, 'parameters') || [...this.#familyFile.broken].some(([list, key]) => (list === 'parameters' || list === 'derived') && key === name)) return parameter;
		const known = this.#family.parameters[name] !== undefined;
		// A shared step is right where its parameters are the runbook's.
		if (known && this.#usedAt) this.#note(this.#usedAt, 'parameter.unknown', `"${name}" is not a parameter of this runbook, and the shared step needs it`, `Add "${name}" to "parameters".`);
		else this.#note(place, 'parameter.unknown', `"${name}" is not a parameter of this runbook`, known ? `Add "${name}" to "parameters".` : didYouMean(name, this.#fields.keys()), offset);
		return undefined;
	}

	#text(text: string, place: Place): Text {
		const pieces = this.#catch(place, () => parseText(text)) ?? [];
		for (const piece of pieces) if (piece.kind === 'slot' && !this.#isMade(piece)) this.#slot(piece, place);
		return pieces;
	}

	#condition(condition: Condition, place: Place): Condition {
		for (const name of [...(condition.given ?? []), ...(condition.missing ?? [])]) this.#name(name, place);
		for (const [name, wanted] of Object.entries(condition.is ?? {})) {
			const parameter = this.#name(name, within(place, 'is', name));
			if (parameter) for (const { message, advice } of checkOptions(name, parameter, [wanted].flat())) this.#note(within(place, 'is', name), 'condition.impossible', message, advice);
		}
		const both = (condition.given ?? []).filter((name) => condition.missing?.includes(name));
		for (const name of both) this.#note(within(place, 'missing'), 'condition.impossible', `"${name}" cannot be given and missing at once`, 'Keep one.');
		return condition;
	}

	#checks(sources: readonly CheckSource[] | undefined, place: Place): Check[] {
		return (sources ?? []).map((source, index) => this.#check(source, sources?.length === 1 ? place : within(place, index)));
	}

	#hint(source: HintSource, place: Place): Hint {
		if (!('printed' in source)) return this.#check(source, place);
		const { printed, when } = source;
		return { kind: 'printed', matches: this.#pattern(printed, within(place, 'printed'), 'mu'), ...(when && { when: this.#condition(when, within(place, 'when')) }) };
	}

	/** The printed hints of a shared step; a step's own of the same name wins. */
	#printedHints({ printed_hints_of: from, hints: own = {} }: StepSource, place: Place): Record<string, Hint> {
		if (from === undefined) return {};
		const shared = this.#family.steps[from];
		if (!shared && !isBroken(this.#familyFile.broken, 'steps', from)) this.#note(place, 'step.shared', `the family has no shared step "${from}"`, didYouMean(from, Object.keys(this.#family.steps)));
		const printed = Object.entries(shared?.hints ?? {}).filter(([id, hint]) => 'printed' in hint && !own[id]);
		return Object.fromEntries(printed.map(([id, hint]) => [id, this.#hint(hint, { yaml: this.#familyFile.yaml, path: ['steps', from, 'hints', id] })]));
	}

	#check(source: CheckSource, place: Place): Check {
		const common = {
			everySeconds: source.every ?? 2,
			withinSeconds: source.within ?? 0,
			forSeconds: source.for ?? 0,
			timeoutSeconds: source.timeout ?? 30,
			severity: source.severity ?? ('fail' as const),
			machine: source.machine ?? false,
			...(source.when && { when: this.#condition(source.when, within(place, 'when')) }),
		};
		if (source.every !== undefined && source.within !== undefined && source.within < source.every) {
			this.#note(within(place, 'within'), 'check.time', 'the check ends ("within") before it is tried again ("every")', 'Make "within" longer than "every".');
		}
		const text = (value: string, ...keys: Path) => this.#text(value, within(place, ...keys));
		const texts = (key: string, values: Record<string, string> | undefined) => Object.fromEntries(Object.entries(values ?? {}).map(([name, value]) => [name, text(value, key, name)]));
		if ('http' in source) {
			for (const name of [source.user, source.password]) if (name !== undefined) this.#name(name, place);
			const { user, password, status = [], refused = false, body } = source;
			if (refused && (status.length > 0 || body !== undefined || source.headers || source.json)) this.#note(place, 'check.refused', '"refused" wants no answer, and something of an answer is wanted', 'Keep one.');
			const headers = Object.entries(source.headers ?? {}).map(([name, header]) => [name, 'equals' in header ? { equals: text(header.equals, 'headers', name) } : { matches: this.#pattern(header.matches, within(place, 'headers', name, 'matches'), 'u') }] as const);
			return {
				kind: 'http',
				url: text(source.http, 'http'),
				...(user !== undefined && { user }),
				...(password !== undefined && { password }),
				status,
				refused,
				...(body !== undefined && { body: text(body, 'body') }),
				headers: Object.fromEntries(headers),
				json: texts('json', source.json),
				...common,
			};
		}
		if ('file' in source) {
			const { exists, holds = [], ends } = source;
			return { kind: 'file', path: text(source.file, 'file'), exists, holds, ...(ends !== undefined && { ends }), ...common };
		}
		const { exit = 0, prints, equals, lacks, matches, json, warn } = source;
		if (warn?.includes(exit)) this.#note(within(place, 'warn'), 'check.warn', `exit code ${exit} passes, and is worth a warning`, 'Keep one.');
		if (matches !== undefined) this.#pattern(matches, within(place, 'matches'), 'mu');
		return {
			kind: 'command',
			command: this.#command(source, within(place, source.run === undefined ? 'script' : 'run'), -1, 'check'),
			expect: {
				exit,
				...(prints !== undefined && { prints: text(prints, 'prints') }),
				...(equals !== undefined && { equals: text(equals, 'equals') }),
				...(lacks !== undefined && { lacks: text(lacks, 'lacks') }),
				...(matches !== undefined && { matches }),
				...(json && { json: texts('json', json) }),
				...(warn && { warn }),
			},
			...common,
		};
	}

	/** A regular expression that can be read. It is compiled where it is used. */
	#pattern(text: string, place: Place, flags: string): string {
		if (this.#catch(place, () => new RegExp(text, flags))) this.patterns.push({ ...place, text });
		return text;
	}

	#catch<T>(place: Place, parse: () => T): T | undefined {
		try {
			return parse();
		} catch (error) {
			if (!(error instanceof SyntaxError)) throw error;
			if (error instanceof SnippetError) this.#note(place, 'snippet.syntax', error.message, error.advice, error.offset);
			else this.#note(place, 'pattern.syntax', error.message, 'Fix the regular expression.');
			return undefined;
		}
	}
}
