/** One field: what is typed goes to the store as it is; what is wrong with it is said beside it. */
import { listTypes } from '../../runbook/definition/list-types.ts';
import type { Parameter } from '../../runbook/definition/parameter.ts';
import type { Problem } from '../../runbook/problem.ts';
import type { Value } from '../../runbook/values/value.ts';
import type { Node as ServerNode } from '../../runbook/values/value-types.ts';
import { find, setText } from '../ground/dom.ts';
import { PagePart } from '../store/page-part.ts';
import { t } from '../ground/words.ts';

class ValueField extends PagePart {
	get #name(): string {
		return this.dataset['name'] ?? '';
	}

	get #parameter(): Parameter | undefined {
		return this.store.data.runbook.parameters[this.#name];
	}

	get #isList(): boolean {
		return this.#parameter !== undefined && listTypes.has(this.#parameter.type);
	}

	protected override start(signal: AbortSignal): void {
		this.addEventListener('input', () => this.#take(), { signal });
		this.querySelector('[data-do="reset"]')?.addEventListener('click', () => this.#reset(), { signal });
		this.querySelector('[data-do="add"]')?.addEventListener('click', () => this.#addRow(), { signal });
		this.addEventListener('click', (event) => this.#removeRow(event), { signal });
		this.#takeEarly();
	}

	/** What was typed before the page came alive is not lost. */
	#takeEarly(): void {
		const control = this.querySelector('input, select');
		if (!this.#isList && isTouched(control)) this.#take();
	}

	#take(): void {
		this.store.setValue(this.#name, this.#isList ? this.#readRows() : this.#readOne());
	}

	/** An empty field that has no default means "not given"; one with a default means "none". */
	#readOne(): Value | undefined {
		const control = this.querySelector('input, select');
		if (control instanceof HTMLInputElement && control.type === 'checkbox') return control.checked ? 'true' : 'false';
		const text = control instanceof HTMLInputElement || control instanceof HTMLSelectElement ? control.value : '';
		const parameter = this.#parameter;
		const hasDefault = parameter !== undefined && 'default' in parameter && parameter.default !== undefined && parameter.default !== '';
		return text === '' && !hasDefault ? undefined : text;
	}

	#reset(): void {
		this.store.setValue(this.#name, undefined);
		this.querySelector<HTMLElement>('input, select')?.focus();
	}

	#readRows(): Value | undefined {
		const rows = [...this.querySelectorAll('.row')];
		const part = (row: Element, name: string) => row.querySelector<HTMLInputElement>(`[data-part="${name}"]`)?.value ?? '';
		if (this.#parameter?.type === 'nodes') {
			const nodes = rows.map((row): ServerNode => ({ name: part(row, 'name'), ssh: part(row, 'ssh'), address: part(row, 'address') }));
			// A row that was just added is no node yet.
			const begun = nodes.filter((node) => `${node.name}${node.ssh}${node.address}` !== '');
			return begun.length > 0 ? begun : undefined;
		}
		const texts = rows.map((row) => part(row, 'text')).filter((text) => text !== '');
		return texts.length > 0 ? texts : undefined;
	}

	#addRow(): void {
		const row = this.#makeRow();
		find(this, '.rows', HTMLElement).append(row);
		row.querySelector('input')?.focus();
	}

	#makeRow(): HTMLElement {
		const copy = find(this, 'template', HTMLTemplateElement).content.cloneNode(true);
		return find(copy as DocumentFragment, '.row', HTMLElement);
	}

	#removeRow(event: Event): void {
		const row = event.target instanceof Element && event.target.closest('[data-do="remove"]') ? event.target.closest('.row') : null;
		if (!row) return;
		const beside = row.previousElementSibling ?? row.nextElementSibling;
		row.remove();
		(beside?.querySelector('input') ?? this.querySelector<HTMLElement>('[data-do="add"]'))?.focus();
		this.#take();
	}

	protected draw(): void {
		const { store } = this;
		const given = Object.hasOwn(store.values, this.#name) ? store.values[this.#name] : undefined;
		const origin = given === undefined ? (store.resolved.answers.has(this.#name) ? 'default' : undefined) : store.detected.has(this.#name) ? 'detected' : 'typed';
		this.dataset['origin'] = origin ?? 'none';
		if (this.#isList) this.#drawRows(Array.isArray(given) ? given : []);
		else this.#drawOne(typeof given === 'string' ? given : undefined);
		this.#drawPaper();
		const place = this.querySelector('.field-origin');
		const hasValue = given !== '' && origin !== undefined;
		if (place) setText(place, hasValue && this.#parameter?.type !== 'switch' ? t(`origin.${origin}`) : '');
		const reset = this.querySelector<HTMLElement>('[data-do="reset"]');
		if (reset) reset.hidden = given === undefined || !this.#hasDefault();
		this.#drawProblems();
		const fold = this.closest('details');
		if (fold && given !== undefined && !this.dataset['unfolded']) {
			fold.open = true;
			this.dataset['unfolded'] = '';
		}
	}

	/** What stands on paper in place of the control: the whole value, which wraps. A secret is not printed. */
	#drawPaper(): void {
		const place = this.querySelector('.field-paper');
		if (!place || this.#parameter?.type === 'secret') return;
		const control = this.querySelector('input, select');
		const rows = [...this.querySelectorAll('.row')].map((row) => [...row.querySelectorAll('input')].map((input) => input.value).join(' ').trim());
		const box = control instanceof HTMLInputElement && control.type === 'checkbox' ? (control.checked ? '☑' : '☐') : undefined;
		const text = control instanceof HTMLSelectElement ? (control.selectedOptions[0]?.text ?? '') : (box ?? (control instanceof HTMLInputElement ? control.value : ''));
		setText(place, this.#isList ? rows.filter((row) => row !== '').join('\n') : text.trim());
	}

	#hasDefault(): boolean {
		const parameter = this.#parameter;
		return parameter !== undefined && 'default' in parameter && parameter.default !== undefined;
	}

	#drawOne(given: string | undefined): void {
		const control = this.querySelector('input, select');
		const parameter = this.#parameter;
		const standard = this.store.resolved.answers.get(this.#name)?.items[0]?.text ?? '';
		if (control instanceof HTMLInputElement && control.type === 'checkbox') {
			const checked = given ?? (parameter && 'default' in parameter ? parameter.default : undefined);
			control.checked = checked === 'true';
		} else if (control instanceof HTMLInputElement || control instanceof HTMLSelectElement) {
			const secretDefault = parameter?.type === 'secret' && given === undefined;
			const text = secretDefault ? '' : (given ?? standard);
			if (control.value !== text) control.value = text;
		}
	}

	/** Rows are left alone while they hold what the store holds: the cursor is in one of them. */
	#drawRows(items: readonly (string | ServerNode)[]): void {
		const present = this.#readRows();
		if (JSON.stringify(present ?? []) === JSON.stringify(items)) return;
		const rows = items.map((item) => {
			const row = this.#makeRow();
			const fields: Readonly<Record<string, string>> = typeof item === 'string' ? { text: item } : { ...item };
			for (const input of row.querySelectorAll<HTMLInputElement>('[data-part]')) input.value = fields[input.dataset['part'] ?? ''] ?? '';
			return row;
		});
		find(this, '.rows', HTMLElement).replaceChildren(...rows);
	}

	#drawProblems(): void {
		const own = (problems: readonly Problem[]) => problems.filter((problem) => problem.parameter === this.#name);
		const refused = own(this.store.resolved.refused);
		const warnings = own(this.store.resolved.warnings);
		const place = find(this, '.field-problem', HTMLElement);
		const shown = refused.length > 0 ? refused : warnings;
		setText(place, [...new Set(shown.map((problem) => this.store.formatProblem(problem)))].join('\n'));
		place.dataset['tone'] = refused.length > 0 ? 'wrong' : 'warning';
		this.toggleAttribute('data-wrong', refused.length > 0 && !this.#isList);
		for (const control of this.querySelectorAll('input, select')) if (!this.#isList) control.setAttribute('aria-invalid', String(refused.length > 0));
		const items = new Set(refused.map((problem) => problem.item));
		const rows = [...this.querySelectorAll<HTMLElement>('.row')].filter((row) => [...row.querySelectorAll('input')].some((input) => input.value !== ''));
		rows.forEach((row, index) => row.toggleAttribute('data-wrong', items.has(index)));
	}
}

/** Whether a control holds something else than the page was built with. */
function isTouched(control: Element | null): boolean {
	if (control instanceof HTMLSelectElement) return control.selectedIndex !== Math.max([...control.options].findIndex((option) => option.defaultSelected), 0);
	if (!(control instanceof HTMLInputElement)) return false;
	return control.type === 'checkbox' ? control.checked !== control.defaultChecked : control.value !== control.defaultValue;
}

customElements.define('value-field', ValueField);
