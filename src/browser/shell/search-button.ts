/** Opens the search by button, `/` or Ctrl-K; the search itself is loaded then. */
class SiteSearch extends HTMLElement {
	connectedCallback(): void {
		this.querySelector('button')?.addEventListener('click', this.#open);
		document.addEventListener('keydown', this.#onKey);
	}

	disconnectedCallback(): void {
		this.querySelector('button')?.removeEventListener('click', this.#open);
		document.removeEventListener('keydown', this.#onKey);
	}

	readonly #open = (): void => {
		void import('./search.ts').then(({ openSearch }) => openSearch());
	};

	readonly #onKey = (event: KeyboardEvent): void => {
		const withCtrl = (event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === 'k';
		const slash = event.key === '/' && !event.ctrlKey && !event.metaKey && !event.altKey && !isTyping(event.target);
		if (!withCtrl && !slash) return;
		if (isTerminal(event.target) || document.querySelector('dialog[open]')) return;
		event.preventDefault();
		this.#open();
	};
}

function isTyping(target: EventTarget | null): boolean {
	return target instanceof HTMLElement && (target.isContentEditable || /^(?:INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

/** Ctrl-K belongs to the program in the terminal. */
function isTerminal(target: EventTarget | null): boolean {
	return target instanceof Element && target.closest('.xterm') !== null;
}

customElements.define('site-search', SiteSearch);
