/** Levenshtein distance, in edits of one UTF-16 unit. */
function distance(a: string, b: string): number {
	let row = Array.from({ length: b.length + 1 }, (_, i) => i);
	for (let i = 1; i <= a.length; i += 1) {
		const next = [i];
		for (let j = 1; j <= b.length; j += 1) {
			const swap = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
			next.push(Math.min(swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
		}
		row = next;
	}
	return row[b.length] ?? 0;
}

/** Returns the known word that the given one was probably meant to be, or an empty string when none is near. */
export function suggest(word: string, known: Iterable<string>): string {
	const given = word.slice(0, 64);
	let best = '';
	let least = Math.max(2, Math.floor(given.length / 3)) + 1;
	for (const candidate of known) {
		const edits = candidate.startsWith(given) && given.length > 2 ? 1 - 1 / (candidate.length - given.length + 1) : distance(given, candidate);
		if (edits < least) [best, least] = [candidate, edits];
	}
	return best;
}
