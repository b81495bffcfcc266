/**
 * Everything that the parts of a runbook's page share: the values of the form, the session, and what follows from both. Parts listen for `change`
 * and draw themselves; nothing else connects them.
 */
import { loadFamilyWords, loadRules } from '../../families/family-loaders.ts';
import type { RunbookData } from '../../site/runbook-context.ts';
import type { ValueOrigin } from '../../site/draw-part.ts';
import { sayProblem, saySight, type Names, type SaidProblem } from '../../i18n/say.ts';
import type { Sight } from '../../runbook/check/sight.ts';
import { nextStep, planSteps, type PlannedStep } from '../../runbook/session/plan.ts';
import { resolve, withoutSecrets, withSecrets, type Resolved } from '../../runbook/values/resolve.ts';
import type { RunState } from '../../runbook/run/run-state.ts';
import { GrowingSession, showLive, stepKey, type Session } from '../../runbook/session/session.ts';
import type { LookedFor } from '../../runbook/session/session-event.ts';
import type { Value, Values } from '../../runbook/values/value.ts';
import { connection } from '../connection/connection.ts';
import { LocalSession } from './local-session.ts';
import { locale, sayDay } from '../ground/locale.ts';
import { Refused } from '../connection/refused.ts';
import type { ServerSession } from './server-session.ts';
import type { MarkAsked } from './session-backend.ts';
import { onMessage } from '../connection/messages.ts';
import { addWords, t } from '../ground/words.ts';

/** A check that is tried again until it passes. */
export interface Looking {
	readonly for: LookedFor;
	readonly attempt: number;
	readonly saw: readonly Sight[];
}

const dataText = document.querySelector('#runbook-data')?.textContent;
const pageData = dataText ? (JSON.parse(dataText) as RunbookData) : undefined;
const family = pageData?.runbook.family ?? '';
const [rules, familyWords] = await Promise.all([loadRules(family), loadFamilyWords(locale, family)]);
addWords(familyWords);

/** Values are sent to the server when typing rests for this long. */
const restMs = 400;

export class PageStore extends EventTarget {
	readonly data: RunbookData;
	readonly names: Names;
	values: Values = {};
	detected: ReadonlySet<string> = new Set();
	resolved: Resolved;
	session: Session | undefined;
	steps: readonly PlannedStep[] = [];
	next: PlannedStep | undefined;
	/** The step that was pressed last, in this page. */
	pressed: string | undefined;
	readonly looking = new Map<string, Looking>();
	/** How runs stand at this moment, as far as a journal does not say it. */
	readonly #live = new Map<string, RunState>();
	readonly #folded = new GrowingSession();
	readonly #local: LocalSession;
	keeper: LocalSession | ServerSession;
	readonly #known = Promise.withResolvers<void>();
	#settled = false;
	#saving: ReturnType<typeof setTimeout> | undefined;
	/** What is typed could not be kept: it is tried again when the server is back. */
	#unsaved = false;
	#shown: string | undefined;

	constructor(data: RunbookData) {
		super();
		this.data = data;
		this.names = {
			parameter: (name) => data.labels[name] ?? name,
			step: (id) => data.titles[id] ?? id,
			runbook: (id) => (id === data.runbook.id ? data.title : id),
		};
		this.#local = new LocalSession(data.runbook, this.#newName(), () => this.#onEntries());
		this.keeper = this.#local;
		this.resolved = resolve(data.runbook, rules, {});
		this.#onEntries();
		addEventListener('pagehide', () => void this.flush());
	}

