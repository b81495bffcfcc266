/**
 * Reads a Bash text into its simple commands, its functions and what it uses of the shell: the grammar of bash(1), "SHELL GRAMMAR", as far as scripts of the content go. What it
 * does not know it refuses, rather than read past it. Nested texts, `bash -c "…"`, are left to the caller: they are words here.
 */

/** A word as it stands, and as the program gets it; `dynamic` when a part of it is only known when it runs, which is `…` in the text then. */
export interface Word {
	readonly raw: string;
	readonly text: string;
	readonly dynamic: boolean;
}

export type SimpleCommand = readonly Word[];

export interface Script {
	readonly commands: readonly SimpleCommand[];
	readonly functions: ReadonlyMap<string, readonly SimpleCommand[]>;
	/** What is used of the shell beside plain words, by the names of the table: `${x@Q}`, `<<<`, `local -n`. */
	readonly constructs: ReadonlySet<string>;
}

export class ShellError extends SyntaxError {}

const reserved = new Set(['if', 'then', 'else', 'elif', 'fi', 'while', 'until', 'do', 'done', '!', '{', '}', 'time', 'coproc']);
const assignment = /^[A-Za-z_][A-Za-z0-9_]*(?:\[[^\]]*\])?\+?=/;
const operators = ['<<<', '<<-', '&>>', ';;&', '>&-', '<&-', '&&', '||', ';;', ';&', '|&', '<<', '>>', '>&', '<&', '<>', '>|', '&>', '|', '&', ';', '(', ')', '<', '>', '\n'];
const redirections = new Set(['<<<', '>>', '>&', '<&', '<>', '>|', '&>', '&>>', '<', '>']);

export function parseShell(text: string): Script {
	const reader = new Reader(text);
	const commands = reader.list(undefined);
	return { commands, functions: reader.functions, constructs: reader.constructs };
}

class Reader {
	readonly functions = new Map<string, readonly SimpleCommand[]>();
	readonly constructs = new Set<string>();
	readonly #text: string;
	#at = 0;
	/** Arrays inside of whose `${x[@]+…}` this is: there they have an element. */
	readonly #guarded: string[] = [];

	constructor(text: string) {
		this.#text = text;
	}

