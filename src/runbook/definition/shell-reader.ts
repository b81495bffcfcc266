/**
 * Reads a Bash text as Bash does: words with their quotes, simple commands, expansions and where each stands, variables that the text sets. Nothing is run. What it cannot
 * read it notes as a fault and reads past: whether the text is Bash at all says `bash -n`.
 *
 * Source: bash(1), "SHELL GRAMMAR", "QUOTING", "EXPANSION", "REDIRECTION".
 */

/**
 * What the shell does with an expansion where it stands. `word`: it is split and taken for a pattern. `kept`: it stays one word. `pattern`: it is a pattern. `arithmetic`: its
 * text is computed, and a computed text can hold a command.
 */
export type ExpansionPlace = 'word' | 'kept' | 'pattern' | 'arithmetic';

export interface Expansion {
	readonly name: string;
	/** In UTF-16 units of the text. */
	readonly offset: number;
	readonly place: ExpansionPlace;
	/** The text says what happens without a value: `${x:-}` or `${x:+…}`. */
	readonly optional: boolean;
}

export interface ShellWord {
	readonly offset: number;
	/** As it is written. */
	readonly raw: string;
	/** Without quotes; where an expansion or a substitution stands there is a {@link hole}. */
	readonly text: string;
	/** What stands in the holes, in order; undefined for a substitution, and for what only counts: `${#x}`. */
	readonly holes: readonly (Expansion | undefined)[];
}

/** Stands in the text of a word for what is only known when it runs. No Bash text holds one. */
export const hole = '\0';

export interface ShellCommand {
	readonly words: readonly ShellWord[];
	/** Files that it writes: what stands behind `>`, `>>`, `>|` and `&>`. */
	readonly writes: readonly ShellWord[];
}

export interface ShellFault {
	readonly offset: number;
	readonly message: string;
	readonly advice: string;
}

export interface ShellText {
	readonly commands: readonly ShellCommand[];
	readonly expansions: readonly Expansion[];
	/** Variables that the text sets, each with the words that they are set to. */
	readonly assigned: ReadonlyMap<string, readonly ShellWord[]>;
	readonly functions: ReadonlySet<string>;
	readonly faults: readonly ShellFault[];
}

export function readShell(text: string): ShellText {
	const reader = new ShellReader(text);
	reader.list(undefined);
	return reader;
}

type End = ')' | '}' | ';;' | undefined;

const operators = ['<<<', '<<-', '&>>', ';;&', '&&', '||', ';;', ';&', '|&', '<<', '>>', '>&', '<&', '<>', '>|', '&>', '|', '&', ';', '(', ')', '<', '>', '\n'];
const redirections = new Set(['<<<', '<<-', '<<', '&>>', '>>', '>&', '<&', '<>', '>|', '&>', '<', '>']);
const writing = new Set(['&>>', '>>', '>|', '&>', '>']);
/** Words after which a command begins. */
const leading = new Set(['if', 'then', 'else', 'elif', 'fi', 'while', 'until', 'do', 'done', '!', 'time', '{', '}', 'esac']);
const assignment = /^([A-Za-z_][A-Za-z0-9_]*)(?:\[[^\]]*\])?\+?=/;
const name = /^[A-Za-z_][A-Za-z0-9_]*$/;
/** Builtins whose arguments are names, or assignments. */
const declaring = new Set(['local', 'declare', 'typeset', 'export', 'readonly']);
const comparing = new Set(['-eq', '-ne', '-lt', '-le', '-gt', '-ge']);

/** Commands in commands, and values in values. */
const maxDepth = 100;

class ShellReader implements ShellText {
	readonly commands: ShellCommand[] = [];
	readonly expansions: Expansion[] = [];
	readonly assigned = new Map<string, ShellWord[]>();
	readonly functions = new Set<string>();
	readonly faults: ShellFault[] = [];
	readonly #text: string;
	#at = 0;
	#depth = 0;
	/** Here-documents whose bodies begin at the next line. */
	#pending: { readonly end: string; readonly quoted: boolean; readonly tabs: boolean }[] = [];

