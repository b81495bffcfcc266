/** The checklist proves itself: while the page is looked at, what is done is looked at again; gently, and less and less often while nothing changes. */
import { stepsToRecheck } from '../../runbook/session/plan.ts';
import { connection } from '../connection/connection.ts';
import type { PageStore } from '../store/page-store.ts';

const firstMs = 20_000;
const longestMs = 300_000;

export function recheckGently(store: PageStore): void {
	let delayMs = firstMs;
	let timer: ReturnType<typeof setTimeout> | undefined;
	let seen = -1;

	const recheck = async () => {
		const { server, session } = store;
		if (server && session && !session.closed && connection.canRun && stepsToRecheck(store.steps).length > 0) {
			await server.check({ prove: true, values: { ...store.values } }).catch(() => undefined);
		}
		delayMs = Math.min(delayMs * 1.6, longestMs);
		plan();
	};
	const plan = () => {
		clearTimeout(timer);
		if (document.visibilityState === 'visible') timer = setTimeout(() => void recheck(), delayMs);
	};
	store.addEventListener('change', () => {
		const n = store.session?.n ?? 0;
		if (n === seen) return;
		if (seen >= 0) delayMs = firstMs;
		seen = n;
		plan();
	});
	document.addEventListener('visibilitychange', () => {
		delayMs = firstMs;
		plan();
	});
	plan();
}
