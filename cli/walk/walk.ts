/** Walks through a runbook: one phase run after the other, with a question before each that changes something. The page does the same with its buttons. */
import { formatDuration } from '../../src/i18n/format.ts';
import type { Translate } from '../../src/i18n/words.ts';
import type { Runbook, Step } from '../../src/runbook/definition/definition.ts';
import { lastPhase, type PhaseState } from '../../src/runbook/session/phase-state.ts';
import { partsOf, questionOf, runnableSteps } from '../../src/runbook/session/phase-run.ts';
import { nextStep, planSteps, whyNotRun, type PlannedStep } from '../../src/runbook/session/plan.ts';
import { kindOf, Refusal, type Problem } from '../../src/runbook/problem.ts';
import { renderStep } from '../../src/runbook/command/render.ts';
import type { Resolved } from '../../src/runbook/values/resolve.ts';
import { isRunActive, isRunSuccess } from '../../src/runbook/run/run.ts';
import { foldSession, stepKey, type Session } from '../../src/runbook/session/session.ts';
import type { Entry } from '../../src/runbook/session/session-event.ts';
import type { Values } from '../../src/runbook/values/value.ts';
import { linesOf } from '../../server/report/recording/plain-lines.ts';
import { makeVisible, makeVisibleLine } from '../../server/report/visible.ts';
import { formatProblem } from '../../server/words.ts';
import type { Terminal } from '../command.ts';
import type { Facts, StepFacts } from './facts.ts';
import type { Host } from './host.ts';
import { keyOf } from './junit.ts';
import type { Person } from './person.ts';
import { Prompts } from './prompts.ts';
import type { WalkOutput, WalkEnd } from './output.ts';

/** What `--yes` answers. */
export const answers = ['prepare', 'change', 'point-of-no-return'] as const;
export type Answer = (typeof answers)[number];

/** Exit codes, as the help has them. */
export const exits = { done: 0, failed: 1, refused: 2, another: 3, waits: 4, unchecked: 5 } as const;

export interface WalkOptions {
	readonly host: Host;
	readonly terminal: Terminal;
	readonly person: Person | undefined;
	readonly runbook: Runbook;
	/** The values, with what steps of the session have given to later ones. */
	readonly resolve: (session: Session) => Resolved;
	readonly values: Values;
	readonly session: string;
	readonly entries: readonly Entry[];
	readonly facts: Facts;
	readonly output: WalkOutput;
	/** Keys of the steps that are walked; all others are left. */
	readonly within: ReadonlySet<string>;
	readonly yes: ReadonlySet<Answer>;
	/** Checks alone, also those that have passed before. */
	readonly checksOnly: boolean;
}

export interface WalkResult extends WalkEnd {
	readonly all: readonly StepFacts[];
	/** By key of the step. */
	readonly seconds: ReadonlyMap<string, number>;
}

export function walk(options: WalkOptions): Promise<WalkResult> {
	return new Walk(options).go();
}

type Ended = Pick<WalkEnd, 'exit' | 'reason' | 'step' | 'node' | 'text' | 'problems'>;

/** How much of the output of a run that failed is shown. */
const shownLines = 20;

class Walk {
	readonly #options: WalkOptions;
	readonly #entries: Entry[];
	readonly #seconds = new Map<string, number>();
	/** Steps of the phase run whose turn has come and whose result has not been output. */
	readonly #pending = new Map<string, { readonly planned: PlannedStep; readonly at: string }>();
	#session: Session;
	#isLost = false;
	/** Whoever waits for something of the session. */
	readonly #waiting = new Set<() => void>();
	/** Runs that may ask something. */
	readonly #listening = new Map<string, { readonly prompts: Prompts; readonly abort: AbortController }>();
	#isPrompting = false;
	/** What a Ctrl-C has begun. */
	#interrupting: Promise<void> = Promise.resolve();

	constructor(options: WalkOptions) {
		this.#options = options;
		this.#entries = [...options.entries];
		this.#session = foldOrThrow(this.#entries);
	}

