/** What a walk says while it goes: to a reader, or to a program. */
import { formatDuration } from '../../src/i18n/format.ts';
import type { Translate } from '../../src/i18n/words.ts';
import { escapeControls } from '../../server/log.ts';
import type { Terminal } from '../command.ts';
import type { Result, StepFacts } from './facts.ts';
import type { Person } from './person.ts';

/** How a step came out, with how long it took. Unit: seconds. */
export interface Outcome extends StepFacts {
	readonly seconds: number;
}

export interface WalkEnd {
	readonly session: string;
	readonly exit: number;
	/** Why it came to its end: a {@link StopReason}, `waits` for a person, or `until`. */
	readonly reason: string;
	readonly step?: string;
	readonly node?: string;
	readonly text: string;
	readonly problems: readonly string[];
}

export interface WalkOutput {
	session(session: string, more: { readonly runbook: string; readonly continued: boolean; readonly address: string | null }): void;
	/** Free text, for readers. */
	say(text: string): void;
	begin(step: StepFacts): void;
	/** Steps that are under way, once a second. */
	progress(line: string): void;
	result(outcome: Outcome): void;
	end(end: WalkEnd, all: readonly StepFacts[]): void;
}

const marks: Readonly<Record<Result, string>> = { passed: '✓', warned: '!', failed: '✗', 'could-not-check': '?', unknown: '?', stale: '✗', 'by-hand': '✓', skipped: '–', accepted: '!', 'not-applicable': '–', 'not-run': '·' };
/** Observations are told of what did not pass. */
const isGood = (result: Result) => result === 'passed' || result === 'by-hand' || result === 'not-applicable';

export function createReaderOutput({ out, say }: Terminal, person: Person | undefined): WalkOutput {
	const write = (line: string) => {
		person?.status('');
		out(`${line}\n`);
	};
	const writeStep = (one: StepFacts, more = '') => {
		write(`${marks[one.result]} ${one.title}: ${one.word}${more}`);
		if (!isGood(one.result)) for (const line of [...one.observed, ...one.hints]) write(`    ${line.replaceAll('\n', '\n    ')}`);
	};
	return {
		session: (session, { continued, address }) => {
			if (address !== null) write(say('cli.walk.by-server', { address }));
			write(say(continued ? 'cli.walk.continued' : 'cli.walk.opened', { session }));
		},
		say: write,
		begin: () => undefined,
		progress: (line) => person?.status(line),
		result: (outcome) => writeStep(outcome, ` (${formatDuration(outcome.seconds, say as Translate)})`),
		end: ({ text, problems, session }, all) => {
			const left = all.filter(({ result }) => result !== 'not-applicable');
			const counts = [...new Set(left.map(({ word }) => word))].map((word) => say('cli.walk.count', { word, count: left.filter((one) => one.word === word).length }));
			write('');
			for (const one of left.filter(({ result }) => !isGood(result) && result !== 'not-run')) writeStep(one);
			write(counts.join(say('list.separator')));
			write(text);
			for (const one of problems) write(one);
			write(say('cli.walk.report', { session }));
		},
	};
}

/** One JSON object a line on stdout; what readers want to know besides goes to stderr. */
export function createJsonOutput({ out, err }: Terminal, person: Person | undefined): WalkOutput {
	const write = (value: object) => out(`${escapeControls(JSON.stringify(value))}\n`);
	return {
		session: (session, more) => write({ type: 'session', session, ...more }),
		say: (text) => {
			if (!person) return;
			person.status('');
			err(`${text}\n`);
		},
		begin: ({ step, node, phase }) => write({ type: 'begin', step, node, phase, at: new Date().toISOString() }),
		progress: (line) => person?.status(line),
		result: (outcome) => write({ type: 'result', ...outcome }),
		end: ({ step, node, ...end }, all) => write({ type: 'end', ...end, step: step ?? null, node: node ?? null, steps: all }),
	};
}
