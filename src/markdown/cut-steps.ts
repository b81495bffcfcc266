/** One piece of a runbook's page in the order it was written: prose, or a step. */
export type PagePiece = { readonly kind: 'prose'; readonly html: string } | { readonly kind: 'step'; readonly id: string; readonly html: string };

const mark = /<!--step ([a-z0-9-]+)-->([\s\S]*?)<!--\/step-->/g;

/** Cuts the page that MDX made at the marks that `Step.astro` sets. */
export function cutSteps(html: string): readonly PagePiece[] {
	const pieces: PagePiece[] = [];
	let at = 0;
	for (const found of html.matchAll(mark)) {
		const before = html.slice(at, found.index);
		if (before.trim() !== '') pieces.push({ kind: 'prose', html: before });
		pieces.push({ kind: 'step', id: found[1] ?? '', html: found[2] ?? '' });
		at = found.index + found[0].length;
	}
	const rest = html.slice(at);
	if (rest.trim() !== '') pieces.push({ kind: 'prose', html: rest });
	return pieces;
}
