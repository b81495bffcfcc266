import { pageStore, type PageStore } from './page-store.ts';

/** A part of a runbook's page: upgrades the markup it finds, draws itself at every change, and lets go when it leaves. */
export abstract class PagePart extends HTMLElement {
	readonly store: PageStore = pageStore();
	#letGo = new AbortController();

	connectedCallback(): void {
		this.#letGo = new AbortController();
		this.store.addEventListener('change', () => this.draw(), { signal: this.#letGo.signal });
		this.start(this.#letGo.signal);
		this.draw();
	}

	disconnectedCallback(): void {
		this.#letGo.abort();
	}

	/** Listens; everything it adds ends with the signal. */
	protected start(_signal: AbortSignal): void {}

	/** Shows the present state. Called often: it changes only what has changed. */
	protected abstract draw(): void;
}
