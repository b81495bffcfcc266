/**
 * A session is one reader's pass through a runbook. It is nothing but its events, in order; `foldSession` reads the state out of them. The same
 * events live in a journal file on the server, or in the browser on a static site.
 */
import type { Made } from '../run/made-schema.ts';
import type { RunFact } from '../run/run-event.ts';
import { canMove, isRunActive, isRunSuccess } from '../run/run.ts';
import type { RunState } from '../run/run-state.ts';
import { applyPhase, type PhaseState } from './phase-state.ts';
import type { Entry, RunKind, SessionEvent } from './session-event.ts';
import type { Grade, Sight } from '../check/sight.ts';
import type { Value } from '../values/value.ts';

/** What is known of a step. Only `verified`, `warned` and `found` were proven by a check. */
export type StepStatus =
	| { readonly kind: 'todo' }
	| { readonly kind: 'running'; readonly run: string; readonly at: string; readonly undo: boolean }
	/** Its program ended with exit code 0. Whether that settles the step depends on whether it has a check. */
	| { readonly kind: 'ran'; readonly run: string; readonly at: string }
	| { readonly kind: 'failed'; readonly run?: string; readonly at: string; readonly why: 'run' | 'check' | 'undo'; readonly saw: readonly Sight[] }
	| { readonly kind: 'unknown'; readonly run: string; readonly at: string }
	| { readonly kind: 'verified'; readonly at: string; readonly saw: readonly Sight[] }
	/** Nothing failed, and something did not pass that is worth a warning only. */
	| { readonly kind: 'warned'; readonly at: string; readonly saw: readonly Sight[] }
	| { readonly kind: 'found'; readonly at: string; readonly saw: readonly Sight[] }
	| { readonly kind: 'stale'; readonly at: string; readonly saw: readonly Sight[]; readonly since: string; readonly was: 'verified' | 'warned' | 'found' | 'by-hand' }
	| { readonly kind: 'by-hand' | 'skipped'; readonly at: string; readonly reason: string }
	/** Accepted by the reader; `accepted` is the result that stood there, where there was one. */
	| { readonly kind: 'overridden'; readonly at: string; readonly reason: string; readonly accepted?: AcceptedResult }
	| { readonly kind: 'undone'; readonly at: string; readonly run: string };

/** The last check of a step could not be done: when, and why. It settles nothing, so it stands beside what is known. */
export interface Unchecked {
	readonly at: string;
	readonly saw: readonly Sight[];
}

/** What a reader goes on in spite of. */
export interface AcceptedResult {
	readonly result: 'failed' | 'could-not-check' | 'stale';
	readonly saw: readonly Sight[];
}

export interface SessionRun {
	readonly id: string;
	readonly step: string;
	readonly node?: string;
	readonly kind: RunKind;
	readonly askedAt: string;
	readonly display: string;
	readonly values: Readonly<Record<string, Value>>;
	readonly state: RunState;
	/** The container that it made; undefined for a run that makes none, and until its output has been read. See {@link madeBy}. */
	readonly made?: Made;
	/** A container is expected of it. */
	readonly makes: boolean;
	/** Names that were set in its environment and that its programs read. */
	readonly depends: readonly string[];
	/** What was sent to its processes, and to whom, when it was cancelled. */
	readonly signals: readonly Extract<RunFact, { type: 'run.signalled' | 'run.cancelled' }>[];
}

export interface Session {
	readonly id: string;
	readonly runbook: string;
	readonly name: string;
	readonly definition: string;
	readonly openedAt: string;
	readonly closed: boolean;
	readonly values: Readonly<Record<string, Value>>;
	readonly detected: readonly string[];
	/** By {@link stepKey}. */
	readonly steps: ReadonlyMap<string, StepStatus>;
	/** Steps whose last check could not be done, by step key. */
	readonly unchecked: ReadonlyMap<string, Unchecked>;
	/** Hints that hold, by step key; they go when their step is settled, run again or taken back. */
	readonly hints: ReadonlyMap<string, readonly string[]>;
	readonly runs: ReadonlyMap<string, SessionRun>;
	/** By id, in order. */
	readonly phases: ReadonlyMap<string, PhaseState>;
	/** Number of the last event. */
	readonly n: number;
}

