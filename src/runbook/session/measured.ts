/** How much data there is, as a check of this session has measured it. */
import type { Runbook } from '../definition/definition.ts';
import type { Resolved } from '../values/resolve.ts';
import { nodesOf } from '../command/render.ts';
import { stepKey, type Session } from './session.ts';

const kibPerGib = 1024 * 1024;

/** Returns the size of the data in GiB, by the last check that measured it; undefined before one has. */
export function measuredGib({ steps }: Runbook, resolved: Resolved, session: Session | undefined): number | undefined {
	for (const step of steps) {
		if (step.measures === undefined) continue;
		const pattern = new RegExp(step.measures, 'mu');
		for (const node of [undefined, ...nodesOf(step, resolved)]) {
			const status = session?.steps.get(stepKey(step.id, node?.name));
			const seen = status && 'saw' in status ? status.saw : [];
			for (const { slots } of seen) {
				const kib = Number(pattern.exec(String(slots['text'] ?? ''))?.[1] ?? Number.NaN);
				if (Number.isFinite(kib)) return kib / kibPerGib;
			}
		}
	}
	return undefined;
}
