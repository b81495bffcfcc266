/**
 * A snippet is a command with slots, as an author writes it:
 *
 *     docker run -d [--name ${new_container}] \
 *       -p ${publish}:8080 [-e ${env}]... [${registry}/]${image}:${new_tag}
 *
 * `${name}` and `${name.field}` are slots, the only expansion. `[…]` is dropped when one of its slots has no value; `[…]...` repeats for each
 * item of a list. Words, quotes, backslash and backslash-newline mean what they mean to a shell. Everything else that a shell would act
 * on is refused here, so that a snippet is a list of words and never a program.
 */

/** Where a value goes. `field` picks a part of it, as `port` of `${publish.port}`. */
export interface Slot {
	readonly kind: 'slot';
	readonly name: string;
	readonly field?: string;
	/** The value as one word of another shell, in whose text it stands: `${folder|sh}`. */
	readonly filter?: 'sh';
	/** Where it stands in the text that it was read from, in UTF-16 units. */
	readonly offset?: number;
}

export type Piece = { readonly kind: 'text'; readonly text: string } | Slot | { readonly kind: 'optional'; readonly pieces: readonly Piece[] };

/** A text with slots that is no command: an address, what an output holds. */
export type Text = readonly ({ readonly kind: 'text'; readonly text: string } | Slot)[];

export interface Word {
	readonly kind: 'word';
	readonly pieces: readonly Piece[];
	/** The author broke the line before it. */
	readonly breakBefore: boolean;
}

export interface Group {
	readonly kind: 'group';
	readonly words: readonly Word[];
	/** `[…]...`: once for each item of its list. */
	readonly repeat: boolean;
}

export interface Snippet {
	readonly items: readonly (Word | Group)[];
}

/** A lint error of the author, at an offset (UTF-16 units) of the snippet. Its words are for authors, in English. */
export class SnippetError extends SyntaxError {
	override readonly name = 'SnippetError';
	readonly offset: number;
	readonly advice: string;

	constructor(offset: number, message: string, advice: string) {
		super(message);
		this.offset = offset;
		this.advice = advice;
	}
}

const slotName = /^\$\{([a-z][a-z0-9_]*)(?:\.([a-z][a-z0-9_]*))?(\|sh)?\}/;
const quoteIt = 'Put it in single quotes if the program shall get it as it is.';

/** What a shell would act on when it stands unquoted, and what an author can do instead. */
const refused: Readonly<Record<string, string>> = {
	';': 'One step runs one command: make two steps, or use "script:".',
	'|': 'A pipe needs a shell: use "script:".',
	'&': 'Drover watches a run until it ends: let the program go into the background by an option of its own.',
	'<': 'A redirection needs a shell: use "script:".',
	'>': 'A redirection needs a shell: use "script:".',
	'(': quoteIt,
	')': quoteIt,
	'*': `A glob depends on the folder it runs in. ${quoteIt}`,
	'?': `A glob depends on the folder it runs in. ${quoteIt}`,
	'`': 'A command inside a command needs a shell: use "script:".',
};

class Reader {
	readonly text: string;
	at = 0;

	constructor(text: string) {
		this.text = text;
	}

	char(): string {
		return this.text.charAt(this.at);
	}

	get ended(): boolean {
		return this.at >= this.text.length;
	}

	has(start: string): boolean {
		return this.text.startsWith(start, this.at);
	}

	fail(message: string, advice: string, at = this.at): never {
		throw new SnippetError(at, message, advice);
	}
}

/**
 * Parses the text of a snippet.
 *
 * @throws SnippetError at the first lint error, with its offset and an advice.
 */
export function parseSnippet(text: string): Snippet {
	const reader = new Reader(text);
	const items: (Word | Group)[] = [];
	for (;;) {
		const breakBefore = skipBlanks(reader);
		if (reader.ended) break;
		items.push(readGroup(reader, breakBefore) ?? readWord(reader, breakBefore, false));
	}
	checkProgram(reader, items);
	return { items };
}

/** More lint errors of one snippet than anybody fixes in one go. */
const maxErrors = 8;

/** The same, with every lint error: what cannot be read is blanked and the rest is read again. The snippet is that of the text as far as it can be read. */
export function readSnippet(text: string): { readonly snippet: Snippet; readonly errors: readonly SnippetError[] } {
	const errors: SnippetError[] = [];
	let rest = text;
	for (;;) {
		try {
			return { snippet: parseSnippet(rest), errors };
		} catch (error) {
			if (!(error instanceof SnippetError)) throw error;
			const last = errors.at(-1);
			errors.push(error);
			const sign = /^(?:\$(?:\{[^}]*\}?|\([^)]*\)?|\w+)|&&|\|\||>>|[^\s])/.exec(rest.slice(error.offset))?.[0] ?? '';
			if (sign === '' || errors.length >= maxErrors || (last && error.offset <= last.offset)) return { snippet: { items: [] }, errors };
			rest = `${rest.slice(0, error.offset)}${'x'.padEnd(sign.length, ' ')}${rest.slice(error.offset + sign.length)}`;
		}
	}
}

