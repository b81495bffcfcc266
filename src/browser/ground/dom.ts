/** A small hand for making and finding elements. Text goes in as text, never as markup. */

type Children = readonly (Node | string | undefined)[];

/** Makes an element with attributes (`undefined` leaves one out) and children. */
export function make<K extends keyof HTMLElementTagNameMap>(
	tag: K,
	attributes: Readonly<Record<string, string | undefined>> = {},
	...children: Children
): HTMLElementTagNameMap[K] {
	const element = document.createElement(tag);
	for (const [name, value] of Object.entries(attributes)) if (value !== undefined) element.setAttribute(name, value);
	element.append(...children.filter((child) => child !== undefined));
	return element;
}

/** A button that does something. */
export function button(label: string, className: string, act: () => void): HTMLButtonElement {
	const element = make('button', { type: 'button', class: className }, label);
	element.addEventListener('click', act);
	return element;
}

/** Finds an element that the page was built with. @throws when it is not there. */
export function find<E extends Element>(root: ParentNode, selector: string, type: new () => E): E {
	const found = root.querySelector(selector);
	if (!(found instanceof type)) throw new TypeError(`The page has no ${type.name} at "${selector}".`);
	return found;
}

/** Writes a text only when it is another: what has not changed is not announced again. */
export function setText(element: Element, text: string): void {
	if (element.textContent !== text) element.textContent = text;
}

/** A marker of a step: its shape is drawn by the sprite of the page. */
export function setMarker(svg: Element | null, state: string): void {
	if (!svg || svg.getAttribute('data-state') === state) return;
	svg.setAttribute('data-state', state);
	svg.querySelector('use')?.setAttribute('href', `#wp-${state}`);
}

/** Replaces children only when what they say has changed, so that focus and selection survive. */
export function replaceIfChanged(parent: Element, children: readonly Node[], stamp: string): void {
	if (parent.getAttribute('data-stamp') === stamp) return;
	parent.setAttribute('data-stamp', stamp);
	parent.replaceChildren(...children);
}
