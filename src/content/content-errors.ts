import type { LintError } from '../runbook/definition/yaml-file.ts';

/** One line for each lint error: file, line, what is wrong, what to do. */
export function formatLintError({ file, line, message, advice }: LintError): string {
	return `${file}:${line}  ${message}. ${advice}`;
}

/** The content has lint errors, and nothing was made of it. */
export class ContentErrors extends Error {
	override readonly name = 'ContentMistakes';
	readonly lintErrors: readonly LintError[];

	constructor(lintErrors: readonly LintError[]) {
		super(['The content has mistakes:', ...lintErrors.map(formatLintError)].join('\n'));
		this.lintErrors = lintErrors;
	}
}