	async go(): Promise<WalkResult> {
		const { host, session, output } = this.#options;
		if (this.#options.person) this.#showPlan();
		host.follow(session, this.#entries.at(-1)?.n ?? 0, (entry) => this.#take(entry), () => this.#lose());
		const ended = await this.#walk().catch((error: unknown) => this.#explain(error));
		if (ended.reason === 'failed') await this.#showOutput(ended);
		const all = this.#plan().filter(({ key }) => this.#options.within.has(key)).map((one) => this.#options.facts.of(one, this.#session));
		const end = { session, ...ended };
		output.end(end, all);
		return { ...end, all, seconds: this.#seconds };
	}

	/** What is still to be done, part by part: what one answer allows stands in one line. */
	#showPlan(): void {
		const { terminal: { say }, output, within, facts } = this.#options;
		for (const { name, steps } of partsOf(this.#plan())) {
			const left = steps.filter(({ key, settled }) => within.has(key) && !settled);
			if (left.length === 0) continue;
			const title = say(name === 'point-of-no-return' ? 'gate.words' : name === 'destroy' ? 'effect.destroy' : `phase.${name}`);
			output.say(say('cli.walk.plan', { part: title, steps: left.map(({ step, node }) => facts.title(step.id, node?.name)).join(say('list.separator')) }));
		}
		output.say('');
	}

	async #walk(): Promise<Ended> {
		const { within, checksOnly } = this.#options;
		const started = lastPhase(this.#session);
		if (started && !started.end) {
			const ended = await this.#whenEnded(started.id);
			if (ended.end?.reason !== 'done') return this.#stopOf(ended);
		}
		for (let isFirst = true; ; isFirst = false) {
			const steps = this.#plan();
			const from = checksOnly && isFirst ? partsOf(steps)[0]?.steps[0]?.key : nextStep(steps)?.key;
			if (from === undefined || !within.has(from)) return this.#done(from);
			const run = runnableSteps(steps, from, { again: checksOnly });
			const taken = run?.steps.filter(({ key }) => within.has(key)) ?? [];
			const ended = taken.length === 0 ? await this.#takeByHand(steps, from) : await this.#takePart(taken);
			if (ended) return ended;
			if (checksOnly) return this.#done(nextStep(this.#plan())?.key);
		}
	}

	/** Nothing is left, or what is left is beyond the end that was asked for. A check waits for what only the reader can do. */
	#done(from: string | undefined): Ended {
		const { terminal: { say }, within, checksOnly } = this.#options;
		const waiting = this.#plan().find((one) => within.has(one.key) && !one.settled);
		if (checksOnly && waiting) return this.#waits('cli.walk.by-hand', waiting);
		return { exit: exits.done, reason: from === undefined ? 'done' : 'until', text: say(checksOnly ? 'cli.walk.checked' : from === undefined ? 'cli.walk.done' : 'cli.walk.until'), problems: [] };
	}

	#waits(key: string, { step, node }: PlannedStep): Ended {
		const { terminal: { say }, facts } = this.#options;
		return { exit: exits.waits, reason: 'waits', step: step.id, ...(node && { node: node.name }), text: say(key, { step: facts.title(step.id, node?.name) }), problems: [] };
	}

	/** A step that nobody can do from here. Undefined when the reader has done it. */
	async #takeByHand(steps: readonly PlannedStep[], key: string): Promise<Ended | undefined> {
		const { person, host, session, terminal: { say }, facts } = this.#options;
		const planned = steps.find((one) => one.key === key);
		if (!planned) return this.#done(undefined);
		const { step, node, way } = planned;
		const title = facts.title(step.id, node?.name);
		if (way !== 'by-hand') {
			const why = planned.status.kind === 'stale' ? say('stop.stale', { step: title }) : say('stop.refused', { step: title });
			const reason = whyNotRun(steps, key);
			return { exit: exits.failed, reason: planned.status.kind === 'stale' ? 'stale' : 'refused', step: step.id, ...(node && { node: node.name }), text: why, problems: reason ? [this.#say(reason)] : [] };
		}
		if (!person) return this.#waits('cli.walk.by-hand', planned);
		const rendered = renderStep(step, 'run', this.#resolved, node && { node });
		if (rendered) this.#options.output.say(indent(rendered.display));
		if ((await person.ask(say('cli.walk.ask-by-hand', { step: title }))) !== 'yes') return this.#waits('cli.walk.by-hand', planned);
		await host.mark(session, step.id, node?.name, 'by-hand', '');
		await this.#until(() => this.#plan().find((one) => one.key === key)?.settled === true);
		return undefined;
	}

	/** Asks where a question has to be asked, and does the steps. */
	async #takePart(taken: readonly PlannedStep[]): Promise<Ended | undefined> {
		const { host, session, runbook, values } = this.#options;
		const resolved = this.#resolved;
		const asked = await this.#ask(taken);
		if ('exit' in asked) return asked;
		const steps = taken.map(({ step, node }) => ({ step: step.id, ...(node && { node: node.name }), preview: renderStep(step, 'run', resolved, node && { node })?.display ?? '' }));
		const phase = await host.start({ session, runbook: runbook.id, steps, values, confirmed: true, ...(asked.object !== undefined && { object: asked.object }), size: { columns: 120, rows: 40 } });
		const ended = await this.#whenEnded(phase);
		if (ended.end?.reason === 'done') return undefined;
		const stopped = ended.end?.reason === 'open-slot' ? taken.find(({ step }) => step.id === ended.end?.step)?.step : undefined;
		if (!stopped || stopped === taken[0]?.step) return this.#stopOf(ended);
		// Its command was not known before: now it can be asked about, and started, whole.
		await this.#until(() => !this.#isComing(stopped));
		return undefined;
	}

	async #ask(taken: readonly PlannedStep[]): Promise<Ended | { readonly object?: string }> {
		const { person, yes, output, terminal: { say } } = this.#options;
		const resolved = this.#resolved;
		const question = questionOf(taken);
		const [first] = taken;
		const needed = answerFor(taken);
		if (!first || (question !== 'object' && (needed === undefined || yes.has(needed)))) return {};
		if (!person) return this.#waits(question === 'object' ? 'cli.walk.needs-name' : `cli.walk.needs-${needed ?? ''}`, first);
		for (const { step, node } of taken) {
			const rendered = renderStep(step, 'run', resolved, node && { node });
			output.say(`\n${this.#options.facts.title(step.id, node?.name)}${rendered ? `\n${indent(rendered.display)}` : ''}`);
		}
		if (question !== 'object') return (await person.ask(say(`cli.walk.ask-${needed ?? ''}`, { count: taken.length }))) === 'yes' ? {} : this.#waits('cli.walk.not-answered', first);
		const object = first.step.object === undefined ? '' : (resolved.answers.get(first.step.object)?.items[0]?.text ?? '');
		const typed = await person.ask(say('cli.walk.ask-name', { object: makeVisibleLine(object) }));
		return typed === object ? { object: typed } : this.#waits('cli.walk.other-name', first);
	}

	/** Waits for the end of a phase run; meanwhile it shows how far it is, and Ctrl-C asks what to do. */
	async #whenEnded(phase: string): Promise<PhaseState> {
		const { person } = this.#options;
		const interrupt = () => {
			// A second Ctrl-C answers the question of the first.
			this.#interrupting = Promise.all([this.#interrupting, this.#interrupt(phase).catch(() => undefined)]).then(() => undefined);
		};
		const off = person?.onInterrupt(interrupt);
		if (!off) process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
		const timer = setInterval(() => {
			this.#showProgress();
			this.#answerPrompt();
		}, 1_000);
		try {
			await this.#until(() => this.#session.phases.get(phase)?.end !== undefined);
		} finally {
			clearInterval(timer);
			for (const { abort } of this.#listening.values()) abort.abort();
			this.#listening.clear();
			off?.();
			process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
			person?.status('');
		}
		await this.#interrupting;
		return this.#session.phases.get(phase)!;
	}

	async #interrupt(phase: string): Promise<void> {
		const { person, host, terminal: { say } } = this.#options;
		const answer = person ? await person.ask(say('cli.walk.interrupted')) : 's';
		if (this.#session.phases.get(phase)?.end || (answer !== 'c' && answer !== 's' && answer !== undefined)) return;
		await host.stop(phase);
		const active = [...this.#session.runs.values()].filter(({ state }) => isRunActive(state));
		if (answer !== 'c') return active.forEach(({ step }) => this.#options.output.say(say('cli.start.run-goes-on', { step, session: this.#session.id })));
		for (const { id } of active) {
			// What has not begun cannot be cancelled yet.
			await this.#until(() => !['asked', 'starting'].includes(this.#session.runs.get(id)?.state.kind ?? ''));
			if (isRunActive(this.#session.runs.get(id)!.state)) await host.cancel(id);
		}
		// What the server does about it is waited for: this process may be the server.
		await this.#until(() => ![...this.#session.runs.values()].some(({ state }) => isRunActive(state)));
	}

	/** Follows what runs print, and lets go of those that have ended. */
	#listen(): void {
		const { person, host } = this.#options;
		if (!person) return;
		for (const { id, state } of this.#session.runs.values()) {
			const known = this.#listening.get(id);
			if (known && !isRunActive(state)) {
				known.abort.abort();
				this.#listening.delete(id);
			}
			if (known || state.kind !== 'running') continue;
			const one = { prompts: new Prompts(), abort: new AbortController() };
			this.#listening.set(id, one);
			host.listen(id, (text) => one.prompts.take(text), one.abort.signal);
		}
	}

	/** A program that asks is answered here, as it is in the terminal of the page: a password of sudo above all. */
	#answerPrompt(): void {
		const { person, host, terminal: { say } } = this.#options;
		if (!person || this.#isPrompting) return;
		for (const [run, { prompts, abort }] of this.#listening) {
			const line = prompts.next();
			if (line === undefined) continue;
			const step = this.#session.runs.get(run)?.step ?? '';
			this.#isPrompting = true;
			void person
				.askHidden(say('cli.walk.prompt', { step: this.#options.facts.title(step, undefined), line: makeVisibleLine(line) }), abort.signal)
				.then((answer) => (answer === undefined ? undefined : host.type(run, `${answer}\r`)))
				.catch(() => undefined)
				.finally(() => (this.#isPrompting = false));
			return;
		}
	}

	#showProgress(): void {
		const { output, terminal: { say } } = this.#options;
		const [first] = this.#pending.values();
		if (!first) return;
		const { planned, at } = first;
		const elapsed = formatDuration((Date.now() - Date.parse(at)) / 1000, say as Translate);
		const slots = { step: this.#options.facts.title(planned.step.id, planned.node?.name), elapsed };
		const usually = planned.usuallySeconds;
		output.progress(usually === undefined ? say('cli.walk.progress', slots) : say('cli.walk.progress-usually', { ...slots, usually: formatDuration(usually, say as Translate) }));
	}

	#take(entry: Entry): void {
		if (entry.n <= (this.#entries.at(-1)?.n ?? 0)) return;
		this.#entries.push(entry);
		this.#session = foldOrThrow(this.#entries);
		this.#listen();
		const { event, at } = entry;
		if (event.type === 'phase.turn') this.#begin(stepKey(event.step, event.node), at);
		else this.#printResults(at, event.type === 'phase.ended' && event.reason !== 'stopped' && event.reason !== 'server-ended');
		this.#wakeAll();
	}

	#wakeAll(): void {
		for (const wake of this.#waiting) wake();
	}

	#begin(key: string, at: string): void {
		this.#printResults(at, false);
		const planned = this.#plan().find((one) => one.key === key);
		if (!planned) return;
		this.#pending.set(key, { planned, at });
		this.#options.output.begin(this.#options.facts.of(planned, this.#session));
		this.#showProgress();
	}

	/** Tells of the steps under way those that have come to their end; all of them when their phase run has. */
	#printResults(at: string, isEnd: boolean): void {
		const plan = this.#plan();
		for (const [key, { at: from }] of [...this.#pending]) {
			const planned = plan.find((one) => one.key === key);
			if (!planned || !(isEnd || isOver(planned, from))) continue;
			this.#pending.delete(key);
			const seconds = Math.max(0, Date.parse(at) - Date.parse(from)) / 1000;
			const facts = this.#options.facts.of(planned, this.#session);
			this.#seconds.set(keyOf(facts), seconds);
			this.#options.output.result({ ...facts, seconds });
		}
	}

	/** The end of what a run printed that failed: its reason stands there. */
	async #showOutput({ step, node }: Ended): Promise<void> {
		const run = [...this.#session.runs.values()].findLast((one) => one.step === step && one.node === node);
		if (!run || !this.#options.person) return;
		const text = await this.#options.host.output(run.id).catch(() => '');
		const lines = linesOf(text).filter((line) => line.trim() !== '').slice(-shownLines);
		if (lines.length > 0) this.#options.output.say(indent(lines.join('\n')));
	}

	#stopOf({ steps: [first], end }: PhaseState): Ended {
		const { terminal: { say }, facts } = this.#options;
		const reason = end?.reason ?? 'unknown';
		const place = end?.step === undefined ? first : { step: end.step, ...(end.node !== undefined && { node: end.node }) };
		const exit = ({ 'could-not-check': exits.unchecked, 'open-slot': exits.refused, 'by-hand': exits.waits } as Readonly<Record<string, number>>)[reason] ?? exits.failed;
		return { exit, reason, ...place, text: say(`stop.${reason}`, { step: facts.title(place?.step ?? '', place?.node) }), problems: (end?.problems ?? []).map((one) => this.#say(one as unknown as Problem)) };
	}

	#lose(): void {
		this.#isLost = true;
		this.#wakeAll();
	}

	/** Waits until something of the session is so. @throws Lost when nothing more will come. */
	async #until(isSo: () => boolean): Promise<void> {
		// Nothing of a run holds its server; whoever waits for one must.
		const holding = setInterval(() => undefined, 60_000);
		try {
			while (!isSo()) {
				if (this.#isLost) throw new Lost();
				const { promise, resolve } = Promise.withResolvers<void>();
				this.#waiting.add(resolve);
				await promise;
				this.#waiting.delete(resolve);
			}
		} finally {
			clearInterval(holding);
		}
	}

	#explain(error: unknown): Ended {
		const { terminal: { say } } = this.#options;
		if (error instanceof Lost) return { exit: exits.failed, reason: 'lost', text: say('cli.walk.lost'), problems: [] };
		if (!(error instanceof Refusal)) throw error;
		const isConflict = error.problems.every(({ name }) => ['conflict', 'machine'].includes(kindOf(name)));
		return { exit: isConflict ? exits.failed : exits.refused, reason: 'refused', text: say('cli.walk.refused'), problems: error.problems.map((one) => this.#say(one)) };
	}

	#plan(): readonly PlannedStep[] {
		return planSteps(this.#options.runbook, this.#resolved, this.#session);
	}

	get #resolved(): Resolved {
		return this.#options.resolve(this.#session);
	}

	/** A run that ended well has not yet been read for what it gives to a step. */
	#isComing(step: Step): boolean {
		const steps = (renderStep(step, 'run', this.#resolved)?.problems ?? []).filter(({ name }) => name === 'value.awaited').map(({ slots }) => slots['step']);
		return steps.some((id) => {
			const run = [...this.#session.runs.values()].findLast((one) => one.kind === 'run' && one.step === id);
			return run !== undefined && isRunSuccess(run.state);
		});
	}

	#say(one: Problem): string {
		return makeVisible(formatProblem(this.#options.terminal.say, one));
	}
}

/** Nothing more comes from the Drover that runs. */
class Lost extends Error {}

function foldOrThrow(entries: readonly Entry[]): Session {
	const session = foldSession(entries);
	if (!session) throw new TypeError('A session without events cannot be walked.');
	return session;
}

/** Whether a step has come to an end since its turn. */
function isOver({ settled, status, unchecked }: PlannedStep, since: string): boolean {
	if (unchecked && unchecked.at >= since && status.kind !== 'running') return true;
	const isSince = 'at' in status && status.at >= since;
	return isSince && (settled || status.kind === 'failed' || status.kind === 'unknown' || status.kind === 'stale');
}

/** What has to be answered before steps are done; undefined for what only reads. */
function answerFor(steps: readonly PlannedStep[]): Answer | undefined {
	if (steps.some(({ pointOfNoReturn }) => pointOfNoReturn)) return 'point-of-no-return';
	if (steps.some(({ step }) => step.effect === 'change')) return 'change';
	return steps.some(({ step }) => step.effect === 'prepare') ? 'prepare' : undefined;
}

const indent = (text: string): string => `    ${makeVisible(text).replaceAll('\n', '\n    ')}`;
