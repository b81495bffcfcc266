import { wordsIn } from '../src/content/content.ts';
import { lintFolder } from '../src/content/lint.ts';
import { escapeControls } from '../server/log.ts';
import { openRunbooks, printLintErrors } from './content.ts';
import type { Command } from './command.ts';
import { parseOptions } from './options.ts';
import { commandsOf } from './programs.ts';

/** `drover list [--json] [--commands]`: the runbooks, with their titles; with `--commands` every command that they may run. */
export const list: Command = async (args, terminal) => {
	const { values } = parseOptions(args, { options: { json: { type: 'boolean', default: false }, commands: { type: 'boolean', default: false } } });
	const lintErrors = lintFolder(terminal.content);
	if (lintErrors.length > 0) return printLintErrors(lintErrors, terminal);
	const store = openRunbooks(terminal);
	if (!store) return 2;
	const rows = store.families.flatMap((family) =>
		family.runbooks.map((runbook) => ({
			id: runbook.id,
			title: Object.fromEntries(store.locales.map((locale) => [locale, wordsIn(family, locale).runbooks[runbook.id]?.title ?? ''])),
			steps: runbook.steps.map((step) => step.id),
			parameters: Object.keys(runbook.parameters),
			...(values.commands && { commands: commandsOf(runbook).map(({ step, use, command }) => ({ step, use, command })) }),
		})),
	);
	if (values.json) {
		terminal.out(`${JSON.stringify(rows, null, '\t')}\n`);
		return 0;
	}
	if (values.commands) {
		for (const { runbook, step, use, command } of store.all.flatMap(commandsOf)) terminal.out(`# ${runbook} ${step} (${use})\n${escapeControls(command)}\n\n`);
		return 0;
	}
	const width = Math.max(...rows.map((row) => row.id.length));
	for (const row of rows) terminal.out(`${row.id.padEnd(width)}  ${row.title[terminal.locale] ?? row.title[store.locales[0] ?? ''] ?? ''}\n`);
	return 0;
};
