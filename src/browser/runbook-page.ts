/** A runbook's page comes alive: the store first, then its parts, then the server if there is one. */
import './access-state.ts';
import './value-form.ts';
import './value-field.ts';
import './step-view.ts';
import './step-lane.ts';
import './check-list.ts';
import './trail-bar.ts';
import './beside-tabs.ts';
import './outage-clock.ts';
import './way-back.ts';
import './report-links.ts';
import './session-bar.ts';
import './terminal-dock.ts';
import './machine-compare.ts';
import { connection } from './connection.ts';
import { notifyWhenDone } from './notify.ts';
import { pageStore } from './page-store.ts';
import { proveGently } from './prove.ts';

const store = pageStore();

connection.addEventListener('change', () => void store.connect());
void store.connect();
if (location.hash.startsWith('#look=') || sessionStorage.getItem('drover.found') !== null) {
	void store.known.then(async () => (await import('./hand-over.ts')).takeOver(store));
}
proveGently(store);
notifyWhenDone(store);
document.documentElement.dataset['alive'] = '';
