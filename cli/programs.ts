/** What the runbooks of a folder may run on a machine: whoever starts a stranger's folder trusts all of it. */
import { createHash } from 'node:crypto';
import type { Check, Command, Runbook } from '../src/runbook/definition/definition.ts';
import { quote } from '../src/runbook/command/quote.ts';
import type { Piece, Snippet } from '../src/runbook/definition/snippet.ts';

/** One command as it is written, parameters as `${name}`. */
export interface WrittenCommand {
	readonly runbook: string;
	readonly step: string;
	/** What it is for: the step itself, its undo, or a check. */
	readonly use: 'run' | 'undo' | 'check';
	readonly command: string;
}

/** Every command of a runbook: of steps, undos and checks, hints among them. */
export function commandsOf(runbook: Runbook): readonly WrittenCommand[] {
	return runbook.steps.flatMap((step) => {
		const as = (use: WrittenCommand['use'], commands: readonly string[]) => commands.map((command) => ({ runbook: runbook.id, step: step.id, use, command }));
		const checks = [...step.skipWhen, ...step.doneWhen, ...step.undoneWhen, ...Object.values(step.hints).filter((hint) => hint.kind !== 'printed')];
		return [...as('run', step.run.map(textOf)), ...as('undo', step.undo.map(textOf)), ...as('check', checks.map(checkText))];
	});
}

function textOf(command: Command): string {
	return command.kind === 'script' ? command.script.trim() : command.snippet.items.map(itemText).join(' ');
}

function itemText(item: Snippet['items'][number]): string {
	if (item.kind === 'word') return item.pieces.map(pieceText).join('');
	return `[${item.words.map(itemText).join(' ')}]${item.repeat ? '...' : ''}`;
}

function pieceText(piece: Piece): string {
	if (piece.kind === 'text') return quote(piece.text);
	if (piece.kind === 'optional') return `[${piece.pieces.map(pieceText).join('')}]`;
	return `\${${piece.name}${piece.field === undefined ? '' : `.${piece.field}`}}`;
}

function checkText(check: Check): string {
	if (check.kind === 'command') return textOf(check.command);
	const [verb, text] = check.kind === 'http' ? ['GET', check.url] : ['stat', check.path];
	return `${verb} ${text.map((piece) => (piece.kind === 'text' ? piece.text : pieceText(piece))).join('')}`;
}

/** Changes when any command does. */
export function hashOfCommands(runbooks: readonly Runbook[]): string {
	return createHash('sha256').update(JSON.stringify(runbooks.flatMap(commandsOf))).digest('hex');
}
