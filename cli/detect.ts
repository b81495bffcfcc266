import { createDocker } from '../server/docker/docker.ts';
import { readerEnvironment } from '../server/environment.ts';
import { escapeControls } from '../server/log.ts';
import { formatProblem } from '../server/words.ts';
import { detectionFor, wordsIn } from '../src/content/content.ts';
import type { Finding, Found } from '../src/families/family.ts';
import { problem, Refusal, type Problem } from '../src/runbook/problem.ts';
import type { Value } from '../src/runbook/values/value.ts';
import { openRunbooks } from './content.ts';
import type { Command, Terminal } from './command.ts';
import { checkDestination, inspectThere } from './machine.ts';
import { parseOptions } from './options.ts';
import { readText } from './values.ts';

const options = {
	from: { type: 'string' },
	ssh: { type: 'string' },
	json: { type: 'boolean', default: false },
	'show-secrets': { type: 'boolean', default: false },
} as const;

/**
 * `drover detect [--from FILE|-] [--ssh HOST]`: which servers there are, which runbook is the path of each, and the values for it. With what could not be read it ends
 * with exit code 2, a line for each problem, and still tells the rest.
 */
export const detect: Command = async (args, terminal) => {
	const { values } = parseOptions(args, { options });
	const there = checkDestination(values.ssh);
	if (there !== '' && values.from !== undefined) throw new Refusal(problem('command.usage', { detail: '--from --ssh' }));
	const store = openRunbooks(terminal);
	if (!store) return 2;
	const detection = detectionFor(store.families);
	if (!detection) throw new Refusal(problem('detect.unknown', {}));
	const inspected = there !== '' ? await inspectThere(there, terminal) : values.from === undefined ? await inspectHere(terminal) : { commands: [], documents: readText(values.from) };
	const isHere = values.from === undefined;
	const { found: all, problems } = detection.detect(inspected.documents);
	// Whoever names a container wants to know what it is; on a machine, what has nothing to do with the runbooks is no finding.
	const shown = all.filter((one) => !isHere || one.kind !== 'other').map((one) => (values['show-secrets'] ? one : detection.maskFound(one)));
	const wrong = problems.filter((one) => !isHere || one.name !== 'inspect.no-container');
	if (values.json) terminal.out(`${escapeControls(JSON.stringify(shown.map((one) => toJson(one, terminal)), null, '\t'))}\n`);
	else if (shown.length > 0 || wrong.length === 0) print(shown, inspected.commands, terminal);
	for (const one of wrong) terminal.err(`${escapeControls(formatProblem(terminal.say, one))}\n`);
	return wrong.some((one) => !isRemark(one, all)) ? 2 : 0;
};

function inspectHere({ env }: Terminal) {
	return createDocker(() => readerEnvironment(env)).inspect();
}

/** A network or a volume among the documents is left out with a remark: nothing of a container is missing for it. */
function isRemark({ name }: Problem, found: readonly Found[]): boolean {
	return name === 'inspect.other-document' && found.length > 0;
}

function toJson({ container, version, runbook, airGapped, reasons, warnings, values }: Found, terminal: Terminal) {
	const say = (finding: Finding) => ({ name: finding.name, slots: finding.slots, text: formatFinding(finding, terminal) });
	return { container, version, runbook, airGapped, reasons: reasons.map(say), warnings: warnings.map(say), values };
}

function formatFinding({ name, slots, problem: why }: Finding, { say }: Terminal): string {
	const sentence = say(`found.${name}`, slots);
	return why ? `${sentence} ${formatProblem(say, why)}` : sentence;
}

function print(found: readonly Found[], commands: readonly string[], terminal: Terminal): void {
	const { out, say } = terminal;
	const titles = titlesOf(terminal);
	const write = (line: string) => out(`${escapeControls(line)}\n`);
	if (commands.length > 0) {
		write(say('cli.detect.heading', { title: say('detect.commands') }));
		for (const command of commands) write(`  ${command}`);
		write('');
	}
	if (!found.some(isServer)) write(say('detect.none'));
	for (const one of found) {
		if (!isServer(one)) write(say('cli.detect.other', { container: one.container, reasons: one.reasons.map((reason) => formatFinding(reason, terminal)).join(' ') }));
		else for (const line of describeServer(one, titles, terminal)) write(line);
	}
}

const isServer = ({ kind }: Found) => kind === 'server' || kind === 'script-ha';

function describeServer({ container, version, runbook, airGapped, reasons, warnings, values }: Found, titles: ReadonlyMap<string, string>, terminal: Terminal): string[] {
	const { say } = terminal;
	const heading = (key: string) => `  ${say('cli.detect.heading', { title: say(key) })}`;
	const list = (key: string, findings: readonly Finding[]) => (findings.length === 0 ? [] : [heading(key), ...findings.map((one) => `    - ${formatFinding(one, terminal)}`)]);
	const path = runbook === null ? say('detect.no-path') : say('cli.detect.path', { runbook, title: titles.get(runbook) ?? runbook });
	const given = Object.entries(values).flatMap(([name, value]) => linesOf(value, say('compare.none')).map((line) => `    ${name} = ${line}`));
	return [
		say('detect.found', { container, version: version ?? say('detect.version-unknown') }),
		`  ${path}`,
		...(airGapped ? [`  ${say('cli.detect.air-gapped')}`] : []),
		...list('detect.why', reasons),
		...list('detect.warnings', warnings),
		...(given.length === 0 ? [] : [heading('detect.values'), ...given]),
		'',
	];
}

function linesOf(value: Value, none: string): readonly string[] {
	if (typeof value === 'string') return [value === '' ? none : value];
	return value.map((one) => (typeof one === 'string' ? one : `${one.name} ${one.ssh} ${one.address}`));
}

function titlesOf(terminal: Terminal): ReadonlyMap<string, string> {
	const families = openRunbooks(terminal)?.families ?? [];
	return new Map(families.flatMap((family) => Object.entries(wordsIn(family, terminal.locale).runbooks).map(([id, { title }]) => [id, title] as const)));
}
