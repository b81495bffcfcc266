import { lintRules, type LintError } from '../runbook/definition/lint-rules.ts';

/** One line for each lint error: file, line and column, what is wrong, why, what to write. */
export function formatLintError({ file, line, column, rule, message, advice }: LintError): string {
	return `${file}:${line}:${column}  ${message}. ${lintRules[rule]} ${advice}`;
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
