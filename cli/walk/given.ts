import { readerEnvironment } from '../../server/environment.ts';
import { createDocker } from '../../server/docker/docker.ts';
import type { RunbookStore } from '../../server/runbooks.ts';
import { detectionFor } from '../../src/content/content.ts';
import type { Runbook } from '../../src/runbook/definition/definition.ts';
import { problem, Refusal } from '../../src/runbook/problem.ts';
import type { Resolved } from '../../src/runbook/values/resolve.ts';
import type { Values } from '../../src/runbook/values/value.ts';
import type { Terminal } from '../command.ts';
import { checkDestination, inspectThere } from '../machine.ts';
import { addSettings, readValuesFile } from '../values.ts';

/** Options that give values, of every command that takes them. */
export const valueOptions = {
	set: { type: 'string', multiple: true, default: [] as string[] },
	values: { type: 'string' },
	detect: { type: 'boolean', default: false },
	ssh: { type: 'string' },
} as const;

export interface ValueOptions {
	readonly set: string[];
	readonly values?: string | undefined;
	readonly detect: boolean;
	readonly ssh?: string | undefined;
}

export interface Given {
	readonly values: Values;
	readonly resolved: Resolved;
	/** Names of those that detection found. */
	readonly detected: readonly string[];
	/** The other machine that it is for; empty for this one. */
	readonly ssh: string;
	/** Something was given at all. */
	readonly isGiven: boolean;
}

/** The values of a command line: what is set goes before the file, the file before what was detected. @throws Refusal with every value that is refused */
export async function gatherValues(runbooks: RunbookStore, runbook: Runbook, options: ValueOptions, terminal: Terminal): Promise<Given> {
	const ssh = checkDestination(options.ssh);
	const typed = addSettings(runbook, options.values === undefined ? {} : readValuesFile(options.values), options.set);
	const found = options.detect ? await detectValues(runbooks, runbook, typed, ssh, terminal) : {};
	const values = { ...found, ...typed };
	const resolved = runbooks.resolve(runbook, values);
	if (resolved.refused.length > 0) throw new Refusal(...resolved.refused);
	return { values, resolved, ssh, detected: Object.keys(found).filter((name) => !Object.hasOwn(typed, name)), isGiven: options.detect || Object.keys(typed).length > 0 };
}

/** What detection finds of the one server, or of the one that is named. @throws Refusal when there is none, another path, or a choice to make */
async function detectValues(runbooks: RunbookStore, runbook: Runbook, typed: Values, ssh: string, terminal: Terminal): Promise<Values> {
	const detection = detectionFor(runbooks.families.filter(({ id }) => id === runbook.family));
	if (!detection) throw new Refusal(problem('detect.unknown', {}));
	const { documents } = await (ssh === '' ? createDocker(() => readerEnvironment(terminal.env)).inspect() : inspectThere(ssh, terminal));
	const servers = detection.detect(documents).found.filter(({ kind }) => kind !== 'other');
	const named = typed['container'];
	const fitting = typeof named === 'string' ? servers.filter(({ container }) => container === named) : servers;
	const [found, ...more] = fitting;
	if (!found) throw new Refusal(problem('detect.no-server', { container: typeof named === 'string' ? named : '' }));
	if (more.length > 0) throw new Refusal(problem('detect.several', { containers: fitting.map(({ container }) => container).join(', ') }));
	if (found.runbook !== runbook.id) throw new Refusal(problem('detect.other-path', { container: found.container, path: found.runbook ?? '–', runbook: runbook.id }));
	return Object.fromEntries(Object.entries(found.values).filter(([name]) => Object.hasOwn(runbook.parameters, name)));
}
