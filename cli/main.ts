import { dirname, join } from 'node:path';
import { readWords, formatProblem } from '../server/words.ts';
import { pickLocale } from '../src/i18n/locale.ts';
import { kindOf, problem, Refusal, type Problem } from '../src/runbook/problem.ts';
import { suggest } from '../src/runbook/text/suggest.ts';
import { escapeControls } from '../server/log.ts';
import { StateError } from '../server/state/state-error.ts';
import type { Command, Terminal } from './command.ts';
import { check } from './check.ts';
import { detect } from './detect.ts';
import { list } from './list.ts';
import { open } from './open.ts';
import { render } from './render.ts';
import { report } from './report.ts';
import { run } from './run.ts';
import { start } from './start.ts';
import { findPerson } from './walk/person.ts';

const commands: Readonly<Record<string, Command>> = { start, open, list, render, detect, check, run, report };

/** Runs the command line. Never throws for what the user did. */
export async function main(args: readonly string[], given: Partial<Terminal> = {}): Promise<number> {
	const env = given.env ?? process.env;
	const root = given.root ?? join(dirname(import.meta.dirname), '.');
	const locale = pickLocale([env['LC_ALL'], env['LC_MESSAGES'], env['LANG']].filter((tag) => tag !== undefined && tag !== '') as string[]);
	const terminal: Terminal = {
		root,
		locale,
		env,
		person: findPerson(),
		say: readWords(root)[locale],
		out: (text) => process.stdout.write(text),
		err: (text) => process.stderr.write(text),
		...given,
	};
	try {
		return await dispatch(args, terminal);
	} catch (error) {
		const problems = error instanceof Refusal ? error.problems : error instanceof StateError ? [{ name: error.problem, slots: error.slots }] : undefined;
		if (!problems) throw error;
		for (const one of problems) terminal.err(`${escapeControls(formatProblem(terminal.say, one))}\n`);
		// A machine that does not answer says nothing about what was asked there.
		if (problems.every(({ name }) => name.startsWith('ssh.'))) return 5;
		return problems.every(isMachine) ? 1 : 2;
	}
}

/** What this machine cannot do was not asked wrongly. */
function isMachine({ name }: Problem): boolean {
	return kindOf(name) === 'machine';
}

async function dispatch(args: readonly string[], terminal: Terminal): Promise<number> {
	const [name, ...rest] = args;
	if (name === 'help' || args.some((one) => one === '--help' || one === '-h')) {
		terminal.out(`${terminal.say('cli.usage')}\n`);
		return 0;
	}
	if (name === undefined || name.startsWith('-')) return start(args, terminal);
	const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
	if (!command) throw new Refusal(problem('command.unknown', { command: name.slice(0, 60), suggestion: suggest(name, Object.keys(commands)) }));
	return command(rest, terminal);
}
