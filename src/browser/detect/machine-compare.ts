/** During the preflight the running server is compared with the form: what differs is shown before anything changes. */
import { loadDetection } from '../../families/family-loaders.ts';
import type { Detection, Difference, Found } from '../../families/family.ts';
import type { Values } from '../../runbook/values/value.ts';
import { listTypes } from '../../runbook/definition/list-types.ts';
import { connection } from '../connection/connection.ts';
import { button, make, replaceIfChanged } from '../ground/dom.ts';
import { PagePart } from '../store/page-part.ts';
import { t } from '../ground/words.ts';

/** The same server is not asked again sooner. */
const restMs = 10_000;

class MachineCompare extends PagePart {
	#found: Found | undefined;
	#detection: Detection | undefined;
	#askedFor = '';
	#askedAt = 0;

	protected draw(): void {
		const { store } = this;
		const begun = store.steps.some((one) => one.step.phase === 'preflight' && one.status.kind !== 'todo');
		const changed = store.steps.some((one) => one.step.phase === 'change' && one.status.kind !== 'todo');
		const container = store.resolved.answers.get('container')?.items[0]?.text;
		this.hidden = !begun || changed || container === undefined || connection.access !== 'ready' || !this.#found;
		if (!begun || changed || container === undefined || connection.access !== 'ready') return;
		const stamp = `${container} ${store.steps.filter((one) => one.step.phase === 'preflight').map((one) => one.status.kind).join()}`;
		if (stamp !== this.#askedFor && Date.now() - this.#askedAt > restMs) void this.#ask(container, stamp);
		if (this.#found) this.#show(this.#found);
	}

	async #ask(container: string, stamp: string): Promise<void> {
		this.#askedFor = stamp;
		this.#askedAt = Date.now();
		const { store } = this;
		const answer = await connection.api?.detect().catch(() => undefined);
		const detection = await loadDetection([store.data.runbook.family], store.data.declared);
		this.#detection = detection;
		this.#found = answer && detection.detect(answer.documents).found.find((one) => one.container === container);
		this.draw();
	}

	#show(found: Found): void {
		const { store } = this;
		const differences = this.#detection?.compareWithForm(found, this.#form()) ?? [];
		const line = (one: Difference) => {
			const slots = { parameter: store.names.parameter(one.parameter), form: one.form || t('compare.none'), server: one.found || t('compare.none') };
			return make('li', {}, t('compare.line', slots));
		};
		const take = () => {
			const wanted = new Set(differences.map((one) => one.parameter));
			store.takeDetected(Object.fromEntries(Object.entries(found.values).filter(([name]) => wanted.has(name))));
		};
		const same = [make('p', {}, t('compare.same'))];
		const differs = [make('p', {}, make('strong', {}, t('compare.title'))), make('ul', {}, ...differences.map(line)), button(t('compare.take'), 'button small', take)];
		this.hidden = false;
		this.classList.toggle('differs', differences.length > 0);
		replaceIfChanged(this, differences.length === 0 ? same : differs, JSON.stringify(differences));
	}

	/** The form as it stands, defaults included. */
	#form(): Values {
		const { data, values, resolved } = this.store;
		return Object.fromEntries(
			Object.entries(data.runbook.parameters).map(([name, parameter]) => {
				if (Object.hasOwn(values, name)) return [name, values[name] ?? ''];
				const items = resolved.answers.get(name)?.items ?? [];
				if (listTypes.has(parameter.type)) return [name, items.map((item) => item.text)];
				const text = items[0]?.text ?? '';
				return [name, parameter.type === 'switch' ? String(text === parameter.word || text === 'true') : text];
			}),
		);
	}
}

customElements.define('machine-compare', MachineCompare);
