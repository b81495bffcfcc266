/** The look at a server, on a runbook's page. */
import './detect-server.ts';
import { button, make } from '../ground/dom.ts';
import type { PageStore } from '../store/page-store.ts';
import { t } from '../ground/words.ts';

export function openDetect(store: PageStore): void {
	const template = document.querySelector('#detect-server');
	if (!(template instanceof HTMLTemplateElement)) return;
	const look = template.content.cloneNode(true);
	const dialog = make('dialog', { class: 'detect-dialog', 'aria-labelledby': 'detect-title' }, make('h2', { id: 'detect-title' }, t('detect.title')), look);
	dialog.append(make('div', { class: 'dialog-foot' }, button(t('dialog.close'), 'button quiet', () => dialog.close())));
	dialog.addEventListener('drover:use', (event) => {
		if (!(event instanceof CustomEvent) || event.detail.runbook !== store.data.runbook.id) return;
		event.preventDefault();
		void store.attempt(() => store.takeDetectedOn(event.detail.ssh ?? '', event.detail.values));
		dialog.close();
	});
	dialog.addEventListener('close', () => dialog.remove());
	document.body.append(dialog);
	dialog.showModal();
}
