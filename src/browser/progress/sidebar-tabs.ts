/** Checklist and values in one place where there is little room; where there is enough, both are in sight and the tabs are not. */
class SidebarTabs extends HTMLElement {
	#letGo = new AbortController();

	connectedCallback(): void {
		this.#letGo = new AbortController();
		const { signal } = this.#letGo;
		const tabs = this.#tabs;
		for (const tab of tabs) {
			tab.addEventListener('click', () => this.#show(tab), { signal });
			tab.addEventListener('keydown', (event) => this.#move(event, tab), { signal });
		}
		document.addEventListener('drover:show-values', () => this.#show(tabs.find((tab) => tab.id === 'tab-values')), { signal });
		this.#show(tabs[0]);
	}

	disconnectedCallback(): void {
		this.#letGo.abort();
	}

	get #tabs(): HTMLElement[] {
		return [...this.querySelectorAll<HTMLElement>('[role="tab"]')];
	}

	#move(event: KeyboardEvent, tab: HTMLElement): void {
		if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
		const other = this.#tabs.find((one) => one !== tab);
		this.#show(other);
		other?.focus();
	}

	#show(shown: HTMLElement | undefined): void {
		for (const tab of this.#tabs) {
			const selected = tab === shown;
			tab.setAttribute('aria-selected', String(selected));
			tab.tabIndex = selected ? 0 : -1;
			document.getElementById(tab.getAttribute('aria-controls') ?? '')?.toggleAttribute('data-shown', selected);
		}
	}
}

customElements.define('sidebar-tabs', SidebarTabs);
