import { setTimeout as sleep } from 'node:timers/promises';
import { hasPattern, judge, prepareCheck, whatOf, type Look, type Observation, type PrintedLook, type Verdict } from '../../src/runbook/check/check.ts';
import type { Grade, Sight } from '../../src/runbook/check/sight.ts';
import type { Check, Hint } from '../../src/runbook/definition/definition.ts';
import type { RenderOptions } from '../../src/runbook/command/render.ts';
import { holds, type Resolved } from '../../src/runbook/values/resolve.ts';
import { maskTexts, secretsOf } from '../secrets.ts';
import { judgeApart } from './judge-apart.ts';
import { observe } from './observe.ts';

export interface LookResult {
	readonly result: Grade;
	readonly saw: readonly Sight[];
}

export interface LookOptions {
	readonly folder: string;
	readonly signal: AbortSignal;
	/** Try again as the check says, until it has held as long as it must; otherwise look once. */
	readonly wait: boolean;
	/** Told after each try that did not pass. */
	readonly onTry?: (attempt: number, result: LookResult) => Promise<void> | void;
}

/**
 * Looks at all checks of a list, in order, up to the first that fails or could not be done. What is only worth a warning does not end it. The worst result is that of all:
 * failed, could not check, warned, passed; `not-applicable` when no check applies.
 */
export async function lookAt(checks: readonly Check[], resolved: Resolved, step: RenderOptions & { step: string }, options: LookOptions): Promise<LookResult> {
	const saw: Sight[] = [];
	let result: Grade = 'not-applicable';
	const secrets = secretsOf(resolved);
	for (const check of checks) {
		const prepared = prepareCheck(check, resolved, step);
		if (!prepared) continue;
		const verdict = prepared.look ? await lookUntil(prepared.look, check, secrets, options) : missing(prepared.problems[0]?.parameter ?? '');
		const grade = gradeOf(check, verdict);
		saw.push(verdict.saw);
		result = worse(result, grade);
		if (grade === 'failed' || (grade === 'could-not-check' && check.severity === 'fail')) break;
	}
	return { result, saw };
}

/** Looks once whether a hint holds. `printed` reads the end of what the last run of its step printed, if there was one. */
export async function lookAtHint(hint: Hint, resolved: Resolved, step: RenderOptions & { step: string }, options: Omit<LookOptions, 'wait'>, printed: () => Promise<string | undefined>): Promise<LookResult> {
	if (hint.kind !== 'printed') return lookAt([hint], resolved, step, { ...options, wait: false });
	const output = holds(hint.when, resolved.answers, step.node) ? await printed() : undefined;
	if (output === undefined) return { result: 'not-applicable', saw: [] };
	const verdict = await judgeInSecret(hint, { kind: 'output', exit: 0, output }, secretsOf(resolved), hintMs);
	return { result: verdict.grade, saw: [verdict.saw] };
}

/** How long it may take to compare what a run printed. */
const hintMs = 5_000;

const order: readonly Grade[] = ['not-applicable', 'passed', 'warned', 'could-not-check', 'failed'];
const worse = (a: Grade, b: Grade): Grade => (order.indexOf(a) > order.indexOf(b) ? a : b);
const gradeOf = (check: Check, { grade, warns }: Verdict): Grade => (grade === 'failed' && (check.severity === 'warn' || warns) ? 'warned' : grade);

/** Tries until it passes, and holds, or the time is over; the last verdict counts. A try that the end of the time cut short says less than the one before it. */
async function lookUntil(look: Look, check: Check, secrets: readonly string[], options: LookOptions): Promise<Verdict> {
	const { everySeconds, withinSeconds, forSeconds, timeoutSeconds } = check;
	const began = performance.now();
	const secondsLeft = () => withinSeconds - (performance.now() - began) / 1000;
	let heldSince: number | undefined;
	let last: Verdict | undefined;
	for (let attempt = 1; ; attempt += 1) {
		const left = heldSince === undefined && withinSeconds > 0 ? secondsLeft() : timeoutSeconds;
		const seconds = Math.min(timeoutSeconds, Math.max(left, 0.1));
		const startedAt = performance.now();
		const verdict = await tryOnce(look, secrets, options, seconds);
		options.signal.throwIfAborted();
		const passed = verdict.grade === 'passed';
		if (!options.wait || (passed && forSeconds === 0)) return verdict;
		if (passed) {
			heldSince ??= startedAt;
			if (performance.now() - heldSince >= forSeconds * 1000) return verdict;
		} else {
			const cutShort = seconds < timeoutSeconds && verdict.saw.name === 'time-limit';
			const held = heldSince === undefined ? undefined : Math.floor((startedAt - heldSince) / 1000);
			heldSince = undefined;
			if (!cutShort || last === undefined) last = verdict;
			await options.onTry?.(attempt, { result: gradeOf(check, verdict), saw: [verdict.saw, ...(held === undefined ? [] : [notHeld(forSeconds, held)])] });
			if (secondsLeft() < everySeconds) return last;
		}
		const holdsUntil = heldSince === undefined ? Infinity : heldSince + forSeconds * 1000;
		await sleep(Math.max(0, Math.min(everySeconds * 1000, holdsUntil - performance.now())), undefined, { signal: options.signal });
	}
}

const notHeld = (seconds: number, held: number): Sight => ({ name: 'not-held', slots: { seconds, held } });

/** One try within its time: what is found, and the judgement on it, which may have to evaluate a regular expression that somebody wrote. */
async function tryOnce(look: Look, secrets: readonly string[], options: LookOptions, seconds: number): Promise<Verdict> {
	const began = performance.now();
	const found = await observe(look, options.folder, options.signal, seconds);
	const left = Math.max(seconds * 1000 - (performance.now() - began), 1000);
	return judgeInSecret(look, found, secrets, left);
}

/** Judged by what was found, told without its secrets: they are masked before a long text is cut short, or the rest of one would be told. */
async function judgeInSecret(look: Look | PrintedLook, found: Observation, secrets: readonly string[], timeoutMs: number): Promise<Verdict> {
	const masked = secrets.length === 0 ? undefined : { look: maskTexts(look, secrets), found: maskTexts(found, secrets) };
	const verdicts = hasPattern(look)
		? await judgeApart(masked ? [{ look, found }, masked] : [{ look, found }], timeoutMs)
		: [judge(look, found), ...(masked ? [judge(masked.look, masked.found)] : [])];
	const [verdict, told] = verdicts ?? [timeLimit(look, timeoutMs), timeLimit(masked?.look ?? look, timeoutMs)];
	if (!verdict || !told) return verdict ?? timeLimit(look, timeoutMs);
	return { ...verdict, saw: told.grade === verdict.grade ? told.saw : maskTexts(verdict.saw, secrets) };
}

function timeLimit(look: Look | PrintedLook, timeoutMs: number): Verdict {
	return { grade: 'could-not-check', saw: { name: 'time-limit', slots: { what: whatOf(look), seconds: Math.ceil(timeoutMs / 1000) } } };
}

function missing(parameter: string): Verdict {
	return { grade: 'could-not-check', saw: { name: 'value-missing', slots: { parameter } } };
}

