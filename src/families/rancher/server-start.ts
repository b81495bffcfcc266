/**
 * How a container comes to start the server: which of its words are the flags of `/usr/bin/entry`, and what stands before them (`sh -c`, `tini --`, `env`, `exec`).
 *
 * Source: rancher/rancher, `server/bin/entry` (branch v1.6): flags by position; the first word that is none ends them, and the rest is executed in place of the server.
 * What stands in front: sh(1), tini, dumb-init, env(1), su-exec and their like, by their own usage.
 */
import { readCommands, type ShellWord, type Variables } from './shell-text.ts';
import { serverFlags, standardCommand, type ServerFlag } from './server-flags.ts';

export interface ServerStart {
	/**
	 * `plain`: the image's own script, with flags or without. `wrapped`: something before it. `program`: a program that is not known here, which may start the server.
	 * `nothing`: a program that starts none (`true`, `sleep`). `broken`: words that the script takes for a program and cannot start.
	 */
	readonly how: 'plain' | 'wrapped' | 'program' | 'nothing' | 'broken';
	/** Values by parameter; a switch is `true`. The last of a flag counts; an empty one is there, and empty. */
	readonly values: ReadonlyMap<string, string>;
	/** Told by a flag whose value only a shell knows. */
	readonly open: ReadonlySet<string>;
	/** Variables that are set on the way. */
	readonly variables: Variables;
	/** A flag that ends the line, its value missing. */
	readonly unfinished: string | undefined;
	/** A flag that took another flag for its value. */
	readonly swallowed: { readonly flag: string; readonly word: string } | undefined;
	/** Of `--db-host=x` the flag: the script knows no such spelling. */
	readonly joined: string | undefined;
	/** The program at which reading ended; empty for the server itself. */
	readonly program: string;
}

const byFlag = new Map<string, ServerFlag>(serverFlags.map((one) => [one.flag, one]));
const shells: ReadonlySet<string> = new Set(['sh', 'bash', 'ash', 'dash', 'ksh', 'mksh', 'zsh']);
/** Programs that start another: what of their options takes a value of its own, and how many words stand before the program. */
const launchers: Readonly<Record<string, { readonly valued?: RegExp; readonly words?: number }>> = {
	exec: { valued: /^-a$/ }, command: {}, nohup: {}, setsid: {}, catatonit: {}, 'docker-init': {}, 'dumb-init': { valued: /^(?:-r|--rewrite)$/ }, tini: { valued: /^-[pe]$/ }, 'tini-static': { valued: /^-[pe]$/ },
	time: {}, nice: { valued: /^-n$/ }, ionice: { valued: /^-[cn]$/ }, stdbuf: { valued: /^-[ioe]$/ }, chrt: { words: 1 }, timeout: { valued: /^-[ks]$/, words: 1 },
	gosu: { words: 1 }, 'su-exec': { words: 1 }, sudo: { valued: /^-[ugh]$/ }, chpst: { valued: /^-[uUbenmdopfcr/]$/ }, setpriv: {}, busybox: {}, env: { valued: /^-[uS]$/ }, chroot: { words: 1 },
};
/** Start no server, and end or wait: a container of theirs was made for its volumes. */
const idle: ReadonlySet<string> = new Set(['true', 'false', ':', 'echo', 'printf', 'sleep', 'tail', 'cat', 'ls', 'date', 'test', '[', 'exit', 'pause', 'chown', 'mkdir', 'read', 'wait']);

const maxDepth = 8;

