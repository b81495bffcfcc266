import { formatLintError } from '../src/content/content-errors.ts';
import { readContent } from '../src/content/read-content.ts';
import { learnInterface } from '../src/content/content.ts';
import type { LintError } from '../src/runbook/definition/yaml-file.ts';
import { createRunbookStore, type RunbookStore } from '../server/runbooks.ts';
import type { Terminal } from './command.ts';

/** Reads the runbooks; undefined, with every lint error on stderr, when there are any. */
export function openRunbooks(terminal: Terminal): RunbookStore | undefined {
	const content = readContent(terminal.content);
	learnInterface(content);
	if (content.lintErrors.length === 0) return createRunbookStore(content);
	printLintErrors(content.lintErrors, terminal);
	return undefined;
}

/** Prints lint errors of authors, all of them, and returns the exit code. */
export function printLintErrors(lintErrors: readonly LintError[], { err, say }: Terminal): number {
	err(`${say('cli.content-mistakes', { count: lintErrors.length })}\n`);
	for (const lintError of lintErrors) err(`${formatLintError(lintError)}\n`);
	return 2;
}
