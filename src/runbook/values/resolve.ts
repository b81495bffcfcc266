import type { Condition, Runbook } from '../definition/definition.ts';
import { listTypes } from '../definition/list-types.ts';
import type { Parameter } from '../definition/parameter.ts';
import type { Machines } from './machine.ts';
import { problem, type Problem } from '../problem.ts';
import { suggest } from '../text/suggest.ts';
import type { Node, StepNode } from './value-types.ts';
import { hasSecretName, hasSecretValue } from '../text/secret.ts';
import { parseValue, type Item, type Values } from './value.ts';

/** Where a value comes from. What detection found is given too: the session remembers which those are. */
export type Origin = 'default' | 'given' | 'derived' | 'output';

/** What steps gave to later ones, by name: a text, or why there is none although the step has run. */
export type Captured = Readonly<Record<string, CapturedOutput>>;
export type CapturedOutput = { readonly value: string } | { readonly refused: 'nothing' | 'type'; readonly shown: string };

/** A parameter that has a value (or, with no items, was given as empty). */
export interface Answer {
	readonly parameter: Parameter;
	readonly items: readonly Item[];
	readonly origin: Origin;
}

/** The form as far as it can be read: what rules look at. */
export interface Form {
	readonly runbook: string;
	/** The runbook asks for this parameter. */
	asks(name: string): boolean;
	/** The text of a value; undefined when there is none or it is refused. */
	text(name: string): string | undefined;
	items(name: string): readonly Item[];
	origin(name: string): Origin | undefined;
}

/** What a family knows about its values beyond their types. Pure. */
export interface Rules {
	/** Defaults that follow from other values. They do not replace a default of the definition. */
	defaults(form: Form): Readonly<Record<string, string>>;
	/** Values of the family's `derived` parameters; an absent one has no value. */
	derive(form: Form): Readonly<Record<string, string>>;
	validate(form: Form): Validation;
}

export interface Validation {
	readonly refused: readonly Problem[];
	readonly warnings: readonly Problem[];
}

/** Values, parsed and validated. A parameter with a problem has no answer. */
export interface Resolved extends Validation {
	readonly answers: ReadonlyMap<string, Answer>;
	/** Where commands run; absent where everything is on this machine. */
	readonly machines?: Machines;
	/** Values that no step has given yet, with why. */
	readonly awaited: ReadonlyMap<string, Problem>;
}

/** A family without rules. */
export const noRules: Rules = { defaults: () => ({}), derive: () => ({}), validate: () => ({ refused: [], warnings: [] }) };

/** Parses what was given, adds defaults and derived values, and lets the family judge. Refuses names that the runbook does not ask for. */
export function resolve(runbook: Runbook, rules: Rules, given: Values, captured: Captured = {}): Resolved {
	const answers = new Map<string, Answer>();
	const refused: Problem[] = [];
	const form = formOf(runbook, answers);
	const answer = (name: string, parameter: Parameter, value: Values[string], origin: Origin) => {
		const parsed = parseValue(name, parameter, value);
		refused.push(...parsed.problems);
		if (parsed.problems.length === 0) answers.set(name, { parameter, items: parsed.items, origin });
	};

	refused.push(...findUnknown(runbook, given));
	for (const [name, parameter] of Object.entries(runbook.parameters)) {
		const own = Object.hasOwn(given, name) ? given[name] : undefined;
		const standard = 'default' in parameter ? parameter.default : undefined;
		if (own !== undefined) answer(name, parameter, own, 'given');
		else if (standard !== undefined) answer(name, parameter, standard, 'default');
	}
	for (const [name, value] of Object.entries(rules.defaults(form))) {
		const parameter = runbook.parameters[name];
		if (parameter && !answers.has(name) && !Object.hasOwn(given, name)) answer(name, parameter, value, 'default');
	}
	for (const [name, value] of Object.entries(rules.derive(form))) {
		const parameter = runbook.derived[name];
		if (parameter) answer(name, parameter, value, 'derived');
	}
	const awaited = new Map<string, Problem>();
	for (const [name, { step, parameter }] of Object.entries(runbook.outputs ?? {})) {
		const found = Object.hasOwn(captured, name) ? captured[name] : undefined;
		if (!found) awaited.set(name, problem('value.awaited', { parameter: name, step }, { parameter: name }));
		else if ('refused' in found) awaited.set(name, problem(found.refused === 'nothing' ? 'value.not-printed' : 'value.output-refused', { parameter: name, step, ...(found.refused === 'type' && { value: found.shown }) } as { parameter: string; step: string; value: string }, { parameter: name }));
		else answers.set(name, { parameter, items: parseValue(name, parameter, found.value).items, origin: 'output' });
	}
	const validated = rules.validate(form);
	const declared = (wanted: boolean) => (runbook.rules ?? []).filter(({ refused: own, when }) => own === wanted && holds(when, answers)).map(({ id, parameter, refused: own }) => problem(own ? 'rule.refused' : 'rule.warned', { rule: `${runbook.family}.${id}` }, { parameter }));
	return { answers, awaited, refused: [...refused, ...validated.refused, ...declared(true)], warnings: [...weakSecrets(answers), ...validated.warnings, ...declared(false)] };
}

function formOf(runbook: Runbook, answers: ReadonlyMap<string, Answer>): Form {
	return {
		runbook: runbook.id,
		asks: (name) => Object.hasOwn(runbook.parameters, name),
		text: (name) => answers.get(name)?.items[0]?.text,
		items: (name) => answers.get(name)?.items ?? [],
		origin: (name) => answers.get(name)?.origin,
	};
}

