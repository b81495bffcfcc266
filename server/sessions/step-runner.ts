/**
 * From a request to a run. The request names a step; here it is looked up, gated, rendered anew, compared with what was shown, written down, and
 * only then started. What comes of it goes into the session, and the step's check is waited for.
 */
import { planSteps, stepsToRecheck, wayBack, whyNotMark, whyNotRun, whyNotUndo, type PlannedStep } from '../../src/runbook/session/plan.ts';
import { isLookedAt, prepareCheck } from '../../src/runbook/check/check.ts';
import type { Grade, Sight } from '../../src/runbook/check/sight.ts';
import type { Check, Runbook, Step } from '../../src/runbook/definition/definition.ts';
import { problem, Refusal } from '../../src/runbook/problem.ts';
import { dependenciesOf } from '../../src/runbook/command/dependencies.ts';
import type { LookRequest, MarkRequest, RunRequest } from '../../src/runbook/protocol/protocol.ts';
import { nodesOf, renderStep, type Rendered } from '../../src/runbook/command/render.ts';
import { withoutSecrets, withSecrets, type Resolved } from '../../src/runbook/values/resolve.ts';
import { isNewRunEvent, RunFact, type RunEvent } from '../../src/runbook/run/run-event.ts';
import { isRunActive, isRunSuccess } from '../../src/runbook/run/run.ts';
import { isPassed, lastMade, stepKey, type SessionRun, type StepStatus } from '../../src/runbook/session/session.ts';
import type { SessionEvent } from '../../src/runbook/session/session-event.ts';
import type { Values } from '../../src/runbook/values/value.ts';
import { surroundings } from '../environment.ts';
import { lookAt, type LookResult } from '../checks/look.ts';
import { log } from '../log.ts';
import { linesOf } from '../report/recording/plain-lines.ts';
import type { RunbookStore } from '../runbooks.ts';
import type { Run } from '../runs/run.ts';
import type { Runs } from '../runs/runs.ts';
import { secretsOf } from '../secrets.ts';
import type { LiveSession, SessionStore } from './session-store.ts';
import { appendLook, createWatches, optionsOf, type Looking, type Subject } from './watch.ts';

/** The reader saw another command than the one that would run. */
export class PreviewMismatch extends Refusal {
	readonly shown: string;
	readonly rendered: string;

	constructor(step: string, shown: string, rendered: string) {
		super(problem('preview.differs', { step }, { step }));
		this.shown = shown;
		this.rendered = rendered;
	}
}

export interface StepLook {
	readonly step: string;
	readonly node?: string;
	readonly result: Grade;
	/** It settles the step: what pages of earlier versions read. */
	readonly passed: boolean;
	readonly saw: readonly Sight[];
}

export interface StepRunner {
	/** Starts the run, or finds that the step's skip condition holds. `signal` breaks off what comes before the run. @throws Refusal, PreviewMismatch, StateError. */
	start(request: RunRequest, signal?: AbortSignal): Promise<{ run: string } | { found: readonly Sight[] }>;
	mark(live: LiveSession, request: MarkRequest): void;
	/** `signal` breaks a check off: nothing of it is written down then. */
	look(live: LiveSession, request: LookRequest, signal?: AbortSignal): Promise<readonly StepLook[]>;
	/** Resolves when no check of a step is waited for. */
	whenChecked(session: string, key: string): Promise<void>;
	/** Takes a fact about a run into its session's journal. */
	journal(session: string, event: RunEvent): void;
	/** Waits again for what an earlier server was waiting for when it ended. */
	resume(): void;
	close(): Promise<void>;
}

export interface StepRunnerParts {
	readonly runbooks: RunbookStore;
	readonly sessions: SessionStore;
	/** Runs exist only after their journal does: asked for when it is needed. */
	readonly runs: () => Runs;
	readonly folder: string;
	readonly onLooking: (looking: Looking) => void;
}

type Asked = Pick<Extract<SessionEvent, { type: 'run.asked' }>, 'node' | 'kind' | 'values' | 'depends'>;

/** A request after everything that can be wrong with it was looked for. */
interface Admitted {
	readonly planned: PlannedStep;
	readonly runbook: Runbook;
	readonly resolved: Resolved;
	readonly values: Values;
	readonly rendered: Rendered;
	readonly subject: Subject;
}

export function createStepRunner(parts: StepRunnerParts): StepRunner {
	return new Runner(parts);
}

/** Of what a run printed, so much is looked at for its hints. */
const printedCharacters = 64 * 1024;

