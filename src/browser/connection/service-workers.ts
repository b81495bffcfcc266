/**
 * A program that had this address before may have left a service worker in this browser, which answers in place of Drover and reads what the page does. Drover
 * has none of its own: a page under one exchanges no code, and removes it.
 */
import { tabKept } from '../ground/storage.ts';

const key = 'drover.worker-removed';

export const isControlled = (): boolean => 'serviceWorker' in navigator && navigator.serviceWorker.controller !== null;

/**
 * Removes every worker of this address and loads the page again, which is free of it then. Once: resolves when it stays although it was removed.
 */
export async function removeWorkers(): Promise<void> {
	const all = await navigator.serviceWorker.getRegistrations();
	await Promise.all(all.map((one) => one.unregister()));
	if (tabKept.read(key) !== undefined || !tabKept.write(key, 'yes')) return;
	location.reload();
	await new Promise(() => undefined);
}

/** Whether this tab was loaded again for that, just now. */
export function wasRemoved(): boolean {
	const was = tabKept.read(key) !== undefined;
	tabKept.remove(key);
	return was;
}
