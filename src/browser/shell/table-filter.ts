/** Rows of a long table that hold every word typed above it. */
import { fill } from '../../i18n/fill.ts';
import { setText } from '../ground/dom.ts';

class TableFilter extends HTMLElement {
	#letGo = new AbortController();

	connectedCallback(): void {
		this.#letGo = new AbortController();
		const { signal } = this.#letGo;
		this.querySelector('form')?.addEventListener('submit', (event) => event.preventDefault(), { signal });
		this.querySelector('input')?.addEventListener('input', () => this.#filter(), { signal });
	}

	disconnectedCallback(): void {
		this.#letGo.abort();
	}

	#filter(): void {
		const words = (this.querySelector('input')?.value ?? '').toLowerCase().split(/\s+/).filter(Boolean);
		const rows = [...this.querySelectorAll<HTMLTableRowElement>('tbody tr')];
		for (const row of rows) {
			// Cells apart, so that "1.6" does not match the end of one and the beginning of the next.
			const text = [...row.cells].map((cell) => cell.textContent.trim()).join('\n').toLowerCase();
			row.hidden = !words.every((word) => text.includes(word));
		}
		const count = rows.filter((row) => !row.hidden).length;
		const output = this.querySelector('output');
		const { none, count: said } = this.dataset;
		if (output) setText(output, count === 0 ? (none ?? '') : fill(said ?? '', { count, all: rows.length }));
	}
}

customElements.define('table-filter', TableFilter);
