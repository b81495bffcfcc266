/**
 * How a piece of a command is drawn. One rule for the build and for every keystroke in the page: one element a part, and the texts joined are
 * the display, so that what is read, selected and copied is what runs.
 */
import type { Part } from '../runbook/command/render.ts';

/** Where a value comes from, as the reader sees it. */
export type ValueOrigin = 'default' | 'detected' | 'typed' | 'derived' | 'output';

export interface DrawnPart {
	readonly text: string;
	readonly class: string;
	/** The parameter whose field a click leads to. */
	readonly parameter?: string;
	/** The body of a script: constant, so its colours are made once. */
	readonly script: boolean;
}

export function drawPart(part: Part, origin: (parameter: string) => ValueOrigin | undefined): DrawnPart {
	const { text, role, parameter } = part;
	const from = parameter === undefined ? undefined : origin(parameter);
	return {
		text,
		class: from === undefined || role === 'missing' ? `part ${role}` : `part ${role} from-${from}`,
		...(parameter !== undefined && from !== 'derived' && from !== 'output' && { parameter }),
		script: role === 'script',
	};
}
