import { formatMistake } from '../src/content/content-mistakes.ts';
import { readContent } from '../src/content/read-content.ts';
import type { Mistake } from '../src/runbook/definition/yaml-file.ts';
import { createRunbookStore, type RunbookStore } from '../server/runbooks.ts';
import type { Terminal } from './command.ts';

/** Reads the runbooks; undefined, with every mistake on stderr, when there are any. */
export function openRunbooks(terminal: Terminal): RunbookStore | undefined {
	const content = readContent(terminal.root);
	if (content.mistakes.length === 0) return createRunbookStore(content);
	printMistakes(content.mistakes, terminal);
	return undefined;
}

/** Prints mistakes of authors, all of them, and returns the exit code. */
export function printMistakes(mistakes: readonly Mistake[], { err, say }: Terminal): number {
	err(`${say('cli.content-mistakes', { count: mistakes.length })}\n`);
	for (const mistake of mistakes) err(`${formatMistake(mistake)}\n`);
	return 2;
}
