/** The commands at a glance, for the values in the form: what the steps render, and no other. */
import { copyCommand } from '../ground/copy.ts';
import { setText } from '../ground/dom.ts';
import { drawCommand } from '../ground/draw-command.ts';
import { PagePart } from '../store/page-part.ts';
import { renderShown } from '../step/step-actions.ts';

class RunbookGlance extends PagePart {
	protected override start(signal: AbortSignal): void {
		this.addEventListener('click', ({ target }) => {
			const row = target instanceof Element ? target.closest('[data-do]')?.closest<HTMLElement>('[data-step]') : undefined;
			if (row) void this.#copy(row);
		}, { signal });
	}

	protected draw(): void {
		for (const row of this.querySelectorAll<HTMLElement>('[data-step]')) {
			const rendered = this.#render(row);
			const code = row.querySelector('.command-text');
			row.hidden = !rendered;
			if (rendered && code) drawCommand(code, rendered.parts, this.store.originOf);
		}
	}

	#render({ dataset }: HTMLElement) {
		const planned = this.store.stepsOf(dataset['step'] ?? '').find(({ applies }) => applies);
		return planned && renderShown(this.store, planned);
	}

	async #copy(row: HTMLElement): Promise<void> {
		const rendered = this.#render(row);
		const said = this.querySelector('.copy-said');
		if (rendered && said) setText(said, await copyCommand(rendered.parts));
	}
}

customElements.define('runbook-glance', RunbookGlance);
