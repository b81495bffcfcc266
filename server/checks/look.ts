import { setTimeout as sleep } from 'node:timers/promises';
import { judge, prepareCheck, type Look, type Observation, type Verdict } from '../../src/runbook/check.ts';
import type { Sight } from '../../src/runbook/sight.ts';
import type { Check } from '../../src/runbook/definition.ts';
import type { RenderOptions } from '../../src/runbook/render.ts';
import type { Resolved } from '../../src/runbook/resolve.ts';
import { maskTexts, secretsOf } from '../secrets.ts';
import { observe } from './observe.ts';

export interface LookResult {
	readonly passed: boolean;
	readonly saw: readonly Sight[];
}

export interface LookOptions {
	readonly folder: string;
	readonly signal: AbortSignal;
	/** Try again as the check says; otherwise look once. */
	readonly wait: boolean;
	/** Told after each try that did not pass. */
	readonly onTry?: (attempt: number, result: LookResult) => Promise<void> | void;
}

/** Looks at all checks of a list, in order; all must pass. A check that does not apply passes in silence; no check at all fails. */
export async function lookAt(checks: readonly Check[], resolved: Resolved, step: RenderOptions & { step: string }, options: LookOptions): Promise<LookResult> {
	const saw: Sight[] = [];
	const secrets = secretsOf(resolved);
	for (const check of checks) {
		const prepared = prepareCheck(check, resolved, step);
		if (!prepared) continue;
		const verdict = prepared.look ? await lookUntil(prepared.look, check, secrets, options) : missing(prepared.problems[0]?.parameter ?? '');
		saw.push(verdict.saw);
		if (!verdict.passed) return { passed: false, saw };
	}
	return { passed: saw.length > 0, saw };
}

/** Tries until it passes or the time is over; the last sight counts. */
async function lookUntil(look: Look, check: Check, secrets: readonly string[], options: LookOptions): Promise<Verdict> {
	const until = performance.now() + check.withinSeconds * 1000;
	for (let attempt = 1; ; attempt += 1) {
		const verdict = judgeInSecret(look, await observe(look, options.folder, options.signal), secrets);
		options.signal.throwIfAborted();
		if (verdict.passed || !options.wait) return verdict;
		await options.onTry?.(attempt, { passed: false, saw: [verdict.saw] });
		if (performance.now() + check.everySeconds * 1000 > until) return verdict;
		await sleep(check.everySeconds * 1000, undefined, { signal: options.signal });
	}
}

/** Judged by what was found, told without its secrets: they are masked before a long text is cut short, or the rest of one would be told. */
function judgeInSecret(look: Look, found: Observation, secrets: readonly string[]): Verdict {
	const verdict = judge(look, found);
	if (secrets.length === 0) return verdict;
	const masked = judge(maskTexts(look, secrets), maskTexts(found, secrets));
	return { passed: verdict.passed, saw: masked.passed === verdict.passed ? masked.saw : maskTexts(verdict.saw, secrets) };
}

function missing(parameter: string): Verdict {
	return { passed: false, saw: { name: 'value-missing', slots: { parameter } } };
}