/** All positional parameters, and before them what a shell does not look for them in: quotes, a character after a backslash, a comment. Source: POSIX.1-2017, XCU 2.2, 2.3 and 2.5.2. */
const quotedOrAll = /'[^']*(?:'|$)|"(?:[^"\\]|\\[^])*(?:"|$)|\\[^]|(?<![^\s;&|()])#[^\n]*|\$(?:@|\{@\})/g;

/** Reads the words of a container: its entry point and its command. `environment`: the variables that it has. */
export function readServerStart(entrypoint: readonly string[], command: readonly string[], environment: Variables = new Map()): ServerStart {
	const reader = new Reader(environment);
	const argv = [...entrypoint, ...command].map((text): ShellWord => ({ text, open: false }));
	return reader.result(reader.follow(argv, 0));
}

type End = Pick<ServerStart, 'how' | 'program'>;
const server: End = { how: 'plain', program: '' };

class Reader {
	readonly #environment: Map<string, string>;
	readonly #values = new Map<string, string>();
	readonly #open = new Set<string>();
	readonly #variables = new Map<string, string>();
	#unfinished: string | undefined;
	#suspect: { readonly flag: string; readonly word: string; readonly parameter: string } | undefined;
	#swallowed: ServerStart['swallowed'];
	#joined: string | undefined;
	#wrapped = false;

	constructor(environment: Variables) {
		this.#environment = new Map(environment);
	}

	result({ how, program }: End): ServerStart {
		return {
			how: how === 'plain' && this.#wrapped ? 'wrapped' : how,
			program,
			values: this.#values,
			open: this.#open,
			variables: this.#variables,
			unfinished: this.#unfinished,
			swallowed: this.#swallowed,
			joined: this.#joined,
		};
	}

	/** Where these words lead. */
	follow(words: readonly ShellWord[], depth: number): End {
		const [first, ...rest] = words;
		if (!first) return server;
		const name = baseName(first.text);
		if (name === 'entry' || byFlag.has(first.text)) return this.#entry(name === 'entry' ? rest : words, depth);
		if (name === 's6-svscan' || first.text.endsWith('/cattle.sh')) return server;
		if (depth >= maxDepth) return { how: 'program', program: name };
		if (shells.has(name)) return this.#shell(name, rest, depth);
		const launcher = Object.hasOwn(launchers, name) ? launchers[name] : undefined;
		if (launcher) return this.#launch(name, launcher, rest, depth);
		if (name === 'export' || /^[A-Za-z_][A-Za-z0-9_]*=/.test(first.text)) return this.#assign(words, depth);
		if (idle.has(name)) return { how: 'nothing', program: name };
		if (first.text.startsWith('-')) return this.#broken(first.text);
		return this.#program(name, rest);
	}

	#broken(word: string): End {
		const flag = word.split('=', 1)[0] ?? '';
		if (word.includes('=') && byFlag.has(flag)) this.#joined = flag;
		return word === '-h' || word === '--help' ? { how: 'nothing', program: word } : { how: 'broken', program: this.#joined ?? '' };
	}

	/** The script itself: a value is whatever follows its flag. */
	#entry(words: readonly ShellWord[], depth: number): End {
		for (let at = 0; at < words.length; at += 1) {
			const word = words[at];
			const known = byFlag.get(word?.text ?? '');
			if (!known) return this.#after(words.slice(at), depth);
			if (known.isSwitch) this.#take(known, { text: 'true', open: false });
			else if (at + 1 === words.length) this.#unfinished = known.flag;
			else this.#take(known, words[(at += 1)]);
		}
		return server;
	}

	#take({ flag, parameter, variable }: ServerFlag, word: ShellWord | undefined): void {
		const { text = '', open = false } = word ?? {};
		// To the script it is a value like any other, and may well be one; what follows shows whether it was meant.
		if (byFlag.has(text)) this.#suspect ??= { flag, word: text, parameter };
		this.#values.set(parameter, text);
		if (open) this.#open.add(parameter);
		else this.#open.delete(parameter);
		// The script exports it: what is started next has it.
		if (variable !== undefined) this.#environment.set(variable, text);
	}

	/** What the script executes in place of the server. */
	#after(words: readonly ShellWord[], depth: number): End {
		if (words.length === standardCommand.length && words.every(({ text }, index) => text === standardCommand[index])) return server;
		if (this.#suspect) {
			const { flag, word, parameter } = this.#suspect;
			this.#swallowed = { flag, word };
			this.#values.delete(parameter);
			return { how: 'broken', program: '' };
		}
		this.#wrapped = true;
		return this.follow(words, depth + 1);
	}

	#shell(name: string, words: readonly ShellWord[], depth: number): End {
		this.#wrapped = true;
		let at = 0;
		let isText = false;
		for (; at < words.length && /^[-+]./.test(words[at]?.text ?? ''); at += 1) {
			const option = words[at]?.text ?? '';
			if (/^-[a-zA-Z]*c[a-zA-Z]*$/.test(option)) isText = true;
			if (/^[-+][a-zA-Z]*[oO]$/.test(option) || option === '--rcfile' || option === '--init-file') at += 1;
		}
		const [text, ...more] = words.slice(at);
		if (!text) return { how: 'nothing', program: name };
		return isText ? this.#text(text.text, more, depth) : this.#program(baseName(text.text), more);
	}

	/** The first command of a text that leads to the server, else the last that is not known, or with which the server cannot start. */
	#text(text: string, parameters: readonly ShellWord[], depth: number): End {
		parameters.forEach(({ text: value }, index) => this.#environment.set(String(index), value));
		const all = parameters.slice(1).map(({ text: value }) => `'${value.replaceAll("'", `'\\''`)}'`).join(' ');
		let best: End = { how: 'nothing', program: 'sh' };
		for (const command of readCommands(text.replaceAll(quotedOrAll, (found) => (/^"?\$(?:@|\{@\})"?$/.test(found) ? all : found)), this.#environment)) {
			const end = this.follow(command, depth + 1);
			if (end.how === 'plain') return end;
			if (end.how === 'program' || end.how === 'broken') best = end;
		}
		return best;
	}

	#launch(name: string, { valued, words: before = 0 }: { readonly valued?: RegExp; readonly words?: number }, words: readonly ShellWord[], depth: number): End {
		this.#wrapped = true;
		let at = 0;
		for (; at < words.length; at += 1) {
			const text = words[at]?.text ?? '';
			if (text === '--') {
				at += 1;
				break;
			}
			if (name === 'env' && isAssignment(text)) this.#set(text, words[at]?.open ?? false);
			else if (!text.startsWith('-')) break;
			else if (valued?.test(text)) at += 1;
		}
		const rest = words.slice(at + before);
		return rest.length === 0 ? { how: 'nothing', program: name } : this.follow(rest, depth + 1);
	}

	/** `A=1 B=2 program …`, or `export A=1`. */
	#assign(words: readonly ShellWord[], depth: number): End {
		const isExport = words[0]?.text === 'export';
		const list = isExport ? words.slice(1) : words;
		const end = list.findIndex(({ text }) => !isAssignment(text));
		for (const { text, open } of end < 0 ? list : list.slice(0, end)) this.#set(text, open);
		if (isExport || end < 0) return { how: 'nothing', program: 'export' };
		this.#wrapped = true;
		return this.follow(list.slice(end), depth + 1);
	}

	#set(text: string, open: boolean): void {
		const at = text.indexOf('=');
		const [name, value] = [text.slice(0, at), text.slice(at + 1)];
		if (open) return;
		this.#variables.set(name, value);
		this.#environment.set(name, value);
	}

	/** A program that is not known, a script of one's own for one: it hands its flags on to the server, as such scripts do. */
	#program(name: string, words: readonly ShellWord[]): End {
		this.#wrapped = true;
		const start = words.findIndex(({ text }) => byFlag.has(text) || baseName(text) === 'entry');
		if (start >= 0) this.#entry(baseName(words[start]?.text ?? '') === 'entry' ? words.slice(start + 1) : words.slice(start), maxDepth);
		return { how: 'program', program: name };
	}
}

const isAssignment = (text: string) => /^[A-Za-z_][A-Za-z0-9_]*=/.test(text);

function baseName(path: string): string {
	return path.slice(path.lastIndexOf('/') + 1);
}
