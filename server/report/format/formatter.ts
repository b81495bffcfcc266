import { hintWords, stepTitle, wordsIn } from '../../../src/content/content.ts';
import type { Locale } from '../../../src/i18n/locale.ts';
import { reportTable, type ReportKey } from '../../../src/i18n/report.ts';
import { formatDuration } from '../../../src/i18n/format.ts';
import { translator } from '../../../src/i18n/words.ts';
import type { Observation } from '../../../src/runbook/check/observation.ts';
import { runOutcome } from '../../../src/runbook/run/run-outcome.ts';
import type { RunState } from '../../../src/runbook/run/run-state.ts';
import { fillLine, given, joinLines, words, type Line, type Slot } from '../line.ts';
import type { ReportSource } from '../source.ts';
import { timesOf, type Times } from '../times.ts';

/** Puts what a report tells into one language. */
export interface Formatter {
	readonly locale: Locale;
	readonly times: Times;
	line(key: ReportKey, slots?: Readonly<Record<string, Slot>>): Line;
	/** Words without slots. */
	text(key: ReportKey): string;
	/** Title of a runbook. */
	runbook(): Line;
	/** Title of a step, with its node. */
	step(id: string, node?: string): Line;
	parameter(name: string): Line;
	hint(step: string, hint: string): Line;
	observation(observation: Observation): Line;
	outcome(state: RunState): Line;
	/** Unit: seconds. */
	duration(seconds: number): string;
	list(lines: readonly Line[]): Line;
}

export function createFormatter({ runbook, family, opened, entries }: ReportSource, locale: Locale, timeZone?: string): Formatter {
	const table = reportTable(locale);
	const own = family && wordsIn(family, locale);
	const line: Formatter['line'] = (key, slots) => fillLine(table[key] ?? key, slots);
	const text: Formatter['text'] = (key) => table[key] ?? key;
	const title = (id: string) => (runbook?.steps.some((step) => step.id === id) && own ? words(stepTitle(own, runbook, id)) : given(id));
	const parameter = (name: string) => {
		const label = own?.family.parameters[name]?.label;
		return label === undefined ? given(name) : words(label);
	};
	return {
		locale,
		times: timesOf(locale, entries[0]?.at ?? '', timeZone),
		line,
		text,
		runbook: () => (runbook && own ? words(own.runbooks[runbook.id]?.title ?? runbook.id) : given(opened.runbook)),
		step: (id, node) => (node === undefined ? title(id) : line('report.on-node', { step: title(id), node: given(node) })),
		parameter,
		hint: (step, hint) => {
			const known = runbook?.steps.find((one) => one.id === step);
			return runbook && own && known && Object.hasOwn(known.hints, hint) ? words(hintWords(own, runbook, step, hint)) : given(hint);
		},
		observation: ({ name, slots }) => {
			const filled = Object.entries(slots).map(([slot, value]): [string, Slot] => {
				if (typeof value === 'number') return [slot, value];
				return [slot, slot === 'parameter' ? parameter(value) : given(value)];
			});
			return line(`saw.${name}`, Object.fromEntries(filled));
		},
		outcome: (state) => {
			const { name, slots } = runOutcome(state);
			return line(`run.${name}`, Object.fromEntries(Object.entries(slots).map(([slot, value]) => [slot, typeof value === 'number' ? value : given(value)])));
		},
		duration: (seconds) => {
			const t = translator(table);
			if (seconds < 0.1) return text('report.instant');
			return seconds < 9.95 ? t('time.seconds', { count: Math.round(seconds * 10) / 10 }) : formatDuration(seconds, t);
		},
		list: (lines) => joinLines(lines, text('list.separator')),
	};
}