/** The name of a step in a session: with its node when it runs once for each. */
export function stepKey(step: string, node?: string): string {
	return node === undefined ? step : `${step}@${node}`;
}

/**
 * What a run made, as far as it is known: undefined while its output is still to be read. A run of an earlier Drover, and one whose end was not seen, may have
 * made anything.
 */
export function madeBy({ state, made, makes }: SessionRun): Made | undefined {
	if (made) return made;
	if (state.kind === 'never-started') return { kind: 'nothing' };
	return makes && state.kind !== 'unknown' ? undefined : { kind: 'unknown' };
}

/** What the last run of a step made; undefined without a run, and while its output is still to be read. */
export function lastMade(session: Session, key: string): Made | undefined {
	const run = [...session.runs.values()].findLast((one) => one.kind === 'run' && stepKey(one.step, one.node) === key);
	return run && madeBy(run);
}

type Draft = { -readonly [K in keyof Session]: Session[K] } & {
	steps: Map<string, StepStatus>;
	unchecked: Map<string, Unchecked>;
	hints: Map<string, readonly string[]>;
	runs: Map<string, SessionRun>;
	phases: Map<string, PhaseState>;
};

/** Reads a session out of its events; undefined without any. Pure: the same events give the same session. */
export function foldSession(entries: Iterable<Entry>): Session | undefined {
	return goOn(undefined, entries);
}

/** Folds a session that grows: each event is read once, and the sessions that were returned before stay as they were. Entries are not changed, only followed by others. */
export class GrowingSession {
	#session: Session | undefined;
	#last: Entry | undefined;
	#count = 0;

