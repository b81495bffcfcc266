/** How many lines of one output a report shows as text: what came first tells what it was, what came last how it went. */
const firstLines = 40;
const lastLines = 160;

/** Returns the lines, or the first and the last with a sentence between that says how many are left out. */
export function shorten(lines: readonly string[], note: (count: number) => string): readonly string[] {
	const leftOut = lines.length - firstLines - lastLines;
	if (leftOut <= 0) return lines;
	return [...lines.slice(0, firstLines), note(leftOut), ...lines.slice(-lastLines)];
}