/**
 * Parses a text in which only `${name}` and `${name.field}` mean something.
 *
 * @throws SnippetError at a dollar sign with a brace that is no slot.
 */
export function parseText(text: string): Text {
	const reader = new Reader(text);
	const pieces: ({ kind: 'text'; text: string } | Slot)[] = [];
	while (!reader.ended) {
		if (reader.has('${')) {
			pieces.push(readSlot(reader));
			continue;
		}
		const next = text.indexOf('${', reader.at);
		const end = next < 0 ? text.length : next;
		pieces.push({ kind: 'text', text: text.slice(reader.at, end) });
		reader.at = end;
	}
	return pieces;
}

export interface SlotPlace {
	readonly slot: Slot;
	/** It stands in `[…]`. */
	readonly optional: boolean;
	/** It stands in `[…]...`. */
	readonly repeat: boolean;
}

/** Returns every slot of a snippet, in order. */
export function slotsOf(snippet: Snippet): SlotPlace[] {
	return snippet.items.flatMap((item): SlotPlace[] => {
		if (item.kind === 'word') return slotsOfPieces(item.pieces).map((found) => ({ ...found, repeat: false }));
		const slots = item.words.flatMap((word) => slotsOfPieces(word.pieces));
		return slots.map(({ slot }) => ({ slot, optional: true, repeat: item.repeat }));
	});
}

function slotsOfPieces(pieces: readonly Piece[], optional = false): { slot: Slot; optional: boolean }[] {
	return pieces.flatMap((piece) => {
		if (piece.kind === 'text') return [];
		return piece.kind === 'slot' ? [{ slot: piece, optional }] : slotsOfPieces(piece.pieces, true);
	});
}

/** Skips spaces and continued lines; says whether a line was continued. */
function skipBlanks(reader: Reader): boolean {
	let continued = false;
	for (;;) {
		if (reader.has('\\\n')) {
			continued = true;
			reader.at += 2;
		} else if (reader.char() === '\n') {
			reader.fail('a line ends in the middle of the command', 'End the line with a backslash to go on, or use "script:" for several commands.');
		} else if (reader.char() === ' ' || reader.char() === '\t') {
			reader.at += 1;
		} else return continued;
	}
}

/** Reads `[word word]` or `[word]...`; returns undefined, having read nothing, when the bracket belongs to a word. */
function readGroup(reader: Reader, breakBefore: boolean): Group | undefined {
	if (reader.char() !== '[') return undefined;
	const start = reader.at;
	reader.at += 1;
	const words: Word[] = [];
	for (;;) {
		const broken = skipBlanks(reader);
		if (reader.ended) reader.fail('"[" has no "]"', 'Close the optional part, or quote the bracket.', start);
		if (reader.char() === ']') break;
		words.push(readWord(reader, words.length === 0 ? breakBefore : broken, true));
	}
	reader.at += 1;
	const repeat = reader.has('...');
	if (repeat) reader.at += 3;
	if (!/^(?:[ \t]|\\\n|$)/.test(reader.text.slice(reader.at)) && reader.char() !== '\n') {
		if (repeat) reader.fail('"..." does not end a word', 'Only whole words can repeat: put a space after "...".');
		reader.at = start;
		return undefined;
	}
	const group: Group = { kind: 'group', words, repeat };
	checkGroup(reader, group, start);
	return group;
}

function checkGroup(reader: Reader, group: Group, start: number): void {
	const slots = group.words.flatMap((word) => slotsOfPieces(word.pieces));
	if (slots.length === 0) {
		reader.fail('an optional part has no parameter, so nothing decides about it', 'Put a ${parameter} into it, or remove the brackets.', start);
	}
	if (group.repeat && new Set(slots.map(({ slot }) => slot.name)).size !== 1) {
		reader.fail('a repeated part has more than one parameter', 'Repeat over one list: [-e ${env}]...', start);
	}
}

function readWord(reader: Reader, breakBefore: boolean, inGroup: boolean): Word {
	const pieces = readPieces(reader, inGroup ? 1 : 0);
	return { kind: 'word', pieces, breakBefore };
}

/** `depth`: how many brackets are open around it. */
function readPieces(reader: Reader, depth: number): Piece[] {
	const pieces: Piece[] = [];
	const start = reader.at;
	let bare = '';
	const add = (text: string, quoted = false) => {
		const last = pieces.at(-1);
		if (!quoted) bare += text;
		if (last?.kind === 'text') pieces[pieces.length - 1] = { kind: 'text', text: last.text + text };
		else pieces.push({ kind: 'text', text });
	};
	while (!reader.ended && !/[ \t\n]/.test(reader.char()) && !reader.has('\\\n')) {
		if (reader.char() === ']') {
			if (depth > 0) break;
			reader.fail('"]" has no "["', 'Open the optional part, or quote the bracket.');
		}
		if (reader.char() === '[') pieces.push(readInlineOptional(reader, depth));
		else if (reader.char() === "'") add(readSingleQuoted(reader), true);
		else if (reader.char() === '"') {
			for (const piece of readDoubleQuoted(reader)) {
				if (piece.kind === 'text') add(piece.text, true);
				else pieces.push(piece);
			}
		} else if (reader.char() === '$') pieces.push(readSlot(reader));
		else add(readBare(reader, pieces.length === 0));
	}
	if (/\{[^{}]*(?:,|\.\.)[^{}]*\}/.test(bare)) reader.fail('a shell would expand the braces', quoteIt, start);
	return pieces;
}

