import { setTimeout as sleep } from 'node:timers/promises';
import { hasPattern, evaluate, prepareCheck, whatOf, type Probe, type RawObservation, type PrintedProbe, type CheckResult } from '../../src/runbook/check/check.ts';
import type { Grade, Observation } from '../../src/runbook/check/observation.ts';
import type { Check, Hint } from '../../src/runbook/definition/definition.ts';
import { pathsOf } from '../../src/runbook/command/paths.ts';
import type { RenderOptions } from '../../src/runbook/command/render.ts';
import { holds, type Resolved } from '../../src/runbook/values/resolve.ts';
import { maskTexts, secretsOf } from '../secrets.ts';
import { findUnmounted, isInContainer } from '../container.ts';
import { evaluateApart } from './evaluate-apart.ts';
import { observe } from './observe.ts';
import { observeFar } from './observe-far.ts';
import type { Ssh } from '../ssh/ssh.ts';

export interface ChecksResult {
	readonly result: Grade;
	readonly saw: readonly Observation[];
}

export interface CheckOptions {
	readonly folder: string;
	readonly signal: AbortSignal;
	/** The way to other machines. */
	readonly ssh?: Ssh;
	/** Try again as the check says, until it has held as long as it must; otherwise look once. */
	readonly wait: boolean;
	/** Told after each try that did not pass. */
	readonly onTry?: (attempt: number, result: ChecksResult) => Promise<void> | void;
}

/**
 * Looks at all checks of a list, in order, up to the first that fails or could not be done. What is only worth a warning does not end it. The worst result is that of all:
 * failed, could not check, warned, passed; `not-applicable` when no check applies.
 */
export async function runChecks(checks: readonly Check[], resolved: Resolved, step: RenderOptions & { step: string }, options: CheckOptions): Promise<ChecksResult> {
	const saw: Observation[] = [];
	let result: Grade = 'not-applicable';
	const secrets = secretsOf(resolved);
	for (const check of checks) {
		const prepared = prepareCheck(check, resolved, step);
		if (!prepared) continue;
		const { probe } = prepared;
		const outcome = probe ? (beyondContainer(check, probe, resolved, options.folder) ?? (await checkUntil(probe, check, secrets, options))) : missing(prepared.problems[0]?.parameter ?? '');
		const grade = gradeOf(check, outcome);
		saw.push(outcome.saw);
		result = worse(result, grade);
		if (grade === 'failed' || (grade === 'could-not-check' && check.severity === 'fail')) break;
	}
	return { result, saw };
}

/** Looks once whether a hint holds. `printed` reads the end of what the last run of its step printed, if there was one. */
export async function checkHint(hint: Hint, resolved: Resolved, step: RenderOptions & { step: string }, options: Omit<CheckOptions, 'wait'>, printed: () => Promise<string | undefined>): Promise<ChecksResult> {
	if (hint.kind !== 'printed') return runChecks([hint], resolved, step, { ...options, wait: false });
	const output = holds(hint.when, resolved.answers, step.node) ? await printed() : undefined;
	if (output === undefined) return { result: 'not-applicable', saw: [] };
	const outcome = await evaluateMasked(hint, { kind: 'output', exit: 0, output }, secretsOf(resolved), hintMs);
	return { result: outcome.grade, saw: [outcome.saw] };
}

/** How long it may take to compare what a run printed. */
const hintMs = 5_000;

const order: readonly Grade[] = ['not-applicable', 'passed', 'warned', 'could-not-check', 'failed'];
const worse = (a: Grade, b: Grade): Grade => (order.indexOf(a) > order.indexOf(b) ? a : b);
const gradeOf = (check: Check, { grade, warns }: CheckResult): Grade => (grade === 'failed' && (check.severity === 'warn' || warns) ? 'warned' : grade);

