/** Characters that no shell treats specially, wherever they stand in a word. */
const plain = /^[A-Za-z0-9_@%+:,./-][A-Za-z0-9_@%+=:,./-]*$/;

/**
 * Returns the text as one word (or a part of one) of a POSIX shell: bare when every character is plain, otherwise in single quotes.
 * Quoted pieces may be joined: `quote(a) + quote(b)` is the word `a + b`, unless both are empty.
 *
 * Source: POSIX.1-2024, XCU 2.2.2 (Single-Quotes).
 *
 * @throws RangeError when the text holds NUL, which no argument of a program can.
 */
export function quote(text: string): string {
	if (text.includes('\0')) throw new RangeError('Cannot quote a text that holds NUL: no argument can carry it.');
	if (plain.test(text)) return text;
	return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** Characters that none of the shells below treats specially, wherever they stand in a word: fish and zsh act on some signs at its beginning. */
const plainEverywhere = /^[A-Za-z0-9_+:,./-]+$/;

/**
 * Returns the text as one word of a shell that is not known: bash, dash, the shell of busybox, zsh and fish read it alike. Backslashes stand outside of single quotes, inside of
 * which fish acts on them. For a text that another shell reads: `sh -c`, `ssh`.
 *
 * Source: POSIX.1-2024, XCU 2.2; fish, "The fish language", Quotes.
 *
 * @throws RangeError when the text holds NUL, which no argument of a program can.
 */
export function quoteForShells(text: string): string {
	if (text.includes('\0')) throw new RangeError('Cannot quote a text that holds NUL: no argument can carry it.');
	if (plainEverywhere.test(text)) return text;
	const pieces = text.split(/(['\\])/).filter((piece) => piece !== '');
	return pieces.length === 0 ? "''" : pieces.map((piece) => (piece === "'" || piece === '\\' ? `\\${piece}` : `'${piece}'`)).join('');
}
