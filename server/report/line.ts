/**
 * Sentences of a report before they are Markdown or HTML. What anybody has typed, printed or named is kept apart from our own words until the end:
 * only whoever writes the format knows how to make it inert there.
 */
export type Piece =
	/** Ours: from `zh/`, `en/` or a number of our own. `strong`: a name that leads what follows. */
	| { readonly kind: 'words'; readonly text: string; readonly strong?: true }
	/** Anybody's. */
	| { readonly kind: 'given'; readonly text: string }
	| { readonly kind: 'moment'; readonly text: string; readonly at: string };

export type Line = readonly Piece[];
/** What goes into a slot; a plain text is ours. */
export type Slot = Line | string | number;

export const words = (text: string | number): Line => [{ kind: 'words', text: String(text) }];
/** The line with our own words standing out. */
export const strong = (line: Line): Line => line.map((piece) => (piece.kind === 'words' ? { ...piece, strong: true } : piece));
export const given = (text: string): Line => [{ kind: 'given', text }];

/** Puts slots into a sentence. A slot without a value stays visible, so that it is noticed. */
export function fillLine(sentence: string, slots: Readonly<Record<string, Slot>> = {}): Line {
	const pieces: Piece[] = [];
	for (const [index, part] of sentence.split(/\{([a-z][a-zA-Z0-9_]*)\}/).entries()) {
		if (index % 2 === 0) pieces.push(...(part === '' ? [] : words(part)));
		else if (Object.hasOwn(slots, part)) pieces.push(...toLine(slots[part] ?? ''));
		else pieces.push(...words(`{${part}}`));
	}
	return pieces;
}

/** Joins lines with our own words between them. */
export function joinLines(lines: readonly Line[], between: string): Line {
	return lines.flatMap((line, index) => (index === 0 ? line : [...words(between), ...line]));
}

function toLine(slot: Slot): Line {
	return typeof slot === 'object' ? slot : words(slot);
}

/** The line as bare text, for where nothing acts on it: a title, a name for screen readers. */
export function plainText(line: Line): string {
	return line.map(({ text }) => text).join('');
}
