/**
 * Characters that a reader cannot see or that change what he sees: controls, bidirectional marks and other invisible format characters,
 * line and paragraph separators, lone surrogates, and spaces that are no ordinary space (a full-width one typed by an input method, say).
 *
 * Source: Unicode general categories; UTS #39 on bidirectional controls.
 */
const untrusted = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]|(?! )\p{Zs}/u;

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
