/**
 * A press is meant for what it was pressed on. Where something is drawn above a button while it is held, the button moves away below the pointer, and the browser sees a press of whatever holds both: the press
 * would be lost. Whoever moves the pointer away before he lets go has thought better of it, as everywhere. Source: UI Events, "click": the nearest common ancestor.
 */

/** A hand shakes so much, in px. */
const shakes = 4;

let held: { readonly button: HTMLButtonElement; readonly x: number; readonly y: number } | undefined;

addEventListener(
	'pointerdown',
	({ target, isPrimary, button: which, clientX: x, clientY: y }) => {
		const button = isPrimary && which === 0 && target instanceof Element ? target.closest('button') : null;
		held = button ? { button, x, y } : undefined;
	},
	true,
);

addEventListener(
	'click',
	(event) => {
		const pressed = held;
		held = undefined;
		// A key, a script or an assistive program presses without a pointer.
		if (!pressed || event.detail === 0 || !(event.target instanceof Node) || pressed.button.contains(event.target)) return;
		if (Math.abs(event.clientX - pressed.x) > shakes || Math.abs(event.clientY - pressed.y) > shakes) return;
		if (!pressed.button.checkVisibility()) return;
		event.stopImmediatePropagation();
		event.preventDefault();
		pressed.button.click();
	},
	true,
);
