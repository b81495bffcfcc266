/** The look at a server is loaded when the reader turns to it, or at once in a tab that may run. */
const look = document.querySelector('machine-look');
const load = () => void import('./machine-look.ts');

try {
	if (location.hash.startsWith('#code=') || sessionStorage.getItem('drover.token') !== null) load();
} catch {
	// Without storage there is no token.
}
for (const event of ['pointerenter', 'focusin', 'touchstart']) look?.addEventListener(event, load, { once: true, passive: true });
export {};
