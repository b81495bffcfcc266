/** A runbook's page comes alive: the store first, then its parts, then the server if there is one. */
import './access-state.ts';
import './value-form.ts';
import './value-field.ts';
import './runbook-facts.ts';
import './runbook-glance.ts';
import './step-view.ts';
import './step-lane.ts';
import './check-list.ts';
import './trail-bar.ts';
import './beside-tabs.ts';
import './session-bar.ts';
import { connection } from './connection.ts';
import { pageStore } from './page-store.ts';
import { tabKept } from './storage.ts';

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
	void store.known.then(async () => (await import('./hand-over.ts')).takeOver(store));
}
if ('mayRun' in document.documentElement.dataset) void Promise.all([loadServed(), import('./reach.ts')]).then(becomeAlive);
else becomeAlive();
