/**
 * A check looks at the world and says whether something is so, and what it saw. Here it is made ready (values in) and judged; looking itself
 * needs a machine and is the server's part.
 */
import type { Check } from './definition.ts';
import type { Problem } from './problem.ts';
import { renderCommand, renderText, type Rendered, type RenderOptions } from './render.ts';
import { holds, type Resolved } from './resolve.ts';
import type { Sight, SightName, sights } from './sight.ts';

/** What is to be looked at, with every value in. */
export type Look =
	| { readonly kind: 'command'; readonly command: Rendered; readonly expect: ExpectedOutput }
	| { readonly kind: 'http'; readonly request: HttpLook; readonly expect: ExpectedAnswer }
	| { readonly kind: 'file'; readonly path: string; readonly exists: boolean; readonly holds: readonly string[]; readonly ends?: string };

export interface ExpectedOutput {
	readonly exit: number;
	readonly prints?: string;
	readonly equals?: string;
	readonly lacks?: string;
	readonly matches?: string;
}

export interface HttpLook {
	readonly url: string;
	/** Basic authentication; never shown. */
	readonly user?: string;
	readonly password?: string;
}

export interface ExpectedAnswer {
	readonly status?: number;
	readonly body?: string;
	readonly headers: Readonly<Record<string, string>>;
	readonly json: Readonly<Record<string, string>>;
}

/** What was found by looking. */
export type Observation =
	| { readonly kind: 'output'; readonly exit: number; readonly output: string }
	| { readonly kind: 'answer'; readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly body: string }
	| { readonly kind: 'file'; readonly exists: boolean; readonly entries: readonly string[]; readonly tail: string }
	/** It could not be looked at all: no such program, no connection, no permission. */
	| { readonly kind: 'nothing'; readonly reason: string };

export interface Verdict {
	readonly passed: boolean;
	readonly saw: Sight;
}

/**
 * Whether a check is looked at from here, for a node or for this machine. A command or a file tells of this machine, not of the node: unless the check is made for
 * that, it says nothing of a node elsewhere.
 */
export function isLookedAt(check: Check, resolved: Resolved, node: RenderOptions['node']): boolean {
	if (!holds(check.when, resolved.answers, node)) return false;
	return check.kind === 'http' || !node || node.ssh === '' || check.when?.node === 'elsewhere';
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
				...(check.status !== undefined && { status: check.status }),
				...(check.body && { body: fill(check.body) }),
				headers: fillAll(check.headers),
				json: fillAll(check.json),
			},
		};
	}
	const command = renderCommand([check.command], resolved, options);
	if (!command) return undefined;
	const { exit, prints, equals, lacks, matches } = check.expect;
	return {
		kind: 'command',
		command,
		expect: {
			exit,
			...(prints && { prints: fill(prints) }),
			...(equals && { equals: fill(equals) }),
			...(lacks && { lacks: fill(lacks) }),
			...(matches !== undefined && { matches }),
		},
	};
}

/** Judges what was found. */
export function judge(look: Look, found: Observation): Verdict {
	if (found.kind === 'nothing') return { passed: false, saw: saw('nothing', { what: whatOf(look), reason: found.reason }) };
	if (look.kind === 'command' && found.kind === 'output') return judgeOutput(look.expect, found);
	if (look.kind === 'http' && found.kind === 'answer') return judgeAnswer(look.request.url, look.expect, found);
	if (look.kind === 'file' && found.kind === 'file') return judgeFile(look, found);
	throw new TypeError(`Cannot judge a look of kind "${look.kind}" by "${found.kind}".`);
}

/** One line that says what a check looks at. */
export function whatOf(look: Look): string {
	if (look.kind === 'command') return look.command.display;
	return look.kind === 'http' ? look.request.url : look.path;
}

