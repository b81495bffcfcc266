/**
 * Phase runs: several steps that the reader has asked for in one go. Each step is taken when its turn comes, as if it were asked for alone then. A phase run belongs to the server, not to a page;
 * what a reader types into a form, secrets among it, is in memory until it ends.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Runbook } from '../../src/runbook/definition/definition.ts';
import type { PhaseEvent, StopReason } from '../../src/runbook/session/phase-event.ts';
import { partsOf, questionOf, whyNotTogether } from '../../src/runbook/session/phase-run.ts';
import { lastPlace, placeOf, type PhaseState, type StepPlace } from '../../src/runbook/session/phase-state.ts';
import { planSteps, whyNotBegin, whyOutOfOrder, type PlannedStep } from '../../src/runbook/session/plan.ts';
import { isAwaited, problem, Refusal, type Problem } from '../../src/runbook/problem.ts';
import type { PhaseRequest } from '../../src/runbook/protocol/protocol.ts';
import { renderStep } from '../../src/runbook/command/render.ts';
import { withoutSecrets, type Resolved } from '../../src/runbook/values/resolve.ts';
import { isRunActive } from '../../src/runbook/run/run.ts';
import { isProof, onMachines, stepKey } from '../../src/runbook/session/session.ts';
import type { Value } from '../../src/runbook/values/value.ts';
import { log } from '../log.ts';
import type { RunbookStore } from '../runbooks.ts';
import { StateError } from '../state/state-error.ts';
import type { LiveSession, SessionStore } from './session-store.ts';
import { PreviewMismatch, type StepRunner } from './step-runner.ts';

/** So many checks of a preflight are done side by side. */
const sideBySide = 4;
const retryMs = 1_000;

export interface PhaseRunner {
	/** Starts a phase run; it has begun when this returns its id. @throws Refusal, PreviewMismatch, StateError. */
	start(request: PhaseRequest): string;
	/** Nothing more begins; checks are broken off, a program that runs goes on. @throws Refusal `phase.unknown`, `phase.ended`. */
	stop(phase: string): void;
	/** @throws Refusal `phase.running` when the session has one under way: single steps wait until it has ended. */
	refuseBeside(session: string): void;
	/** Writes down of every phase run of an earlier server that it ended with it. */
	resume(): void;
	close(): Promise<void>;
}

export interface PhaseRunnerParts {
	readonly runbooks: RunbookStore;
	readonly sessions: SessionStore;
	readonly runner: StepRunner;
}

export function createPhaseRunner(parts: PhaseRunnerParts): PhaseRunner {
	const running = new Map<string, { readonly run: PhaseRun; readonly over: Promise<void> }>();
	const refuseBeside = (session: string) => {
		if (running.has(session)) throw new Refusal(problem('phase.running', { session }));
	};
	return {
		refuseBeside,
		start: (request) => {
			refuseBeside(request.session);
			const run = admit(parts, request);
			run.begin();
			const over = run.go().finally(() => running.delete(request.session));
			running.set(request.session, { run, over });
			return run.id;
		},
		stop: (phase) => {
			const found = [...running.values()].find(({ run }) => run.id === phase);
			if (found) return found.run.stop('stopped');
			const isKnown = parts.sessions.list().some(({ session }) => session.phases.has(phase));
			throw new Refusal(isKnown ? problem('phase.ended', { phase }) : problem('phase.unknown', { phase: phase.slice(0, 64) }));
		},
		resume: () => {
			for (const live of parts.sessions.list()) for (const one of live.session.phases.values()) if (!one.end) endLost(live, one);
		},
		close: async () => {
			const all = [...running.values()];
			for (const { run } of all) run.close();
			await Promise.allSettled(all.map(({ over }) => over));
		},
	};
}

function endLost(live: LiveSession, phase: PhaseState): void {
	try {
		live.append({ type: 'phase.ended', phase: phase.id, reason: 'server-ended', ...lastPlace(phase) });
	} catch (error) {
		log('error', { session: live.id, message: String(error) });
	}
}

