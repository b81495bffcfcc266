/** Looks at a server: this machine's through Drover, another by what `docker inspect` printed there, read in this page alone. */
import { connection } from './connection.ts';
import { find, make, say } from './dom.ts';
import { t } from './words.ts';

class MachineLook extends HTMLElement {
	#letGo = new AbortController();

	connectedCallback(): void {
		this.#letGo = new AbortController();
		const { signal } = this.#letGo;
		connection.addEventListener('change', () => this.#drawAccess(), { signal });
		this.#drawAccess();
	}

	disconnectedCallback(): void {
		this.#letGo.abort();
	}

	#drawAccess(): void {
		find(this, '[data-do="look"]', HTMLButtonElement).disabled = !connection.canRun;
		say(find(this, '.look-why', HTMLElement), connection.canRun ? '' : t('detect.not-here'));
	}
}

customElements.define('machine-look', MachineLook);
void make;
