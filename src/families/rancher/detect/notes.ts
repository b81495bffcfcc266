import type { Problem } from '../../../runbook/problem.ts';
import { listTypes } from '../../../runbook/definition/list-types.ts';
import { findSecretOption, hasSecretValue } from '../../../runbook/text/secret.ts';
import { parseValue, type Value, type Values } from '../../../runbook/values/value.ts';
import type { Node } from '../../../runbook/values/value-types.ts';
import { showCharacters } from '../../../runbook/text/character.ts';
import { parameterOf, type FoundParameter } from '../parameters.ts';
import type { Finding, FindingName, FindingSlots } from './finding.ts';

/** Parameters whose refused value is not shown: it may hold a password. */
const unshown: ReadonlySet<FoundParameter> = new Set(['db_password', 'env', 'docker_options', 'proxy', 'java_opts', 'command_words']);

/** Collects what is found in one container. A value that its type refuses is told by name, never repaired. */
export class Notes {
	readonly reasons: Finding[] = [];
	readonly warnings: Finding[] = [];
	readonly #values = new Map<FoundParameter, Value>();
	readonly #variables: string[] = [];
	readonly #options: string[] = [];

	reason<N extends FindingName>(name: N, slots: FindingSlots<N>): void {
		this.reasons.push({ name, slots: short(slots) });
	}

	warn<N extends FindingName>(name: N, slots: FindingSlots<N>, problem?: Problem): void {
		this.warnings.push({ name, slots: short(slots), ...(problem && { problem }) });
	}

	/** Takes a value over; returns whether its type takes it. */
	set(parameter: FoundParameter, value: string): boolean {
		const problem = this.check(parameter, value);
		if (problem) this.warn('value-refused', { parameter }, problem);
		else this.#values.set(parameter, value);
		return !problem;
	}

	/** What the type of a parameter has against a value. */
	check(parameter: FoundParameter, value: string | Node): Problem | undefined {
		const own = parameterOf(parameter);
		const isItem = listTypes.has(own.type);
		const [problem] = parseValue(parameter, own, isItem ? ([value] as string[] | Node[]) : (value as string)).problems;
		if (!problem) return undefined;
		const slots = unshown.has(parameter) && 'value' in problem.slots ? { ...problem.slots, value: '…' } : problem.slots;
		return { name: problem.name, slots, parameter };
	}

	setNode(node: Node): void {
		const problem = this.check('nodes', node);
		if (problem) this.warn('value-refused', { parameter: 'nodes' }, problem);
		else this.#values.set('nodes', [node]);
	}

	/** Takes the words over that stand behind the image: all of them or, when one cannot be taken, none. Returns whether it did. */
	setWords(words: readonly string[]): boolean {
		const problem = words.map((word) => this.check('command_words', word)).find((one) => one !== undefined);
		if (problem) this.warn('words-refused', {}, problem);
		else this.#values.set('command_words', [...words]);
		return !problem;
	}

	/** Whether a text holds a password. */
	isSecret(text: string): boolean {
		return hasSecretValue(text);
	}

	/** Takes an environment variable over. */
	addVariable(name: string, value: string): void {
		const item = `${name}=${value}`;
		const problem = this.check('env', item);
		if (problem) this.warn('variable-refused', { variable: name }, problem);
		else this.#variables.push(item);
	}

	/** Takes an option of `docker run` over as it is: one word. */
	addOption(word: string): void {
		const [option = '', ...rest] = word.split('=');
		if (findSecretOption(word) !== undefined) return this.warn('option-secret', { option: `${option}=${rest.length > 1 ? rest[0] : '…'}` });
		const problem = this.check('docker_options', word);
		if (problem) this.warn('option-refused', { option }, problem);
		else if (!this.#options.includes(word)) this.#options.push(word);
	}

	get values(): Values {
		const values: Record<string, Value> = Object.fromEntries(this.#values);
		if (this.#variables.length > 0) values['env'] = this.#variables;
		if (this.#options.length > 0) values['docker_options'] = this.#options;
		return values;
	}
}

/** A slot is a name or a place, in one line: nothing long, nothing that a terminal or a page acts on. */
function short<T extends Record<string, string | number>>(slots: T): T {
	return Object.fromEntries(Object.entries(slots).map(([name, value]) => [name, typeof value === 'string' ? showCharacters(value).slice(0, 200) : value])) as T;
}