class Runner implements StepRunner {
	readonly #parts: StepRunnerParts;
	readonly #watches;
	/** What `run.asked` says beyond what the run itself knows, until it is written. */
	readonly #asked = new Map<string, Asked>();
	/** Steps whose values, secrets among them, are needed when their run ends. */
	readonly #subjects = new Map<string, Subject & { readonly kind: 'run' | 'undo' }>();
	/** The last request of each session that has one under way. Never rejects. */
	readonly #turns = new Map<string, Promise<void>>();
	/** Ends what is being checked outside of a watch. */
	readonly #closing = new AbortController();

	constructor(parts: StepRunnerParts) {
		this.#parts = parts;
		this.#watches = createWatches(parts.folder, parts.onLooking, (subject) => this.#printed(subject));
	}

	/** Requests of one session follow each other; no session waits for another. */
	start(request: RunRequest, signal?: AbortSignal): Promise<{ run: string } | { found: readonly Sight[] }> {
		const before = this.#turns.get(request.session) ?? Promise.resolve();
		const turn = before.then(() => this.#start(request, signal));
		const over = turn.then(noop, noop).finally(() => {
			if (this.#turns.get(request.session) === over) this.#turns.delete(request.session);
		});
		this.#turns.set(request.session, over);
		return turn;
	}

	async #start(request: RunRequest, signal?: AbortSignal): Promise<{ run: string } | { found: readonly Sight[] }> {
		signal?.throwIfAborted();
		const { planned, subject } = this.#admit(request);
		this.#watches.stop(subject.live.id, planned.key);
		if (request.kind === 'run' && planned.step.skipWhen.length > 0) {
			const skip = await this.#lookOnce(subject, 'skip', signal);
			if (isPassed(skip.result)) return { found: skip.saw };
			const where = { step: planned.step.id };
			if (skip.result === 'could-not-check') throw new Refusal(problem('step.skip-unknown', where, where));
		}
		signal?.throwIfAborted();
		return { run: this.#startNow(request) };
	}

	/**
	 * Admits and starts in one go, with nothing awaited in between: what the check before it took may have changed the world, and two requests that arrive together, in
	 * whatever sessions, must not both find that nothing runs.
	 */
	#startNow(request: RunRequest): string {
		const { planned, runbook, resolved, values, rendered, subject } = this.#admit(request);
		const { step, node } = planned;
		const id = this.#parts.runs().readyRun ?? crypto.randomUUID();
		const depends = [...new Set(dependenciesOf(rendered, surroundings()).flatMap(({ names }) => names))];
		this.#asked.set(id, { ...(node && { node: node.name }), kind: request.kind, values: { ...withoutSecrets(runbook, values) }, ...(depends.length > 0 && { depends }) });
		this.#subjects.set(id, { ...subject, kind: request.kind });
		try {
			this.#parts.runs().start({
				id,
				session: subject.live.id,
				step: step.id,
				display: rendered.display,
				definition: this.#parts.runbooks.hash(runbook),
				argv: rendered.argv,
				env: rendered.env,
				cwd: this.#parts.folder,
				secrets: [...new Set([...rendered.secrets, ...secretsOf(resolved)])],
				size: request.size,
			});
			return id;
		} catch (error) {
			this.#subjects.delete(id);
			throw error;
		} finally {
			this.#asked.delete(id);
		}
	}

	/** @throws Refusal with everything that keeps the step from running. */
	#admit(request: RunRequest): Admitted {
		const { runbooks, sessions } = this.#parts;
		const live = sessions.get(request.session);
		const { session } = live;
		if (session.closed) throw new Refusal(problem('session.closed', { session: live.id }));
		const runbook = runbooks.get(request.runbook);
		if (session.runbook !== runbook.id) throw new Refusal(problem('session.other-runbook', { session: live.id, runbook: session.runbook }));
		const step = runbooks.step(runbook, request.step);
		const key = stepKey(step.id, request.node);
		const form = runbooks.resolve(runbook, request.values);
		const steps = planSteps(runbook, form, session);
		const planned = steps.find((one) => one.key === key);
		if (!planned) throw new Refusal(problem('node.unknown', { step: step.id, node: request.node ?? '' }, { step: step.id }));

		const values = request.kind === 'undo' ? this.#undoValues(runbook, steps, live, key, request.values) : request.values;
		const resolved = request.kind === 'undo' ? runbooks.resolve(runbook, values) : form;
		const why = request.kind === 'run' ? whyNotRun(steps, key) : undefined;
		if (why) throw new Refusal(why);
		if (resolved.refused.length > 0) throw new Refusal(...resolved.refused);
		const made = request.kind === 'undo' && typeof planned.made === 'object' ? planned.made : undefined;
		const rendered = renderStep(step, request.kind, resolved, { ...(planned.node && { node: planned.node }), ...(made && { made }) });
		if (!rendered) throw new Refusal(problem('step.not-applicable', { step: step.id }, { step: step.id }));
		if (rendered.problems.length > 0) throw new Refusal(...rendered.problems);
		if (rendered.display !== request.preview) throw new PreviewMismatch(step.id, request.preview, rendered.display);
		this.#checkConfirmation(request, planned, resolved);
		this.#checkOtherChange(request, planned);
		const subject: Subject = { live, step, resolved, ...(planned.node && { node: planned.node }), ...(made && { made }) };
		return { planned, runbook, resolved, values, rendered, subject };
	}

	/** The way back is made of the values that the step was run with, not of what the form says by then. */
	#undoValues(runbook: Runbook, steps: readonly PlannedStep[], live: LiveSession, key: string, form: Values): Values {
		const back = wayBack(runbook, steps, live.session);
		const why = whyNotUndo(back, key);
		const entry = back.find((one) => one.planned.key === key);
		if (why || !entry) throw new Refusal(why ?? problem('step.nothing-to-undo', { step: key }));
		return withSecrets(runbook, entry.run.values, form);
	}

	#checkConfirmation(request: RunRequest, { step }: PlannedStep, resolved: Resolved): void {
		const where = { step: step.id };
		const changes = request.kind === 'undo' || step.effect === 'change' || step.effect === 'destroy';
		if (changes && !request.confirmed) throw new Refusal(problem('step.needs-confirmation', where, where));
		if (request.kind === 'undo' || step.effect !== 'destroy' || step.object === undefined) return;
		const object = resolved.answers.get(step.object)?.items[0]?.text ?? '';
		if (request.object !== object) throw new Refusal(problem('step.needs-object-name', { step: step.id, object }, where));
	}

	/** Two changes at once could not be told apart, and neither taken back. */
	#checkOtherChange(request: RunRequest, { step }: PlannedStep): void {
		if (request.kind === 'run' && step.effect !== 'change' && step.effect !== 'destroy') return;
		for (const live of this.#parts.sessions.list()) {
			const runbook = this.#parts.runbooks.all.find((one) => one.id === live.session.runbook);
			for (const run of live.session.runs.values()) {
				if (!isRunActive(run.state)) continue;
				const effect = runbook?.steps.find((one) => one.id === run.step)?.effect;
				if (run.kind === 'run' && (effect === 'read' || effect === 'prepare')) continue;
				throw new Refusal(problem('step.other-change-running', { step: step.id, other: run.step }, { step: step.id }));
			}
		}
		const stray = this.#findStray();
		if (stray) throw new Refusal(problem('step.other-change-running', { step: step.id, other: stray.plan.step }, { step: step.id }));
	}

	/** A run that goes on although its session cannot be read: what it does is not known, so nothing may change beside it. */
	#findStray(): Run | undefined {
		const readable = new Set(this.#parts.sessions.list().map(({ id }) => id));
		return this.#parts.runs().list().find((run) => isRunActive(run.state) && !readable.has(run.plan.session));
	}

	journal(sessionId: string, event: RunEvent): void {
		const live = this.#parts.sessions.list().find((one) => one.id === sessionId);
		// Nobody is left to tell: the session was removed, or its journal is damaged and stays as it is.
		if (!live) return;
		if (event.type === 'run.asked') {
			const more = this.#asked.get(event.run);
			if (!more) throw new TypeError(`Cannot write down run "${event.run}": nobody asked for it.`);
			live.append({ ...event, ...more });
			return;
		}
		const known = live.entries.flatMap((entry) => ('run' in entry.event && entry.event.run === event.run && entry.event.type.startsWith('run.') && entry.event.type !== 'run.asked' ? [RunFact.parse(entry.event)] : []));
		if (event.type !== 'run.signalled' && event.type !== 'run.cancelled' && !isNewRunEvent(known, event)) return;
		live.append(event);
		this.#afterFact(live, event);
	}

	/** A run that ended well is followed by the step's check, any other by a look at its hints. */
	#afterFact(live: LiveSession, event: RunFact): void {
		const run = live.session.runs.get(event.run);
		const subject = run && (this.#subjects.get(event.run) ?? this.#recall(live, run));
		if (!run || !subject || isRunActive(run.state) || event.type === 'run.closed' || event.type === 'run.made' || event.type === 'run.signalled' || event.type === 'run.cancelled') return;
		this.#subjects.delete(event.run);
		if (isRunSuccess(run.state)) {
			const lookedFor = subject.kind === 'undo' ? 'undone' : 'done';
			const checks = lookedFor === 'done' ? subject.step.doneWhen : subject.step.undoneWhen;
			if (checks.length > 0) this.#watches.start(subject, lookedFor);
			return;
		}
		if (subject.kind === 'run') void this.#watches.lookForHints(subject).catch((error: unknown) => this.#closing.signal.aborted || log('error', { message: String(error) }));
	}

	/** The end of what the last run of a step printed, as lines of text. */
	async #printed({ live, step, node }: Subject): Promise<string | undefined> {
		const last = [...live.session.runs.values()].findLast((run) => run.kind === 'run' && run.step === step.id && run.node === node?.name);
		// A recording that is damaged says so where it is shown; it keeps no other hint away.
		const text = await (last && this.#parts.runs().get(last.id))?.lastOutput(printedCharacters).catch(() => undefined);
		return text === undefined ? undefined : linesOf(text).join('\n');
	}

	resume(): void {
		for (const live of this.#parts.sessions.list()) {
			if (live.session.closed) continue;
			for (const status of live.session.steps.values()) {
				const run = status.kind === 'ran' || status.kind === 'undone' ? live.session.runs.get(status.run) : undefined;
				const subject = run && !isProven(live, run) && this.#recall(live, run);
				if (subject) this.#watches.start(subject, subject.kind === 'undo' ? 'undone' : 'done');
			}
		}
	}

	/** The subject of an earlier server's run. It knew secrets that this one does not: a check that needs one waits for the page to ask. */
	#recall(live: LiveSession, run: SessionRun): (Subject & { readonly kind: 'run' | 'undo' }) | undefined {
		const { runbooks } = this.#parts;
		const runbook = runbooks.all.find((one) => one.id === live.session.runbook);
		const step = runbook?.steps.find((one) => one.id === run.step);
		if (!runbook || !step) return undefined;
		const resolved = runbooks.resolve(runbook, run.values);
		const node = nodesOf(step, resolved).find((one) => one?.name === run.node);
		const checks = run.kind === 'undo' ? step.undoneWhen : step.doneWhen;
		const made = run.kind === 'undo' ? lastMade(live.session, stepKey(run.step, run.node)) : undefined;
		const subject = { live, step, resolved, kind: run.kind, ...(node && { node }), ...(made && { made }) };
		const canLook = checks.map((check) => prepareCheck(check, resolved, optionsOf(subject))).every((one) => !one || one.look);
		return checks.length > 0 && canLook ? subject : undefined;
	}

	mark(live: LiveSession, { step: id, node, mark, reason }: MarkRequest): void {
		const { runbooks } = this.#parts;
		const runbook = runbooks.get(live.session.runbook);
		const step = runbooks.step(runbook, id);
		const steps = planSteps(runbook, runbooks.resolve(runbook, live.session.values), live.session);
		const planned = steps.find((one) => one.key === stepKey(step.id, node));
		if (!planned) throw new Refusal(problem('node.unknown', { step: step.id, node: node ?? '' }, { step: step.id }));
		const why = whyNotMark(planned, steps, mark, reason);
		if (why) throw new Refusal(why);
		this.#watches.stop(live.id, planned.key);
		live.append({ type: 'step.marked', step: step.id, ...(node !== undefined && { node }), mark, reason });
	}

	whenChecked(session: string, key: string): Promise<void> {
		return this.#watches.whenOver(session, key);
	}

	async look(live: LiveSession, request: LookRequest, signal?: AbortSignal): Promise<readonly StepLook[]> {
		const { runbooks } = this.#parts;
		const runbook = runbooks.get(live.session.runbook);
		const resolved = runbooks.resolve(runbook, request.values);
		const steps = planSteps(runbook, resolved, live.session);
		const subjectOf = ({ step, node }: PlannedStep): Subject => ({ live, step, resolved, ...(node && { node }) });
		if ('prove' in request) {
			const looks: StepLook[] = [];
			for (const planned of stepsToRecheck(steps)) looks.push(...(await this.#recheck(subjectOf(planned), planned)));
			return looks;
		}
		const step = runbooks.step(runbook, request.step);
		const planned = steps.find((one) => one.key === stepKey(step.id, request.node));
		if (!planned) throw new Refusal(problem('node.unknown', { step: step.id, node: request.node ?? '' }, { step: step.id }));
		const subject = subjectOf(planned);
		if (!planned.applies) throw new Refusal(problem('step.not-applicable', { step: step.id }, { step: step.id }));
		const hasCheck = request.for === 'skip' ? step.skipWhen.some((check) => isLookedAt(check, resolved, planned.node)) : planned.hasCheck;
		if (!hasCheck) throw new Refusal(problem('step.nothing-to-look-at', { step: step.id }, { step: step.id }));
		if (planned.status.kind === 'running') throw new Refusal(problem('step.running', { step: step.id }, { step: step.id }));
		const result = await this.#lookOnce(subject, request.for, signal);
		if (request.for === 'done' && (!isPassed(result.result) || isHeld(step))) await this.#afterFailedLook(subject, planned);
		return [{ step: step.id, ...(request.node !== undefined && { node: request.node }), ...result, passed: isPassed(result.result) }];
	}

	/** What is still to come is waited for, after a run that ended well or where the step itself is nothing but a patient look; else its hints say why. */
	async #afterFailedLook(subject: Subject, { step, status }: PlannedStep): Promise<void> {
		if (status.kind === 'ran' || isPatientLook(step) || isHeld(step)) this.#watches.start(subject, 'done');
		else await this.#watches.lookForHints(subject);
	}

	/** Looks again at a settled step; only what has changed is written down. What could not be checked takes no tick away, and gives none. */
	async #recheck(subject: Subject, planned: PlannedStep): Promise<StepLook[]> {
		const { step, node, live } = subject;
		const result = await this.#look(subject, step.doneWhen);
		const { steps, unchecked } = live.session;
		const status = steps.get(planned.key)?.kind;
		const wasUnchecked = unchecked.has(planned.key);
		if (status !== 'running' && isNews(result.result, status, wasUnchecked)) appendLook(subject, 'done', result);
		return [{ step: step.id, ...(node && { node: node.name }), ...result, passed: isPassed(result.result) }];
	}

	async #lookOnce(subject: Subject, lookedFor: 'done' | 'skip', signal?: AbortSignal): Promise<LookResult> {
		const { step, node, live } = subject;
		const result = await this.#look(subject, lookedFor === 'skip' ? step.skipWhen : step.doneWhen, signal);
		const key = stepKey(step.id, node?.name);
		const ran = live.session.steps.get(key)?.kind === 'ran';
		const waits = lookedFor === 'done' && (isPatientLook(step) || isHeld(step) || (ran && step.doneWhen.some((check) => check.withinSeconds > 0)));
		const passed = isPassed(result.result) && !(lookedFor === 'done' && isHeld(step));
		const says = passed || (lookedFor === 'done' ? !waits : result.result === 'could-not-check');
		if (says) appendLook(subject, lookedFor, result);
		return result;
	}

	/** One try of each check, as the session's values say. */
	#look({ step, node, resolved }: Subject, checks: readonly Check[], stop?: AbortSignal): Promise<LookResult> {
		const signal = stop ? AbortSignal.any([stop, this.#closing.signal]) : this.#closing.signal;
		return lookAt(checks, resolved, { step: step.id, ...(node && { node }) }, { folder: this.#parts.folder, signal, wait: false });
	}

	/** Ends every check; what it would have said is not written down. */
	async close(): Promise<void> {
		this.#closing.abort();
		await Promise.allSettled([this.#watches.close(), ...this.#turns.values()]);
	}
}

const noop = () => undefined;

/** Whether a check that is done again says more than is written down. */
function isNews(result: Grade, status: StepStatus['kind'] | undefined, wasUnchecked: boolean): boolean {
	if (result === 'could-not-check') return !wasUnchecked;
	if (result === 'not-applicable') return false;
	if (wasUnchecked || isPassed(result) === (status === 'stale')) return true;
	return (status === 'verified' && result === 'warned') || (status === 'warned' && result === 'passed');
}

/** A check of it must hold for some time: one try cannot say that. */
const isHeld = (step: Step): boolean => step.doneWhen.some((check) => check.forSeconds > 0);

/** Whether a run's step was looked at after the run. */
function isProven({ entries }: LiveSession, run: SessionRun): boolean {
	const asked = entries.findIndex(({ event }) => event.type === 'run.asked' && event.run === run.id);
	return entries.slice(asked).some(({ event }) => event.type === 'step.looked' && event.result !== 'could-not-check' && typeof event.for !== 'object' && stepKey(event.step, event.node) === stepKey(run.step, run.node));
}

/** A step without a command whose check is tried for some time: a server that comes up, hosts that come back. */
function isPatientLook(step: Step): boolean {
	return step.run.length === 0 && step.doneWhen.some((check) => check.withinSeconds > 0);
}
