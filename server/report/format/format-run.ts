import { isRunSuccess } from '../../../src/runbook/run/run.ts';
import { madeBy, type SessionRun } from '../../../src/runbook/session/session.ts';
import type { SessionEvent } from '../../../src/runbook/session/session-event.ts';
import { given, words, type Line } from '../line.ts';
import type { Picture } from '../picture.ts';
import type { ReportSource } from '../source.ts';
import type { ReportRun } from '../report-content.ts';
import type { Formatter } from './formatter.ts';

type Cancelling = Extract<SessionEvent, { type: 'run.signalled' | 'run.cancelled' }>;

/** Tells one run: what was shown, how it ended, what was sent to it, and how much of its output there is. */
export function formatRun(run: SessionRun, source: ReportSource, picture: Picture | undefined, formatter: Formatter): ReportRun {
	const { state } = run;
	const outcome = formatter.outcome(state);
	const took = state.kind === 'ended' ? formatter.line('report.took', { outcome, time: formatter.duration(state.elapsedMs / 1000) }) : outcome;
	return {
		id: run.id,
		step: formatter.step(run.step, run.node),
		undo: run.kind === 'undo',
		heading: formatter.line(run.kind === 'undo' ? 'report.undo' : 'report.run', { at: formatter.times.clock(run.askedAt) }),
		command: run.display,
		outcome: took,
		good: isRunSuccess(state),
		details: [...formatDepends(run, formatter), ...formatMade(run, formatter), ...formatSignals(run, source, formatter), ...formatStayers(run, formatter), ...formatOutput(run, picture, formatter)],
	};
}

function formatDepends({ depends }: SessionRun, formatter: Formatter): Line[] {
	return depends.length === 0 ? [] : [formatter.line('report.depends', { names: formatter.list(depends.map((name) => given(name))) })];
}

function formatMade(run: SessionRun, formatter: Formatter): Line[] {
	const made = run.makes ? madeBy(run) : undefined;
	if (!made) return [];
	return [made.kind === 'container' ? formatter.line('report.made-container', { container: given(made.id) }) : formatter.line(`report.made-${made.kind}`)];
}

function formatSignals(run: SessionRun, { timeline }: ReportSource, formatter: Formatter): Line[] {
	return timeline.flatMap(({ at, event }) => {
		if ((event.type !== 'run.signalled' && event.type !== 'run.cancelled') || event.run !== run.id) return [];
		return formatCancelling(event, formatter.times.clock(at), formatter);
	});
}

function formatCancelling(event: Cancelling, at: Line, formatter: Formatter): Line[] {
	if (event.type === 'run.cancelled') {
		return event.remaining.length === 0 ? [] : [formatter.line('report.remaining', { at, names: processes(event.remaining, event.unlisted, formatter) })];
	}
	const { signal, sent, refused, unlisted } = event;
	return [
		...(sent.length > 0 ? [formatter.line('report.signal', { at, signal, to: processes(sent, unlisted, formatter) })] : []),
		...(refused.length > 0 ? [formatter.line('report.signal-refused', { at, signal, to: processes(refused, 0, formatter) })] : []),
	];
}

function processes(all: readonly { readonly pid: number; readonly name: string }[], unlisted: number, formatter: Formatter): Line {
	const list = formatter.list(all.map(({ pid, name }) => formatter.line('report.process', { name: given(name), pid })));
	return unlisted > 0 ? formatter.line('report.more', { list, count: unlisted }) : list;
}

function formatStayers({ state }: SessionRun, formatter: Formatter): Line[] {
	if (state.kind !== 'ended' || state.stayers.length === 0) return [];
	return [formatter.line('report.stayers', { names: processes(state.stayers, 0, formatter) })];
}

/** Whether the output is whole, and whether all of it is in this report. */
function formatOutput({ state }: SessionRun, picture: Picture | undefined, formatter: Formatter): Line[] {
	if (state.kind === 'never-started' || state.kind === 'asked') return [];
	if (picture?.failure !== undefined) return [formatter.line('report.output-gone', { reason: given(picture.failure) })];
	const lines: Line[] = [];
	const output = state.kind === 'ended' ? state.output : undefined;
	if (output?.kind === 'whole') lines.push(formatter.line(picture && picture.text.length > 0 ? 'report.output-whole' : 'report.output-none'));
	if (output?.kind === 'cut') lines.push(formatter.line('report.output-cut', { bytes: count(output.droppedBytes, formatter) }));
	if (output?.kind === 'lost') lines.push(formatter.line('report.output-lost', { event: output.afterEvent }));
	if (output?.kind === 'pending') lines.push(formatter.line('report.output-pending'));
	if (picture?.simplified !== undefined) lines.push(formatter.line(picture.simplified === 'text' ? 'report.output-as-text' : 'report.output-simplified'));
	if (picture && picture.cutBytes > 0) lines.push(formatter.line('report.output-shortened', { bytes: count(picture.cutBytes, formatter) }));
	return lines;
}

function count(bytes: number, { locale }: Formatter): Line {
	return words(bytes.toLocaleString(locale));
}
