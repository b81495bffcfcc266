/** Judging what a check has found. Apart from the rest of the checks, and importing nothing: a thread of the server loads it for one judgement. */
import type { ExpectedAnswer, ExpectedOutput, Probe, RawObservation, PrintedProbe, CheckResult } from './probe.ts';
import type { ObservationName, observations } from './observation.ts';

/**
 * Judges what was found. Regular expressions of content are evaluated here, so this may take as long as they do: whoever has texts that others wrote gives it a time
 * limit ({@link hasPattern} says when that is needed).
 */
export function evaluate(probe: Probe | PrintedProbe, found: RawObservation): CheckResult {
	const what = whatOf(probe);
	if (found.kind === 'nothing') return unchecked('nothing', { what, reason: found.reason });
	if (found.kind === 'unreached') return unchecked('unreached', { what, machine: found.machine, reason: found.reason });
	if (found.kind === 'time-limit') return unchecked('time-limit', { what, seconds: found.seconds });
	if (probe.kind === 'command' && found.kind === 'output') return evaluateOutput(probe, found);
	if (probe.kind === 'http' && found.kind === 'no-answer') return evaluateSilence(probe, found);
	if (probe.kind === 'http' && found.kind === 'answer') return evaluateAnswer(what, probe.expect, found);
	if (probe.kind === 'file' && found.kind === 'file') return evaluateFile(probe, found);
	if (probe.kind === 'printed' && found.kind === 'output') return compareOutput({ exit: found.exit, matches: probe.matches }, found);
	throw new TypeError(`Cannot judge a probe of kind "${probe.kind}" by "${found.kind}".`);
}

/** Whether judging evaluates a regular expression of the content. */
export function hasPattern(probe: Probe | PrintedProbe): boolean {
	if (probe.kind === 'printed') return true;
	if (probe.kind === 'command') return probe.expect.matches !== undefined;
	return probe.kind === 'http' && Object.values(probe.expect.headers).some((header) => 'matches' in header);
}

/** One line that says what a check looks at. */
export function whatOf(probe: Probe | PrintedProbe): string {
	if (probe.kind === 'command') return probe.command.display;
	if (probe.kind === 'printed') return probe.matches;
	const what = probe.kind === 'http' ? probe.request.url : probe.path;
	return probe.machine ? `${probe.machine.ssh}: ${what}` : what;
}

/** What the Docker client prints when it does not reach its engine, or may not. It ends with 1 then, as it does for a thing that is not there. */
const engineSilent = /Cannot connect to the Docker daemon|permission denied while trying to connect to the Docker|error during connect:|Is the docker daemon running/i;
/** The same at the beginning of a line, as the client or a shell writes it: believed although a command ends well. A log that is quoted begins with a time. */
const dockerSilent = /^(?:docker: |Got |error: )?(?:Cannot connect to the Docker daemon|permission denied while trying to connect to the Docker|error during connect:)|^\S+: (?:line )?(?:\d+: )?\S*docker: (?:command )?(?:not found|Permission denied|cannot execute)/im;
/** What a shell, or the loader, writes of a program that it could not start: in a pipe the exit code is another's. */
const notStarted = /^\S+: (?:line )?\d+: \S+: (?:command not found|not found|Permission denied|cannot execute.*|No such file or directory)$|^\S+: error while loading shared libraries:/m;
/** A program that may not be executed, and one that is not there: what a shell says of a command that it could not run. */
const couldNotRun = [126, 127];

function evaluateOutput(probe: Extract<Probe, { kind: 'command' }>, found: Extract<RawObservation, { kind: 'output' }>): CheckResult {
	const { expect } = probe;
	const outcome = compareOutput(expect, found, whatOf(probe));
	const silent = found.output.split('\n').find((line) => engineSilent.test(line));
	// Who expects these words asks for just that; who expects an exit code, an absence or an empty output has not been answered.
	const named = outcome.grade === 'passed' && (expect.prints !== undefined || expect.matches !== undefined);
	if (silent !== undefined && !named && (found.exit !== 0 || outcome.grade === 'failed')) return unchecked('engine-silent', { what: whatOf(probe), text: excerpt(silent) });
	const notRun = found.output.split('\n').find((line) => dockerSilent.test(line) || (outcome.grade === 'failed' && notStarted.test(line)));
	if (notRun !== undefined && !named) return unchecked('cannot-run', { what: whatOf(probe), code: found.exit, text: excerpt(notRun) });
	if (couldNotRun.includes(found.exit) && outcome.grade === 'failed' && expect.exit !== found.exit) return unchecked('cannot-run', { what: whatOf(probe), code: found.exit, text: excerpt(found.output) });
	return outcome;
}

/** Words by which a program says that a thing is not there. */
const saysAbsent = /\bno such\b/i;

