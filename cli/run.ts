import { writeFileSync } from 'node:fs';
import { resolve as resolvePath } from 'node:path';
import { askControl } from '../server/control/ask-control.ts';
import { escapeControls } from '../server/log.ts';
import type { RunbookStore } from '../server/runbooks.ts';
import { AnotherServer } from '../server/serve.ts';
import { readerEnvironment } from '../server/environment.ts';
import { createSsh } from '../server/ssh/ssh.ts';
import { defaultStatePath, openStateDirectory } from '../server/state/state-directory.ts';
import { StateError } from '../server/state/state-error.ts';
import { formatProblem } from '../server/words.ts';
import { phases, type Runbook } from '../src/runbook/definition/definition.ts';
import { foldSession, onMachines } from '../src/runbook/session/session.ts';
import type { Entry } from '../src/runbook/session/session-event.ts';
import { planSteps, type PlannedStep } from '../src/runbook/session/plan.ts';
import { problem, Refusal } from '../src/runbook/problem.ts';
import { suggest } from '../src/runbook/text/suggest.ts';
import { wordsIn } from '../src/content/content.ts';
import { openRunbooks } from './content.ts';
import type { Command, Terminal } from './command.ts';
import { connectHere } from './machine.ts';
import { parseOptions } from './options.ts';
import { renderRows } from './render.ts';
import { startFolder } from './start-folder.ts';
import { sayAnother } from './start.ts';
import { readVersion } from './version.ts';
import { makeFacts } from './walk/facts.ts';
import { gatherValues, valueOptions, type Given } from './walk/given.ts';
import type { Host } from './walk/host.ts';
import { writeJunit } from './walk/junit.ts';
import { openLocalHost } from './walk/local-host.ts';
import { openRemoteHost, OldServer } from './walk/remote-host.ts';
import { chooseSession } from './walk/session.ts';
import { createJsonOutput, createReaderOutput } from './walk/output.ts';
import { answers, exits, walk, type Answer } from './walk/walk.ts';

/** Options of `check` and `run`. */
export const common = { ...valueOptions, json: { type: 'boolean', default: false }, junit: { type: 'string' }, 'state-dir': { type: 'string' } } as const;

/** `drover run RUNBOOK`: from where the session stands to its end, or to `--until`; a question before each part that changes something. */
export const run: Command = async (args, terminal) => {
	const { values, positionals } = parseOptions(args, { options: { ...common, until: { type: 'string' }, yes: { type: 'string', multiple: true, default: [] as string[] } }, allowPositionals: true });
	return await goThrough({ ...values, yes: parseYes(values.yes), checksOnly: false }, positionals, terminal, 'drover run RUNBOOK');
};

interface Options {
	readonly set: string[];
	readonly values?: string | undefined;
	readonly detect: boolean;
	readonly ssh?: string | undefined;
	readonly json: boolean;
	readonly junit?: string | undefined;
	readonly 'state-dir'?: string | undefined;
	readonly until?: string | undefined;
	readonly yes: ReadonlySet<Answer>;
	readonly checksOnly: boolean;
}

function parseYes(given: readonly string[]): ReadonlySet<Answer> {
	const words = given.flatMap((one) => one.split(',')).map((one) => one.trim());
	const unknown = words.find((word) => !answers.some((one) => one === word));
	if (unknown !== undefined) throw new Refusal(problem('command.usage', { detail: `--yes ${answers.join(',')}` }));
	return new Set(answers.filter((one) => words.includes(one)));
}

/** Walks through a runbook, here or by the Drover that runs; returns the exit code. @throws Refusal */
export async function goThrough(options: Options, [id, ...more]: readonly string[], terminal: Terminal, usage: string): Promise<number> {
	if (id === undefined || more.length > 0) throw new Refusal(problem('command.usage', { detail: usage }));
	const runbooks = openRunbooks(terminal);
	if (!runbooks) return exits.refused;
	const runbook = runbooks.get(id);
	const given = await gatherValues(runbooks, runbook, options, terminal);
	// A wrong end is refused before anything is opened.
	withinOf(runbook, planSteps(runbook, given.resolved, undefined), options.until);
	const stateDir = resolvePath(options['state-dir'] ?? defaultStatePath(terminal.env));
	try {
		const host = await openHost(stateDir, runbooks, terminal);
		try {
			return await walkOn(host, stateDir, runbooks, runbook, given, options, terminal);
		} finally {
			await host.close();
		}
	} catch (error) {
		if (error instanceof AnotherServer) {
			terminal.err(`${escapeControls(sayAnother(error, terminal.say))}\n`);
			return exits.another;
		}
		if (!(error instanceof OldServer)) throw error;
		terminal.err(`${terminal.say('cli.open.refused', { folder: stateDir })}\n`);
		return exits.failed;
	}
}

