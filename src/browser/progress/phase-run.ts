/**
 * Run all: the steps of a phase by one press, up to what stops it. The server takes them in their turn, so this only asks, and shows what the session says: another tab, and
 * the other language, show the same.
 */
import { formatDuration } from '../../i18n/format.ts';
import { placeOf, lastPhase, type PhaseState, type StepPlace } from '../../runbook/session/phase-state.ts';
import { questionOf, runnableSteps, type Runnable } from '../../runbook/session/phase-run.ts';
import type { PlannedStep } from '../../runbook/session/plan.ts';
import { isProof, stepKey } from '../../runbook/session/session.ts';
import { connection } from '../connection/connection.ts';
import { button, make, replaceIfChanged, setText } from '../ground/dom.ts';
import { PagePart } from '../store/page-part.ts';
import { phaseWords as w } from './phase-words.ts';
import { Refused, Unreachable } from '../connection/refused.ts';
import { checkStep } from '../step/step-actions.ts';
import { everySecond, secondsSince } from '../ground/ticking.ts';
import { t } from '../ground/words.ts';

class PhaseRun extends PagePart {
	readonly #act = button('', 'button', () => void this.#press());
	readonly #stop = button(w('phase-run.stop'), 'button danger', () => void this.#cancel());
	readonly #progress = make('progress', {});
	/** Announced: where it is, and how it ended. Elapsed time stands beside it. */
	readonly #state = make('div', { class: 'phase-state', role: 'status' });
	readonly #elapsed = make('p', { class: 'phase-elapsed' });
	#asked = false;
	#told = '';
	#toldAt: number | undefined;

