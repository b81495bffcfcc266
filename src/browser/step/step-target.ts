/** One place where a step runs: its command as it will run, what can be done with it, and how it stands. */
import { connection } from '../connection/connection.ts';
import { copyCommand } from '../ground/copy.ts';
import { drawCommand } from '../ground/draw-command.ts';
import { make, replaceIfChanged, setText } from '../ground/dom.ts';
import { locale } from '../ground/locale.ts';
import { PagePart } from '../store/page-part.ts';
import type { PageStore } from '../store/page-store.ts';
import { whyNotMark, whyNotRun, type PlannedStep } from '../../runbook/session/plan.ts';
import type { Rendered } from '../../runbook/command/render.ts';
import { isRunActive } from '../../runbook/run/run.ts';
import { cancelRun, checkStep, markStep, renderShown, runStep } from './step-actions.ts';
import { drawTargetState, isUnderWay } from './target-state.ts';
import { Refused, Unreachable } from '../connection/refused.ts';
import type { loadDependencies } from '../../i18n/depends.ts';
import { stateOf } from '../../i18n/step-state.ts';
import { everySecond } from '../ground/ticking.ts';
import { t, withOwnWords } from '../ground/words.ts';

type StepAction = 'whole' | 'run' | 'check' | 'cancel' | 'output' | 'by-hand' | 'skip' | 'override' | 'clear' | 'copy';

const isProgramRunning = (store: PageStore, run: string): boolean => store.session?.runs.get(run)?.state.kind === 'running';

let dependencies: ReturnType<typeof loadDependencies> | undefined;

class StepTarget extends PagePart {
	#planned: PlannedStep | undefined;
	/** What the reader was told last; it goes when something changes. */
	#told = '';
	#toldOf = '';
	#cancelled: string | undefined;

	protected override start(signal: AbortSignal): void {
		this.addEventListener('click', (event) => this.#onClick(event), { signal });
		connection.addEventListener('change', () => this.draw(), { signal });
		this.store.addEventListener('problem', (event) => this.#onProblem(event), { signal });
		everySecond(() => {
			if (this.#planned && isUnderWay(this.#planned)) this.#drawState();
		}, signal);
	}

	protected draw(): void {
		const { store } = this;
		this.#planned = store.steps.find((one) => one.key === this.dataset['key']);
		const planned = this.#planned;
		if (!planned) return;
		this.#drawNode(planned);
		this.#drawCommand(planned);
		this.#drawActions(planned);
		this.#drawState();
	}

	#drawNode({ node }: PlannedStep): void {
		const line = this.querySelector<HTMLElement>('.target-node');
		if (!line) return;
		line.hidden = node === undefined;
		if (node) setText(line, t('step.on-node', { node: node.name }));
	}

	#drawCommand(planned: PlannedStep): void {
		const rendered = renderShown(this.store, planned);
		const code = this.querySelector('.command-text');
		if (code && rendered) drawCommand(code, rendered.parts, this.store.originOf);
		// What stands there then is not for these values: it may be what it was for others.
		const copy = this.#button('copy');
		if (copy) copy.hidden = !planned.applies || !rendered;
		const note = this.querySelector<HTMLElement>('.target-note');
		if (!note) return;
		const elsewhere = planned.way === 'by-hand' && rendered && planned.node ? t('step.node-elsewhere', { ssh: planned.node.ssh }) : '';
		const text = planned.applies ? elsewhere || this.#relativeNote(planned) : '';
		note.hidden = text === '';
		setText(note, text);
		this.#drawDependencies(planned.way === 'run' ? rendered : undefined);
	}

	/** What the command depends on beside its own words; the words are loaded where something is set that a command can depend on. */
	#drawDependencies(rendered: Rendered | undefined): void {
		const list = this.querySelector<HTMLElement>('.target-depends');
		const names = connection.canRun ? (connection.status?.surroundings ?? []) : [];
		if (!list) return;
		if (!rendered || names.length === 0) return void (list.hidden = true);
		dependencies ??= import('../../i18n/depends.ts').then(({ loadDependencies }) => loadDependencies(locale, t('list.separator'), withOwnWords));
		void dependencies.then((depends) => {
			const lines = depends(rendered, names);
			list.hidden = lines.length === 0;
			replaceIfChanged(list, lines.map((line) => make('li', {}, line)), lines.join('\n'));
		});
	}

