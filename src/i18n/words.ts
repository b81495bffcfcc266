/** Every word that a reader of the page sees, by key. Which keys there are, and where each appears, stands in `notes/`. */
import type { ObservationName } from '../runbook/check/observation.ts';
import type { ProblemName } from '../runbook/problem.ts';
import type { RunOutcomeName } from '../runbook/run/run-outcome.ts';
import { fill } from './fill.ts';
import type { pageNotes } from './notes/page.ts';
import type { phaseNotes } from './notes/phase.ts';
import type { uiNotes } from './notes/ui.ts';
import type { typeNotes } from './notes/types.ts';

export type WordKey = keyof typeof uiNotes | keyof typeof typeNotes | `problem.${ProblemName}` | `saw.${ObservationName}` | `run.${RunOutcomeName}`;
/** Words that only the build needs: no script loads them. */
export type PageKey = keyof typeof pageNotes;
export type Slots = Readonly<Record<string, string | number>>;
/** Sentences of one locale by key. */
export type Table = Readonly<Record<string, string>>;
/** Returns the sentence with its slots filled. A key without a sentence is returned as it is, so that it is noticed. */
export type Translate<K extends string = WordKey> = (key: K, slots?: Slots) => string;
/** Words of phase runs: scripts load them where a Drover may answer. */
export type PhaseKey = keyof typeof phaseNotes;
/** The same, where the words of the built page are at hand. */
export type TranslateAll = Translate<WordKey | PageKey | PhaseKey>;

export function translator<K extends string = WordKey>(table: Table): Translate<K> {
	return (key, slots) => fill(table[key] ?? key, slots);
}