	constructor(text: string) {
		this.#text = text;
	}

	#fault(offset: number, message: string, advice: string): void {
		this.faults.push({ offset, message, advice });
	}

	#set(variable: string, ...words: readonly ShellWord[]): void {
		this.assigned.set(variable, [...(this.assigned.get(variable) ?? []), ...words]);
	}

	/** Commands up to a closing sign, which is read too, or to the end of the text; those of a branch of `case` to its `esac` as well, and then it says false. */
	list(end: End): boolean {
		if (this.#isTooDeep()) return false;
		this.#depth += 1;
		const more = this.#commandsTo(end);
		this.#depth -= 1;
		return more;
	}

	/** No script of a person comes near; one that is made to has no end that we would see. */
	#isTooDeep(): boolean {
		if (this.#depth < maxDepth) return false;
		if (this.#at < this.#text.length) this.#fault(this.#at, 'the script is nested too deeply', 'Write it flatter.');
		this.#at = this.#text.length;
		return true;
	}

	#commandsTo(end: End): boolean {
		let words: ShellWord[] = [];
		let writes: ShellWord[] = [];
		const close = (more = true) => {
			if (words.length > 0 || writes.length > 0) this.#command(words, writes);
			[words, writes] = [[], []];
			return more;
		};
		for (;;) {
			this.#blanks();
			if (this.#at >= this.#text.length) return close(false);
			const start = this.#at;
			if (end === ';;' && words.length === 0 && this.#takeEsac()) return close(false);
			if (words.length === 0 && this.#text.startsWith('((', start)) {
				this.#at += 2;
				this.#arithmetic('))');
				continue;
			}
			const operator = this.#operator();
			if (operator !== undefined) {
				if (operator === end || (end === ';;' && (operator === ';&' || operator === ';;&'))) return close();
				if (operator === '(' && words.length === 1 && this.#text.charAt(this.#at) === ')') {
					this.#at += 1;
					this.functions.add(words[0]?.text ?? '');
					words = [];
				} else if (operator === '(') {
					close();
					this.list(')');
				} else if (redirections.has(operator)) {
					const target = this.#redirection(operator);
					if (target && writing.has(operator)) writes.push(target);
				} else {
					close();
					if (operator === '\n') this.#bodies();
				}
				continue;
			}
			if (words.length === 0 && this.#keyword(end)) {
				if (this.#ended) {
					this.#ended = false;
					return close();
				}
				continue;
			}
			const array = this.#isArray(words);
			if (array !== undefined) {
				this.#array(array);
				continue;
			}
			const plain = assignment.exec(this.#text.slice(this.#at, this.#at + 200));
			const isAssignment = plain !== null && words.every((word) => assignment.test(word.raw));
			// Neither is what a declaration assigns split.
			const isDeclared = plain !== null && declaring.has(words[0]?.text ?? '');
			const word = this.#word(isAssignment || isDeclared ? 'kept' : 'word');
			// The number or the name right before a redirection is its file.
			if (/^(?:\d+|\{[A-Za-z_]\w*\})$/.test(word.raw) && /[<>]/.test(this.#text.charAt(this.#at))) {
				if (word.raw.startsWith('{')) this.#set(word.raw.slice(1, -1));
				continue;
			}
			if (isAssignment) this.#set(plain[1] ?? '', word);
			if (this.#at === start) this.#at += 1;
			else words.push(word);
		}
	}

	/** A `}` has closed the list that is being read. */
	#ended = false;

	/** Reads what begins a compound command; says whether there was one. */
	#keyword(end: End): boolean {
		const word = /^[^\s;|&<>()"'`$\\]+/.exec(this.#text.slice(this.#at, this.#at + 40))?.[0] ?? '';
		const next = this.#text.charAt(this.#at + word.length);
		if (next !== '' && !/[\s;|&<>()]/.test(next)) return false;
		if (word === '}' && end === '}') {
			this.#at += 1;
			this.#ended = true;
			return true;
		}
		if (word === '{') {
			this.#at += 1;
			this.list('}');
			return true;
		}
		if (leading.has(word)) {
			this.#at += word.length;
			return true;
		}
		if (word === '[[') {
			this.#at += 2;
			this.#condition();
			return true;
		}
		if (word === 'case') {
			this.#at += 4;
			this.#case();
			return true;
		}
		if (word === 'for' || word === 'select') {
			this.#at += word.length;
			this.#for();
			return true;
		}
		if (word === 'function') {
			this.#at += word.length;
			this.#blanks();
			this.functions.add(this.#word('kept').text);
			return true;
		}
		return false;
	}

	/** The variable of `name=(`, in front or among the words of a declaration. */
	#isArray(words: readonly ShellWord[]): string | undefined {
		const found = /^([A-Za-z_][A-Za-z0-9_]*)\+?=\(/.exec(this.#text.slice(this.#at, this.#at + 200));
		if (!found) return undefined;
		const first = words.find((word) => !assignment.test(word.raw));
		return first === undefined || declaring.has(first.text) ? found[1] : undefined;
	}

	#array(variable: string): void {
		this.#at = this.#text.indexOf('(', this.#at) + 1;
		const words: ShellWord[] = [];
		for (;;) {
			this.#blanks();
			if (this.#text.charAt(this.#at) === '\n') this.#at += 1;
			else if (this.#at >= this.#text.length) break;
			else if (this.#text.charAt(this.#at) === ')') {
				this.#at += 1;
				break;
			} else {
				const before = this.#at;
				words.push(this.#word('word'));
				if (this.#at === before) this.#at += 1;
			}
		}
		this.#set(variable, ...words);
	}

	#for(): void {
		this.#blanks();
		if (this.#text.startsWith('((', this.#at)) {
			this.#at += 2;
			this.#arithmetic('))');
			return;
		}
		const variable = this.#word('kept').text;
		this.#blanks();
		const words: ShellWord[] = [];
		if (/^in(?=\s)/.test(this.#text.slice(this.#at, this.#at + 3))) {
			this.#at += 2;
			for (;;) {
				this.#blanks();
				if (this.#at >= this.#text.length || /[;\n]/.test(this.#text.charAt(this.#at))) break;
				const before = this.#at;
				words.push(this.#word('word'));
				if (this.#at === before) break;
			}
		}
		this.#set(variable, ...words);
	}

	#case(): void {
		this.#blanks();
		this.#word('kept');
		this.#gaps();
		if (/^in\b/.test(this.#text.slice(this.#at, this.#at + 3))) this.#at += 2;
		for (;;) {
			this.#gaps();
			if (this.#at >= this.#text.length) return;
			if (this.#takeEsac()) return;
			if (this.#text.charAt(this.#at) === '(') this.#at += 1;
			// Patterns up to the parenthesis.
			for (;;) {
				this.#blanks();
				const char = this.#text.charAt(this.#at);
				if (char === '' || char === ')') break;
				if (char === '|' || char === '\n') this.#at += 1;
				else {
					const before = this.#at;
					this.#word('pattern');
					if (this.#at === before) this.#at += 1;
				}
			}
			this.#at += 1;
			if (!this.list(';;')) return;
		}
	}

	#takeEsac(): boolean {
		if (!/^esac(?![\w-])/.test(this.#text.slice(this.#at, this.#at + 5))) return false;
		this.#at += 4;
		return true;
	}

	/** `[[ … ]]`: nothing is split there, but what stands behind a comparison is a pattern, and behind `-eq` and the like it is computed. */
	#condition(): void {
		let place: ExpansionPlace = 'kept';
		let before: ShellWord | undefined;
		for (;;) {
			this.#gaps();
			if (this.#at >= this.#text.length) return;
			if (this.#text.startsWith(']]', this.#at)) {
				this.#at += 2;
				return;
			}
			const sign = /^(?:&&|\|\||[()<>]|!(?=\s))/.exec(this.#text.slice(this.#at, this.#at + 2))?.[0];
			if (sign) {
				this.#at += sign.length;
				place = 'kept';
				continue;
			}
			const from = this.expansions.length;
			const start = this.#at;
			const word = this.#word(place);
			if (this.#at === start) this.#at += 1;
			if (place === 'arithmetic') this.#computed(word);
			if (comparing.has(word.raw)) {
				if (before) this.#computed(before);
				place = 'arithmetic';
			} else if (/^(?:==?|!=|=~)$/.test(word.raw)) place = 'pattern';
			else if (word.raw === '-v' || word.raw === '-R') place = 'arithmetic';
			else place = 'kept';
			before = this.expansions.length > from ? word : undefined;
		}
	}

	/** What a word holds is computed, quoted or not. */
	#computed(word: ShellWord): void {
		for (const one of word.holes) {
			if (!one) continue;
			const index = this.expansions.findIndex(({ offset }) => offset === one.offset);
			if (index >= 0) this.expansions[index] = { ...one, place: 'arithmetic' };
		}
	}

	/** Names and expansions up to the end of `$(( ))`, `(( ))` or an index. */
	#arithmetic(end: string): void {
		let depth = 0;
		while (this.#at < this.#text.length) {
			const char = this.#text.charAt(this.#at);
			if (depth === 0 && this.#text.startsWith(end, this.#at)) {
				this.#at += end.length;
				return;
			}
			if (char === '(') depth += 1;
			if (char === ')') depth -= 1;
			if (char === '$') {
				this.#dollar('arithmetic', 'arithmetic');
				continue;
			}
			const word = /^[A-Za-z_][A-Za-z0-9_]*/.exec(this.#text.slice(this.#at, this.#at + 200))?.[0];
			if (word) {
				const offset = this.#at;
				this.#at += word.length;
				const rest = this.#text.slice(this.#at, this.#at + 40);
				if (/^\s*(?:\[[^\]]*\]\s*)?(?:[-+*/%&|^]|<<|>>)?=(?!=)|^\+\+|^--/.test(rest) || /(?:\+\+|--)$/.test(this.#text.slice(0, offset))) this.#set(word);
				this.expansions.push({ name: word, offset, place: 'arithmetic', optional: false });
				continue;
			}
			this.#at += char === '\\' ? 2 : 1;
		}
	}

	#redirection(operator: string): ShellWord | undefined {
		this.#blanks();
		if (operator === '<<' || operator === '<<-') {
			const start = this.#at;
			const raw = /^[^\s;|&<>()]+/.exec(this.#text.slice(start))?.[0] ?? '';
			this.#at += raw.length;
			this.#pending.push({ end: raw.replace(/['"\\]/g, ''), quoted: /['"\\]/.test(raw), tabs: operator === '<<-' });
			return undefined;
		}
		if (/^(?:\d+|-)/.test(this.#text.slice(this.#at, this.#at + 2)) && /&$/.test(operator)) {
			this.#at += /^(?:\d+-?|-)/.exec(this.#text.slice(this.#at))?.[0].length ?? 0;
			return undefined;
		}
		return this.#word('word');
	}

	/** The bodies of here-documents: as in double quotes, or as they are. */
	#bodies(): void {
		for (const { end, quoted, tabs } of this.#pending.splice(0)) {
			for (;;) {
				if (this.#at >= this.#text.length) {
					this.#fault(this.#text.length, `the here-document "${end}" has no end`, `Write ${end} alone on a line.`);
					return;
				}
				const newline = this.#text.indexOf('\n', this.#at);
				const stop = newline < 0 ? this.#text.length : newline;
				const line = this.#text.slice(this.#at, stop);
				if ((tabs ? line.replace(/^\t+/, '') : line) === end) {
					this.#at = Math.min(stop + 1, this.#text.length);
					break;
				}
				if (quoted) this.#at = stop + 1;
				else this.#bodyLine(stop);
			}
		}
	}

	#bodyLine(stop: number): void {
		while (this.#at < stop) {
			const char = this.#text.charAt(this.#at);
			if (char === '\\') this.#at += 2;
			else if (char === '$') this.#dollar('kept', 'kept');
			else if (char === '`') this.#backtick();
			else this.#at += 1;
		}
		if (this.#text.charAt(this.#at) === '\n') this.#at += 1;
	}

	/** One word; nothing is read where none begins. */
	#word(place: ExpansionPlace): ShellWord {
		const start = this.#at;
		const holes: (Expansion | undefined)[] = [];
		let text = '';
		const open = (found?: Expansion) => {
			holes.push(found);
			text += hole;
		};
		const dollar = (bare: ExpansionPlace, inner: ExpansionPlace) => {
			const found = this.#dollar(bare, inner);
			if (found === undefined) text += '$';
			else open(found === 'substitution' ? undefined : found);
		};
		while (this.#at < this.#text.length) {
			const char = this.#text.charAt(this.#at);
			if (/[\s;|&]/.test(char)) break;
			if (char === '<' || char === '>') {
				if (this.#text.charAt(this.#at + 1) !== '(') break;
				this.#at += 2;
				open();
				this.list(')');
			} else if (char === '(') {
				// A pattern of extglob, as in [[ $x == @(a|b) ]].
				if (!/[?*+@!]/.test(this.#text.charAt(this.#at - 1)) || this.#at === start) break;
				this.#at += 1;
				text += `(${this.#extended()}`;
			} else if (char === ')') break;
			else if (char === '\\') {
				text += this.#text.charAt(this.#at + 1) === '\n' ? '' : this.#text.charAt(this.#at + 1);
				this.#at += 2;
			} else if (char === "'") text += this.#single();
			else if (char === '`') this.#backtick();
			else if (this.#text.startsWith("$'", this.#at)) text += this.#ansi();
			else if (char === '"' || this.#text.startsWith('$"', this.#at)) {
				this.#at += char === '"' ? 1 : 2;
				const quote = this.#at - 1;
				for (;;) {
					const next = this.#text.charAt(this.#at);
					if (next === '') {
						this.#fault(quote, 'a double quote is not closed', 'Close it, or write \\" for a quote as it is.');
						break;
					}
					if (next === '"') {
						this.#at += 1;
						break;
					}
					if (next === '\\') {
						const after = this.#text.charAt(this.#at + 1);
						text += after === '\n' ? '' : /[$`"\\]/.test(after) ? after : `\\${after}`;
						this.#at += 2;
					} else if (next === '$') dollar(place === 'arithmetic' ? 'arithmetic' : 'kept', 'kept');
					else if (next === '`') this.#backtick();
					else {
						text += next;
						this.#at += 1;
					}
				}
			} else if (char === '$') dollar(place, place);
			else {
				text += char;
				this.#at += 1;
			}
		}
		return { offset: start, raw: this.#text.slice(start, this.#at), text, holes };
	}

	#extended(): string {
		let depth = 1;
		const start = this.#at;
		while (this.#at < this.#text.length && depth > 0) {
			const char = this.#text.charAt(this.#at);
			if (char === '$') {
				this.#dollar('pattern', 'pattern');
				continue;
			}
			if (char === '(') depth += 1;
			if (char === ')') depth -= 1;
			this.#at += char === '\\' ? 2 : 1;
		}
		return this.#text.slice(start, this.#at);
	}

	#single(): string {
		const end = this.#text.indexOf("'", this.#at + 1);
		if (end < 0) this.#fault(this.#at, 'a single quote is not closed', 'Close it. A quote inside of single quotes is written \'\\\'\'.');
		const text = this.#text.slice(this.#at + 1, end < 0 ? this.#text.length : end);
		this.#at = end < 0 ? this.#text.length : end + 1;
		return text;
	}

	#ansi(): string {
		const start = this.#at;
		this.#at += 2;
		while (this.#at < this.#text.length && this.#text.charAt(this.#at) !== "'") this.#at += this.#text.charAt(this.#at) === '\\' ? 2 : 1;
		this.#at += 1;
		return this.#text.slice(start + 2, this.#at - 1);
	}

	#backtick(): void {
		this.#fault(this.#at, 'a script has a backtick', 'Write $(…).');
		const end = this.#text.indexOf('`', this.#at + 1);
		this.#at = end < 0 ? this.#text.length : end + 1;
	}

	/** What begins with a dollar sign: an expansion of a variable, a substitution (or what only counts), or undefined for a sign as it is. `inner`: what stands for a value within `${x:-…}`. */
	#dollar(place: ExpansionPlace, inner: ExpansionPlace): Expansion | 'substitution' | undefined {
		if (this.#isTooDeep()) return undefined;
		this.#depth += 1;
		const found = this.#expansion(place, inner);
		this.#depth -= 1;
		return found;
	}

	#expansion(place: ExpansionPlace, inner: ExpansionPlace): Expansion | 'substitution' | undefined {
		const offset = this.#at;
		if (this.#text.startsWith('$((', offset)) {
			this.#at += 3;
			this.#arithmetic('))');
			return 'substitution';
		}
		if (this.#text.startsWith('$(', offset)) {
			this.#at += 2;
			this.list(')');
			return 'substitution';
		}
		const plain = /^\$(?:([A-Za-z_][A-Za-z0-9_]*)|[0-9@*#?$!_-])/.exec(this.#text.slice(offset, offset + 200));
		if (plain) {
			this.#at += plain[0].length;
			return this.#expand(plain[1], offset, place, false);
		}
		if (!this.#text.startsWith('${', offset)) {
			this.#at += 1;
			return undefined;
		}
		const head = /^\$\{[#!]?([A-Za-z_][A-Za-z0-9_]*)?/.exec(this.#text.slice(offset, offset + 200));
		this.#at += head?.[0].length ?? 2;
		if (head?.[1] === undefined) this.#at += /^[0-9@*#?$!-]/.test(this.#text.charAt(this.#at)) ? 1 : 0;
		if (this.#text.charAt(this.#at) === '[') {
			this.#at += 1;
			if (/^[@*]\]/.test(this.#text.slice(this.#at, this.#at + 2))) this.#at += 2;
			else this.#arithmetic(']');
		}
		const operation = /^(?::?[-+=?]|##?|%%?|\/[/#%]?|:|\^\^?|,,?|@)/.exec(this.#text.slice(this.#at, this.#at + 2))?.[0] ?? '';
		this.#at += operation.length;
		if (/=$/.test(operation) && head?.[1] !== undefined) this.#set(head[1]);
		const rest: ExpansionPlace = operation === ':' ? 'arithmetic' : /[-+=?]$/.test(operation) ? inner : 'pattern';
		const found = this.#expand(head?.[1], offset, place, /^:?[-+]$/.test(operation));
		this.#rest(rest, offset);
		return this.#text.startsWith('${#', offset) ? 'substitution' : found;
	}

	/** What stands in `${x…}` behind the operation, up to its brace. */
	#rest(place: ExpansionPlace, open: number): void {
		for (;;) {
			const char = this.#text.charAt(this.#at);
			if (char === '') {
				this.#fault(open, '"${" is not closed', 'Close it with "}".');
				return;
			}
			if (char === '}') {
				this.#at += 1;
				return;
			}
			if (char === '\\') this.#at += 2;
			else if (char === "'" && place !== 'kept') this.#single();
			else if (char === '"') {
				this.#at += 1;
				while (this.#at < this.#text.length && this.#text.charAt(this.#at) !== '"') {
					if (this.#text.charAt(this.#at) === '$') this.#dollar('kept', 'kept');
					else this.#at += this.#text.charAt(this.#at) === '\\' ? 2 : 1;
				}
				this.#at += 1;
			} else if (char === '$') this.#dollar(place, place);
			else if (char === '`') this.#backtick();
			else this.#at += 1;
		}
	}

	#expand(variable: string | undefined, offset: number, place: ExpansionPlace, optional: boolean): Expansion {
		const found: Expansion = { name: variable ?? '', offset, place, optional };
		if (variable !== undefined) this.expansions.push(found);
		return found;
	}

	#command(words: readonly ShellWord[], writes: readonly ShellWord[]): void {
		this.commands.push({ words, writes });
		const start = words.findIndex((word) => !assignment.test(word.raw));
		const [program, ...rest] = start < 0 ? [] : words.slice(start);
		if (!program) return;
		const options = (...withValue: readonly string[]) => readOptions(rest, withValue);
		if (declaring.has(program.text)) {
			for (const word of rest) {
				const variable = assignment.exec(word.raw)?.[1] ?? (name.test(word.text) ? word.text : undefined);
				if (variable !== undefined) this.#set(variable, word);
			}
		} else if (program.text === 'read') {
			const found = options('-a', '-d', '-i', '-n', '-N', '-p', '-t', '-u');
			for (const word of [...(found.values.get('-a') ?? []), ...found.words]) this.#name(word);
		} else if (program.text === 'mapfile' || program.text === 'readarray') for (const word of options('-d', '-n', '-O', '-s', '-u', '-C', '-c').words) this.#name(word);
		else if (program.text === 'printf') for (const word of options('-v').values.get('-v') ?? []) this.#name(word);
		else if (program.text === 'getopts') {
			if (rest[1]) this.#name(rest[1]);
			this.#set('OPTARG');
			this.#set('OPTIND');
		} else if (program.text === 'let') for (const word of rest) this.#computed(word);
		else if (program.text === 'coproc') this.#set(rest[0] && name.test(rest[0].text) ? rest[0].text : 'COPROC');
		else if (program.text === 'wait') for (const word of options('-p').values.get('-p') ?? []) this.#name(word);
	}

	#name(word: ShellWord): void {
		if (name.test(word.text)) this.#set(word.text);
	}

	#operator(): string | undefined {
		const found = operators.find((one) => this.#text.startsWith(one, this.#at));
		if (found === undefined || ((found === '<' || found === '>') && this.#text.charAt(this.#at + 1) === '(')) return undefined;
		this.#at += found.length;
		return found;
	}

	/** Spaces, continued lines and comments. */
	#blanks(): void {
		for (;;) {
			const char = this.#text.charAt(this.#at);
			if (char === ' ' || char === '\t' || char === '\r') this.#at += 1;
			else if (char === '\\' && this.#text.charAt(this.#at + 1) === '\n') this.#at += 2;
			else if (char === '#' && /^$|[\s;|&()]/.test(this.#text.charAt(this.#at - 1))) {
				const end = this.#text.indexOf('\n', this.#at);
				this.#at = end < 0 ? this.#text.length : end;
			} else return;
		}
	}

	/** The same, and ends of lines. */
	#gaps(): void {
		for (;;) {
			this.#blanks();
			if (this.#text.charAt(this.#at) !== '\n') return;
			this.#at += 1;
			this.#bodies();
		}
	}
}

/** Splits the arguments of a builtin into its options that take a value and its words. */
function readOptions(args: readonly ShellWord[], withValue: readonly string[]): { values: ReadonlyMap<string, readonly ShellWord[]>; words: readonly ShellWord[] } {
	const values = new Map<string, ShellWord[]>();
	const words: ShellWord[] = [];
	for (let index = 0; index < args.length; index += 1) {
		const word = args[index];
		if (!word) continue;
		if (!/^-[A-Za-z]/.test(word.text)) {
			words.push(word);
			continue;
		}
		// Letters may stand together: "read -rsp PROMPT".
		const option = `-${word.text.slice(-1)}`;
		const value = args[index + 1];
		if (!withValue.includes(option) || !value) continue;
		values.set(option, [...(values.get(option) ?? []), value]);
		index += 1;
	}
	return { values, words };
}
