/** The form: what is still needed, and a place that every chip of a command leads to. */
import { find, make, replaceIfChanged } from '../ground/dom.ts';
import { commandOf } from '../store/command-of.ts';
import { PagePart } from '../store/page-part.ts';
import { t } from '../ground/words.ts';

class ValueForm extends PagePart {
	protected override start(signal: AbortSignal): void {
		find(this, 'form', HTMLFormElement).addEventListener('submit', (event) => event.preventDefault(), { signal });
		this.querySelector('[data-do="clear-values"]')?.addEventListener('click', () => this.store.clearValues(), { signal });
		document.addEventListener('click', (event) => this.#jump(event), { signal });
	}

	/** A chip leads to its field, wherever that is folded away. */
	#jump(event: Event): void {
		const link = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-parameter]') : null;
		const name = link?.dataset['parameter'];
		if (name === undefined) return;
		event.preventDefault();
		showField(name);
	}

	protected draw(): void {
		const { store } = this;
		const missing = new Set<string>();
		for (const planned of store.steps) {
			if (!planned.applies) continue;
			const rendered = commandOf(store.resolved, planned);
			for (const problem of rendered?.problems ?? []) if (problem.name === 'value.missing' && problem.parameter !== undefined) missing.add(problem.parameter);
		}
		const refused = store.resolved.refused.length;
		for (const problem of store.resolved.refused) if (problem.parameter !== undefined) missing.delete(problem.parameter);
		const line = find(this, '.values-missing', HTMLElement);
		const names = [...missing];
		line.dataset['tone'] = refused > 0 || names.length > 0 ? 'doubt' : 'good';
		const links = names.flatMap((name, index) => [...(index > 0 ? [t('list.separator')] : []), make('a', { href: `#field-${name}`, 'data-parameter': name }, store.names.parameter(name))]);
		const [before = '', after = ''] = t('form.missing', { names: '\n' }).split('\n');
		const needed = names.length === 0 ? [] : [document.createTextNode(before), ...links.map((link) => (typeof link === 'string' ? document.createTextNode(link) : link)), document.createTextNode(`${after} `)];
		const wrong = refused > 0 ? [document.createTextNode(t('form.refused', { count: refused }))] : [];
		const nodes = needed.length + wrong.length > 0 ? [...needed, ...wrong] : [document.createTextNode(t('form.complete'))];
		replaceIfChanged(line, nodes, `${names.join()}/${refused}`);
	}
}

/** Brings a field into sight and puts the cursor into it. */
export function showField(name: string): void {
	const field = document.querySelector<HTMLElement>(`value-field[data-name="${name}"]`);
	if (!field) return;
	document.dispatchEvent(new CustomEvent('drover:show-values'));
	for (let fold = field.closest('details'); fold; fold = fold.parentElement?.closest('details') ?? null) fold.open = true;
	field.scrollIntoView({ block: 'center' });
	const input = field.querySelector<HTMLElement>('input, select, [data-do="add"]');
	input?.focus({ preventScroll: true });
	if (input instanceof HTMLInputElement) input.select();
}

customElements.define('value-form', ValueForm);