/** The Drover that runs on the state directory, or else this process. */
async function openHost(stateDir: string, runbooks: RunbookStore, { env }: Terminal): Promise<Host> {
	const answer = await askControl(stateDir, { id: 1, ask: 'open', file: false }).catch((error: unknown) => {
		if (error instanceof StateError && error.problem === 'state.missing') return undefined;
		throw error instanceof StateError ? new Refusal({ name: error.problem, slots: error.slots }) : error;
	});
	if (answer && 'address' in answer) return openRemoteHost(String(answer.address));
	return openLocalHost({ stateDir, runbooks, folder: startFolder(env), version: readVersion() });
}

async function walkOn(host: Host, stateDir: string, runbooks: RunbookStore, runbook: Runbook, given: Given, options: Options, terminal: Terminal): Promise<number> {
	const { person } = terminal;
	const family = runbooks.families.find((one) => one.id === runbook.family);
	if (!family) return exits.refused;
	const name = terminal.say('cli.walk.session-name', { title: wordsIn(family, terminal.locale).runbooks[runbook.id]?.title ?? runbook.id, at: new Date().toISOString().slice(0, 16).replace('T', ' ') });
	const check = (resolved: Given['resolved']) => {
		const within = withinOf(runbook, planSteps(runbook, resolved, undefined), options.until);
		if (!options.checksOnly) refuseMissing(runbook, resolved, within);
		return within;
	};
	const chosen = await chooseSession(host, runbook, given, name, { fresh: options.checksOnly, beforeOpen: () => check(given.resolved) });
	const entries = given.ssh === '' ? chosen.entries : await setMachine(host, stateDir, chosen.id, given.ssh, terminal);
	const resolved = onMachines(runbooks.resolve(runbook, chosen.values), foldSession(entries));
	const within = check(resolved);
	const output = options.json ? createJsonOutput(terminal, person) : createReaderOutput(options.junit === '-' ? { ...terminal, out: terminal.err } : terminal, person);
	output.session(chosen.id, { runbook: runbook.id, continued: chosen.continued, address: host.address ?? null });
	for (const warning of resolved.warnings) terminal.err(`${escapeControls(formatProblem(terminal.say, warning))}\n`);
	const result = await walk({ host, terminal, person, runbook, resolve: (session) => onMachines(runbooks.resolve(runbook, chosen.values, session.outputs), session), values: chosen.values, session: chosen.id, entries, facts: makeFacts(runbook, family, terminal), output, within, yes: options.yes, checksOnly: options.checksOnly });
	if (options.junit !== undefined) writeText(options.junit, writeJunit(runbook.id, result.all, result.seconds), terminal);
	return result.exit;
}

/** Connects where ssh may ask, and sets the machine; returns the session's entries after it. @throws Refusal */
async function setMachine(host: Host, stateDir: string, session: string, ssh: string, terminal: Terminal): Promise<readonly Entry[]> {
	const opening = openStateDirectory(stateDir);
	if (opening.kind === 'ready') await connectHere(createSsh(opening.state.sockets, () => readerEnvironment(terminal.env)), ssh, terminal);
	await host.setMachine(session, { ssh, nodes: true });
	return host.entries(session);
}

/** Keys of the steps up to the end that is asked for. @throws Refusal for what is neither a step nor a phase */
function withinOf(runbook: Runbook, steps: readonly PlannedStep[], until: string | undefined): ReadonlySet<string> {
	if (until === undefined) return new Set(steps.map(({ key }) => key));
	const phase = phases.findIndex((one) => one === until);
	const step = runbook.steps.findIndex(({ id }) => id === until);
	if (phase < 0 && step < 0) throw new Refusal(problem('step.unknown', { runbook: runbook.id, step: until.slice(0, 100), suggestion: suggest(until, [...phases, ...runbook.steps.map(({ id }) => id)]) }));
	const isWithin = (one: PlannedStep) => (phase >= 0 ? phases.indexOf(one.step.phase) <= phase : runbook.steps.indexOf(one.step) <= step);
	return new Set(steps.filter(isWithin).map(({ key }) => key));
}

/** What a command needs and nobody has given is refused before the first step. */
function refuseMissing(runbook: Runbook, resolved: Given['resolved'], within: ReadonlySet<string>): void {
	const { missing } = renderRows(runbook.steps.filter((step) => [...within].some((key) => key === step.id || key.startsWith(`${step.id}@`))), resolved, false);
	if (missing.length > 0) throw new Refusal(...missing);
}

function writeText(file: string, text: string, { out }: Terminal): void {
	if (file === '-') return out(text);
	try {
		writeFileSync(file, text);
	} catch (error) {
		throw new Refusal(problem('file.unwritable', { file, detail: error instanceof Error ? error.message : String(error) }));
	}
}