function compareOutput(expect: ExpectedOutput, found: Extract<RawObservation, { kind: 'output' }>, what = ''): CheckResult {
	const text = excerpt(found.output);
	if (found.exit !== expect.exit) return { ...failed('wrong-exit-code', { code: found.exit, wanted: expect.exit, text }), ...(expect.warn?.includes(found.exit) && { warns: true as const }) };
	const output = found.output.trim();
	if (expect.equals !== undefined && output !== expect.equals) return failed('output-differs', { wanted: expect.equals, text });
	if (expect.prints !== undefined && !output.includes(expect.prints)) return failed('output-lacks', { wanted: expect.prints, text });
	if (expect.matches !== undefined && !new RegExp(expect.matches, 'mu').test(output)) return failed('output-unmatched', { pattern: expect.matches, text });
	if (expect.lacks !== undefined && output.includes(expect.lacks)) return failed('output-has', { unwanted: expect.lacks, text: lineWith(output, expect.lacks) });
	for (const [field, wanted] of Object.entries(expect.json ?? {})) {
		const value = readJson(output, field);
		if (value !== wanted) return failed('json-differs', { url: what, field, wanted, text: excerpt(value) });
	}
	const [json] = Object.entries(expect.json ?? {});
	if (json && expect.equals === undefined && expect.prints === undefined && expect.matches === undefined) return passed('output', { text: `${json[0]}: ${json[1]}` });
	const positive = expect.equals ?? expect.prints ?? expect.matches;
	// Who asks for an absence reads that, not a piece of what was searched, nor an error that was expected.
	if (expect.lacks !== undefined && positive === undefined) return passed('lacks', { unwanted: expect.lacks });
	if (expect.equals === '') return passed('none', {});
	if (expect.exit !== 0 && saysAbsent.test(positive ?? text)) return passed('absent', {});
	const line = expect.prints === undefined ? text : lineWith(output, expect.prints);
	return line === '' ? passed('exit-code', { code: found.exit }) : passed('output', { text: line });
}

/** Nobody answers: what `refused` waits for, and a failure for every other check, which wants an answer. */
function evaluateSilence(probe: Extract<Probe, { kind: 'http' }>, found: Extract<RawObservation, { kind: 'no-answer' }>): CheckResult {
	const { expect } = probe;
	const url = whatOf(probe);
	if (expect.refused && found.refused) return passed('refused', { url });
	return expect.refused ? unchecked('nothing', { what: url, reason: found.reason }) : failed('no-answer', { url, reason: found.reason });
}

function evaluateAnswer(url: string, expect: ExpectedAnswer, found: Extract<RawObservation, { kind: 'answer' }>): CheckResult {
	if (expect.refused) return failed('not-refused', { url, status: found.status });
	const wanted = statusWanted(expect);
	if (!wanted.counts(found.status)) return failed('wrong-status', { url, status: found.status, wanted: wanted.text });
	for (const [header, { equals, matches }] of Object.entries(expect.headers) as [string, { equals?: string; matches?: string }][]) {
		const text = found.headers[header]?.trim();
		if (text === undefined) return failed('header-absent', { url, header, wanted: equals ?? matches ?? '' });
		if (equals !== undefined && text !== equals) return failed('header-differs', { url, header, wanted: equals, text: excerpt(text) });
		if (matches !== undefined && !new RegExp(matches, 'u').test(text)) return failed('header-unmatched', { url, header, pattern: matches, text: excerpt(text) });
	}
	if (expect.body !== undefined && !found.body.includes(expect.body)) return failed('body-lacks', { url, wanted: expect.body, text: excerpt(found.body) });
	for (const [field, text] of Object.entries(expect.json)) {
		const value = readJson(found.body, field);
		if (value !== text) return failed('json-differs', { url, field, wanted: text, text: excerpt(value) });
	}
	const [json] = Object.entries(expect.json);
	const [header] = Object.keys(expect.headers);
	if (header !== undefined) return passed('output', { text: `${header}: ${found.headers[header] ?? ''}` });
	if (json) return passed('output', { text: `${json[0]}: ${json[1]}` });
	return expect.body === undefined ? passed('answer', { url, status: found.status }) : passed('output', { text: excerpt(found.body) });
}

/** The statuses that count, and how they are written. An error page has headers and a body too, so who wants something of an answer wants a good one. */
function statusWanted({ status, body, headers, json }: ExpectedAnswer): { counts: (status: number) => boolean; text: string } {
	const wantsMore = body !== undefined || Object.keys(headers).length + Object.keys(json).length > 0;
	const wanted = status.length === 0 && wantsMore ? [200] : status;
	if (wanted.length > 0) return { counts: (one) => wanted.includes(one), text: wanted.join(' / ') };
	return { counts: (one) => one >= 200 && one < 400, text: '200–399' };
}

function evaluateFile(probe: Extract<Probe, { kind: 'file' }>, found: Extract<RawObservation, { kind: 'file' }>): CheckResult {
	const path = whatOf(probe);
	if (found.exists !== probe.exists) return failed(found.exists ? 'file-there' : 'file-absent', { path });
	const missing = probe.holds.find((entry) => !found.entries.includes(entry));
	if (missing !== undefined) return failed('file-lacks', { path, entry: missing });
	if (probe.ends !== undefined && !found.tail.trimEnd().split('\n').at(-1)?.includes(probe.ends)) return failed('file-end', { path, wanted: probe.ends, text: excerpt(found.tail) });
	return passed(found.exists ? 'file-there' : 'file-absent', { path });
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

type SlotsOf<N extends ObservationName> = Record<(typeof observations)[N][number], string | number>;
const graded = (grade: CheckResult['grade']) => <N extends ObservationName>(name: N, slots: SlotsOf<N>): CheckResult => ({ grade, saw: { name, slots } });
const passed = graded('passed');
const failed = graded('failed');
const unchecked = graded('could-not-check');