function findUnknown(runbook: Runbook, given: Values): Problem[] {
	const known = Object.keys(runbook.parameters);
	return Object.keys(given)
		.filter((name) => !known.includes(name))
		.map((name) => problem('value.unknown', { parameter: name.slice(0, 64), runbook: runbook.id, suggestion: suggest(name, known) }));
}

/** A secret shorter than this is not looked for in output: it would be found in every other word. Unit: characters. */
export const minMaskedLength = 6;

/** Secrets that are masked by their place in a command only, because the output is full of such words. */
function weakSecrets(answers: ReadonlyMap<string, Answer>): Problem[] {
	return [...answers].flatMap(([name, { parameter, items }]) => {
		const text = items[0]?.text;
		if (parameter.type !== 'secret' || text === undefined) return [];
		if (text === parameter.default) return [problem('secret.default', { parameter: name }, { parameter: name })];
		return text.length < minMaskedLength ? [problem('secret.short', { parameter: name }, { parameter: name })] : [];
	});
}

/** Whether a node is another machine that nothing reaches from here: its commands are there to copy. */
export function isElsewhere(node: StepNode | undefined): boolean {
	return node !== undefined && node.ssh !== '' && node.reached !== true;
}

/** A node as the machines of its session have it: reached by ssh, or not. */
export function reachedNode(node: Node, { machines }: Pick<Resolved, 'machines'>): StepNode {
	return machines?.nodes === true && node.ssh !== '' ? { ...node, reached: true } : node;
}

/** Whether a condition holds for the answers, and for the node that a step runs for. A refused value counts as missing; a step that runs once runs here. */
export function holds(condition: Condition | undefined, answers: Resolved['answers'], node?: StepNode): boolean {
	if (!condition) return true;
	if (condition.node !== undefined && condition.node !== (isElsewhere(node) ? 'elsewhere' : 'here')) return false;
	const has = (name: string) => (answers.get(name)?.items.length ?? 0) > 0;
	const is = ([name, wanted]: [string, string | string[]]) => [wanted].flat().includes(rawText(answers.get(name)));
	return (condition.given ?? []).every(has) && !(condition.missing ?? []).some(has) && Object.entries(condition.is ?? {}).every(is);
}

/** A switch stands in commands by its word; conditions speak of `true` and `false`. */
function rawText(answer: Answer | undefined): string {
	const text = answer?.items[0]?.text ?? '';
	if (answer?.parameter.type !== 'switch') return text;
	return text === answer.parameter.word || text === 'true' ? 'true' : 'false';
}

/**
 * The values without what is secret, to be kept: secrets are dropped, of a secret variable only the name stays, refused or not. A refused value of any
 * other kind is dropped when it holds a password.
 */
export function withoutSecrets(runbook: Runbook, values: Values): Values {
	const kept = Object.entries(values).flatMap(([name, value]): [string, Values[string]][] => {
		const parameter = Object.hasOwn(runbook.parameters, name) ? runbook.parameters[name] : undefined;
		if (!parameter || parameter.type === 'secret') return [];
		if (typeof value === 'string') return keptTexts(name, parameter, [value]).map((one) => [name, one]);
		const texts = value.filter((one) => typeof one === 'string');
		return [[name, texts.length < value.length ? value : keptTexts(name, parameter, texts)]];
	});
	return Object.fromEntries(kept);
}

function keptTexts(name: string, parameter: Parameter, texts: readonly string[]): string[] {
	if (parameter.type === 'env') return texts.map((one) => (isSecretVariable(one) ? nameOfVariable(one) : one));
	// Half of a command is another command.
	if (parameter.type === 'words') return parseValue(name, parameter, [...texts]).items.some(({ secret }) => secret) ? [] : [...texts];
	return texts.filter((one) => !hasSecretValue(one) || parseValue(name, parameter, isList(parameter) ? [one] : one).problems.length === 0);
}

/** Also of a text that is no variable: `API_TOKEN: x` was meant to be one. */
function isSecretVariable(text: string): boolean {
	return hasSecretName(text.includes('=') ? text.slice(0, text.indexOf('=')) : text) || hasSecretValue(text);
}

function nameOfVariable(text: string): string {
	return /^[\w.-]*/.exec(text)?.[0] ?? '';
}

/** Every list parameter; a form shows them as rows. */
export function isList(parameter: Parameter): boolean {
	return listTypes.has(parameter.type);
}

/** The kept values of a run with the secrets of the form: what the way back is made of. */
export function withSecrets(runbook: Runbook, kept: Values, form: Values): Values {
	const values: Record<string, Values[string]> = { ...kept };
	for (const [name, parameter] of Object.entries(runbook.parameters)) {
		const own = Object.hasOwn(form, name) ? form[name] : undefined;
		if (parameter.type === 'secret' && own !== undefined) values[name] = own;
		const variables = kept[name];
		if (parameter.type === 'env' && Array.isArray(variables)) values[name] = fillVariables(variables, own);
		if (parameter.type === 'words' && Array.isArray(variables) && variables.length === 0 && Array.isArray(own)) values[name] = own;
	}
	return values;
}

/** `NAME` without a value was a secret when it was kept: the form may still know it. */
function fillVariables(kept: readonly unknown[], form: Values[string] | undefined): Values[string] {
	const known = Array.isArray(form) ? form.filter((one) => typeof one === 'string') : [];
	const texts = kept.filter((one) => typeof one === 'string');
	return texts.map((one) => (one.includes('=') ? one : (known.find((other) => other.startsWith(`${one}=`)) ?? one)));
}
