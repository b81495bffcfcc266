/**
 * What a command uses of the machine that it runs on, and of the image that a part of it runs in: programs, their options, constructs of the shell. A function of a script is
 * followed with the words that it is called with, so that `keep_whole FILE CHECK docker pull` uses `docker pull`.
 */
import { literal, parseShell, type SimpleCommand, type Script, type Word } from './shell.ts';

/** `machine`: where the server's engine is. `image`: inside of a container of rancher/server. */
export type Place = 'machine' | 'image';

export interface Use {
	readonly place: Place;
	/** `docker run`, `grep`, or `bash` for a construct of it. */
	readonly program: string;
	/** `--mount`, `-n`, a word such as `show` where the program has commands, `${x@Q}`. Undefined: the program itself. */
	readonly option?: string;
}

/** What the table must say of a program for its words to be read. */
export interface Reading {
	/** Its first word is a command: `docker run`. Those of a group have another one behind: `docker image inspect`. */
	readonly commands?: boolean;
	readonly groups?: readonly string[];
	/** Options that take the next word, or what is glued to a short one. */
	readonly valued?: readonly string[];
	/** Its first operand ends its options: what follows belongs to another program, or to its own text. */
	readonly stops?: boolean;
	/** A long option may stand behind one dash: `find -delete`. */
	readonly oneDash?: boolean;
	/** It has no options: words that begin with a dash are its text. */
	readonly plain?: boolean;
}

export type Readings = (program: string) => Reading | undefined;

/** A program that is only known when it runs stands in a function alone, and is read where that is called. */
export function usesOf(script: Script, readings: Readings, place: Place = 'machine'): readonly Use[] {
	const uses: Use[] = [...script.constructs].map((option) => ({ place, program: 'bash', option }));
	const done = new Set<string>();
	const followed = new Set<string>();
	const follow = (commands: readonly SimpleCommand[], called: SimpleCommand | undefined) => {
		for (const command of commands) {
			const words = called ? withArguments(command, called) : command;
			const [first, ...rest] = words;
			if (!first) continue;
			const body = script.functions.get(first.text);
			if (body) {
				followed.add(first.text);
				const key = words.map((word) => word.raw).join('\0');
				if (!done.has(key)) {
					done.add(key);
					follow(body, rest);
				}
			} else uses.push(...usesOfCommand(words, readings, place, (inner) => { follow([inner], undefined); }));
		}
	};
	follow(script.commands, undefined);
	// One that is called in a way that was not understood is read all the same.
	for (const [name, body] of script.functions) if (!followed.has(name)) follow(body, undefined);
	return uses;
}

/** Uses of a command's words. `run` gets each command that it runs on the machine: a function may be among them. */
export function usesOfCommand(words: SimpleCommand, readings: Readings, place: Place, run: (inner: SimpleCommand) => void): Use[] {
	const [first, ...rest] = words;
	if (!first) return [];
	const program = first.dynamic ? first.raw : first.text;
	const reading = readings(program) ?? {};
	const uses: Use[] = [{ place, program }];
	const nested = (inner: readonly Word[], where: Place) => {
		if (where === 'machine') run(inner);
		else uses.push(...usesOfCommand(inner, readings, where, () => { /* Inside of an image there are no functions. */ }));
	};

	if (reading.commands) {
		const [name, ...more] = rest;
		if (!name) return uses;
		const group = reading.groups?.includes(name.text) ? more.shift() : undefined;
		const command = [program, name.text, ...(group ? [group.text] : [])].join(' ');
		const { options, operands, values } = split(more, readings(command) ?? {});
		uses.push({ place, program: command }, ...options.map((option) => ({ place, program: command, option })), ...templateUses(values, place));
		if (command === 'docker ps') uses.push(...fieldUses(values, place, command));
		if (/^docker (?:container )?exec$/.test(command)) nested(operands.slice(1), 'image');
		if (/^docker (?:container )?(?:run|create)$/.test(command)) {
			const entry = values.get('--entrypoint')?.at(-1);
			if (entry) nested([entry, ...operands.slice(1)], 'image');
		}
		return uses;
	}
	const { options, operands } = split(rest, reading);
	uses.push(...options.map((option) => ({ place, program, option })), ...builtinUses(program, rest, place));
	if (program === 'xargs' && operands.length > 0) nested(operands, place);
	if (program === 'timeout') nested(operands.slice(1), place);
	if (program === 'bash' || program === 'sh') {
		const text = operands[0];
		if (options.includes('-c') && text) {
			const inner = parseShell(text.dynamic ? unquoted(text.raw) : text.text);
			// Constructs of bash are none of a plain shell.
			if (program === 'sh') for (const construct of inner.constructs) uses.push({ place, program: 'sh', option: construct });
			uses.push(...usesOf(program === 'sh' ? { ...inner, constructs: new Set() } : inner, readings, place));
		}
	}
	return uses;
}

