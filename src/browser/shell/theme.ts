/** The theme: as the system has it, light or dark, by one button. */
import { kept } from '../ground/storage.ts';

const key = 'drover.theme';
const order = ['system', 'light', 'dark'] as const;
type Theme = (typeof order)[number];

class ThemeSwitch extends HTMLElement {
	#button: HTMLButtonElement | null = null;

	connectedCallback(): void {
		this.#button = this.querySelector('button');
		this.#button?.addEventListener('click', this.#next);
		this.#show(read());
	}

	disconnectedCallback(): void {
		this.#button?.removeEventListener('click', this.#next);
	}

	readonly #next = (): void => {
		const theme = order[(order.indexOf(read()) + 1) % order.length] ?? 'system';
		if (theme === 'system') {
			kept.remove(key);
			delete document.documentElement.dataset['theme'];
		} else {
			kept.write(key, theme);
			document.documentElement.dataset['theme'] = theme;
		}
		this.#show(theme);
	};

	#show(theme: Theme): void {
		const label = this.#button?.dataset[theme] ?? '';
		this.#button?.setAttribute('aria-label', label);
		this.#button?.setAttribute('title', label);
	}
}

function read(): Theme {
	const theme = kept.read(key);
	return order.find((one) => one === theme) ?? 'system';
}

customElements.define('theme-switch', ThemeSwitch);
