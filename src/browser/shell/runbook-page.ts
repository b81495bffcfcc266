/** A runbook's page comes alive: the store first, then its parts, then the server if there is one. */
import './access-state.ts';
import '../form/value-form.ts';
import '../form/value-field.ts';
import '../progress/runbook-facts.ts';
import '../progress/runbook-glance.ts';
import '../step/step-view.ts';
import '../step/step-target.ts';
import '../progress/check-list.ts';
import '../progress/progress-bar.ts';
import '../progress/sidebar-tabs.ts';
import '../progress/session-bar.ts';
import { connection } from '../connection/connection.ts';
import { pageStore } from '../store/page-store.ts';
import { tabKept } from '../ground/storage.ts';

const store = pageStore();
const loadServed = () => import('./served.ts');

/** What only a Drover makes possible is loaded when one may answer. */
async function connect(): Promise<void> {
	const served = connection.api && (await loadServed());
	await store.connect(served?.ServerSession);
}

function becomeAlive(): void {
	document.documentElement.dataset['alive'] = '';
}

connection.addEventListener('change', () => void connect());
void connect();
if (location.hash.startsWith('#look=') || tabKept.read('drover.found') !== undefined) {
	void store.known.then(async () => (await import('../detect/transfer.ts')).receiveTransfer(store));
}
if ('mayRun' in document.documentElement.dataset) void Promise.all([loadServed(), import('../connection/reach.ts')]).then(becomeAlive);
else becomeAlive();
