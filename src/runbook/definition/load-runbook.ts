import {
	phases,
	type Check,
	type CheckSource,
	type Hint,
	type HintSource,
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
import { addFunctions } from './functions.ts';
import { listTypes } from './list-types.ts';
import { madeName, makesContainer } from '../run/made.ts';
import { literalWords, madeUse } from './made-use.ts';
import { fieldsOf, type Parameter } from './parameter.ts';
import { parseScript } from './script.ts';
import { parseSnippet, parseText, slotsOf, SnippetError, type Slot, type Snippet, type Text } from './snippet.ts';
import { isReadByPrograms } from './variable-name.ts';
import { didYouMean, type Path, type SourceFile, type YamlFile } from './yaml-file.ts';

const effectOfPhase: Readonly<Record<Phase, Effect>> = { preflight: 'read', prepare: 'prepare', change: 'change', verify: 'read', finish: 'change' };

/** Turns one runbook's source into a runbook. */
export class RunbookLoader {
	readonly #family: FamilySource;
	readonly #source: RunbookSource;
	readonly #yaml: YamlFile;
	readonly #file: SourceFile;
	readonly #fields: Map<string, readonly string[]>;
	readonly #functions: Readonly<Record<string, string>>;
	/** An undo is being read: it may speak of what its step made. */
	#inUndo = false;

	constructor(family: FamilySource, source: RunbookSource, yaml: YamlFile, file: SourceFile) {
		this.#family = family;
		this.#source = source;
		this.#yaml = yaml;
		this.#file = file;
		const known = [...source.parameters.map((name) => [name, family.parameters[name]] as const), ...Object.entries(family.derived)];
		this.#fields = new Map(known.flatMap(([name, parameter]) => (parameter ? [[name, fieldsOf(parameter)] as const] : [])));
		const nodes = this.#fields.get('nodes');
		if (nodes) this.#fields.set('node', nodes);
		this.#functions = { ...family.functions, ...source.functions };
	}

	load(): Runbook {
		const { id, parameters: names } = this.#source;
		if (!this.#file.path.endsWith(`${id}.yaml`)) this.#yaml.lintError(['id'], `id "${id}" is not the file's name`, 'Name the file as the id says.');
		names.forEach((name, index) => {
			if (!this.#family.parameters[name]) this.#yaml.lintError(['parameters', index], `the family has no parameter "${name}"`, didYouMean(name, Object.keys(this.#family.parameters)));
			if (name === madeName) this.#yaml.lintError(['parameters', index], `"${madeName}" is the container that a step made`, 'Give the parameter another name.');
			if (names.indexOf(name) !== index) this.#yaml.lintError(['parameters', index], `parameter "${name}" is listed twice`, 'Remove one.');
		});
		for (const name of Object.keys(this.#source.defaults ?? {})) if (!names.includes(name)) this.#yaml.lintError(['defaults', name], `"${name}" is not a parameter of this runbook`, didYouMean(name, names));
		const steps = this.#source.steps.flatMap((step, index) => this.#step(step, ['steps', index]));
		this.#checkSteps(steps);
		return { id, family: this.#family.family, parameters: this.#parameters(), derived: this.#family.derived, ...(!(this.#source.downtime ?? this.#family.downtime) && { downtime: false as const }), ...this.#rules(), steps };
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

	#checkSteps(steps: readonly Step[]): void {
		const seen = new Set<string>();
		let phase = 0;
		steps.forEach((step, index) => {
			const at = ['steps', index];
			if (seen.has(step.id)) this.#yaml.lintError(at, `there are two steps "${step.id}"`, 'Give each step an id of its own.');
			seen.add(step.id);
			if (phases.indexOf(step.phase) < phase) this.#yaml.lintError(at, `step "${step.id}" goes back to phase "${step.phase}"`, `Phases follow each other: ${phases.join(', ')}.`);
			if (step.until !== undefined && !steps.some((one) => one.id === step.until)) this.#yaml.lintError(at, `there is no step "${step.until}"`, didYouMean(step.until, steps.map((one) => one.id)));
			phase = Math.max(phase, phases.indexOf(step.phase));
		});
	}

	#step(source: RunbookSource['steps'][number], path: Path): Step[] {
		if (!('use' in source)) return [this.#build(source, path, false)];
		const shared = this.#family.steps[source.use];
		if (!shared) {
			this.#yaml.lintError([...path, 'use'], `the family has no shared step "${source.use}"`, didYouMean(source.use, Object.keys(this.#family.steps)));
			return [];
		}
		const { use, ...changes } = source;
		const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined && value !== false));
		return [this.#build({ ...shared, ...given, id: use }, path, true)];
	}

	#build(source: StepSource, path: Path, shared: boolean): Step {
		const at = (...keys: Path): Path => (shared ? path : [...path, ...keys]);
		const effect = source.effect ?? effectOfPhase[source.phase];
		const scripted = source.script === undefined ? [] : [{ script: source.script, ...(source.env && { env: source.env }) }];
		const variants: CommandSource[] = [...(source.run ?? []).map((one) => ({ ...(source.env && { env: source.env }), ...one })), ...scripted];
		const step: Step = {
			id: source.id,
			phase: source.phase,
			effect,
			run: variants.map((one, index) => this.#command(one, at(source.script === undefined ? 'run' : 'script'), index)),
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
			hints: { ...Object.fromEntries(Object.entries(source.hints ?? {}).map(([id, check]) => [id, this.#hint(check, at('hints', id))])), ...this.#printedHints(source, at('printed_hints_of')) },
			...(source.printed_hints_of !== undefined && { printedHintsOf: source.printed_hints_of }),
			shared,
		};
		this.#checkStep(step, source, path);
		return step;
	}

	#ofUndo<T>(read: () => T): T {
		this.#inUndo = true;
		const result = read();
		this.#inUndo = false;
		return result;
	}

	#checkStep(step: Step, source: StepSource, path: Path): void {
		const say = (message: string, advice: string) => this.#yaml.lintError(path, `step "${step.id}" ${message}`, advice);
		const ways = [source.run, source.script, source.do].filter((way) => way !== undefined).length;
		if (ways > 1) say('has more than one of "run", "script" and "do"', 'Keep one.');
		if (ways === 0 && step.doneWhen.length === 0) say('does nothing and looks at nothing', 'Give it "run", "script", "do: by-hand" or "done_when".');
		const changes = step.effect === 'change' || step.effect === 'destroy';
		if (changes && step.undo.length === 0 && step.pointOfNoReturn !== true) say('changes things and has neither an undo nor a gate', 'Give it "undo", or mark it as "point_of_no_return: true".');
		if (step.effect === 'destroy' && step.object === undefined) say('destroys something and does not say what', 'Name the parameter whose value the reader types: "object: container".');
		if (step.phase === 'preflight' && changes) say('changes things in the preflight', 'The preflight only looks: move it to a later phase.');
		if (madeUse(step) !== 'none' && !step.run.every((command) => command.kind === 'argv' && makesContainer(literalWords(command.snippet)))) {
			say(`has an undo that uses "\${${madeName}}", and its command makes no container that Docker prints the id of`, 'Only "docker run -d" and "docker create" make one; let "run" be one of them.');
		}
		if (step.object !== undefined) this.#name(step.object, path);
		if (step.each) this.#name('nodes', path);
	}

	#command(source: CommandSource, path: Path, index: number): Command {
		const inner = path.at(-1) === 'script' ? path : [...path, index, source.run === undefined ? 'script' : 'run'];
		const env = source.env ?? {};
		for (const name of Object.values(env)) this.#name(name, inner);
		this.#checkVariables(Object.keys(env), inner);
		const when = source.when ? { when: this.#condition(source.when, path) } : {};
		if ((source.run === undefined) === (source.script === undefined)) {
			this.#yaml.lintError(path, 'a command has "run" or "script", and not both', 'Keep one.');
		}
		if (source.script !== undefined) {
			const own = `\n${source.script.trim()}\n`;
			const script = addFunctions(own, this.#functions);
			const fields = this.#inUndo ? new Map([...this.#fields, [madeName, []]]) : this.#fields;
			const uses = this.#catch(inner, () => parseScript(script, fields), script.length - own.length) ?? [];
			this.#checkVariables(uses.map(({ variable }) => variable), inner);
			return { kind: 'script', script, uses, env, ...when };
		}
		const snippet = this.#catch(inner, () => parseSnippet((source.run ?? '').trim())) ?? { items: [] };
		this.#checkSlots(snippet, inner);
		return { kind: 'argv', snippet, env, ...when };
	}

	/** A value of the reader's must not choose what a program does: `path`, `http_proxy`. */
	#checkVariables(names: readonly string[], path: Path): void {
		for (const name of names) if (isReadByPrograms(name)) this.#yaml.lintError(path, `programs read the variable "${name}" themselves`, 'Give the variable, or the parameter, a name of its own.');
	}

	#checkSlots(snippet: Snippet, path: Path): void {
		for (const { slot, repeat } of slotsOf(snippet)) {
			if (this.#isMade(slot)) continue;
			const parameter = this.#slot(slot, path);
			if (!parameter || slot.name === 'node') continue;
			if (listTypes.has(parameter.type) !== repeat) {
				this.#yaml.lintError(path, `list parameter "${slot.name}" and "[…]..." belong together`, repeat ? 'Repeat over a list, or remove "...".' : 'Write [-e ${env}]..., once for each item.');
			}
		}
	}

	#isMade({ name, field }: Slot): boolean {
		return this.#inUndo && name === madeName && field === undefined;
	}

	/** The parameter of a slot; `node` is the node that a step runs for. */
	#slot(slot: Slot, path: Path): Parameter | undefined {
		const name = slot.name === 'node' ? 'nodes' : slot.name;
		const parameter = this.#name(name, path);
		if (!parameter || slot.field === undefined) return parameter;
		const fields = fieldsOf(parameter);
		if (!fields.includes(slot.field)) this.#yaml.lintError(path, `"${slot.name}" has no field "${slot.field}"`, fields.length > 0 ? `It has ${fields.join(', ')}.` : 'Remove the field.');
		return parameter;
	}

	#name(name: string, path: Path): Parameter | undefined {
		const parameter = this.#source.parameters.includes(name) ? this.#family.parameters[name] : this.#family.derived[name];
		if (!parameter) this.#yaml.lintError(path, `"${name}" is not a parameter of this runbook`, this.#family.parameters[name] ? `Add "${name}" to "parameters".` : didYouMean(name, this.#fields.keys()));
		return parameter;
	}

	#text(text: string, path: Path): Text {
		const pieces = this.#catch(path, () => parseText(text)) ?? [];
		for (const piece of pieces) if (piece.kind === 'slot' && !this.#isMade(piece)) this.#slot(piece, path);
		return pieces;
	}

	#condition(condition: Condition, path: Path): Condition {
		for (const name of [...(condition.given ?? []), ...(condition.missing ?? []), ...Object.keys(condition.is ?? {})]) this.#name(name, path);
		return condition;
	}

	#checks(sources: readonly CheckSource[] | undefined, path: Path): Check[] {
		return (sources ?? []).map((source) => this.#check(source, path));
	}

	#hint(source: HintSource, path: Path): Hint {
		if (!('printed' in source)) return this.#check(source, path);
		const { printed, when } = source;
		return { kind: 'printed', matches: this.#pattern(printed, path, 'mu'), ...(when && { when: this.#condition(when, path) }) };
	}

	/** The printed hints of a shared step; a step's own of the same name wins. */
	#printedHints({ printed_hints_of: from, hints: own = {} }: StepSource, path: Path): Record<string, Hint> {
		if (from === undefined) return {};
		const shared = this.#family.steps[from];
		if (!shared) this.#yaml.lintError(path, `the family has no shared step "${from}"`, didYouMean(from, Object.keys(this.#family.steps)));
		const printed = Object.entries(shared?.hints ?? {}).filter(([id, hint]) => 'printed' in hint && !own[id]);
		return Object.fromEntries(printed.map(([id, hint]) => [id, this.#hint(hint, path)]));
	}

	#check(source: CheckSource, path: Path): Check {
		const common = {
			everySeconds: source.every ?? 2,
			withinSeconds: source.within ?? 0,
			forSeconds: source.for ?? 0,
			timeoutSeconds: source.timeout ?? 30,
			severity: source.severity ?? ('fail' as const),
			...(source.when && { when: this.#condition(source.when, path) }),
		};
		const text = (value: string) => this.#text(value, path);
		const texts = (values: Record<string, string> | undefined) => Object.fromEntries(Object.entries(values ?? {}).map(([key, value]) => [key, text(value)]));
		if ('http' in source) {
			for (const name of [source.user, source.password]) if (name !== undefined) this.#name(name, path);
			const { user, password, status = [], refused = false, body } = source;
			if (refused && (status.length > 0 || body !== undefined || source.headers || source.json)) this.#yaml.lintError(path, '"refused" wants no answer, and something of an answer is wanted', 'Keep one.');
			const headers = Object.entries(source.headers ?? {}).map(([name, header]) => [name, 'equals' in header ? { equals: text(header.equals) } : { matches: this.#pattern(header.matches, path, 'u') }] as const);
			return {
				kind: 'http',
				url: text(source.http),
				...(user !== undefined && { user }),
				...(password !== undefined && { password }),
				status,
				refused,
				...(body !== undefined && { body: text(body) }),
				headers: Object.fromEntries(headers),
				json: texts(source.json),
				...common,
			};
		}
		if ('file' in source) {
			const { exists, holds = [], ends } = source;
			return { kind: 'file', path: text(source.file), exists, holds, ...(ends !== undefined && { ends }), ...common };
		}
		const { exit = 0, prints, equals, lacks, matches } = source;
		if (matches !== undefined) this.#pattern(matches, path, 'mu');
		return {
			kind: 'command',
			command: this.#command(source, path, -1),
			expect: {
				exit,
				...(prints !== undefined && { prints: text(prints) }),
				...(equals !== undefined && { equals: text(equals) }),
				...(lacks !== undefined && { lacks: text(lacks) }),
				...(matches !== undefined && { matches }),
			},
			...common,
		};
	}

	/** A regular expression that can be read. It is compiled where it is used. */
	#pattern(text: string, path: Path, flags: string): string {
		this.#catch(path, () => new RegExp(text, flags));
		return text;
	}

	/** `shift`: what was put before the author's text, in UTF-16 units. */
	#catch<T>(path: Path, parse: () => T, shift = 0): T | undefined {
		try {
			return parse();
		} catch (error) {
			if (!(error instanceof SyntaxError)) throw error;
			if (error instanceof SnippetError) this.#yaml.lintError(path, error.message, error.advice, Math.max(error.offset - shift, 0));
			else this.#yaml.lintError(path, error.message, 'Mend the regular expression.');
			return undefined;
		}
	}
}
