/**
 * What a browser gets that asks for a service worker's script. Drover has no worker: one that asks was left by another program that had this address before,
 * answers in place of Drover and reads what its pages do. This takes its place, removes it, and loads the pages anew.
 *
 * Source: Service Workers, section 4.6 (`Service-Worker: script`), "Update".
 */
export const workerRemoval = `
self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(remove()));
async function remove() {
	await self.registration.unregister();
	const pages = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
	for (const page of pages) await page.navigate(page.url).catch(() => undefined);
}
`;
