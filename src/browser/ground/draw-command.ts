/** Draws a command by the same rule as the build (`draw-part.ts`), changing only parts that are different. */
import { drawPart, type DrawnPart, type ValueOrigin } from '../../site/draw-part.ts';
import type { Part } from '../../runbook/command/render.ts';
import { make } from './dom.ts';
import { t } from './words.ts';

/** Coloured scripts as the page was built with them, by their text. */
const scripts = new Map<string, Node>();

/** Remembers the colours of the scripts below an element. */
function keepScripts(root: ParentNode): void {
	for (const script of root.querySelectorAll('.part.script')) scripts.set(script.textContent, script.cloneNode(true));
}

/** Draws parts into a command's `<code>`. */
export function drawCommand(code: Element, parts: readonly Part[], origin: (parameter: string) => ValueOrigin | undefined): void {
	const drawn = parts.map((part) => drawPart(part, origin));
	drawn.forEach((part, index) => {
		const present = code.childNodes[index];
		if (present instanceof HTMLElement && fits(present, part)) return;
		const made = makePart(part);
		if (present) present.replaceWith(made);
		else code.append(made);
	});
	while (code.childNodes.length > drawn.length) code.lastChild?.remove();
	for (const link of code.querySelectorAll<HTMLElement>('a.part:not([title])')) link.title = titleOf(link);
}

function fits(present: HTMLElement, part: DrawnPart): boolean {
	return present.className === part.class && present.textContent === part.text && present.dataset['parameter'] === part.parameter;
}

function makePart(part: DrawnPart): Node {
	if (part.script) return scripts.get(part.text)?.cloneNode(true) ?? make('span', { class: part.class }, part.text);
	if (part.parameter === undefined) return make('span', { class: part.class }, part.text);
	return make('a', { class: part.class, href: `#field-${part.parameter}`, 'data-parameter': part.parameter, tabindex: '-1' }, part.text);
}

function titleOf(link: HTMLElement): string {
	const label = document.querySelector(`[data-name="${link.dataset['parameter'] ?? ''}"] .field-label`)?.textContent.trim() ?? '';
	const origin = (['default', 'detected', 'typed', 'derived', 'output'] as const).find((one) => link.classList.contains(`from-${one}`));
	return origin ? `${label} · ${t(`origin.${origin}`)}` : label;
}

// Before any part of the page draws itself.
keepScripts(document);