/** @throws Refusal with everything that keeps it from beginning; PreviewMismatch for any of its steps. */
function admit(parts: PhaseRunnerParts, request: PhaseRequest): PhaseRun {
	const { runbooks, sessions } = parts;
	const live = sessions.get(request.session);
	if (live.session.closed) throw new Refusal(problem('session.closed', { session: live.id }));
	const runbook = runbooks.get(request.runbook);
	if (live.session.runbook !== runbook.id) throw new Refusal(problem('session.other-runbook', { session: live.id, runbook: live.session.runbook }));
	const resolved = onMachines(runbooks.resolve(runbook, request.values, live.session.outputs), live.session);
	const steps = planSteps(runbook, resolved, live.session);
	const asked = request.steps.map(({ step: id, node }) => {
		const step = runbooks.step(runbook, id);
		const planned = steps.find((one) => one.key === stepKey(step.id, node));
		if (!planned) throw new Refusal(problem('node.unknown', { step: step.id, node: node ?? '' }, { step: step.id }));
		if (!planned.applies) throw new Refusal(problem('step.not-applicable', { step: step.id }, { step: step.id }));
		return planned;
	});
	if (resolved.refused.length > 0) throw new Refusal(...resolved.refused);
	const why = whyNotTogether(steps, asked.map(({ key }) => key));
	if (why) throw new Refusal(why);
	checkPreviews(request, asked, resolved);
	checkFirst(asked[0], steps);
	// Their commands are not known before an earlier step has run: nobody has seen them.
	const open = new Set(asked.filter(({ step, node }) => renderStep(step, 'run', resolved, node && { node })?.problems.some(({ name }) => isAwaited(name))).map(({ key }) => key));
	checkQuestion(request, asked, resolved);
	return new PhaseRun(parts, live, runbook, request, asked, open, partsOf(steps).find((part) => part.steps.some(({ key }) => key === asked[0]?.key))?.name ?? 'preflight');
}

/** Every command is held against what was shown before anything begins, and once more when its turn comes. A slot that is open is one in both. */
function checkPreviews({ steps }: PhaseRequest, asked: readonly PlannedStep[], resolved: Resolved): void {
	for (const [index, { step, node }] of asked.entries()) {
		const rendered = renderStep(step, 'run', resolved, node && { node });
		const shown = steps[index]?.preview ?? '';
		if ((rendered?.display ?? '') !== shown) throw new PreviewMismatch(step.id, shown, rendered?.display ?? '');
		if (index === 0 && rendered && rendered.problems.length > 0) throw new Refusal(...rendered.problems);
	}
}

function checkFirst(first: PlannedStep | undefined, steps: readonly PlannedStep[]): void {
	if (!first || first.way === 'check') return;
	const why = first.settled ? undefined : (whyNotBegin(first) ?? whyOutOfOrder(steps, first));
	if (why) throw new Refusal(why);
}

function checkQuestion({ confirmed, object: typed }: PhaseRequest, asked: readonly PlannedStep[], resolved: Resolved): void {
	const question = questionOf(asked);
	const step = asked.find((one) => question === 'none' || questionOf([one]) === question)?.step;
	if (!step || question === 'none') return;
	if (!confirmed) throw new Refusal(problem('step.needs-confirmation', { step: step.id }, { step: step.id }));
	const object = step.object === undefined ? '' : (resolved.answers.get(step.object)?.items[0]?.text ?? '');
	if (question === 'object' && step.object !== undefined && typed !== object) throw new Refusal(problem('step.needs-object-name', { step: step.id, object }, { step: step.id }));
}

/** Why nothing more begins, and where. */
interface Stop {
	readonly reason: StopReason;
	readonly place?: StepPlace;
	readonly problems?: readonly Problem[];
}

class PhaseRun {
	readonly id = crypto.randomUUID();
	readonly #parts: PhaseRunnerParts;
	readonly #live: LiveSession;
	readonly #runbook: Runbook;
	readonly #request: PhaseRequest;
	readonly #asked: readonly PlannedStep[];
	/** Steps whose commands were not whole when they were shown. */
	readonly #open: ReadonlySet<string>;
	readonly #name: PhaseState['part'];
	readonly #abort = new AbortController();
	#stopped: StopReason | undefined;
	#isClosing = false;
	#begunAt = 0;

	constructor(parts: PhaseRunnerParts, live: LiveSession, runbook: Runbook, request: PhaseRequest, asked: readonly PlannedStep[], open: ReadonlySet<string>, name: PhaseState['part']) {
		this.#parts = parts;
		this.#live = live;
		this.#runbook = runbook;
		this.#request = request;
		this.#asked = asked;
		this.#open = open;
		this.#name = name;
	}

	/** @throws StateError when it cannot be written down: then nothing begins. */
	begin(): void {
		const steps = this.#asked.map(placeOfPlanned);
		this.#begunAt = this.#live.append({ type: 'phase.started', phase: this.id, part: this.#name, steps }).n;
	}

	stop(reason: 'stopped' | 'server-ended'): void {
		this.#stopped ??= reason;
		this.#abort.abort();
	}

