/**
 * A check looks at the world and says whether something is so, and what it saw. Here it is made ready (values in) and judged; looking itself
 * needs a machine and is the server's part.
 */
import type { Check } from '../definition/definition.ts';
import type { Problem } from '../problem.ts';
import { renderCommand, renderText, type RenderOptions } from '../command/render.ts';
import { holds, isElsewhere, type Resolved } from '../values/resolve.ts';
import { machineOf, onlyHere } from '../values/machine.ts';
import type { Probe } from './probe.ts';

/**
 * Whether a check is looked at from here, for a node or for this machine. A command or a file tells of this machine, not of the node: unless the check is made for
 * that, it says nothing of a node elsewhere.
 */
export function checkApplies(check: Check, resolved: Resolved, node: RenderOptions['node']): boolean {
	if (!holds(check.when, resolved.answers, node)) return false;
	return check.kind === 'http' || !isElsewhere(node) || check.when?.node === 'elsewhere';
}

/** Fills a check's values in. Undefined when the check does not apply; problems when a value is missing. */
export function prepareCheck(check: Check, resolved: Resolved, options: RenderOptions & { step: string }): { probe?: Probe; problems: readonly Problem[] } | undefined {
	if (!checkApplies(check, resolved, options.node)) return undefined;
	const problems: Problem[] = [];
	const fill = (text: Parameters<typeof renderText>[0]) => {
		const filled = renderText(text, resolved, options);
		problems.push(...filled.problems);
		return filled.text;
	};
	const probe = prepareProbe(check, resolved, options, fill);
	if (probe?.kind === 'command') problems.push(...probe.command.problems);
	if (!probe) return undefined;
	return problems.length > 0 ? { problems } : { probe, problems };
}

type Fill = (text: Parameters<typeof renderText>[0]) => string;

function prepareProbe(check: Check, resolved: Resolved, options: RenderOptions & { step: string }, fill: Fill): Probe | undefined {
	const fillAll = (texts: Readonly<Record<string, Parameters<Fill>[0]>>) => Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, fill(text)]));
	const machine = machineOf(resolved.machines ?? onlyHere, options.node);
	const from = machine && { machine };
	if (check.kind === 'file') {
		const { exists, holds: entries, ends } = check;
		return { kind: 'file', path: fill(check.path), exists, holds: entries, ...(ends !== undefined && { ends }), ...from };
	}
	if (check.kind === 'http') {
		const text = (name: string | undefined) => (name === undefined ? undefined : resolved.answers.get(name)?.items[0]?.text);
		const [user, password] = [text(check.user), text(check.password)];
		return {
			kind: 'http',
			...from,
			request: { url: fill(check.url), ...(user !== undefined && { user }), ...(password !== undefined && { password }) },
			expect: {
				status: check.status,
				refused: check.refused,
				...(check.body && { body: fill(check.body) }),
				headers: Object.fromEntries(Object.entries(check.headers).map(([name, header]) => [name, 'equals' in header ? { equals: fill(header.equals) } : header])),
				json: fillAll(check.json),
			},
		};
	}
	const command = renderCommand([check.command], resolved, options);
	if (!command) return undefined;
	const { exit, prints, equals, lacks, matches, json, warn } = check.expect;
	return {
		kind: 'command',
		command,
		expect: {
			exit,
			...(prints && { prints: fill(prints) }),
			...(equals && { equals: fill(equals) }),
			...(lacks && { lacks: fill(lacks) }),
			...(matches !== undefined && { matches }),
			...(json && { json: fillAll(json) }),
			...(warn && { warn }),
		},
	};
}

export { excerpt, hasPattern, evaluate, whatOf } from './evaluate.ts';
export type { ExpectedAnswer, ExpectedHeader, ExpectedOutput, HttpProbe, Probe, RawObservation, PrintedProbe, CheckResult } from './probe.ts';
