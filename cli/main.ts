import { dirname, join, resolve } from 'node:path';
import { readWords, formatProblem } from '../server/words.ts';
import { locales, pickLocale } from '../src/i18n/locale.ts';
import { kindOf, problem, Refusal, type Problem } from '../src/runbook/problem.ts';
import { suggest } from '../src/runbook/text/suggest.ts';
import { escapeControls } from '../server/log.ts';
import { StateError } from '../server/state/state-error.ts';
import type { Command, Terminal } from './command.ts';
import { startFolder } from './start-folder.ts';
import { findPerson } from './walk/person.ts';

/** Each is loaded when it is asked for: what serves pages takes longer to load than most commands take. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
	start: async () => (await import('./start.ts')).start,
	open: async () => (await import('./open.ts')).open,
	list: async () => (await import('./list.ts')).list,
	lint: async () => (await import('./lint.ts')).lint,
	render: async () => (await import('./render.ts')).render,
	detect: async () => (await import('./detect.ts')).detect,
	check: async () => (await import('./check.ts')).check,
	run: async () => (await import('./run.ts')).run,
	report: async () => (await import('./report.ts')).report,
	new: async () => (await import('./new.ts')).makeNew,
};

/** Runs the command line. Never throws for what the user did. */
export async function main(args: readonly string[], given: Partial<Terminal> = {}): Promise<number> {
	const env = given.env ?? process.env;
	const root = given.root ?? join(dirname(import.meta.dirname), '.');
	const content = given.content ?? root;
	const locale = pickLocale([env['LC_ALL'], env['LC_MESSAGES'], env['LANG']].filter((tag) => tag !== undefined && tag !== '') as string[], locales);
	const terminal: Terminal = {
		root,
		content,
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

/** `--content DIR` stands anywhere, for every command. */
function takeContent(args: readonly string[]): { readonly args: readonly string[]; readonly content?: string } {
	const at = args.findIndex((one) => one === '--content' || one.startsWith('--content='));
	if (at < 0) return { args };
	const whole = args[at] ?? '';
	const separate = whole === '--content';
	const content = separate ? args[at + 1] : whole.slice('--content='.length);
	if (content === undefined || content === '' || (separate && content.startsWith('-'))) throw new Refusal(problem('command.usage', { detail: '--content DIR' }));
	return { args: args.toSpliced(at, separate ? 2 : 1), content };
}

async function dispatch(given: readonly string[], from: Terminal): Promise<number> {
	const { args, content } = takeContent(given);
	const terminal = content === undefined ? from : { ...from, content: resolve(startFolder(from.env), content) };
	const [name, ...rest] = args;
	if (name === 'help' || args.some((one) => one === '--help' || one === '-h')) {
		terminal.out(`${terminal.say('cli.usage')}\n`);
		return 0;
	}
	const known = name === undefined || name.startsWith('-') || /[/.]/.test(name) ? 'start' : name;
	const load = Object.hasOwn(commands, known) ? commands[known] : undefined;
	if (!load) throw new Refusal(problem('command.unknown', { command: known.slice(0, 60), suggestion: suggest(known, Object.keys(commands)) }));
	return (await load())(known === name ? rest : args, terminal);
}
