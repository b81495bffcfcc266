/** What every page does: presses that are not lost, theme, search, a place kept when the language changes, and the state in the header. Small on purpose; the rest is loaded when needed. */
import './held-press.ts';
import './theme.ts';
import './search-button.ts';
import './locale-switch.ts';

const root = document.documentElement.dataset;
const load = () => void import('./access-state.ts');

// A code in the address, or a token in the tab, even one that has expired, is asked for at once; another tab that has one may answer. Without any, nothing more is loaded.
if ('mayRun' in root) load();
else {
	const channel = new BroadcastChannel('drover.access');
	channel.addEventListener('message', ({ data }) => {
		if (data === 'ask') return;
		channel.close();
		load();
	});
	channel.postMessage('ask');
}

// Other pages come alive with scripts of their own.
if (root['kind'] === 'reading') root['alive'] = '';

// A new code that is put behind the address of a page that is open: to the browser it is a place on the same page.
addEventListener('hashchange', () => {
	if (location.hash.startsWith('#code=')) location.reload();
});
