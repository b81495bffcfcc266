import { hintWords, stepTitle, wordsIn, type FamilyContent } from '../../src/content/content.ts';
import { formatObservation } from '../../src/i18n/format.ts';
import { stateOf, stateWord, type ShownState } from '../../src/i18n/step-state.ts';
import type { Translate } from '../../src/i18n/words.ts';
import type { Runbook } from '../../src/runbook/definition/definition.ts';
import type { PlannedStep } from '../../src/runbook/session/plan.ts';
import type { Session } from '../../src/runbook/session/session.ts';
import { makeVisible, makeVisibleLine } from '../../server/report/visible.ts';
import type { Terminal } from '../command.ts';

/** How a step came out, in one word for programs. */
export type Result = 'passed' | 'warned' | 'failed' | 'could-not-check' | 'unknown' | 'stale' | 'by-hand' | 'skipped' | 'accepted' | 'not-applicable' | 'not-run';

const results: Readonly<Record<ShownState, Result>> = {
	todo: 'not-run', next: 'not-run', running: 'not-run', checking: 'not-run', undone: 'not-run',
	ran: 'passed', verified: 'passed', found: 'passed', warned: 'warned', failed: 'failed', 'could-not-check': 'could-not-check',
	unknown: 'unknown', stale: 'stale', 'by-hand': 'by-hand', skipped: 'skipped', overridden: 'accepted', 'not-applicable': 'not-applicable',
};

/** What can be told of a step as it stands. */
export interface StepFacts {
	readonly step: string;
	readonly node: string | null;
	readonly phase: string;
	readonly title: string;
	readonly result: Result;
	/** The state in a word or two, in the reader's language. */
	readonly word: string;
	/** What its check observed, then the hints that hold. */
	readonly observed: readonly string[];
	readonly hints: readonly string[];
}

/** Tells of steps in the language of the terminal. */
export function makeFacts(runbook: Runbook, family: FamilyContent, { say, locale }: Terminal) {
	const words = wordsIn(family, locale);
	const names = { parameter: (name: string) => words.family.parameters[name]?.label ?? name, step: (id: string) => stepTitle(words, runbook, id), runbook: (id: string) => words.runbooks[id]?.title ?? id };
	const title = (step: string, node?: string | null) => `${makeVisibleLine(names.step(step))}${node === undefined || node === null ? '' : ` (${makeVisibleLine(node)})`}`;
	return {
		title,
		of: (planned: PlannedStep, session: Session): StepFacts => {
			const { step, node, status, key } = planned;
			const state = stateOf(planned, undefined);
			const saw = state === 'could-not-check' || (planned.unchecked && planned.way === 'check') ? (planned.unchecked?.saw ?? []) : status.kind === 'overridden' ? (status.accepted?.saw ?? []) : 'saw' in status ? status.saw : [];
			return {
				step: step.id,
				node: node?.name ?? null,
				phase: step.phase,
				title: title(step.id, node?.name),
				result: planned.unchecked && planned.way === 'check' && !['overridden', 'skipped', 'by-hand'].includes(status.kind) ? 'could-not-check' : results[state],
				word: say(stateWord(state)),
				observed: saw.map((one) => makeVisible(formatObservation(one, say as Translate, names))),
				hints: (session.hints.get(key) ?? []).map((hint) => makeVisible(hintWords(words, runbook, step.id, hint))),
			};
		},
	};
}

export type Facts = ReturnType<typeof makeFacts>;
