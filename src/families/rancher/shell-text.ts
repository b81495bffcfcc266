/**
 * The simple commands in a text for `sh -c`, as far as they can be known without running it: words with their quotes taken off, variables filled in where their
 * value is known, positional ones by their number. What a shell alone can know (`$(…)`, an unset variable) makes a word *open*. Never throws, and takes time in proportion to the text.
 *
 * Source: POSIX.1-2017, XCU 2.2 (quoting), 2.6 (expansions), 2.10 (grammar).
 */
export interface ShellWord {
	readonly text: string;
	/** Part of it is only known when the shell runs: `text` has what is known. */
	readonly open: boolean;
}

export type Variables = ReadonlyMap<string, string>;

/** Separates commands: what stands between two of them is one. */
const separator = /^(?:&&|\|\||;;|[;&|\n()])/;

/** Words that may stand before a command. Source: XCU 2.4. */
const reserved: ReadonlySet<string> = new Set(['if', 'then', 'else', 'elif', 'fi', 'do', 'done', 'while', 'until', '{', '}', '!']);

/** Every simple command of a text, in order. Each is read when it is asked for: it has what the commands before it have put into `variables`. */
export function* readCommands(text: string, variables: Variables): Generator<readonly ShellWord[]> {
	const scanner = new Scanner(text, variables);
	let command: ShellWord[] = [];
	for (let word = scanner.next(); word !== undefined; word = scanner.next()) {
		if (word !== 'end-of-command') {
			if (command.length > 0 || !reserved.has(word.text)) command.push(word);
			continue;
		}
		if (command.length > 0) yield command;
		command = [];
	}
	if (command.length > 0) yield command;
}

class Scanner {
	readonly #text: string;
	readonly #variables: Variables;
	#at = 0;
	#value = '';
	#open = false;

	constructor(text: string, variables: Variables) {
		this.#text = text;
		this.#variables = variables;
	}

	next(): ShellWord | 'end-of-command' | undefined {
		this.#blanks();
		if (this.#at >= this.#text.length) return undefined;
		const end = separator.exec(this.#text.slice(this.#at, this.#at + 2))?.[0];
		if (end !== undefined) {
			this.#at += end.length;
			return 'end-of-command';
		}
		return this.#word();
	}

	#blanks(): void {
		for (;;) {
			while (/[ \t\r]/.test(this.#text.charAt(this.#at))) this.#at += 1;
			if (this.#text.startsWith('\\\n', this.#at)) this.#at += 2;
			else if (this.#text.charAt(this.#at) === '#') while (this.#at < this.#text.length && this.#text.charAt(this.#at) !== '\n') this.#at += 1;
			else return;
		}
	}

	#word(): ShellWord {
		[this.#value, this.#open] = ['', false];
		while (this.#at < this.#text.length) {
			const char = this.#text.charAt(this.#at);
			if (/[ \t\r\n;&|()]/.test(char)) break;
			this.#at += 1;
			if (char === "'") this.#single();
			else if (char === '"') this.#double();
			else if (char === '\\') this.#escaped();
			else if (char === '$') this.#dollar();
			else if (char === '`') this.#until('`');
			else this.#value += char;
		}
		return { text: this.#value, open: this.#open };
	}

	#single(): void {
		const end = this.#text.indexOf("'", this.#at);
		this.#value += this.#text.slice(this.#at, end < 0 ? undefined : end);
		this.#at = end < 0 ? this.#text.length : end + 1;
	}

	#double(): void {
		while (this.#at < this.#text.length) {
			const char = this.#text.charAt(this.#at);
			this.#at += 1;
			if (char === '"') return;
			if (char === '\\' && /[$`"\\\n]/.test(this.#text.charAt(this.#at))) this.#escaped();
			else if (char === '$') this.#dollar();
			else if (char === '`') this.#until('`');
			else this.#value += char;
		}
	}

	#escaped(): void {
		const char = this.#text.charAt(this.#at);
		this.#at += 1;
		if (char !== '\n') this.#value += char;
	}

	/** Skips what only a shell can know. */
	#until(close: string): void {
		this.#open = true;
		const end = this.#text.indexOf(close, this.#at);
		this.#at = end < 0 ? this.#text.length : end + close.length;
	}

	#dollar(): void {
		const rest = this.#text.slice(this.#at, this.#at + 300);
		if (rest.startsWith('(')) return this.#substitution();
		const braced = /^\{([A-Za-z_][A-Za-z0-9_]*)(?:(:?-)([^{}$`"'\\]*))?\}/.exec(rest);
		const plain = /^[A-Za-z_][A-Za-z0-9_]*/.exec(rest);
		if (braced) {
			this.#at += braced[0].length;
			return this.#variable(braced[1] ?? '', braced[2], braced[3]);
		}
		if (plain) {
			this.#at += plain[0].length;
			return this.#variable(plain[0]);
		}
		if (rest.startsWith('{')) return this.#until('}');
		if (/^\d/.test(rest)) {
			this.#at += 1;
			return this.#variable(rest.charAt(0));
		}
		if (/^[@*#?$!-]/.test(rest)) {
			this.#open = true;
			this.#at += 1;
		} else this.#value += '$';
	}

	#variable(name: string, sign?: string, standard = ''): void {
		const value = this.#variables.get(name);
		if (value !== undefined && (value !== '' || sign !== ':-')) this.#value += value;
		else if (sign !== undefined) this.#value += standard;
		// Unset is empty to a shell, and may be set by something that is not seen here.
		else this.#open = true;
	}

	#substitution(): void {
		this.#open = true;
		let depth = 0;
		for (; this.#at < this.#text.length; this.#at += 1) {
			const char = this.#text.charAt(this.#at);
			if (char === '(') depth += 1;
			if (char === ')' && (depth -= 1) === 0) {
				this.#at += 1;
				return;
			}
		}
	}
}
