import { stateOf, stateWord, type ShownState } from '../../../src/i18n/step-state.ts';
import type { ReportKey } from '../../../src/i18n/report.ts';
import type { PlannedStep } from '../../../src/runbook/session/plan.ts';
import { stepKey, type StepStatus, type Unchecked } from '../../../src/runbook/session/session.ts';
import type { Grade } from '../../../src/runbook/check/observation.ts';
import type { SessionEvent } from '../../../src/runbook/session/session-event.ts';
import { given, type Line } from '../line.ts';
import type { Picture } from '../picture.ts';
import type { ReportSource } from '../source.ts';
import type { ToldLine, ToldStep } from '../told.ts';
import { tellRun } from './tell-run.ts';
import type { Teller } from './teller.ts';

type Pictures = ReadonlyMap<string, Picture>;
type Looked = Extract<SessionEvent, { type: 'step.looked' }>;
type Marked = Extract<SessionEvent, { type: 'step.marked' }>;

/** Tells a step of the runbook: how it stands, and all that has happened to it. */
export function tellStep(planned: PlannedStep, number: number, source: ReportSource, pictures: Pictures, teller: Teller): ToldStep {
	const { step, node, key, status } = planned;
	const state = stateOf(planned, undefined);
	return {
		number,
		title: teller.step(step.id, node?.name),
		...wordOf(state, status, teller),
		effect: step.effect,
		effectWord: teller.text(`effect.${step.effect}`),
		gate: planned.pointOfNoReturn,
		standing: tellStanding(status, state, teller, planned.unchecked),
		history: tellHistory(key, status, source, pictures, teller),
	};
}

/** Tells a step that is in the journal and no longer in the runbook, or whose node is gone from the values. */
export function tellOtherStep(key: string, source: ReportSource, pictures: Pictures, teller: Teller): ToldStep {
	const [id = key, node] = key.split('@', 2);
	const status = source.session.steps.get(key) ?? { kind: 'todo' };
	const state: ShownState = status.kind;
	return { title: teller.step(id, node), ...wordOf(state, status, teller), gate: false, standing: tellStanding(status, state, teller), history: tellHistory(key, status, source, pictures, teller) };
}

function wordOf(state: ShownState, status: StepStatus, teller: Teller): Pick<ToldStep, 'state' | 'word'> {
	return { state, word: teller.text(stateWord(state, status.kind === 'running' && status.undo)) };
}

function tellStanding(status: StepStatus, state: ShownState, teller: Teller, unchecked?: Unchecked): ToldLine {
	const clock = (at: string) => teller.times.clock(at);
	const seen = status.kind === 'overridden' ? (status.accepted?.saw ?? []) : 'saw' in status ? status.saw : [];
	const saw = seen.map((observation) => teller.observation(observation));
	const say = (key: ReportKey, slots: Readonly<Record<string, Line>> = {}): ToldLine => ({ line: teller.line(key, { ...('at' in status && { at: clock(status.at) }), ...slots }), saw });
	if (state === 'not-applicable') return say('report.not-applicable');
	if (state === 'could-not-check' && unchecked) return { line: teller.line('report.unchecked', { at: clock(unchecked.at) }), saw: unchecked.saw.map((observation) => teller.observation(observation)) };
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
function tellHistory(key: string, status: StepStatus, source: ReportSource, pictures: Pictures, teller: Teller): ToldStep['history'] {
	return source.told.flatMap(({ at, event }): ToldStep['history'] => {
		if ((event.type !== 'run.asked' && event.type !== 'step.looked' && event.type !== 'step.marked') || stepKey(event.step, event.node) !== key) return [];
		if (event.type === 'run.asked') {
			const run = source.session.runs.get(event.run);
			return run ? [{ kind: 'run', ...tellRun(run, source, pictures.get(run.id), teller) }] : [];
		}
		if (isStanding({ at, event }, status)) return [];
		return [{ kind: 'line', ...(event.type === 'step.looked' ? tellLook(event, at, teller) : tellMark(event, at, teller)) }];
	});
}

/** Whether the standing is this very look or mark. */
function isStanding({ at, event }: { at: string; event: Looked | Marked }, status: StepStatus): boolean {
	if (!('at' in status) || status.at !== at) return false;
	return event.type === 'step.marked' ? event.mark === status.kind : 'saw' in status && typeof event.for === 'string';
}

function tellLook(event: Looked, at: string, teller: Teller): ToldLine {
	const when = teller.times.clock(at);
	const saw = event.saw.map((observation) => teller.observation(observation));
	if (typeof event.for === 'object') return { line: teller.line(event.result === 'failed' ? 'report.hint-over' : 'report.hint', { at: when, hint: teller.hint(event.step, event.for.hint) }), saw };
	return { line: teller.line(lookKey(event.for, event.result), { at: when }), saw };
}

/** Only a step's own check is told with its warnings: whether a step is needed, and whether it was undone, is yes, no or not known. */
function lookKey(purpose: 'done' | 'skip' | 'undone', result: Grade): ReportKey {
	const what = ({ done: 'check', skip: 'skip', undone: 'undo' } as const)[purpose];
	if (result === 'could-not-check') return `report.${what}-unchecked`;
	if (result === 'not-applicable') return 'report.check-not-applicable';
	if (result === 'warned') return what === 'check' ? 'report.check-warned' : `report.${what}-passed`;
	return `report.${what}-${result}`;
}

function tellMark(event: Marked, at: string, teller: Teller): ToldLine {
	const slots = { at: teller.times.clock(at), reason: given(event.reason) };
	if (event.mark === 'undone') return { line: teller.line('report.undone-by-hand', slots), saw: [] };
	const key = event.mark === 'by-hand' && event.reason.trim() !== '' ? 'report.by-hand-reason' : (`report.${event.mark}` as const);
	return { line: teller.line(key, slots), saw: [] };
}