	/** The server ends. What the disk does not take by then is written by the next one. */
	close(): void {
		this.#isClosing = true;
		this.stop('server-ended');
	}

	/** Takes the steps, and writes down how it ended. Never rejects. */
	async go(): Promise<void> {
		const stop = await (this.#name === 'preflight' ? this.#takeSideBySide() : this.#takeInOrder());
		const end = this.#stopped ? { reason: this.#stopped, ...this.#lastPlace() } : { reason: stop?.reason ?? ('done' as const), ...stop?.place, ...(stop?.problems && { problems: stop.problems.map(plain) }) };
		await this.#appendEnd({ type: 'phase.ended', phase: this.id, ...end });
	}

	async #appendEnd(event: PhaseEvent): Promise<void> {
		for (;;) {
			try {
				this.#live.append(event);
				return;
			} catch (error) {
				const isOver = this.#isClosing || !(error instanceof StateError) || error.problem === 'journal.closed';
				if (isOver) return log('error', { session: this.#live.id, message: String(error) });
				await sleep(retryMs, undefined, { ref: false });
			}
		}
	}

	async #takeInOrder(): Promise<Stop | undefined> {
		for (const planned of this.#asked) {
			const stop = await this.#take(planned);
			if (stop || this.#stopped) return stop;
		}
		return undefined;
	}

	/** All are taken, whatever comes of one; what is told is the first that failed, else the first that could not be checked. */
	async #takeSideBySide(): Promise<Stop | undefined> {
		const left = [...this.#asked];
		const stops = new Map<string, Stop>();
		const takeNext = async (): Promise<void> => {
			for (let planned = left.shift(); planned && !this.#stopped; planned = left.shift()) {
				const stop = await this.#take(planned);
				if (stop) stops.set(planned.key, stop);
				if (stop?.reason === 'values-changed' || stop?.reason === 'refused') left.length = 0;
			}
		};
		await Promise.all(Array.from({ length: sideBySide }, takeNext));
		const all = this.#asked.flatMap(({ key }) => stops.get(key) ?? []);
		return all.find(({ reason }) => reason !== 'could-not-check') ?? all[0];
	}

	/** One step, when its turn has come: undefined when the way onward is free. */
	async #take(asked: PlannedStep): Promise<Stop | undefined> {
		const place = placeOfPlanned(asked);
		try {
			const before = this.#whyStop(asked, place);
			if (before) return before === 'done' ? undefined : before;
			this.#live.append({ type: 'phase.turn', phase: this.id, ...place });
			await (asked.way === 'check' ? this.#check(place) : this.#run(asked, place));
			return this.#stopped ? undefined : this.#outcome(asked, place);
		} catch (error) {
			return this.#stopped ? undefined : { ...explain(error), place };
		}
	}

	/** `done`: there is nothing left to do. */
	#whyStop({ key, settled: wasSettled }: PlannedStep, place: StepPlace): Stop | 'done' | undefined {
		const { session } = this.#live;
		if (session.closed) return { reason: 'refused', place, problems: [problem('session.closed', { session: session.id })] };
		if (this.#isChanged()) return { reason: 'values-changed', place };
		const steps = this.#plan();
		const planned = steps.find((one) => one.key === key);
		if (!planned || !planned.applies || (planned.settled && !(wasSettled && planned.way === 'check' && isProof(planned.status)))) return 'done';
		if (planned.way === 'by-hand') return { reason: 'by-hand', place };
		if (planned.status.kind === 'unknown') return { reason: 'unknown', place };
		if (planned.status.kind === 'stale' && planned.way === 'run') return { reason: 'stale', place };
		const why = whyOutOfOrder(steps, planned);
		if (!why) return this.#open.has(key) ? { reason: 'open-slot', place } : undefined;
		const first = steps.find((one) => !one.settled && one.step.id === why.slots['before']);
		return first?.status.kind === 'stale' ? { reason: 'stale', place: placeOfPlanned(first) } : { reason: 'refused', place, problems: [why] };
	}

	async #check(place: StepPlace): Promise<void> {
		const { runner } = this.#parts;
		const { values } = this.#request;
		await this.#waitFor(runner.check(this.#live, { ...place, node: place.node, for: 'done', values }, this.#abort.signal));
		await this.#waitFor(runner.whenChecked(this.#live.id, stepKey(place.step, place.node)));
	}

	async #run({ key }: PlannedStep, place: StepPlace): Promise<void> {
		const { runner } = this.#parts;
		const { session, runbook, steps, values, confirmed, object, size } = this.#request;
		const preview = steps.find((one) => stepKey(one.step, one.node) === key)?.preview ?? '';
		// A request before it may still be checked; Stop does not wait for that one either, and nothing starts after it.
		const started = await this.#waitFor(runner.start({ session, runbook, ...place, node: place.node, kind: 'run', values, preview, confirmed, ...(object !== undefined && { object }), size }, this.#abort.signal));
		if (!started || !('run' in started)) return;
		await this.#waitFor(this.#whenEnded(started.run));
		await this.#waitFor(runner.whenChecked(session, key));
	}

