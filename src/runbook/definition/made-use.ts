import type { Command, Step } from './definition.ts';
import { madeName } from '../run/made.ts';
import { slotsOf, type Snippet } from './snippet.ts';

/** How the undo of a step speaks of the container that its run made: not at all, as of one thing among others (`"${made:-}"`), or as of the only thing that it takes back. */
export function madeUse({ undo }: Pick<Step, 'undo'>): 'none' | 'also' | 'only' {
	const uses = undo.map(usesOf).filter((use) => use !== 'none');
	return uses.includes('only') ? 'only' : (uses[0] ?? 'none');
}

function usesOf(command: Command): 'none' | 'also' | 'only' {
	if (command.kind === 'argv') return slotsOf(command.snippet).some(({ slot }) => slot.name === madeName) ? 'only' : 'none';
	const use = command.uses.find(({ name }) => name === madeName);
	if (!use) return 'none';
	return use.optional ? 'also' : 'only';
}

/** The words of a snippet that stand in every command made of it; a slot is an empty text. */
export function literalWords({ items }: Snippet): string[] {
	return items.flatMap((item) => (item.kind === 'word' ? [item.pieces.map((piece) => (piece.kind === 'text' ? piece.text : '')).join('')] : []));
}