	/** Returns the session of these entries: those of the last call and what was added, or others. */
	fold(entries: readonly Entry[]): Session | undefined {
		const isMore = this.#count > 0 && entries[this.#count - 1] === this.#last;
		if (!isMore) this.#session = foldSession(entries);
		else if (entries.length > this.#count) this.#session = goOn(this.#session, entries.slice(this.#count));
		this.#count = entries.length;
		this.#last = entries.at(-1);
		return this.#session;
	}
}

function draftOf(session: Session): Draft {
	const { steps, unchecked, hints, runs, phases } = session;
	return { ...session, steps: new Map(steps), unchecked: new Map(unchecked), hints: new Map(hints), runs: new Map(runs), phases: new Map(phases) };
}

function goOn(before: Session | undefined, entries: Iterable<Entry>): Session | undefined {
	let session = before && draftOf(before);
	for (const { n, at, event } of entries) {
		if (event.type === 'session.opened') {
			session ??= open(event, at);
		} else if (session) apply(session, event, at);
		if (session) session.n = n;
	}
	return session;
}

/**
 * Returns the session with what is known of its runs at this moment. The journal leads: a moment's state only says more of what stands there, that
 * a program is stopped or who has stayed behind.
 */
export function showLive(session: Session, states: ReadonlyMap<string, RunState>): Session {
	const runs = [...session.runs.values()].map((run): SessionRun => {
		const live = states.get(run.id);
		return live && saysMore(run.state, live) ? { ...run, state: live } : run;
	});
	return { ...session, runs: new Map(runs.map((run) => [run.id, run])) };
}

function saysMore(told: RunState, live: RunState): boolean {
	if (told.kind === 'running') return live.kind === 'running';
	return told.kind === 'ended' && told.terminal === 'open' && live.kind === 'ended' && canMove(told, live);
}

function open(event: Extract<SessionEvent, { type: 'session.opened' }>, at: string): Draft {
	const { session: id, runbook, name, definition } = event;
	return { id, runbook, name, definition, openedAt: at, closed: false, values: {}, detected: [], steps: new Map(), unchecked: new Map(), hints: new Map(), runs: new Map(), phases: new Map(), n: 0 };
}

function apply(session: Draft, event: SessionEvent, at: string): void {
	switch (event.type) {
		case 'session.opened':
		case 'later':
			return;
		case 'session.renamed':
			session.name = event.name;
			return;
		case 'session.closed':
		case 'session.reopened':
			session.closed = event.type === 'session.closed';
			return;
		case 'values.set':
			session.values = event.values;
			session.detected = event.detected;
			return;
		case 'step.marked': {
			const key = stepKey(event.step, event.node);
			session.steps.set(key, statusAfterMark(session, key, event, at));
			forget(session, key);
			return;
		}
		case 'step.looked':
			return applyLook(session, event, at);
		case 'run.asked':
			return applyAsked(session, event, at);
		case 'phase.started':
		case 'phase.turn':
		case 'phase.ended':
			return applyPhase(session.phases, event, at);
		default:
			return applyFact(session, event, at);
	}
}

/** `undone`: what the last run of the step did was taken back by hand. */
function statusAfterMark(session: Draft, key: string, { mark, reason }: Extract<SessionEvent, { type: 'step.marked' }>, at: string): StepStatus {
	if (mark === 'cleared') return { kind: 'todo' };
	if (mark === 'overridden') {
		const accepted = resultOf(session, key);
		return { kind: mark, at, reason, ...(accepted && { accepted }) };
	}
	if (mark !== 'undone') return { kind: mark, at, reason };
	const run = [...session.runs.values()].findLast((one) => stepKey(one.step, one.node) === key);
	return run ? { kind: 'undone', at, run: run.id } : { kind: 'todo' };
}

/** What a reader accepts who goes on: how the step stands, or that its check could not be done. */
function resultOf({ steps, unchecked }: Draft, key: string): AcceptedResult | undefined {
	const status = steps.get(key);
	if (status?.kind === 'failed' || status?.kind === 'stale') return { result: status.kind, saw: status.saw };
	const could = unchecked.get(key);
	return could && { result: 'could-not-check', saw: could.saw };
}

function applyAsked(session: Draft, event: Extract<SessionEvent, { type: 'run.asked' }>, at: string): void {
	const { run: id, step: of, node: on, kind, display, values, makes = false, depends = [] } = event;
	session.runs.set(id, { id, step: of, ...(on !== undefined && { node: on }), kind, askedAt: at, display, values, state: { kind: 'asked' }, makes, depends, signals: [] });
	const key = stepKey(of, on);
	session.steps.set(key, { kind: 'running', run: id, at, undo: kind === 'undo' });
	forget(session, key);
}

/** What an earlier check of a step had to say: over when the step is settled, marked, run again or taken back. */
function forget(session: Draft, key: string): void {
	session.hints.delete(key);
	session.unchecked.delete(key);
}

function applyFact(session: Draft, event: RunFact, at: string): void {
	const run = session.runs.get(event.run);
	if (!run) return;
	if (event.type === 'run.signalled' || event.type === 'run.cancelled') {
		session.runs.set(run.id, { ...run, signals: [...run.signals, event] });
		return;
	}
	if (event.type === 'run.made') {
		session.runs.set(run.id, { ...run, made: event.made });
		return;
	}
	const state = stateAfter(run.state, event);
	// The end of a short run may be written down before its beginning: that tells nothing any more.
	if (!canMove(run.state, state)) return;
	session.runs.set(run.id, { ...run, state });
	const key = stepKey(run.step, run.node);
	const before = session.steps.get(key);
	if ((before?.kind !== 'running' && before?.kind !== 'unknown') || before.run !== run.id || isRunActive(state)) return;
	session.steps.set(key, statusAfter(run, state, at));
}

/** How a run stands after a fact. What is not written yet (the rest of the output) is pending. */
function stateAfter(before: RunState, event: Exclude<RunFact, { type: 'run.signalled' | 'run.cancelled' | 'run.made' }>): RunState {
	switch (event.type) {
		case 'run.started':
			return { kind: 'running', startedAt: event.startedAt, reach: 'full', stopped: false };
		case 'run.never-started':
			return { kind: 'never-started', error: event.error };
		case 'run.unknown':
			return { kind: 'unknown', reason: event.reason };
		case 'run.ended':
			return { kind: 'ended', end: event.end, at: event.endedAt, elapsedMs: event.elapsedMs, output: { kind: 'pending' }, terminal: 'open', stayers: [] };
		case 'run.closed':
			return before.kind === 'ended' ? { ...before, output: event.output, terminal: 'closed', stayers: event.stayers } : before;
	}
}

function statusAfter(run: SessionRun, state: RunState, at: string): StepStatus {
	const { id } = run;
	if (state.kind === 'unknown') return { kind: 'unknown', run: id, at };
	if (!isRunSuccess(state)) return { kind: 'failed', run: id, at, why: run.kind === 'undo' ? 'undo' : 'run', saw: [] };
	return run.kind === 'undo' ? { kind: 'undone', run: id, at } : { kind: 'ran', run: id, at };
}

function applyLook(session: Draft, event: Extract<SessionEvent, { type: 'step.looked' }>, at: string): void {
	const key = stepKey(event.step, event.node);
	const before = session.steps.get(key) ?? { kind: 'todo' };
	const { for: lookedFor, result, saw } = event;
	if (typeof lookedFor === 'object') return applyHint(session, key, lookedFor.hint, result);
	if (before.kind === 'running') return;
	if (result === 'could-not-check') {
		session.unchecked.set(key, { at, saw });
		return;
	}
	session.unchecked.delete(key);
	const status = statusAfterLook(before, lookedFor, result, saw, at);
	if (!status) return;
	session.steps.set(key, status);
	if (isProof(status)) forget(session, key);
}

/** A hint that holds stands beside its step until it does not, or until the step is settled. */
function applyHint(session: Draft, key: string, hint: string, result: Grade): void {
	const status = session.steps.get(key);
	const others = (session.hints.get(key) ?? []).filter((one) => one !== hint);
	if (result === 'could-not-check' || (status && (isProof(status) || isMarked(status)))) return;
	session.hints.set(key, isPassed(result) ? [...others, hint] : others);
}

/** A check that passed; a warning does not hold anybody up. */
export function isPassed(result: Grade): boolean {
	return result === 'passed' || result === 'warned';
}

/** The step is settled by what a check saw. */
export function isProof({ kind }: StepStatus): boolean {
	return kind === 'verified' || kind === 'warned' || kind === 'found';
}

/** The step is settled by the reader's word. */
function isMarked({ kind }: StepStatus): boolean {
	return kind === 'by-hand' || kind === 'skipped' || kind === 'overridden';
}

function statusAfterLook(before: StepStatus, lookedFor: 'done' | 'skip' | 'undone', result: Grade, saw: readonly Sight[], at: string): StepStatus | undefined {
	if (result === 'not-applicable') return undefined;
	if (lookedFor === 'skip') return isPassed(result) ? { kind: 'found', at, saw } : undefined;
	if (lookedFor === 'undone') return isPassed(result) || before.kind !== 'undone' ? undefined : { kind: 'failed', run: before.run, at, why: 'undo', saw };
	if (isPassed(result)) return before.kind === 'undone' ? undefined : { kind: result === 'warned' ? 'warned' : 'verified', at, saw };
	if (before.kind === 'stale') return { ...before, saw };
	if (before.kind === 'verified' || before.kind === 'warned' || before.kind === 'found' || before.kind === 'by-hand') return { kind: 'stale', at, saw, since: before.at, was: before.kind };
	if (before.kind === 'unknown' || before.kind === 'skipped' || before.kind === 'overridden' || before.kind === 'undone') return undefined;
	const run = 'run' in before && before.run !== undefined ? { run: before.run } : {};
	return { kind: 'failed', ...run, at, why: 'check', saw };
}
