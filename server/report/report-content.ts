/** A report in one language, before it is given a format: headings, sentences, and what was shown and printed. */
import type { ShownState } from '../../src/i18n/step-state.ts';
import type { Locale } from '../../src/i18n/locale.ts';
import type { Effect, Phase } from '../../src/runbook/definition/definition.ts';
import type { Line } from './line.ts';

export interface ReportContent {
	readonly locale: Locale;
	readonly heading: Line;
	readonly made: Line;
	/** Who, when, where, how far, with which versions. */
	readonly facts: readonly { readonly name: string; readonly value: Line }[];
	/** What the reader must know before he reads on. */
	readonly notices: readonly Line[];
	readonly values: readonly ReportValue[];
	/** Values that were changed after the first step. */
	readonly valueChanges: readonly Line[];
	/** What was run in one go, in order. */
	readonly phases: readonly Line[];
	/** Results that did not pass and that the reader accepted. */
	readonly accepted: readonly Line[];
	readonly phaseSteps: readonly ReportPhase[];
	/** What was taken back, in order. */
	readonly back: readonly Line[];
	/** What was done and not taken back; absent when nothing was taken back or all of it. */
	readonly backLeft?: Line;
}

export interface ReportValue {
	readonly label: Line;
	/** A list has several. */
	readonly lines: readonly Line[];
	/** Where it comes from, in a word. */
	readonly origin: string;
}

/** The steps of a phase, or those that are in no phase any more. */
export interface ReportPhase {
	readonly phase?: Phase;
	readonly title: string;
	/** The outage, where it belongs. */
	readonly outage?: Line;
	readonly steps: readonly ReportStep[];
}

export interface ReportStep {
	readonly number?: number;
	readonly title: Line;
	readonly state: ShownState;
	/** Its state in a word or two. */
	readonly word: string;
	readonly effect?: Effect;
	readonly effectWord?: string;
	/** There is no way back past it but the backup. */
	readonly gate: boolean;
	/** How it stands, in a sentence, and what was seen. */
	readonly standing: ReportLine;
	readonly history: readonly (({ readonly kind: 'line' } & ReportLine) | ({ readonly kind: 'run' } & ReportRun))[];
}

export interface ReportLine {
	readonly line: Line;
	readonly saw: readonly Line[];
}

export interface ReportRun {
	readonly id: string;
	/** Of which step, for names. */
	readonly step: Line;
	readonly undo: boolean;
	readonly heading: Line;
	/** As it was shown. */
	readonly command: string;
	readonly outcome: Line;
	readonly good: boolean;
	readonly details: readonly Line[];
}
