/** The look at a server is loaded when the reader turns to it, or at once in a tab that may run. */
const look = document.querySelector('machine-look');
const load = () => import('./machine-look.ts');

/** A press that came before the look was loaded, or before the page knew what it can do, is not lost. */
function onPress(event: Event): void {
	const pressed = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-do]') : null;
	if (pressed && !customElements.get('machine-look')) void load().then(({ pressWhenKnown }) => pressWhenKnown(pressed));
}

try {
	if (location.hash.startsWith('#code=') || sessionStorage.getItem('drover.token') !== null) void load();
} catch {
	// Without storage there is no token.
}
look?.addEventListener('click', onPress);
for (const event of ['pointerenter', 'focusin', 'touchstart']) look?.addEventListener(event, () => void load(), { once: true, passive: true });
export {};