	/** Resolves when the journal has the end of a run. What follows an entry in the same turn, its check above all, has begun by then. */
	async #whenEnded(run: string): Promise<void> {
		const isActive = () => {
			const state = this.#live.session.runs.get(run)?.state;
			return state === undefined || isRunActive(state);
		};
		if (!isActive()) return;
		const { promise, resolve } = Promise.withResolvers<void>();
		const onEntry = (live: LiveSession) => live === this.#live && !isActive() && resolve();
		const { events } = this.#parts.sessions;
		events.on('entry', onEntry);
		this.#abort.signal.addEventListener('abort', () => resolve(), { once: true });
		await promise;
		events.off('entry', onEntry);
	}

	/** Resolves with what is waited for, or with the reader's Stop; what becomes of the former after that concerns nobody. */
	async #waitFor<T>(what: Promise<T>): Promise<T | undefined> {
		const { signal } = this.#abort;
		const { promise, resolve } = Promise.withResolvers<undefined>();
		const onAbort = () => resolve(undefined);
		signal.addEventListener('abort', onAbort, { once: true });
		if (signal.aborted) resolve(undefined);
		try {
			return await Promise.race([promise, what]);
		} finally {
			signal.removeEventListener('abort', onAbort);
		}
	}

	/** How a step stands after its turn. A check that could not be done gives no free way, also where an earlier one had passed. */
	#outcome({ key, way }: PlannedStep, place: StepPlace): Stop | undefined {
		const planned = this.#plan().find((one) => one.key === key);
		if (!planned) return undefined;
		if (way === 'check' && planned.unchecked) return { reason: 'could-not-check', place };
		if (planned.settled) return undefined;
		const { kind } = planned.status;
		if (kind === 'unknown' || kind === 'stale') return { reason: kind, place };
		if (kind === 'failed') return { reason: 'failed', place };
		return { reason: 'could-not-check', place };
	}

	#plan(): readonly PlannedStep[] {
		const { runbooks } = this.#parts;
		return planSteps(this.#runbook, onMachines(runbooks.resolve(this.#runbook, this.#request.values, this.#live.session.outputs), this.#live.session), this.#live.session);
	}

	/** The form was changed since, and not back. */
	#isChanged(): boolean {
		const last = this.#live.entries.findLast(({ n, event }) => n > this.#begunAt && event.type === 'values.set')?.event;
		return last?.type === 'values.set' && !isSame(last.values, withoutSecrets(this.#runbook, this.#request.values));
	}

	#lastPlace(): StepPlace | undefined {
		const state = this.#live.session.phases.get(this.id);
		return state && lastPlace(state);
	}
}

const placeOfPlanned = ({ step, node }: PlannedStep): StepPlace => placeOf({ step: step.id, node: node?.name });
const plain = ({ slots, ...rest }: Problem) => ({ ...rest, slots: { ...slots } });

/** Whether two forms say the same, in whatever order. */
function isSame(one: Readonly<Record<string, Value>>, other: Readonly<Record<string, Value>>): boolean {
	const sorted = (values: Readonly<Record<string, Value>>) => JSON.stringify(Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1)));
	return sorted(one) === sorted(other);
}

/** What a refused step means for the phase run. */
function explain(error: unknown): Stop {
	if (error instanceof PreviewMismatch) return { reason: 'preview-differs', problems: error.problems };
	if (error instanceof StateError) return { reason: 'refused', problems: [{ name: error.problem, slots: error.slots }] };
	if (!(error instanceof Refusal)) {
		log('error', { message: error instanceof Error ? (error.stack ?? error.message) : String(error) });
		return { reason: 'refused', problems: [problem('request.failed', {})] };
	}
	const { problems } = error;
	if (problems.every(({ name }) => name === 'value.missing' || isAwaited(name))) return { reason: 'open-slot', problems };
	if (problems.some(({ name }) => name === 'step.skip-unknown')) return { reason: 'could-not-check', problems };
	return { reason: 'refused', problems };
}