/** A word in double quotes as a shell that gets it as a text reads it: what stays open there is a word in it. */
function unquoted(raw: string): string {
	return raw.replace(/^"|"$/g, '').replace(/\\([$`"\\])/g, '$1');
}

/** What words of a builtin mean beside options: a time that `printf` writes, an element that `[[ -v` asks for, what `shopt` switches. */
function builtinUses(program: string, words: readonly Word[], place: Place): Use[] {
	const texts = words.map(({ text }) => text);
	if (program === 'printf') {
		const [format = '', ...values] = texts[0] === '-v' ? texts.slice(2) : texts;
		return /%\([^)]*\)T/.test(format) ? [{ place, program, option: values.length > 0 ? '%(…)T' : '%(…)T-alone' }] : [];
	}
	if (program === '[[') return texts.flatMap((text, at) => (text === '-R' ? [{ place, program, option: '-R' }] : text === '-v' && texts[at + 1]?.includes('[') ? [{ place, program, option: '-v:x[…]' }] : []));
	return program === 'shopt' ? texts.filter((text) => !text.startsWith('-')).map((option) => ({ place, program, option })) : [];
}

/** Fields that a list of Docker is asked for. */
function fieldUses(values: ReadonlyMap<string, readonly Word[]>, place: Place, program: string): Use[] {
	return (values.get('--format') ?? []).flatMap(({ raw }) => [...raw.matchAll(/\{\{(.*?)\}\}/g)].flatMap(([, text = '']) => [...text.matchAll(/\.[A-Z][A-Za-z]*/g)].map(([option]) => ({ place, program, option }))));
}

/** Functions, keywords and fields of Go's templates. */
function templateUses(values: ReadonlyMap<string, readonly Word[]>, place: Place): Use[] {
	const formats = values.get('--format') ?? [];
	return formats.flatMap(({ raw }) => [...raw.matchAll(/\{\{(.*?)\}\}/g)].flatMap(([, text = '']) => {
		const words = text.replace(/\\?"(?:[^"\\]|\\[^"])*\\?"/g, ' ').split(/[\s()|]+/).filter((word) => /^-?[A-Za-z]+$|^-$/.test(word));
		return words.map((option) => ({ place, program: 'docker --format', option }));
	}));
}

/** The options of a program's words, in the table's spelling, the words that are none, and the values of options. */
function split(words: readonly Word[], reading: Reading): { options: string[]; operands: Word[]; values: Map<string, Word[]> } {
	const options: string[] = [];
	const operands: Word[] = [];
	const values = new Map<string, Word[]>();
	if (reading.plain) return { options, operands: [...words], values };
	const valued = new Set(reading.valued);
	const take = (option: string, value: Word | undefined) => {
		options.push(option);
		if (value) values.set(option, [...(values.get(option) ?? []), value]);
	};
	for (let at = 0; at < words.length; at += 1) {
		const word = words[at];
		if (!word) break;
		const { text } = word;
		// Options that a list holds: `"${network[@]}"`.
		if (/^"?\$\{[a-z_]+\[@\]/.test(word.raw)) continue;
		if (text === '--') {
			operands.push(...words.slice(at + 1));
			break;
		}
		if (text.startsWith('--')) {
			const [name = '', ...value] = text.split('=');
			take(name, value.length > 0 ? literal(value.join('=')) : valued.has(name) ? words[(at += 1)] : undefined);
		} else if (reading.oneDash && /^-[a-z0-9]/.test(text)) take(text, valued.has(text) ? words[(at += 1)] : undefined);
		else if (/^-[A-Za-z0-9]/.test(text)) {
			for (let index = 1; index < text.length; index += 1) {
				const option = `-${text.charAt(index)}`;
				if (valued.has(option)) {
					const glued = text.slice(index + 1);
					take(option, glued ? literal(glued) : words[(at += 1)]);
					break;
				}
				take(option, undefined);
			}
		} else {
			operands.push(word);
			if (reading.stops) {
				operands.push(...words.slice(at + 1));
				break;
			}
		}
	}
	return { options, operands, values };
}

/** The words of a function's command with those that it was called with. */
function withArguments(command: SimpleCommand, args: readonly Word[]): Word[] {
	return command.flatMap((word) => {
		const all = /^"?\$(?:@|\{@(?::(\d+))?\})"?$/.exec(word.raw);
		if (all) return args.slice(Number(all[1] ?? 1) - 1);
		const one = /^"?\$\{?(\d)\}?"?$/.exec(word.raw);
		return one ? (args[Number(one[1]) - 1] ?? literal('')) : [word];
	});
}
