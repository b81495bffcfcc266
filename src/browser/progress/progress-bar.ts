/** Progress as one short trail: a dot a step, phases as stretches, the outage shaded, the gate across. Stays in sight on a phone. */
import { find, make, replaceIfChanged, setText } from '../ground/dom.ts';
import { PagePart } from '../store/page-part.ts';
import { stateOfAll, type ShownState } from '../../i18n/step-state.ts';
import { t } from '../ground/words.ts';

class ProgressBar extends PagePart {
	protected draw(): void {
		const { store } = this;
		setText(find(document, '.arrival-words', HTMLElement), t(store.session && !store.next ? 'arrival.done' : 'arrival.words'));
		const steps = store.data.runbook.steps.map((step) => ({
			step,
			state: stateOfAll(store.stepsOf(step.id), store.next),
			gate: store.stepsOf(step.id).some(({ pointOfNoReturn }) => pointOfNoReturn),
		}));
		this.#drawLine(steps);
		const counted = store.steps.filter((one) => one.applies);
		const settled = counted.filter((one) => one.settled).length;
		// A run that has ended and could not be checked waits for its reader: nothing goes on.
		const running = store.steps.find((one) => one.status.kind === 'running' || (one.status.kind === 'ran' && !one.settled && !one.unchecked));
		const shown = running ?? store.next;
		const phase = t(`phase.${(shown ?? store.steps.at(-1))?.step.phase ?? 'finish'}`);
		const link = (key: 'progress.running' | 'progress.next', id: string) => make('a', { href: `#${id}` }, t(key, { step: store.names.step(id) }));
		const where = shown ? link(running ? 'progress.running' : 'progress.next', shown.step.id) : make('span', {}, t('progress.done'));
		const words = make('span', {}, t('progress.words', { settled, steps: counted.length, phase }));
		replaceIfChanged(find(this, '.progress-bar-words', HTMLElement), [words, where], `${words.textContent}/${where.textContent}`);
	}

	#drawLine(steps: readonly { readonly step: { readonly id: string; readonly phase: string }; readonly state: ShownState; readonly gate: boolean }[]): void {
		const stretches: HTMLElement[] = [];
		for (const { step, state, gate } of steps) {
			const last = stretches.at(-1);
			const stretch = last?.dataset['phase'] === step.phase ? last : make('span', { class: 'bar-stretch', 'data-phase': step.phase });
			if (stretch !== last) stretches.push(stretch);
			stretch.append(make('span', { class: 'bar-dot', 'data-state': state, 'data-gate': gate ? '' : undefined }));
		}
		for (const stretch of stretches) stretch.style.flexGrow = String(stretch.childElementCount);
		const line = find(this, '.progress-bar-line', HTMLElement);
		line.style.setProperty('--steps', String(steps.length));
		replaceIfChanged(line, stretches, steps.map((one) => `${one.state}${one.gate ? '|' : ''}`).join());
	}
}

customElements.define('progress-bar', ProgressBar);
