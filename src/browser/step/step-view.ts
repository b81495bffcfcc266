/** A step: its state in shape, colour and word; one target for each place it runs in; hints that apply. */
import { formatDuration } from '../../i18n/format.ts';
import { describeChecks } from '../../site/describe-check.ts';
import { renderStep } from '../../runbook/command/render.ts';
import { drawCommand } from '../ground/draw-command.ts';
import { copyCommand } from '../ground/copy.ts';
import { make, replaceIfChanged, setText, setMarker } from '../ground/dom.ts';
import { locale, siteRoot } from '../ground/locale.ts';
import { PagePart } from '../store/page-part.ts';
import { renderShown } from './step-actions.ts';
import { shapeOf, stateOfAll, stateWord } from '../../i18n/step-state.ts';
import { t, withOwnWords } from '../ground/words.ts';

class StepView extends PagePart {
	#target: Element | undefined;
	/** The session that was drawn last: its hints are new only if they were not there before. */
	#session: string | undefined;
	#folded = false;

	get #id(): string {
		return this.dataset['step'] ?? '';
	}

	protected override start(signal: AbortSignal): void {
		this.#target = this.querySelector('step-target')?.cloneNode(true) as Element | undefined;
		this.addEventListener('click', ({ target }) => {
			if (target instanceof Element && target.closest('.actions')) this.store.pressed = this.#id;
		}, { signal });
		this.querySelector('.undo-fold [data-do="copy"]')?.addEventListener('click', () => void this.#copyUndo(), { signal });
		this.querySelector('.explain-fold')?.addEventListener('toggle', () => void this.#explain(), { signal });
		this.querySelector('.checks-fold')?.addEventListener('toggle', () => this.#drawChecks(), { signal });
		addEventListener('beforeprint', () => this.#drawChecks(), { signal });
	}

	protected draw(): void {
		const { store } = this;
		const planned = store.stepsOf(this.#id);
		const state = stateOfAll(planned, store.next);
		const step = this.closest<HTMLElement>('.step');
		if (step) step.dataset['state'] = state;
		const gate = step?.querySelector<HTMLElement>('.gate');
		if (gate) gate.hidden = !planned.some(({ pointOfNoReturn }) => pointOfNoReturn);
		this.#drawUsually();
		setMarker(this.querySelector('.step-head .marker'), shapeOf(state));
		const word = this.querySelector<HTMLElement>('.step-word');
		const undoing = planned.some(({ status }) => status.kind === 'running' && status.undo);
		if (word) {
			word.hidden = state === 'todo';
			setText(word, state === 'todo' ? '' : t(stateWord(state, undoing)));
		}
		this.#drawTargets(planned.map((one) => one.key));
		this.#drawHints(planned.map((one) => one.key));
		this.#drawUndo();
		this.#fold(state);
		if (this.querySelector('.explain-fold[open]')) void this.#explain();
		if (this.querySelector('.checks-fold[open]')) this.#drawChecks();
	}

	/** What has passed, or is not needed, is one line; the step that the reader pressed last stays open. It opens again when it passes no more. */
	#fold(state: string): void {
		const body = this.querySelector<HTMLDetailsElement>('.step-body');
		const folds = (state === 'verified' || state === 'found' || state === 'not-applicable') && this.store.pressed !== this.#id;
		if (!body || folds === this.#folded || (folds && body.contains(document.activeElement))) return;
		this.#folded = folds;
		this.closest('.step')?.toggleAttribute('data-folded', folds);
		body.open = !folds;
	}

	#drawUsually(): void {
		const place = this.querySelector('.step-usually');
		const seconds = this.#shown()?.usuallySeconds;
		if (place && seconds !== undefined) setText(place, t('step.usually', { time: formatDuration(seconds, t) }));
	}

	/** A step for nodes has a target for each. */
	#drawTargets(keys: readonly string[]): void {
		const place = this.querySelector('.targets');
		const present = [...(place?.querySelectorAll<HTMLElement>('step-target') ?? [])];
		if (!place || !this.#target || present.map((target) => target.dataset['key']).join() === keys.join()) return;
		const targets = keys.map((key) => {
			const known = present.find((target) => target.dataset['key'] === key);
			if (known) return known;
			const target = this.#target?.cloneNode(true) as HTMLElement;
			target.dataset['key'] = key;
			return target;
		});
		place.replaceChildren(...targets);
	}

	#drawHints(keys: readonly string[]): void {
		const { store } = this;
		const place = this.querySelector('.hints');
		const hints = [...new Set(keys.flatMap((key) => store.session?.hints.get(key) ?? []))];
		const lines = hints.map((hint) => make('p', { class: 'hint' }, make('strong', {}, t('hint.title')), store.data.hints[`${this.#id}.${hint}`] ?? hint, ...this.#moreAbout(hint)));
		if (!place) return;
		const isNew = lines.length > place.childElementCount && this.#session === store.session?.id;
		this.#session = store.session?.id;
		replaceIfChanged(place, lines, hints.join());
		// The reader who has just seen it fail finds the reason in sight, not below the terminal.
		if (isNew && isInView(this)) place.scrollIntoView({ block: 'nearest' });
	}

	/** The page of the guide that says more, beside this one so that nothing here is lost from sight. */
	#moreAbout(hint: string): readonly (Node | string)[] {
		const page = this.store.data.guide[`${this.#id}.${hint}`];
		return page === undefined ? [] : [' ', make('a', { href: new URL(page, siteRoot).href, target: '_blank' }, t('hint.more'))];
	}

	/** The target whose command is explained, and whose undo is shown. */
	#shown() {
		const planned = this.store.stepsOf(this.#id);
		return planned.find(({ applies }) => applies) ?? planned[0];
	}

	#renderUndo() {
		const planned = this.#shown();
		if (!planned) return undefined;
		const { step, node, made } = planned;
		return renderStep(step, 'undo', this.store.resolved, { ...(node && { node }), ...(typeof made === 'object' && { made }) });
	}

	#drawUndo(): void {
		const code = this.querySelector('.undo-fold .command-text');
		const undo = code && this.#renderUndo();
		if (code && undo) drawCommand(code, undo.parts, this.store.originOf);
	}

	async #copyUndo(): Promise<void> {
		const undo = this.#renderUndo();
		const note = this.querySelector('.undo-fold .fold-note');
		if (undo && note) note.textContent = await copyCommand(undo.parts);
	}

	/** Checks with the values of the form, drawn when they are looked at: on the screen or on paper. */
	#drawChecks(): void {
		const { store } = this;
		const step = store.data.runbook.steps.find((one) => one.id === this.#id);
		for (const [group, checks] of [['done', step?.doneWhen], ['skip', step?.skipWhen]] as const) {
			const list = this.querySelector(`[data-checks="${group}"] ul`);
			if (!step || !checks || !list) continue;
			const lines = describeChecks(checks, step, store, t);
			const rows = lines.map(({ asks, expects }) => make('li', {}, make('code', { translate: 'no', class: asks.includes('\n') ? 'many' : undefined }, asks), make('span', {}, ` ${expects}`)));
			replaceIfChanged(list, rows, rows.map((row) => row.textContent).join('\n'));
		}
	}

	/** The dictionary is loaded when the first explanation is opened. */
	async #explain(): Promise<void> {
		const planned = this.#shown();
		const list = this.querySelector('.explanation');
		const rendered = planned && renderShown(this.store, planned);
		if (!list || !rendered) return;
		const [{ explainCommand }, { default: flags }] = await Promise.all([import('../../i18n/explain.ts'), locale === 'zh' ? import('../../../zh/flags.json') : import('../../../en/flags.json')]);
		const known: Readonly<Record<string, string>> = withOwnWords(flags);
		const rows = explainCommand(rendered.parts).map(({ text, key, parameters }) => {
			const links = parameters.flatMap((name) => {
				const origin = this.store.originOf(name);
				return [make('a', { class: 'value-link', href: `#field-${name}`, 'data-parameter': name }, this.store.names.parameter(name)), origin ? `${t('explain.origin', { origin: t(`origin.${origin}`) })} ` : ' '];
			});
			return make('div', {}, make('dt', {}, make('code', { translate: 'no' }, text)), make('dd', {}, key === undefined ? '' : `${known[key] ?? key} `, ...links));
		});
		replaceIfChanged(list, rows, rows.map((row) => row.textContent).join('\n'));
	}
}

function isInView(element: Element): boolean {
	const { top, bottom } = element.getBoundingClientRect();
	return bottom > 0 && top < innerHeight;
}

customElements.define('step-view', StepView);
