/**
 * Characters that act on a terminal or change the order of what is read, as `\u{202e}`: nothing that stands in a name, a reason or an output can
 * hide, reorder or end anything. Line feeds, tabs and the joiner of emoji stay; spaces of every script do too.
 *
 * Source: Unicode general categories Cc, Cf, Cs, Zl, Zp.
 */
export function makeVisible(text: string): string {
	return text.replace(/(?![\n\t\u200d])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, (char) => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`);
}

/** The same in one line: line breaks are shown, not made. */
export function makeVisibleLine(text: string): string {
	return makeVisible(text.replace(/\r?\n/g, ' ⏎ ').replaceAll('\t', ' '));
}
