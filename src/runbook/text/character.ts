/**
 * Characters that a reader cannot see or that change what he sees: controls, bidirectional marks and other invisible format characters, fillers and selectors
 * that a font draws as nothing, line and paragraph separators, lone surrogates, spaces that are no ordinary space (a full-width one typed by an input method,
 * say), the blank of Braille, and what has no character at all: private use and unassigned.
 *
 * Source: Unicode general categories; DerivedCoreProperties.txt, Default_Ignorable_Code_Point; UTS #39 on bidirectional controls; U+2800, U+FFFC and U+1D159 are drawn blank.
 */
const untrusted = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800\ufffc\u{1d159}]|(?! )\p{Zs}/u;

/** Where the first such character stands (from 1, in characters), with its code point as `U+XXXX`; undefined when there is none. */
export function findUntrusted(text: string): { code: string; position: number } | undefined {
	const found = untrusted.exec(text);
	if (!found) return undefined;
	return { code: codeOf(found[0]), position: [...text.slice(0, found.index)].length + 1 };
}

export function codeOf(character: string): string {
	return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}

/** Returns the text with every untrusted character written as `\u{…}`, so that it can be shown in one line. */
export function showCharacters(text: string): string {
	return text.replace(new RegExp(untrusted, 'gu'), (char) => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`);
}

/** The first 200 characters of what {@link showCharacters} returns; none is cut in half. */
export function showStart(text: string): string {
	return [...showCharacters(text)].slice(0, 200).join('');
}
