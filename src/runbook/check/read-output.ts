/** Reads the value that a step gives to later ones out of what it printed. */
import type { Output } from '../definition/definition.ts';
import { showStart } from '../text/character.ts';
import type { CapturedOutput } from '../values/resolve.ts';
import { parseValue } from '../values/value.ts';

/**
 * `text`: what the run printed, as lines of text. A value is the whole of what was found, never repaired: one that does not fit its type is refused, and shown. May take for ever
 * where a regular expression of the content does: asked in a thread that can be ended.
 */
export function readOutput(name: string, { parameter, from }: Output, text: string): CapturedOutput {
	const found = findText(from, text);
	if (found === undefined || found === '') return { refused: 'nothing', shown: '' };
	return parseValue(name, parameter, found).problems.length === 0 ? { value: found } : { refused: 'type', shown: showStart(found) };
}

function findText(from: Output['from'], text: string): string | undefined {
	if (from.kind === 'matches') return new RegExp(from.pattern, 'mu').exec(text)?.[1];
	if (from.kind === 'last-line') return text.split('\n').findLast((line) => line.trim() !== '')?.trim();
	return findField(text, from.path);
}

/** A field of the JSON that was printed. A number is taken as it is written in JSON, anything else that is no text is none. */
function findField(text: string, path: string): string | undefined {
	let value: unknown;
	try {
		value = JSON.parse(text);
	} catch {
		return undefined;
	}
	for (const key of path.split('.')) value = typeof value === 'object' && value !== null && Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined;
	return typeof value === 'string' ? value : typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : undefined;
}
