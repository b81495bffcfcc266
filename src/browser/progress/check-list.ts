/** The checklist, small beside the steps: the same steps in the same shapes. */
import { setText, setMarker } from '../ground/dom.ts';
import { PagePart } from '../store/page-part.ts';
import { shapeOf, stateOfAll, stateWord } from '../../i18n/step-state.ts';
import { t } from '../ground/words.ts';

class CheckList extends PagePart {
	protected override start(signal: AbortSignal): void {
		this.addEventListener('click', (event) => this.#leave(event), { signal });
		this.closest('[popover]')?.addEventListener('toggle', () => this.querySelector('[aria-current]')?.scrollIntoView({ block: 'center' }), { signal });
	}

	/** On a phone it lies above the page: it goes when a step was chosen. */
	#leave(event: Event): void {
		const sheet = this.closest<HTMLElement>('[popover]:popover-open');
		if (sheet && event.target instanceof Element && event.target.closest('a')) sheet.hidePopover();
	}

	protected draw(): void {
		const { store } = this;
		for (const item of this.querySelectorAll<HTMLElement>('[data-step]')) {
			const planned = store.stepsOf(item.dataset['step'] ?? '');
			const state = stateOfAll(planned, store.next);
			const undoing = planned.some(({ status }) => status.kind === 'running' && status.undo);
			item.dataset['state'] = state;
			item.toggleAttribute('data-gate', planned.some(({ pointOfNoReturn }) => pointOfNoReturn));
			setMarker(item.querySelector('.marker'), shapeOf(state));
			const word = item.querySelector('.small-word');
			if (word) setText(word, state === 'todo' ? '' : t(stateWord(state, undoing)));
			if (state === 'next') item.setAttribute('aria-current', 'step');
			else item.removeAttribute('aria-current');
		}
	}
}

customElements.define('check-list', CheckList);