	/** A relative path means something only with the folder that it starts from. */
	#relativeNote({ step }: PlannedStep): string {
		const folder = connection.status?.folder;
		if (folder === undefined || step.run.length === 0) return '';
		const rendered = this.#planned && renderShown(this.store, this.#planned);
		const used = new Set(rendered?.parts.map((part) => part.parameter));
		for (const [name, parameter] of Object.entries(this.store.data.runbook.parameters)) {
			const text = this.store.resolved.answers.get(name)?.items[0]?.text;
			if (parameter.type !== 'path' || !used.has(name) || text === undefined || text.startsWith('/')) continue;
			return t('step.full-path', { path: `${folder.replace(/\/$/, '')}/${text}` });
		}
		return '';
	}

	#drawActions(planned: PlannedStep): void {
		const { step, status, applies, settled } = planned;
		const { store } = this;
		const runs = connection.canRun && store.current.byServer;
		const running = status.kind === 'running';
		const isNext = store.next?.key === planned.key || (step.phase === 'preflight' && !settled);
		const open = applies && !running && !settled;
		const again = status.kind !== 'todo' && status.kind !== 'undone';
		const actions: Readonly<Record<Exclude<StepAction, 'copy' | 'whole'>, boolean>> = {
			run: runs && planned.way === 'run' && applies && !running && status.kind !== 'unknown' && (!settled || step.effect === 'read') && status.kind !== 'ran',
			check: runs && applies && !running && planned.hasCheck,
			// What goes on can be ended also when nothing new can be written down.
			cancel: running && store.current.byServer && connection.reaches,
			output: runs && [...(store.session?.runs.values() ?? [])].some((run) => run.step === step.id && run.node === planned.node?.name),
			'by-hand': open && !(step.required && planned.hasCheck),
			skip: open && !step.required && !isDoubtful(planned),
			override: open && !step.required && isDoubtful(planned),
			clear: applies && ['by-hand', 'skipped', 'overridden'].includes(status.kind),
		};
		for (const [action, shown] of Object.entries(actions)) {
			const button = this.#button(action as StepAction);
			if (!button) continue;
			if (!shown && button === document.activeElement) this.#keepFocus(button);
			button.hidden = !shown;
		}
		const primary: StepAction | undefined = !isNext || isUndecided(store) ? undefined : actions.run ? 'run' : actions.check ? 'check' : 'by-hand';
		for (const action of ['run', 'check', 'by-hand'] as const) {
			const button = this.#button(action);
			if (!button) continue;
			button.classList.toggle('primary', action === primary);
			button.classList.toggle('quiet', action === 'by-hand' && action !== primary);
		}
		const run = this.#button('run');
		if (run) setText(run, t(again ? 'step.run-again' : 'step.run'));
		const cancel = this.#button('cancel');
		if (cancel && status.kind === 'running') {
			// Before its program runs there is nothing to send a signal to; the button keeps the focus meanwhile.
			cancel.setAttribute('aria-disabled', String(!isProgramRunning(store, status.run)));
			setText(cancel, t(this.#cancelled === status.run ? 'step.cancelling' : 'step.cancel'));
		}
		if (this.#told !== '' && this.#toldOf !== JSON.stringify(status)) this.#tell('');
	}

	/** A button that goes away while it has the focus hands it to another that can be pressed, or to the step's title. */
	#keepFocus(button: HTMLElement): void {
		queueMicrotask(() => {
			const shown = this.querySelector<HTMLElement>('.actions button:not([hidden]):not(:disabled)') ?? this.closest('.step')?.querySelector<HTMLElement>('.anchor');
			if (document.activeElement === document.body || document.activeElement === button) shown?.focus({ preventScroll: true });
		});
	}

	#button(action: StepAction): HTMLButtonElement | null {
		return this.querySelector(`[data-do="${action}"]`);
	}

	#drawState(): void {
		const place = this.querySelector('.target-state');
		if (place && this.#planned) drawTargetState(place, this.#planned, this.store);
	}

	#onClick(event: Event): void {
		const button = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-do]') : null;
		const action = button?.dataset['do'] as StepAction | undefined;
		const planned = this.#planned;
		if (action && planned) void this.#do(action, planned);
	}

	async #do(action: StepAction, planned: PlannedStep): Promise<void> {
		const { store } = this;
		switch (action) {
			case 'copy': {
				const rendered = renderShown(store, planned);
				if (rendered) this.#tell(await copyCommand(rendered.parts));
				return;
			}
			case 'whole':
				return this.#toggleWhole();
			case 'run': {
				const why = whyNotRun(store.steps, planned.key) ?? renderShown(store, planned)?.problems[0];
				if (why) return this.#tell(store.formatProblem(why), why.slots['before'] ?? undefined);
				return runStep(store, planned);
			}
			case 'check':
				return checkStep(store, planned);
			case 'cancel':
				if (planned.status.kind !== 'running' || !isProgramRunning(store, planned.status.run)) return;
				this.#cancelled = planned.status.run;
				this.draw();
				return cancelRun(store, planned.status.run, planned.key);
			case 'output': {
				const runs = [...(store.session?.runs.values() ?? [])].filter((run) => run.step === planned.step.id && run.node === planned.node?.name);
				const last = runs.find((run) => isRunActive(run.state)) ?? runs.at(-1);
				if (last) store.dispatchEvent(new CustomEvent('run', { detail: { run: last.id, focus: true } }));
				return;
			}
			case 'by-hand':
			case 'skip':
			case 'override':
			case 'clear': {
				const mark = ({ 'by-hand': 'by-hand', skip: 'skipped', override: 'overridden', clear: 'cleared' } as const)[action];
				const why = whyNotMark(planned, store.steps, mark, 'asked next');
				if (why) return this.#tell(store.formatProblem(why), why.slots['before'] ?? undefined);
				return markStep(store, planned, mark);
			}
		}
	}

	/** A long command is shown whole, or its beginning. */
	#toggleWhole(): void {
		const button = this.#button('whole');
		const shown = this.querySelector('.command')?.toggleAttribute('data-whole') ?? false;
		if (!button) return;
		button.setAttribute('aria-expanded', String(shown));
		setText(button, shown ? t('step.part') : t('step.whole', { count: button.dataset['lines'] ?? '' }));
	}

	#onProblem(event: Event): void {
		if (!(event instanceof CustomEvent) || event.detail.key !== this.dataset['key']) return;
		const { error } = event.detail as { error: unknown };
		if (error === undefined) return this.#tell('');
		if (error instanceof Refused) this.#tell(error.problems.map((one) => this.store.formatProblem(one)).join(' '));
		else if (error instanceof Unreachable) void connection.ask().then(() => this.#tell(t('access.gone-long')));
		else throw error;
	}

	/** Says why something was not done, with a way to the step that comes first. */
	#tell(text: string, before?: string | number): void {
		this.#told = text;
		this.#toldOf = JSON.stringify(this.#planned?.status);
		const line = this.querySelector<HTMLElement>('.why-not');
		if (!line) return;
		line.hidden = text === '';
		line.setAttribute('role', 'status');
		const link = before === undefined ? [] : [' ', make('a', { href: `#${before}` }, t('state.first', { step: this.store.names.step(String(before)) }))];
		replaceIfChanged(line, [document.createTextNode(this.#told), ...link.map((one) => (typeof one === 'string' ? document.createTextNode(one) : one))], `${this.#told}${before ?? ''}`);
	}

	get state(): string {
		return this.#planned ? stateOf(this.#planned, this.store.next) : 'todo';
	}
}

/** It has a result that a reader may accept with a reason. */
const isDoubtful = ({ status, unchecked }: PlannedStep): boolean => status.kind === 'failed' || status.kind === 'stale' || unchecked !== undefined;

/** A tab that may run does not know yet whether it can: no button is the first one before that. */
function isUndecided(store: PageStore): boolean {
	if (!('mayRun' in document.documentElement.dataset)) return false;
	return connection.access === 'checking' || (connection.canRun && !store.current.byServer);
}

customElements.define('step-target', StepTarget);
