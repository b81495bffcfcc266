import type { Attempt } from './attempt.ts';

interface Line {
	readonly row: string;
	readonly sent: string;
	readonly expected: string;
	readonly got: string;
	readonly passed: boolean;
}

/** Attempts as lines of a table: those that differ in their route alone are one line. */
export function linesOf(attempts: readonly Attempt[]): readonly Line[] {
	const lines = new Map<string, { one: Attempt; routes: Set<string>; got: Set<string> }>();
	for (const one of attempts) {
		const key = JSON.stringify([one.row, one.sent, one.expected, one.passed || one.got]);
		const line = lines.get(key) ?? { one, routes: new Set<string>(), got: new Set<string>() };
		lines.set(key, { one, routes: line.routes.add(one.route), got: line.got.add(one.got) });
	}
	return [...lines.values()].map(({ one, routes, got }) => ({
		row: one.row,
		sent: `${one.sent}${one.route === '' ? '' : ` → ${one.passed && routes.size > 1 ? `${routes.size} routes` : [...routes].join(', ')}`}`,
		expected: one.expected,
		got: [...got].join(' or '),
		passed: one.passed,
	}));
}

/** The table in plain text: row, what was sent, what was expected, what came. Control characters of answers are escaped. */
export function drawTable(attempts: readonly Attempt[]): string {
	const lines = linesOf(attempts);
	const cells = [['', 'row', 'sent', 'expected', 'got'], ...lines.map((line) => [line.passed ? 'ok' : 'MISS', line.row, shorten(line.sent, 90), line.expected, line.passed ? shorten(line.got, 40) : line.got].map(plain))];
	const widths = [0, 1, 2, 3].map((column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
	return cells.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ').trimEnd()).join('\n');
}

const plain = (text: string): string => text.replace(/[^\x20-\x7e…→≥]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
const shorten = (text: string, length: number): string => (text.length <= length ? text : `${text.slice(0, length - 1)}…`);
