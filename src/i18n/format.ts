/** Puts problems, observations and outcomes into a reader's language. Pure: the page, the server's reports and the command line say the same. */
import type { Observation } from '../runbook/check/observation.ts';
import type { RunState } from '../runbook/run/run-state.ts';
import { runOutcome } from '../runbook/run/run-outcome.ts';
import type { Slots, Translate, WordKey } from './words.ts';

/** Names as the reader knows them. */
export interface Names {
	/** Label of a parameter's field. */
	parameter(name: string): string;
	/** Title of a step. */
	step(id: string): string;
	/** Title of a runbook. */
	runbook(id: string): string;
}

/** What a problem looks like when it has come over the network: its name may be of another version. */
export interface SentProblem {
	readonly name: string;
	readonly slots: Slots;
}

/** Returns the sentence of a problem. */
export function formatProblem(problem: SentProblem, t: Translate, names: Names): string {
	const key = `problem.${problem.name}` as WordKey;
	const slots: Record<string, string | number> = {};
	for (const [slot, value] of Object.entries(problem.slots)) slots[slot] = formatSlot(slot, value, t, names);
	const sentence = t(key, slots);
	return sentence === key ? t('problem.request.invalid', { detail: `${problem.name} ${JSON.stringify(problem.slots)}` }) : sentence;
}

function formatSlot(slot: string, value: string | number, t: Translate, names: Names): string | number {
	if (typeof value === 'number') return value;
	if (slot === 'parameter' || slot === 'field') return names.parameter(value);
	if (slot === 'missing') return value.split(', ').map((name) => names.parameter(name)).join(t('list.separator'));
	if (slot === 'step' || slot === 'before' || slot === 'later' || slot === 'other') return names.step(value);
	if (slot === 'runbook') return names.runbook(value);
	if (slot === 'rule') return t(`rule.${value}` as WordKey);
	if (slot === 'type') return t(`type.${value}` as WordKey);
	if (slot === 'suggestion') return value === '' ? '' : t('problem.did-you-mean', { suggestion: value });
	return value;
}

/** Returns what a check saw, as a sentence. */
export function formatObservation(observation: Observation, t: Translate, names: Names): string {
	const { parameter } = observation.slots;
	const slots = typeof parameter === 'string' ? { ...observation.slots, parameter: names.parameter(parameter) } : observation.slots;
	return t(`saw.${observation.name}`, slots);
}

/** Returns how a run stands, as a sentence. */
export function formatRun(state: RunState, t: Translate): string {
	const { name, slots } = runOutcome(state);
	return t(`run.${name}`, slots);
}

/** Returns a length of time in words. Unit: seconds. */
export function formatDuration(seconds: number, t: Translate): string {
	const whole = Math.max(0, Math.round(seconds));
	if (whole < 60) return t('time.seconds', { count: whole });
	const minutes = Math.floor(whole / 60);
	const rest = whole % 60;
	if (minutes < 60) return rest === 0 ? t('time.minutes', { count: minutes }) : t('time.minutes-seconds', { minutes, seconds: rest });
	return t('time.hours-minutes', { hours: Math.floor(minutes / 60), minutes: minutes % 60 });
}
