/** What lies ahead, in words: how many steps, how long the outage usually is, and where only the backup leads back. Drawn as the page is built, and again for what is typed. */
import { formatDuration } from '../i18n/format.ts';
import type { Translate } from '../i18n/words.ts';
import type { Runbook } from '../runbook/definition/definition.ts';
import { usualDowntime, type PlannedStep } from '../runbook/session/plan.ts';

export interface RunbookFacts {
	readonly steps: string;
	/** Undefined for a runbook that has no downtime whatever the values are. */
	readonly outage?: string;
	/** There where a step is a point of no return for some values: the first that is one for these, if any. */
	readonly gate?: { readonly step?: string };
}

/** `planned`: every step as it is before anything was done. `gib`: the size of the data, where it was measured. */
export function factsOf(planned: readonly PlannedStep[], t: Translate, { downtime }: Pick<Runbook, 'downtime'> = {}, gib?: number): RunbookFacts {
	const applying = planned.filter(({ applies }) => applies);
	const gates = applying.filter(({ step }) => step.pointOfNoReturn !== false);
	const gate = gates.find(({ pointOfNoReturn }) => pointOfNoReturn);
	return {
		steps: t('facts.steps-count', { count: new Set(applying.map(({ step }) => step.id)).size }),
		...(downtime !== false && planned.some(isDown) && { outage: downtimeText(applying, t, gib) }),
		...(gates.length > 0 && { gate: gate ? { step: gate.step.id } : {} }),
	};
}

/** The downtime begins at the first step that changes something. */
function isDown({ step }: PlannedStep): boolean {
	return step.phase === 'change' && step.effect !== 'read';
}

function downtimeText(applying: readonly PlannedStep[], t: Translate, gib: number | undefined): string {
	const change = applying.filter(({ step }) => step.phase === 'change');
	if (!change.some(isDown)) return t('facts.outage-none');
	const { seconds, perGibSeconds } = usualDowntime(change);
	// An estimate has no seconds.
	const told = seconds < 120 ? seconds : Math.ceil(seconds / 60) * 60;
	if (seconds === 0) return t('facts.outage-some');
	const time = formatDuration(told, t);
	if (gib !== undefined && change.some(({ step }) => step.usually.some((one) => one.perGibSeconds > 0))) return t('facts.outage-sized', { time, gib: sizeText(gib) });
	return perGibSeconds > 0 ? t('facts.outage-grows', { time, more: formatDuration(perGibSeconds, t) }) : t('facts.outage-about', { time });
}

/** With as many digits as an estimate has. */
const sizeText = (gib: number): string => (gib < 10 ? Math.max(gib, 0.1).toFixed(1) : String(Math.round(gib)));
