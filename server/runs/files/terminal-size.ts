export const terminalLimits = { columns: [2, 500], rows: [1, 200] } as const;

/** Whether a terminal may have this size: whole numbers within the limits. */
export function isSize(columns: unknown, rows: unknown): boolean {
	const within = (value: unknown, [least, most]: readonly [number, number]): boolean =>
		typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most;
	return within(columns, terminalLimits.columns) && within(rows, terminalLimits.rows);
}