	/** Commands up to a closing parenthesis (`)`), the end of a function's group (`}`), of a branch of `case` (`;;`), or the end of the text. */
	list(end: ')' | '}' | ';;' | undefined): SimpleCommand[] {
		const found: SimpleCommand[] = [];
		let words: Word[] = [];
		let groups = 0;
		const close = () => {
			if (words.length > 0) found.push(words);
			words = [];
		};
		for (;;) {
			this.#blanks();
			if (this.#at >= this.#text.length) {
				if (end) throw this.#error(`"${end}" is missing`);
				close();
				return found;
			}
			const operator = this.#operator();
			if (operator) {
				if (operator === ')' && end === ')') return close(), found;
				if (operator === ';;' && end === ';;') return close(), found;
				if (operator === '(') {
					if (words.length === 1 && this.#text.charAt(this.#at) === ')') {
						this.#at += 1;
						this.#function(words[0]?.raw ?? '');
						words = [];
						continue;
					}
					if (this.#text.charAt(this.#at) === '(') throw this.#error('"((" is not known here');
					close();
					found.push(...this.list(')'));
				} else if (redirections.has(operator)) {
					if (operator === '&>' || operator === '&>>' || operator === '<<<' || operator === '<>') this.constructs.add(operator);
					this.#blanks();
					found.push(...this.#word().inner);
				} else if (operator === '<<' || operator === '<<-') throw this.#error('a here-document is not known here');
				else if (operator === ';&' || operator === ';;&' || operator === '|&') {
					this.constructs.add(operator);
					close();
				} else if (operator !== '>&-' && operator !== '<&-') close();
				continue;
			}
			const { word, inner } = this.#word();
			found.push(...inner);
			// A number right before a redirection is its file, `{name}` too.
			if (/^(?:\d+|\{[a-z_]+\})$/.test(word.raw) && /[<>]/.test(this.#text.charAt(this.#at))) {
				if (word.raw.startsWith('{')) this.constructs.add('{name}>');
				continue;
			}
			if (words.length === 0) {
				if (word.raw === '[[') {
					found.push([word, ...this.#condition(found)]);
					continue;
				}
				if (word.raw === '{') groups += 1;
				if (word.raw === '}') {
					if (groups === 0 && end === '}') return found;
					groups -= 1;
				}
				if (word.raw === 'case') {
					found.push(...this.#case());
					continue;
				}
				if (word.raw === 'for') {
					this.#forHead(found);
					continue;
				}
				if (word.raw === 'function' || word.raw === 'select' || word.raw === 'coproc') throw this.#error(`"${word.raw}" is not known here`);
				if (reserved.has(word.raw)) continue;
				// An assignment before a command is none of its words; one of an array is.
				if (assignment.test(word.raw)) {
					if (/^\w+\[-/.test(word.raw)) this.constructs.add('x[-1]=');
					if (word.raw.endsWith('=') && this.#text.charAt(this.#at) === '(') {
						this.#at += 1;
						found.push(...this.list(')').map((list) => [literal('array'), ...list]));
					}
					continue;
				}
			}
			if (word.raw.endsWith('=') && assignment.test(word.raw) && this.#text.charAt(this.#at) === '(') {
				this.#at += 1;
				this.list(')');
			}
			words.push(word);
		}
	}

	#function(name: string): void {
		this.#blanks();
		while (this.#text.charAt(this.#at) === '\n') this.#at += 1;
		this.#blanks();
		if (this.#text.charAt(this.#at) !== '{') throw this.#error(`the function "${name}" has no group`);
		this.#at += 1;
		this.functions.set(name, this.list('}'));
	}

	/** From behind `[[` to `]]`: its words, and what stands in substitutions among them. */
	#condition(found: SimpleCommand[]): Word[] {
		const words: Word[] = [];
		for (;;) {
			while (/[ \t\n()<>&|]/.test(this.#text.charAt(this.#at))) this.#at += 1;
			if (this.#at >= this.#text.length) throw this.#error('"]]" is missing');
			// An expression behind =~ may hold what is an operator elsewhere.
			const { word, inner } = this.#word(words.at(-1)?.raw === '=~');
			found.push(...inner);
			if (word.raw === ']]') return words;
			words.push(word);
		}
	}

	#forHead(found: SimpleCommand[]): void {
		this.#blanks();
		if (this.#text.startsWith('((', this.#at)) throw this.#error('"for ((" is not known here');
		for (;;) {
			this.#blanks();
			if (this.#operator()) return;
			const { word, inner } = this.#word();
			found.push(...inner);
			if (/\{[^{}]*\.\.[^{}]*\}/.test(word.raw)) this.constructs.add('{x..y}');
			if (word.raw === 'do') return;
		}
	}

	#case(): SimpleCommand[] {
		const found: SimpleCommand[] = [];
		this.#blanks();
		found.push(...this.#word().inner);
		this.#blanks();
		if (this.#word().word.raw !== 'in') throw this.#error('"in" is missing');
		for (;;) {
			while (/\s/.test(this.#text.charAt(this.#at))) this.#at += 1;
			if (/^esac\b/.test(this.#text.slice(this.#at))) {
				this.#at += 4;
				return found;
			}
			const end = this.#text.indexOf(')', this.#at);
			if (end < 0) throw this.#error('a pattern of "case" has no end');
			this.#at = end + 1;
			const rest = this.#text.slice(this.#at);
			// The last branch needs no ";;".
			if (!/^(?:(?!\besac\b)[^])*?;;/.test(rest)) throw this.#error('end every branch of "case" with ";;"');
			found.push(...this.list(';;'));
		}
	}

	#blanks(): void {
		for (;;) {
			const char = this.#text.charAt(this.#at);
			if (char === ' ' || char === '\t') this.#at += 1;
			else if (this.#text.startsWith('\\\n', this.#at)) this.#at += 2;
			else if (char === '#') while (this.#at < this.#text.length && this.#text.charAt(this.#at) !== '\n') this.#at += 1;
			else return;
		}
	}

	#operator(): string | undefined {
		if (/^[<>]\(/.test(this.#text.slice(this.#at, this.#at + 2))) return undefined;
		const operator = operators.find((one) => this.#text.startsWith(one, this.#at));
		if (operator) this.#at += operator.length;
		return operator;
	}

	/** A word from here on, and the commands in its substitutions. */
	#word(expression = false): { word: Word; inner: SimpleCommand[] } {
		const from = this.#at;
		const inner: SimpleCommand[] = [];
		let text = '';
		let dynamic = false;
		let quoted = false;
		let depth = 0;
		for (; this.#at < this.#text.length; ) {
			const char = this.#text.charAt(this.#at);
			if (char === '\\') {
				text += this.#text.charAt(this.#at + 1) === '\n' ? '' : quoted && !'$`"\\'.includes(this.#text.charAt(this.#at + 1)) ? this.#text.slice(this.#at, this.#at + 2) : this.#text.charAt(this.#at + 1);
				this.#at += 2;
			} else if (char === '"') {
				quoted = !quoted;
				this.#at += 1;
			} else if (char === '$' && /[A-Za-z_0-9@*#?$!{(-]/.test(this.#text.charAt(this.#at + 1))) {
				inner.push(...this.#expansion());
				text += '…';
				dynamic = true;
			} else if (!quoted && char === "'") {
				const end = this.#text.indexOf("'", this.#at + 1);
				if (end < 0) throw this.#error('a single quote has no end');
				if (this.#text.charAt(this.#at - 1) === '$') this.constructs.add("$'…'");
				text += this.#text.slice(this.#at + 1, end);
				this.#at = end + 1;
			} else if (char === '`') throw this.#error('a backtick is not known here');
			else if (!quoted && this.#at === from && /^[<>]\(/.test(this.#text.slice(this.#at, this.#at + 2))) {
				this.constructs.add(`${char}(…)`);
				this.#at += 2;
				inner.push(...this.list(')'));
				text += '…';
				dynamic = true;
			} else if (!quoted && expression && (char === '(' || char === ')' || char === '|')) {
				depth += char === '(' ? 1 : char === ')' ? -1 : 0;
				text += char;
				this.#at += 1;
			} else if (!quoted && depth === 0 && /[\s|&;()<>]/.test(char)) break;
			else {
				text += char;
				this.#at += 1;
			}
		}
		if (quoted) throw this.#error('a double quote has no end');
		return { word: { raw: this.#text.slice(from, this.#at), text, dynamic }, inner };
	}

	/** `$name`, `${…}`, `$(…)`, `$((…))`: the commands in it. */
	#expansion(): SimpleCommand[] {
		if (this.#text.startsWith('$((', this.#at)) {
			this.#at += 3;
			const from = this.#at;
			const inner: SimpleCommand[] = [];
			for (let depth = 2; depth > 0; ) {
				const char = this.#text.charAt(this.#at);
				if (!char) throw this.#error('"$((" has no end');
				if (char === '$') {
					inner.push(...this.#expansion());
					continue;
				}
				depth += char === '(' ? 1 : char === ')' ? -1 : 0;
				this.#at += 1;
			}
			// A variable needs no sign there.
			for (const [name] of this.#text.slice(from, this.#at).matchAll(/[A-Za-z_]\w*/g)) if (newVariables.has(`$${name}`)) this.constructs.add(`$${name}`);
			return inner;
		}
		if (this.#text.startsWith('$(', this.#at)) {
			this.#at += 2;
			return this.list(')');
		}
		if (this.#text.startsWith('${', this.#at)) return this.#braces();
		const name = /^\$(?:[A-Za-z_][A-Za-z0-9_]*|.)/.exec(this.#text.slice(this.#at))?.[0] ?? '$';
		if (newVariables.has(name)) this.constructs.add(name);
		this.#at += name.length;
		return [];
	}

	#braces(): SimpleCommand[] {
		const head = /^\$\{([#!]?)([A-Za-z_][A-Za-z0-9_]*|[0-9]+|[@*#?$!-])(\[[^\]]*\])?/.exec(this.#text.slice(this.#at));
		if (!head) throw this.#error('what stands in "${" is not known');
		const [whole, prefix = '', name = '', index = ''] = head;
		this.#at += whole.length;
		const operator = /^(?::[-=+?]|[-=+?]|:|##?|%%?|\/[/#%]?|\^\^?|,,?|@[A-Za-z])?/.exec(this.#text.slice(this.#at))?.[0] ?? '';
		this.#at += operator.length;
		if (newVariables.has(`$${name}`)) this.constructs.add(`$${name}`);
		if (prefix === '!') this.constructs.add(index ? '${!x[@]}' : '${!x}');
		if (operator.startsWith('@')) this.constructs.add(`\${x${operator}}`);
		else if (/^[,^]/.test(operator)) this.constructs.add(operator.startsWith('^') ? '${x^}' : '${x,}');
		else if (operator === ':') this.constructs.add('${x:from}');
		else if (operator.startsWith('/')) this.constructs.add('${x/pattern}');
		const guards = /^:?[-+]$/.test(operator);
		if (/^\[[@*]\]$/.test(index) && prefix === '') {
			// With `set -u` an array without an element was an unknown variable before 4.4, but for `${x[@]+…}`.
			this.constructs.add(guards || this.#guarded.includes(name) ? '${x[@]+…}' : '${x[@]}');
		} else if (index.startsWith('[-')) this.constructs.add('${x[-1]}');
		const inner: SimpleCommand[] = [];
		const from = this.#at;
		if (guards) this.#guarded.push(name);
		for (let quoted = false; ; ) {
			const char = this.#text.charAt(this.#at);
			if (!char) throw this.#error('"${" has no end');
			if (char === '\\') this.#at += 2;
			else if (char === '"') {
				quoted = !quoted;
				this.#at += 1;
			} else if (char === '$' && /[A-Za-z_0-9@*#?$!{(]/.test(this.#text.charAt(this.#at + 1))) inner.push(...this.#expansion());
			else if (char === '}' && !quoted) break;
			else this.#at += 1;
		}
		if (guards) this.#guarded.pop();
		const rest = this.#text.slice(from, this.#at);
		if (operator === ':' && /^\s*\S*:\s*-/.test(rest)) this.constructs.add('${x:0:-1}');
		// An ampersand there is the matched text from 5.2 on.
		if (operator.startsWith('/') && /(?<!\\)&/.test(rest.slice(rest.search(/(?<!\\)\//) + 1)) && /(?<!\\)\//.test(rest)) this.constructs.add('${x/pattern/&}');
		this.#at += 1;
		return inner;
	}

	#error(message: string): ShellError {
		const line = this.#text.slice(0, this.#at).split('\n').length;
		return new ShellError(`Line ${line}: ${message}: ${this.#text.slice(this.#at, this.#at + 60).split('\n')[0] ?? ''}`);
	}
}

/** Variables that a shell sets from some version on. */
const newVariables = new Set(['$EPOCHSECONDS', '$EPOCHREALTIME', '$BASH_ARGV0', '$SRANDOM', '$BASHPID']);

export const literal = (text: string): Word => ({ raw: text, text, dynamic: false });
