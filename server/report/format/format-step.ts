import { stateOf, stateWord, type ShownState } from '../../../src/i18n/step-state.ts';
import type { ReportKey } from '../../../src/i18n/report.ts';
import type { PlannedStep } from '../../../src/runbook/session/plan.ts';
import { stepKey, type StepStatus, type Unchecked } from '../../../src/runbook/session/session.ts';
import type { Grade } from '../../../src/runbook/check/observation.ts';
import type { SessionEvent } from '../../../src/runbook/session/session-event.ts';
import { given, type Line } from '../line.ts';
import type { Picture } from '../picture.ts';
import type { ReportSource } from '../source.ts';
import type { ReportLine, ReportStep } from '../report-content.ts';
import { formatRun } from './format-run.ts';
import type { Formatter } from './formatter.ts';

type Pictures = ReadonlyMap<string, Picture>;
type Looked = Extract<SessionEvent, { type: 'step.looked' }>;
type Marked = Extract<SessionEvent, { type: 'step.marked' }>;

/** Tells a step of the runbook: how it stands, and all that has happened to it. */
export function formatStep(planned: PlannedStep, number: number, source: ReportSource, pictures: Pictures, formatter: Formatter): ReportStep {
	const { step, node, key, status } = planned;
	const state = stateOf(planned, undefined);
	return {
		number,
		title: formatter.step(step.id, node?.name),
		...wordOf(state, status, formatter),
		effect: step.effect,
		effectWord: formatter.text(`effect.${step.effect}`),
		gate: planned.pointOfNoReturn,
		standing: formatStanding(status, state, formatter, planned.unchecked),
		history: formatHistory(key, status, source, pictures, formatter),
	};
}

/** Tells a step that is in the journal and no longer in the runbook, or whose node is gone from the values. */
export function formatOtherStep(key: string, source: ReportSource, pictures: Pictures, formatter: Formatter): ReportStep {
	const [id = key, node] = key.split('@', 2);
	const status = source.session.steps.get(key) ?? { kind: 'todo' };
	const state: ShownState = status.kind;
	return { title: formatter.step(id, node), ...wordOf(state, status, formatter), gate: false, standing: formatStanding(status, state, formatter), history: formatHistory(key, status, source, pictures, formatter) };
}

function wordOf(state: ShownState, status: StepStatus, formatter: Formatter): Pick<ReportStep, 'state' | 'word'> {
	return { state, word: formatter.text(stateWord(state, status.kind === 'running' && status.undo)) };
}

function formatStanding(status: StepStatus, state: ShownState, formatter: Formatter, unchecked?: Unchecked): ReportLine {
	const clock = (at: string) => formatter.times.clock(at);
	const seen = status.kind === 'overridden' ? (status.accepted?.saw ?? []) : 'saw' in status ? status.saw : [];
	const saw = seen.map((observation) => formatter.observation(observation));
	const say = (key: ReportKey, slots: Readonly<Record<string, Line>> = {}): ReportLine => ({ line: formatter.line(key, { ...('at' in status && { at: clock(status.at) }), ...slots }), saw });
	if (state === 'not-applicable') return say('report.not-applicable');
	if (state === 'could-not-check' && unchecked) return { line: formatter.line('report.unchecked', { at: clock(unchecked.at) }), saw: unchecked.saw.map((observation) => formatter.observation(observation)) };
	switch (status.kind) {
		case 'todo':
			return say('report.todo');
		case 'running':
			return say(status.undo ? 'report.undoing' : 'report.running');
		case 'ran':
			return say(state === 'checking' ? 'report.checking' : 'report.ran');
		case 'failed':
			return say(`report.failed-${status.why}`);
		case 'stale':
			return say(`report.stale-${status.was}`, { since: clock(status.since) });
		case 'by-hand':
			return status.reason.trim() === '' ? say('report.by-hand') : say('report.by-hand-reason', { reason: given(status.reason) });
		case 'skipped':
		case 'overridden':
			return say(`report.${status.kind}`, { reason: given(status.reason) });
		default:
			return say(`report.${status.kind}`);
	}
}

/** What has happened to a step, in order, without what its standing says already. */
function formatHistory(key: string, status: StepStatus, source: ReportSource, pictures: Pictures, formatter: Formatter): ReportStep['history'] {
	return source.timeline.flatMap(({ at, event }): ReportStep['history'] => {
		if ((event.type !== 'run.asked' && event.type !== 'step.looked' && event.type !== 'step.marked') || stepKey(event.step, event.node) !== key) return [];
		if (event.type === 'run.asked') {
			const run = source.session.runs.get(event.run);
			return run ? [{ kind: 'run', ...formatRun(run, source, pictures.get(run.id), formatter) }] : [];
		}
		if (isStanding({ at, event }, status)) return [];
		return [{ kind: 'line', ...(event.type === 'step.looked' ? formatLook(event, at, formatter) : formatMark(event, at, formatter)) }];
	});
}

/** Whether the standing is this very look or mark. */
function isStanding({ at, event }: { at: string; event: Looked | Marked }, status: StepStatus): boolean {
	if (!('at' in status) || status.at !== at) return false;
	return event.type === 'step.marked' ? event.mark === status.kind : 'saw' in status && typeof event.for === 'string';
}

function formatLook(event: Looked, at: string, formatter: Formatter): ReportLine {
	const when = formatter.times.clock(at);
	const saw = event.saw.map((observation) => formatter.observation(observation));
	if (typeof event.for === 'object') return { line: formatter.line(event.result === 'failed' ? 'report.hint-over' : 'report.hint', { at: when, hint: formatter.hint(event.step, event.for.hint) }), saw };
	return { line: formatter.line(lookKey(event.for, event.result), { at: when }), saw };
}

/** Only a step's own check is timeline with its warnings: whether a step is needed, and whether it was undone, is yes, no or not known. */
function lookKey(purpose: 'done' | 'skip' | 'undone', result: Grade): ReportKey {
	const what = ({ done: 'check', skip: 'skip', undone: 'undo' } as const)[purpose];
	if (result === 'could-not-check') return `report.${what}-unchecked`;
	if (result === 'not-applicable') return 'report.check-not-applicable';
	if (result === 'warned') return what === 'check' ? 'report.check-warned' : `report.${what}-passed`;
	return `report.${what}-${result}`;
}

function formatMark(event: Marked, at: string, formatter: Formatter): ReportLine {
	const slots = { at: formatter.times.clock(at), reason: given(event.reason) };
	if (event.mark === 'undone') return { line: formatter.line('report.undone-by-hand', slots), saw: [] };
	const key = event.mark === 'by-hand' && event.reason.trim() !== '' ? 'report.by-hand-reason' : (`report.${event.mark}` as const);
	return { line: formatter.line(key, slots), saw: [] };
}

