import { isRunSuccess } from '../../../src/runbook/run/run.ts';
import { madeBy, type SessionRun } from '../../../src/runbook/session/session.ts';
import type { SessionEvent } from '../../../src/runbook/session/session-event.ts';
import { given, words, type Line } from '../line.ts';
import type { Picture } from '../picture.ts';
import type { ReportSource } from '../source.ts';
import type { ToldRun } from '../told.ts';
import type { Teller } from './teller.ts';

type Cancelling = Extract<SessionEvent, { type: 'run.signalled' | 'run.cancelled' }>;

/** Tells one run: what was shown, how it ended, what was sent to it, and how much of its output there is. */
export function tellRun(run: SessionRun, source: ReportSource, picture: Picture | undefined, teller: Teller): ToldRun {
	const { state } = run;
	const outcome = teller.outcome(state);
	const took = state.kind === 'ended' ? teller.line('report.took', { outcome, time: teller.duration(state.elapsedMs / 1000) }) : outcome;
	return {
		id: run.id,
		step: teller.step(run.step, run.node),
		undo: run.kind === 'undo',
		heading: teller.line(run.kind === 'undo' ? 'report.undo' : 'report.run', { at: teller.times.clock(run.askedAt) }),
		command: run.display,
		outcome: took,
		good: isRunSuccess(state),
		details: [...tellDepends(run, teller), ...tellMade(run, teller), ...tellSignals(run, source, teller), ...tellStayers(run, teller), ...tellOutput(run, picture, teller)],
	};
}

function tellDepends({ depends }: SessionRun, teller: Teller): Line[] {
	return depends.length === 0 ? [] : [teller.line('report.depends', { names: teller.list(depends.map((name) => given(name))) })];
}

function tellMade(run: SessionRun, teller: Teller): Line[] {
	const made = run.makes ? madeBy(run) : undefined;
	if (!made) return [];
	return [made.kind === 'container' ? teller.line('report.made-container', { container: given(made.id) }) : teller.line(`report.made-${made.kind}`)];
}

function tellSignals(run: SessionRun, { told }: ReportSource, teller: Teller): Line[] {
	return told.flatMap(({ at, event }) => {
		if ((event.type !== 'run.signalled' && event.type !== 'run.cancelled') || event.run !== run.id) return [];
		return tellCancelling(event, teller.times.clock(at), teller);
	});
}

function tellCancelling(event: Cancelling, at: Line, teller: Teller): Line[] {
	if (event.type === 'run.cancelled') {
		return event.remaining.length === 0 ? [] : [teller.line('report.remaining', { at, names: processes(event.remaining, event.unlisted, teller) })];
	}
	const { signal, sent, refused, unlisted } = event;
	return [
		...(sent.length > 0 ? [teller.line('report.signal', { at, signal, to: processes(sent, unlisted, teller) })] : []),
		...(refused.length > 0 ? [teller.line('report.signal-refused', { at, signal, to: processes(refused, 0, teller) })] : []),
	];
}

function processes(all: readonly { readonly pid: number; readonly name: string }[], unlisted: number, teller: Teller): Line {
	const list = teller.list(all.map(({ pid, name }) => teller.line('report.process', { name: given(name), pid })));
	return unlisted > 0 ? teller.line('report.more', { list, count: unlisted }) : list;
}

function tellStayers({ state }: SessionRun, teller: Teller): Line[] {
	if (state.kind !== 'ended' || state.stayers.length === 0) return [];
	return [teller.line('report.stayers', { names: processes(state.stayers, 0, teller) })];
}

/** Whether the output is whole, and whether all of it is in this report. */
function tellOutput({ state }: SessionRun, picture: Picture | undefined, teller: Teller): Line[] {
	if (state.kind === 'never-started' || state.kind === 'asked') return [];
	if (picture?.failure !== undefined) return [teller.line('report.output-gone', { reason: given(picture.failure) })];
	const lines: Line[] = [];
	const output = state.kind === 'ended' ? state.output : undefined;
	if (output?.kind === 'whole') lines.push(teller.line(picture && picture.text.length > 0 ? 'report.output-whole' : 'report.output-none'));
	if (output?.kind === 'cut') lines.push(teller.line('report.output-cut', { bytes: count(output.droppedBytes, teller) }));
	if (output?.kind === 'lost') lines.push(teller.line('report.output-lost', { event: output.afterEvent }));
	if (output?.kind === 'pending') lines.push(teller.line('report.output-pending'));
	if (picture?.simplified !== undefined) lines.push(teller.line(picture.simplified === 'text' ? 'report.output-as-text' : 'report.output-simplified'));
	if (picture && picture.cutBytes > 0) lines.push(teller.line('report.output-shortened', { bytes: count(picture.cutBytes, teller) }));
	return lines;
}

function count(bytes: number, { locale }: Teller): Line {
	return words(bytes.toLocaleString(locale));
}
