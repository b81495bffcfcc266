import type { Mistake } from '../runbook/definition/yaml-file.ts';

/** One line a mistake: file, line, what is wrong, what to do. */
export function formatMistake({ file, line, message, advice }: Mistake): string {
	return `${file}:${line}  ${message}. ${advice}`;
}

/** The content has mistakes, and nothing was made of it. */
export class ContentMistakes extends Error {
	override readonly name = 'ContentMistakes';
	readonly mistakes: readonly Mistake[];

	constructor(mistakes: readonly Mistake[]) {
		super(['The content has mistakes:', ...mistakes.map(formatMistake)].join('\n'));
		this.mistakes = mistakes;
	}
}