/** An optional part in an optional argument, and one more in that. */
const maxDepth = 3;

/** `${registry}` of `[${registry}/]${image}`: a part of a word that is there or not. */
function readInlineOptional(reader: Reader, depth: number): Piece {
	const start = reader.at;
	if (depth > 0 && (depth >= maxDepth || reader.text.charAt(start - 1) === '[')) reader.fail('optional parts do not nest', 'Write two optional parts.');
	reader.at += 1;
	const pieces = readPieces(reader, depth + 1);
	if (reader.char() !== ']') reader.fail('"[" has no "]"', 'Close the optional part in the same word, or quote the bracket.', start);
	reader.at += 1;
	if (slotsOfPieces(pieces).length === 0) {
		reader.fail('an optional part has no parameter, so nothing decides about it', 'Put a ${parameter} into it, or quote the brackets.', start);
	}
	return { kind: 'optional', pieces };
}

function readSlot(reader: Reader): Slot {
	const match = slotName.exec(reader.text.slice(reader.at));
	if (!match?.[1]) {
		const found = /^\$(?:\{[^}]*\}?|\([^)]*\)?|\w+|.)?/.exec(reader.text.slice(reader.at))?.[0] ?? '$';
		return reader.fail(
			`"${found}" is not a parameter`,
			found.startsWith('$(') ? 'A command inside a command needs a shell: use "script:".' : 'Write ${name} in lower_snake_case, or quote the dollar sign with single quotes.',
		);
	}
	const offset = reader.at;
	reader.at += match[0].length;
	return { kind: 'slot', name: match[1], ...(match[2] !== undefined && { field: match[2] }), ...(match[3] !== undefined && { filter: 'sh' as const }), offset };
}

function readSingleQuoted(reader: Reader): string {
	const end = reader.text.indexOf("'", reader.at + 1);
	if (end < 0) reader.fail('a single quote is not closed', 'Close it, or write \\\' for a quote as it is.');
	const text = reader.text.slice(reader.at + 1, end);
	reader.at = end + 1;
	return text;
}

function readDoubleQuoted(reader: Reader): Piece[] {
	const start = reader.at;
	const pieces: Piece[] = [{ kind: 'text', text: '' }];
	let text = '';
	const flush = () => {
		if (text) pieces.push({ kind: 'text', text });
		text = '';
	};
	reader.at += 1;
	while (reader.char() !== '"') {
		if (reader.ended) reader.fail('a double quote is not closed', 'Close it, or write \\" for a quote as it is.', start);
		if (reader.char() === '`') reader.fail('"`" starts a command inside a command', refused['`'] ?? quoteIt);
		if (reader.char() === '$') {
			flush();
			pieces.push(readSlot(reader));
			continue;
		}
		const escaped = /^\\(?:[$`"\\]|\n)/.exec(reader.text.slice(reader.at, reader.at + 2))?.[0];
		text += escaped ? escaped.slice(1).replace('\n', '') : reader.char();
		reader.at += escaped ? 2 : 1;
	}
	reader.at += 1;
	flush();
	return pieces;
}

function readBare(reader: Reader, first: boolean): string {
	const char = reader.char();
	const advice = refused[char];
	if (advice) reader.fail(`"${char}" would be acted on by a shell`, advice);
	if (first && (char === '~' || char === '#')) reader.fail(`"${char}" at the start of a word would be acted on by a shell`, quoteIt);
	if (char === '\\') {
		if (reader.at + 1 >= reader.text.length) reader.fail('the command ends with a backslash', 'Remove it.');
		reader.at += 2;
		return reader.text.charAt(reader.at - 1);
	}
	reader.at += 1;
	return char;
}

/** The program is a plain name: neither a value, an assignment, nor a word that a shell reserves. */
function checkProgram(reader: Reader, items: readonly (Word | Group)[]): void {
	const [program] = items;
	if (!program) return reader.fail('the command is empty', 'Write a command, or remove the step.', 0);
	const [name] = program.kind === 'word' && program.pieces.length === 1 ? program.pieces : [];
	if (name?.kind !== 'text' || !/^[a-z][a-z0-9_.-]*$/.test(name.text) || reserved.has(name.text)) {
		reader.fail('a command starts with the name of a program', 'Write the name of the program as the first word, without values and brackets.', 0);
	}
}

/** Source: POSIX.1-2024, XCU 2.4, and the further ones of bash. */
const reserved = new Set(
	'if then else elif fi do done case esac while until for in select function time coproc'.split(' '),
);