	/** Turns to the server's session once there is one, and what makes it was loaded. Nothing is kept before it is known where. */
	async connect(Kept?: typeof ServerSession): Promise<void> {
		const { api, socket, access } = connection;
		if (access === 'checking' || access === 'gone' || access === 'other-program') return;
		if (this.keeper.byServer && this.#unsaved && connection.canRun) void this.saveValues();
		if (this.keeper.byServer) return this.#known.resolve();
		if (!Kept || !api || !socket || !connection.keeps) {
			await this.#local.read;
			if (!this.keeper.byServer && !this.#settled) this.#settle();
			return;
		}
		const keeper = new Kept(api, socket, this.data.runbook, () => this.#newName(), this.#onEntries);
		onMessage(socket, 'session.looking', (message) => {
			if (message.session !== keeper.id) return;
			this.looking.set(stepKey(message.step, message.node), message);
			this.#changed();
		});
		onMessage(socket, 'session.run', ({ session, run, state }) => {
			if (session !== keeper.id) return;
			this.#live.set(run, state);
			this.#onEntries();
		});
		onMessage(socket, 'problem', ({ problem }) => this.dispatchEvent(new CustomEvent('problem', { detail: { key: undefined, error: new Refused(0, [problem]) } })));
		this.keeper = keeper;
		this.#shown = undefined;
		await keeper.resume();
		this.#settle();
	}

	/** What was typed while the session was looked for stands above what it holds. */
	#settle(): void {
		this.#settled = true;
		if (this.#saving !== undefined) this.values = { ...this.session?.values, ...this.values };
		this.#known.resolve();
		this.#onEntries();
	}

	/** Resolves when it is known where the session is kept. */
	get known(): Promise<void> {
		return this.#known.promise;
	}

	get server(): ServerSession | undefined {
		return this.keeper.byServer ? this.keeper : undefined;
	}

	/** Sets a value; `undefined` takes it back to its default. */
	setValue(name: string, value: Value | undefined): void {
		const { [name]: _, ...others } = this.values;
		const detected = new Set(this.detected);
		detected.delete(name);
		this.#setAll(value === undefined ? others : { ...others, [name]: value }, detected);
	}

	/** Takes what detection found; what is typed already and not found stays. */
	takeDetected(values: Values): void {
		const known = Object.fromEntries(Object.entries(values).filter(([name]) => Object.hasOwn(this.data.runbook.parameters, name)));
		this.#setAll({ ...this.values, ...known }, new Set([...this.detected, ...Object.keys(known)]));
	}

	clearValues(): void {
		this.#setAll({}, new Set());
	}

	/** Values are drawn at once and kept a little later. */
	#setAll(values: Values, detected: ReadonlySet<string>): void {
		this.values = values;
		this.detected = detected;
		this.#recompute();
		this.#changed();
		clearTimeout(this.#saving);
		this.#saving = setTimeout(() => void this.saveValues(), restMs);
	}

	/** Keeps the values now. */
	async saveValues(): Promise<void> {
		await this.#known.promise;
		clearTimeout(this.#saving);
		this.#saving = undefined;
		this.#unsaved = !(await this.attempt(() => this.keeper.setValues(this.values, [...this.detected])));
	}

	/** Keeps what was typed a moment ago, before something builds on it or the page goes. */
	async flush(): Promise<void> {
		if (this.#saving !== undefined) await this.saveValues();
	}

	async mark(asked: MarkAsked, key: string): Promise<void> {
		await this.#known.promise;
		await this.flush();
		await this.attempt(() => this.keeper.mark(asked), key);
	}

	originOf = (name: string): ValueOrigin | undefined => {
		const origin = this.resolved.answers.get(name)?.origin;
		if (origin !== 'given') return origin;
		return this.detected.has(name) ? 'detected' : 'typed';
	};

	/** What the undo of a step is made of: the values it ran with, and the secrets of the form. */
	resolveKept(kept: Values): Resolved {
		const { runbook } = this.data;
		return resolve(runbook, rules, withSecrets(runbook, kept, this.values));
	}

	sayProblem(problem: SaidProblem): string {
		return sayProblem(problem, t, this.names);
	}

	saySight(sight: Sight): string {
		return saySight(sight, t, this.names);
	}

	stepsOf(id: string): readonly PlannedStep[] {
		return this.steps.filter((one) => one.step.id === id);
	}

	/** Does something that may be refused; what is wrong is shown where `problem` is listened for. */
	async attempt(act: () => Promise<unknown>, key?: string): Promise<boolean> {
		try {
			await act();
			this.dispatchEvent(new CustomEvent('problem', { detail: { key, error: undefined } }));
			return true;
		} catch (error) {
			this.dispatchEvent(new CustomEvent('problem', { detail: { key, error } }));
			// Nothing can be written there: the header says why, and for how long.
			if (error instanceof Refused && error.status === 503) void connection.ask();
			return false;
		}
	}

	readonly #onEntries = (): void => {
		const before = this.session;
		const session = this.#folded.fold(this.keeper.entries);
		this.session = session && showLive(session, this.#live);
		const id = this.keeper.id;
		if (this.#shown !== undefined && this.#shown !== id) this.#unsaved = false;
		if (this.session && this.#saving === undefined && !this.#unsaved && (this.#shown !== id || this.session.values !== before?.values)) this.#takeKept(this.session);
		this.#shown = id;
		this.#recompute();
		for (const one of this.steps) if (one.status.kind !== 'ran' && one.status.kind !== 'running' && one.status.kind !== 'failed') this.looking.delete(one.key);
		this.#changed();
	};

	/** The session's values, with the secrets that only this page knows. */
	#takeKept(session: Session): void {
		const sameSession = this.#shown === undefined || this.#shown === session.id;
		this.detected = new Set(session.detected);
		// What was kept is what stands here, but for its secrets.
		if (sameSession && JSON.stringify(withoutSecrets(this.data.runbook, this.values)) === JSON.stringify(session.values)) return;
		this.values = sameSession ? withSecrets(this.data.runbook, session.values, this.values) : session.values;
	}

	#recompute(): void {
		const { runbook } = this.data;
		this.resolved = resolve(runbook, rules, this.values);
		this.steps = planSteps(runbook, this.resolved, this.session);
		this.next = nextStep(this.steps);
	}

	#changed(): void {
		this.dispatchEvent(new Event('change'));
	}

	#newName(): string {
		return t('session.default-name', { date: sayDay(new Date()) });
	}
}

let store: PageStore | undefined;

/** The store of this page; made from the data that the page carries. */
export function pageStore(): PageStore {
	if (store) return store;
	if (!pageData) throw new TypeError('This page carries no runbook.');
	store = new PageStore(pageData);
	return store;
}
