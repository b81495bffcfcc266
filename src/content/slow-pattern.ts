import { analyse } from 'scslre';

/** Whether some text takes a regular expression a time that grows without measure with its length. Asked only of one that repeats something. */
export function isSlowPattern(source: string): boolean {
	if (!/[*+{]/.test(source)) return false;
	return analyse({ source, flags: 'u' }, { reportTypes: { Move: false } }).reports.some(({ exponential }) => exponential);
}