	protected override start(signal: AbortSignal): void {
		this.replaceChildren(make('div', { class: 'actions' }, this.#act, this.#stop), this.#progress, this.#elapsed, this.#state);
		connection.addEventListener('change', () => this.draw(), { signal });
		everySecond(() => this.#drawElapsed(), signal);
	}

	get #phase(): string {
		return this.dataset['phase'] ?? '';
	}

	/** The last phase run, where it began in this phase. */
	get #run(): PhaseState | undefined {
		const { session, data } = this.store;
		const last = session && lastPhase(session);
		return last && data.runbook.steps.find(({ id }) => id === last.steps[0]?.step)?.phase === this.#phase ? last : undefined;
	}

	protected draw(): void {
		const run = this.#run;
		const runnable = this.#runnable();
		const focused = this.contains(document.activeElement);
		if (this.#toldAt !== this.store.session?.n) this.#told = '';
		const goes = run !== undefined && !run.end;
		const may = connection.canRun && this.store.current.byServer && !this.store.session?.closed;
		this.hidden = !(connection.reaches && this.store.current.byServer) || !(run || runnable);
		this.#act.hidden = !may || !runnable || isUnderWay(this.store.session);
		if (runnable) {
			this.#act.classList.toggle('primary', !runnable.again);
			setText(this.#act, labelOf(runnable, this.store.names.step));
		}
		this.#stop.hidden = !goes || !connection.reaches;
		this.#stop.setAttribute('aria-disabled', String(this.#asked && goes));
		setText(this.#stop, w(this.#asked && goes ? 'phase-run.stopping' : 'phase-run.stop'));
		if (!goes) this.#asked = false;
		this.#drawProgress(run, goes);
		this.#drawElapsed();
		const lines = this.#told === '' ? this.#lines(run) : [make('p', { 'data-tone': 'doubt' }, this.#told)];
		replaceIfChanged(this.#state, lines, lines.map((line) => line.textContent).join('\n'));
		const at = document.activeElement;
		if (focused && (at === document.body || (at instanceof HTMLElement && at.hidden))) this.querySelector<HTMLElement>('button:not([hidden]), .phase-state a')?.focus({ preventScroll: true });
	}

	/** Says what was refused, until something happens. */
	#tell(text: string): void {
		this.#told = text;
		this.#toldAt = this.store.session?.n;
		this.draw();
	}

	/** What a press does here now: what is not settled or, of a phase of checks that is, all of it again. */
	#runnable(): (Runnable & { again: boolean }) | undefined {
		const { steps } = this.store;
		const own = steps.filter(({ step, applies }) => applies && step.phase === this.#phase);
		const first = own.find(({ settled }) => !settled);
		if (first) {
			const found = runnableSteps(steps, first.key);
			return found && { ...found, again: false };
		}
		const begun = (one: PlannedStep) => one.status.kind !== 'todo' && one.step.phase !== 'preflight';
		if (!own[0] || (this.#phase === 'preflight' ? steps.some(begun) : this.#phase !== 'verify')) return undefined;
		const found = runnableSteps(steps, own[0].key, { again: true });
		return found && { ...found, again: true };
	}

	#planned({ step, node }: StepPlace): PlannedStep | undefined {
		return this.store.steps.find(({ key }) => key === stepKey(step, node));
	}

	#drawProgress(run: PhaseState | undefined, goes: boolean): void {
		this.#progress.hidden = !goes;
		if (!run || !goes) return;
		const done = run.steps.filter((one) => this.#isDone(run, one)).length;
		this.#progress.max = run.steps.length;
		this.#progress.value = done;
		this.#progress.setAttribute('aria-label', w('phase-run.progress', { done, steps: run.steps.length }));
	}

	/** Its turn has come, and it is settled or has failed. */
	#isDone({ begun, steps }: PhaseState, place: StepPlace): boolean {
		const planned = this.#planned(place);
		const turn = begun.findLast((one) => isSame(one, place));
		if (!planned || !turn) return false;
		const { status, unchecked } = planned;
		const isLast = steps.length > 0 && isSame(begun.at(-1) ?? place, place);
		if (status.kind === 'running') return false;
		if ('at' in status && status.at < turn.at && isLast && !(unchecked && unchecked.at >= turn.at)) return false;
		return planned.settled || status.kind === 'failed' || (unchecked !== undefined && unchecked.at >= turn.at);
	}

	/** Where it is, and for how long: drawn every second, not announced. */
	#drawElapsed(): void {
		const run = this.#run;
		const goes = run && !run.end;
		this.#elapsed.hidden = !goes;
		if (!goes) return;
		const done = run.steps.filter((one) => this.#isDone(run, one)).length;
		const now = run.begun.filter((one) => !this.#isDone(run, one)).map((one) => {
			const usually = this.#planned(one)?.usuallySeconds;
			const slots = { step: this.store.names.step(one.step), elapsed: formatDuration(secondsSince(one.at), t) };
			return usually === undefined ? w('phase-run.at', slots) : w('phase-run.at-usually', { ...slots, usually: formatDuration(usually, t) });
		});
		setText(this.#elapsed, [w('phase-run.progress', { done, steps: run.steps.length }), ...now].join(' · '));
	}

	#lines(run: PhaseState | undefined): HTMLElement[] {
		if (!run?.end) return [];
		const { reason, step, problems } = run.end;
		const name = step === undefined ? '' : this.store.names.step(step);
		if (reason === 'done') {
			const { next } = this.store;
			const onward = next ? make('p', {}, make('a', { href: `#${next.step.id}` }, t('progress.next', { step: this.store.names.step(next.step.id) }))) : make('p', {}, t('progress.done'));
			return [make('p', { 'data-tone': 'good' }, w('phase-run.done', { steps: run.steps.length })), onward];
		}
		// Side by side, several may have failed. What was settled since is past.
		const stopped = step === undefined ? undefined : placeOf({ ...run.end, step });
		const open = run.steps.filter((one) => {
			const planned = this.#planned(one);
			return planned && !planned.settled && ((stopped && isSame(one, stopped)) || planned.status.kind === 'failed' || planned.unchecked);
		});
		if (stopped && open.length === 0) return [];
		const links = open.map((one) => make('p', {}, make('a', { href: `#${one.step}` }, w('phase-run.to-step', { step: this.store.names.step(one.step) }))));
		const told = problems.map((one) => make('p', {}, this.store.formatProblem(one)));
		return [make('p', { 'data-tone': reason === 'failed' ? 'bad' : 'doubt' }, t(`stop.${reason}`, { step: name })), ...told, make('p', {}, w(`phase-run.then-${reason}`)), ...links];
	}

	async #press(): Promise<void> {
		const runnable = this.#runnable();
		if (!runnable) return;
		const { askPhase, startPhase } = await import('./phase-dialog.ts');
		const answer = questionOf(runnable.steps) === 'none' ? '' : await askPhase(this.store, runnable);
		if (answer === undefined) return;
		this.store.pressed = undefined;
		await this.#attempt(() => startPhase(this.store, runnable, answer));
	}

	async #cancel(): Promise<void> {
		const run = this.#run;
		if (!run || run.end || this.#asked) return;
		this.#asked = true;
		this.draw();
		await this.#attempt(async () => connection.api?.stopPhase(run.id));
	}

	/** Says here what was refused. That it has ended meanwhile is what a stop asks for. */
	async #attempt(act: () => Promise<unknown>): Promise<void> {
		this.#tell('');
		try {
			await act();
		} catch (error) {
			this.#asked = false;
			if (error instanceof Refused) this.#tell(error.problems.filter(({ name }) => name !== 'phase.ended').map((one) => this.store.formatProblem(one)).join(' '));
			else if (error instanceof Unreachable) void connection.ask().then(() => this.#tell(t('access.gone-long')));
			else throw error;
		}
	}
}

function isUnderWay(session: PagePart['store']['session']): boolean {
	const last = session && lastPhase(session);
	return last !== undefined && !last.end;
}

const isSame = (one: StepPlace, other: StepPlace): boolean => one.step === other.step && one.node === other.node;

function labelOf({ steps, again }: Runnable & { again: boolean }, name: (step: string) => string): string {
	if (again) return w('phase-run.again');
	// Checks that follow by themselves are no step of this phase.
	const [only, other] = steps.filter(({ way, step }) => way === 'run' || step.phase !== 'verify');
	return only?.way === 'run' && !other ? w('phase-run.one', { step: name(only.step.id) }) : w('phase-run.all');
}

customElements.define('phase-run', PhaseRun);

/** Verify steps check themselves once the last change is made, also for who takes one step after the other. */
export function checkWhenTime(store: PagePart['store']): void {
	let before = store.next;
	store.addEventListener('change', () => {
		const { next } = store;
		if (next?.key === before?.key) return;
		const was = before && store.steps.find(({ key }) => key === before?.key);
		before = next;
		if (!next || next.step.phase !== 'verify' || next.way !== 'check' || next.status.kind !== 'todo' || next.unchecked) return;
		if (!connection.canRun || !store.server || isUnderWay(store.session)) return;
		// What was settled just now, by its check: not what the page has read as it opened, and not the reader's own word.
		if (was && (was.step.phase === 'change' || was.step.phase === 'verify') && isProof(was.status)) void checkStep(store, next);
	});
}
