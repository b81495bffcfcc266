import { escapeControls } from '../server/log.ts';
import { surroundings } from '../server/environment.ts';
import { formatProblem } from '../server/words.ts';
import { formatDependency } from '../src/i18n/depends.ts';
import { stepTitle, wordsIn, type FamilyContent } from '../src/content/content.ts';
import type { Runbook, Step } from '../src/runbook/definition/definition.ts';
import { isAwaited, problem, Refusal, type Problem } from '../src/runbook/problem.ts';
import { dependenciesOf } from '../src/runbook/command/dependencies.ts';
import { targetsOf, type Target, type Way } from '../src/runbook/session/targets.ts';
import { renderStep, type Rendered } from '../src/runbook/command/render.ts';
import { isElsewhere, type Resolved } from '../src/runbook/values/resolve.ts';
import { openRunbooks } from './content.ts';
import type { Command, Terminal } from './command.ts';
import { checkDestination } from './machine.ts';
import { parseOptions } from './options.ts';
import { addSettings, readValuesFile } from './values.ts';

const options = {
	set: { type: 'string', multiple: true, default: [] as string[] },
	values: { type: 'string' },
	ssh: { type: 'string' },
	json: { type: 'boolean', default: false },
	'show-secrets': { type: 'boolean', default: false },
} as const;

type Depends = (rendered: Rendered) => readonly string[];

/** One step as `--json` tells it. A step that the values leave out is `skipped`; one that only looks or is done by hand has no command. */
export interface RenderedRow {
	readonly id: string;
	readonly phase: string;
	readonly effect: string;
	readonly node: string | null;
	/** The ssh destination where it runs or is done, when that is another machine: `command` is the line for here then, `argv` and `env` are those over there. */
	readonly ssh: string | null;
	readonly command: string | null;
	readonly argv: readonly string[] | null;
	readonly env: Readonly<Record<string, string>>;
	/** What is set here that its programs read, in words. */
	readonly depends: readonly string[];
	readonly skipped: boolean;
	/** Who does it: a command that runs from here, a check alone, or the reader by hand. */
	readonly way: Way;
	/** After it only the backup leads back, for these values. */
	readonly pointOfNoReturn: boolean;
}

/** `drover render RUNBOOK [STEP]`: the commands with values in; refused values end it with exit code 2, one line each. */
export const render: Command = async (args, terminal) => {
	const { values, positionals } = parseOptions(args, { options, allowPositionals: true });
	const [id, stepId, ...more] = positionals;
	if (id === undefined || more.length > 0) throw new Refusal(problem('command.usage', { detail: 'drover render RUNBOOK [STEP]' }));
	const store = openRunbooks(terminal);
	if (!store) return 2;
	const runbook = store.get(id);
	const steps = stepId === undefined ? runbook.steps : [store.step(runbook, stepId)];
	const given = addSettings(runbook, values.values === undefined ? {} : readValuesFile(values.values), values.set);
	const ssh = checkDestination(values.ssh);
	const resolved = { ...store.resolve(runbook, given), ...(ssh !== '' && { machines: { session: ssh, nodes: true, sudo: [] } }) };
	const set = surroundings(terminal.env);
	const depends: Depends = (rendered) => dependenciesOf(rendered, set).map((one) => formatDependency(one, terminal.say, terminal.say('list.separator')));
	const { rows, missing } = renderRows(steps, resolved, values['show-secrets'], depends);
	const known = new Set(resolved.refused.map(({ parameter }) => parameter));
	// A value that was refused is also missing; once is enough.
	const refused = [...resolved.refused, ...missing.filter(({ parameter }) => !known.has(parameter))];
	if (refused.length > 0) throw new Refusal(...refused);
	for (const warning of resolved.warnings) terminal.err(`${escapeControls(formatProblem(terminal.say, warning))}\n`);
	const family = store.families.find((one) => one.id === runbook.family);
	if (values.json) terminal.out(`${JSON.stringify({ runbook: runbook.id, steps: rows, warnings: resolved.warnings.map((one) => formatWarning(terminal, one)) }, null, '\t')}\n`);
	else if (family) print(terminal, family, runbook, rows);
	return 0;
};

/** A row for every step on every node, in order, and what is missing. */
export function renderRows(steps: readonly Step[], resolved: Resolved, showSecrets: boolean, depends: Depends = () => []): { rows: RenderedRow[]; missing: Problem[] } {
	const rows: RenderedRow[] = [];
	const missing = new Map<string, Problem>();
	for (const step of steps) {
		for (const target of targetsOf(step, resolved)) {
			if (step.each && !target.node && target.applies) missing.set('nodes', problem('value.missing', { parameter: 'nodes' }, { parameter: 'nodes' }));
			const { row, problems } = renderRow(step, resolved, target, showSecrets, depends);
			rows.push(row);
			// What an earlier step will give stands as its name: nobody can set it.
			for (const one of problems) if (!isAwaited(one.name)) missing.set(one.parameter ?? '', one);
		}
	}
	return { rows, missing: [...missing.values()] };
}

function renderRow(step: Step, resolved: Resolved, { node, applies, way, pointOfNoReturn }: Target, showSecrets: boolean, depends: Depends): { row: RenderedRow; problems: readonly Problem[] } {
	const rendered = renderStep(step, 'run', resolved, { ...(node && { node }), showSecrets });
	const { argv, env } = (showSecrets ? rendered : rendered?.masked) ?? { argv: null, env: {} };
	const row = {
		id: step.id,
		phase: step.phase,
		effect: step.effect,
		node: node?.name ?? null,
		ssh: rendered?.machine?.ssh ?? (node && isElsewhere(node) ? node.ssh : null),
		command: rendered?.display ?? null,
		argv,
		env,
		depends: rendered && !rendered.machine && way === 'run' ? depends(rendered) : [],
		skipped: !applies,
		way,
		pointOfNoReturn,
	};
	return { row, problems: rendered?.problems ?? [] };
}

function formatWarning({ say }: Terminal, one: Problem): { name: string; parameter: string | null; text: string } {
	return { name: one.name, parameter: one.parameter ?? null, text: formatProblem(say, one) };
}

function print({ out, say, locale }: Terminal, family: FamilyContent, runbook: Runbook, rows: readonly RenderedRow[]): void {
	for (const row of rows) {
		const node = row.node === null ? '' : ` (${row.node})`;
		const way = row.ssh === null || row.way !== 'by-hand' ? say(row.way === 'check' ? 'cli.step-checks' : 'cli.step-by-hand') : say('cli.step-elsewhere', { ssh: row.ssh });
		out(`# ${say(`phase.${row.phase}`)} · ${stepTitle(wordsIn(family, locale), runbook, row.id)}${node}\n`);
		if (row.pointOfNoReturn && !row.skipped) out(`# ${say('gate.words')}: ${say('gate.why')}\n`);
		if (row.skipped) out(`# ${say('cli.step-skipped')}\n\n`);
		else if (row.command === null) out(`# ${way}\n\n`);
		else out(`${row.depends.map((one) => `# ${one}\n`).join('')}${row.way === 'run' ? '' : `# ${way}\n`}${row.command}\n\n`);
	}
}
