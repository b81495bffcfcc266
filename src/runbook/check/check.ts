/**
 * A check looks at the world and says whether something is so, and what it saw. Here it is made ready (values in) and judged; looking itself
 * needs a machine and is the server's part.
 */
import type { Check } from '../definition/definition.ts';
import type { Problem } from '../problem.ts';
import { renderCommand, renderText, type RenderOptions } from '../command/render.ts';
import { holds, isElsewhere, type Resolved } from '../values/resolve.ts';
import type { Look } from './look.ts';

/**
 * Whether a check is looked at from here, for a node or for this machine. A command or a file tells of this machine, not of the node: unless the check is made for
 * that, it says nothing of a node elsewhere.
 */
export function isLookedAt(check: Check, resolved: Resolved, node: RenderOptions['node']): boolean {
	if (!holds(check.when, resolved.answers, node)) return false;
	return check.kind === 'http' || !isElsewhere(node) || check.when?.node === 'elsewhere';
}

/** Fills a check's values in. Undefined when the check does not apply; problems when a value is missing. */
export function prepareCheck(check: Check, resolved: Resolved, options: RenderOptions & { step: string }): { look?: Look; problems: readonly Problem[] } | undefined {
	if (!isLookedAt(check, resolved, options.node)) return undefined;
	const problems: Problem[] = [];
	const fill = (text: Parameters<typeof renderText>[0]) => {
		const filled = renderText(text, resolved, options);
		problems.push(...filled.problems);
		return filled.text;
	};
	const look = prepareLook(check, resolved, options, fill);
	if (look?.kind === 'command') problems.push(...look.command.problems);
	if (!look) return undefined;
	return problems.length > 0 ? { problems } : { look, problems };
}

type Fill = (text: Parameters<typeof renderText>[0]) => string;

function prepareLook(check: Check, resolved: Resolved, options: RenderOptions & { step: string }, fill: Fill): Look | undefined {
	const fillAll = (texts: Readonly<Record<string, Parameters<Fill>[0]>>) => Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, fill(text)]));
	if (check.kind === 'file') {
		const { exists, holds: entries, ends } = check;
		return { kind: 'file', path: fill(check.path), exists, holds: entries, ...(ends !== undefined && { ends }) };
	}
	if (check.kind === 'http') {
		const text = (name: string | undefined) => (name === undefined ? undefined : resolved.answers.get(name)?.items[0]?.text);
		const [user, password] = [text(check.user), text(check.password)];
		return {
			kind: 'http',
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

export { excerpt, hasPattern, judge, whatOf } from './judge.ts';
export type { ExpectedAnswer, ExpectedHeader, ExpectedOutput, HttpLook, Look, Observation, PrintedLook, Verdict } from './look.ts';