function judgeOutput(expect: ExpectedOutput, found: Extract<Observation, { kind: 'output' }>): Verdict {
	const text = excerpt(found.output);
	if (found.exit !== expect.exit) return failed('wrong-exit-code', { code: found.exit, wanted: expect.exit, text });
	const output = found.output.trim();
	if (expect.equals !== undefined && output !== expect.equals) return failed('output-lacks', { wanted: expect.equals, text });
	if (expect.prints !== undefined && !output.includes(expect.prints)) return failed('output-lacks', { wanted: expect.prints, text });
	if (expect.matches !== undefined && !new RegExp(expect.matches, 'mu').test(output)) return failed('output-lacks', { wanted: expect.matches, text });
	if (expect.lacks !== undefined && output.includes(expect.lacks)) return failed('output-has', { unwanted: expect.lacks, text: lineWith(output, expect.lacks) });
	const line = expect.prints === undefined ? text : lineWith(output, expect.prints);
	return { passed: true, saw: line === '' ? saw('exit-code', { code: found.exit }) : saw('output', { text: line }) };
}

function judgeAnswer(url: string, expect: ExpectedAnswer, found: Extract<Observation, { kind: 'answer' }>): Verdict {
	const wanted = expect.status;
	const good = wanted === undefined ? found.status < 400 || Object.keys(expect.headers).length > 0 : found.status === wanted;
	if (!good) return failed('wrong-status', { url, status: found.status, wanted: wanted ?? 200 });
	for (const [header, text] of Object.entries(expect.headers)) {
		const value = found.headers[header] ?? '';
		if (!value.includes(text)) return failed('header-lacks', { url, header, wanted: text, text: excerpt(value) });
	}
	if (expect.body !== undefined && !found.body.includes(expect.body)) return failed('body-lacks', { url, wanted: expect.body, text: excerpt(found.body) });
	for (const [field, text] of Object.entries(expect.json)) {
		const value = readJson(found.body, field);
		if (value !== text) return failed('json-differs', { url, field, wanted: text, text: excerpt(value) });
	}
	const [json] = Object.entries(expect.json);
	const [header] = Object.entries(expect.headers);
	if (header) return { passed: true, saw: saw('output', { text: `${header[0]}: ${found.headers[header[0]] ?? ''}` }) };
	if (json) return { passed: true, saw: saw('output', { text: `${json[0]}: ${json[1]}` }) };
	return { passed: true, saw: expect.body === undefined ? saw('answer', { url, status: found.status }) : saw('output', { text: excerpt(found.body) }) };
}

function judgeFile(look: Extract<Look, { kind: 'file' }>, found: Extract<Observation, { kind: 'file' }>): Verdict {
	const { path } = look;
	if (found.exists !== look.exists) return failed(found.exists ? 'file-there' : 'file-absent', { path });
	const missing = look.holds.find((entry) => !found.entries.includes(entry));
	if (missing !== undefined) return failed('file-lacks', { path, entry: missing });
	if (look.ends !== undefined && !found.tail.trimEnd().split('\n').at(-1)?.includes(look.ends)) return failed('file-end', { path, wanted: look.ends, text: excerpt(found.tail) });
	return { passed: true, saw: saw(found.exists ? 'file-there' : 'file-absent', { path }) };
}

/** A field of a JSON text by dotted path, as text; empty when it is not there. */
function readJson(text: string, path: string): string {
	let value: unknown;
	try {
		value = JSON.parse(text);
	} catch {
		return '';
	}
	for (const key of path.split('.')) {
		if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return '';
		value = (value as Record<string, unknown>)[key];
	}
	return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

/** The last lines of an output, short enough for one place on the page. Unit of `max`: characters. */
export function excerpt(text: string, max = 300): string {
	const characters = [...text.trim()];
	return characters.length <= max ? characters.join('') : `…${characters.slice(-max).join('')}`;
}

function lineWith(output: string, text: string): string {
	return excerpt(output.split('\n').find((line) => line.includes(text)) ?? output);
}

const saw = <N extends SightName>(name: N, slots: Record<(typeof sights)[N][number], string | number>): Sight => ({ name, slots });
const failed = <N extends SightName>(name: N, slots: Record<(typeof sights)[N][number], string | number>): Verdict => ({ passed: false, saw: saw(name, slots) });
