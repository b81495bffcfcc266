/**
 * Finds many words in a stream at once (Aho and Corasick, "Efficient string matching", CACM 18, 1975). Every UTF-16 unit moves it
 * to one state; a state knows how much of the text before it may still become a word, and how long a word just ended.
 */
export interface Matcher {
	readonly root: number;
	/** Returns the state after one more unit. */
	next(state: number, unit: number): number;
	/** How many of the last units may be the beginning of a word. */
	depth(state: number): number;
	/** Length of the longest word that ends here, or 0. */
	matched(state: number): number;
}

interface Node {
	readonly children: Map<number, number>;
	readonly depth: number;
	fail: number;
	matched: number;
}

function buildTrie(words: readonly string[], unitClass: (unit: number) => number): Node[] {
	const nodes: Node[] = [{ children: new Map(), depth: 0, fail: 0, matched: 0 }];
	const child = (from: number, name: number): number => {
		const known = nodes[from]?.children.get(name);
		if (known !== undefined) return known;
		const depth = (nodes[from]?.depth ?? 0) + 1;
		nodes[from]?.children.set(name, nodes.length);
		return nodes.push({ children: new Map(), depth, fail: 0, matched: 0 }) - 1;
	};
	for (const word of words) {
		let at = 0;
		for (let i = 0; i < word.length; i += 1) at = child(at, unitClass(word.charCodeAt(i)));
		const last = nodes[at];
		if (last) last.matched = word.length;
	}
	return nodes;
}

/** Fills one row of moves a state, breadth first, so that the row of the state to fall back to is ready. */
function fillMoves(nodes: readonly Node[], classes: number): Int32Array {
	const moves = new Int32Array(nodes.length * classes);
	const queue = [0];
	for (const index of queue) {
		const node = nodes[index];
		if (!node) continue;
		const fallback = index === 0 ? undefined : moves.subarray(node.fail * classes, (node.fail + 1) * classes);
		if (fallback) moves.set(fallback, index * classes);
		for (const [name, child] of node.children) {
			const target = nodes[child];
			if (!target) continue;
			target.fail = fallback?.[name] ?? 0;
			target.matched = Math.max(target.matched, nodes[target.fail]?.matched ?? 0);
			moves[index * classes + name] = child;
			queue.push(child);
		}
	}
	return moves;
}

/** Builds the matcher of some words, none of them empty. */
export function createMatcher(words: readonly string[]): Matcher {
	const unitClasses = new Uint16Array(65536);
	let classes = 1;
	for (const unit of words.join('')) {
		for (let i = 0; i < unit.length; i += 1) {
			const code = unit.charCodeAt(i);
			if (unitClasses[code] === 0) unitClasses[code] = classes++;
		}
	}
	const nodes = buildTrie(words, (unit) => unitClasses[unit] ?? 0);
	const moves = fillMoves(nodes, classes);
	const depths = Int32Array.from(nodes, (node) => node.depth);
	const matches = Int32Array.from(nodes, (node) => node.matched);
	return {
		root: 0,
		next: (state, unit) => moves[state * classes + (unitClasses[unit] ?? 0)] ?? 0,
		depth: (state) => depths[state] ?? 0,
		matched: (state) => matches[state] ?? 0,
	};
}