/** Tries until it passes, and holds, or the time is over; the last outcome counts. A try that the end of the time cut short says less than the one before it. */
async function checkUntil(probe: Probe, check: Check, secrets: readonly string[], options: CheckOptions): Promise<CheckResult> {
	const { everySeconds, withinSeconds, forSeconds, timeoutSeconds } = check;
	const began = performance.now();
	const secondsLeft = () => withinSeconds - (performance.now() - began) / 1000;
	let heldSince: number | undefined;
	let last: CheckResult | undefined;
	for (let attempt = 1; ; attempt += 1) {
		const left = heldSince === undefined && withinSeconds > 0 ? secondsLeft() : timeoutSeconds;
		const seconds = Math.min(timeoutSeconds, Math.max(left, 0.1));
		const startedAt = performance.now();
		const outcome = await tryOnce(probe, secrets, options, seconds);
		options.signal.throwIfAborted();
		const passed = outcome.grade === 'passed';
		if (!options.wait || (passed && forSeconds === 0)) return outcome;
		if (passed) {
			heldSince ??= startedAt;
			if (performance.now() - heldSince >= forSeconds * 1000) return outcome;
		} else {
			const cutShort = seconds < timeoutSeconds && outcome.saw.name === 'time-limit';
			const held = heldSince === undefined ? undefined : Math.floor((startedAt - heldSince) / 1000);
			heldSince = undefined;
			if (!cutShort || last === undefined) last = outcome;
			await options.onTry?.(attempt, { result: gradeOf(check, outcome), saw: [outcome.saw, ...(held === undefined ? [] : [notHeld(forSeconds, held)])] });
			if (secondsLeft() < everySeconds) return last;
		}
		const holdsUntil = heldSince === undefined ? Infinity : heldSince + forSeconds * 1000;
		await sleep(Math.max(0, Math.min(everySeconds * 1000, holdsUntil - performance.now())), undefined, { signal: options.signal });
	}
}

const notHeld = (seconds: number, held: number): Observation => ({ name: 'not-held', slots: { seconds, held } });

/** One try within its time: what is found, and the judgement on it, which may have to evaluate a regular expression that somebody wrote. */
async function tryOnce(probe: Probe, secrets: readonly string[], options: CheckOptions, seconds: number): Promise<CheckResult> {
	const began = performance.now();
	const machine = probe.kind === 'command' ? probe.command.machine : probe.machine;
	const found = machine && options.ssh ? await observeFar(probe, machine, options.ssh, options.signal, seconds) : await observe(probe, options.folder, options.signal, seconds);
	const left = Math.max(seconds * 1000 - (performance.now() - began), 1000);
	return evaluateMasked(probe, found, secrets, left);
}

/** Evaluation by what was found, told without its secrets: they are masked before a long text is cut short, or the rest of one would be told. */
async function evaluateMasked(probe: Probe | PrintedProbe, found: RawObservation, secrets: readonly string[], timeoutMs: number): Promise<CheckResult> {
	const masked = secrets.length === 0 ? undefined : { probe: maskTexts(probe, secrets), found: maskTexts(found, secrets) };
	const outcomes = hasPattern(probe)
		? await evaluateApart(masked ? [{ probe, found }, masked] : [{ probe, found }], timeoutMs)
		: [evaluate(probe, found), ...(masked ? [evaluate(masked.probe, masked.found)] : [])];
	const [outcome, told] = outcomes ?? [timeLimit(probe, timeoutMs), timeLimit(masked?.probe ?? probe, timeoutMs)];
	if (!outcome || !told) return outcome ?? timeLimit(probe, timeoutMs);
	return { ...outcome, saw: told.grade === outcome.grade ? told.saw : maskTexts(outcome.saw, secrets) };
}

function timeLimit(probe: Probe | PrintedProbe, timeoutMs: number): CheckResult {
	return { grade: 'could-not-check', saw: { name: 'time-limit', slots: { what: whatOf(probe), seconds: Math.ceil(timeoutMs / 1000) } } };
}

/** In a container of its own Drover sees of the machine what is mounted there. */
function beyondContainer(check: Check, probe: Probe, resolved: Resolved, folder: string): CheckResult | undefined {
	if (!isInContainer()) return undefined;
	if (check.machine) return { grade: 'could-not-check', saw: { name: 'in-container', slots: {} } };
	const paths = probe.kind === 'command' ? pathsOf(probe.command, resolved) : probe.kind === 'file' ? [probe.path] : [];
	const [path] = findUnmounted(paths, folder);
	return path === undefined ? undefined : { grade: 'could-not-check', saw: { name: 'not-mounted', slots: { path } } };
}

function missing(parameter: string): CheckResult {
	return { grade: 'could-not-check', saw: { name: 'value-missing', slots: { parameter } } };
}

