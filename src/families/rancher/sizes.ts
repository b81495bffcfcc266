/** Sizes as Docker and Java write them: a number and a unit of 1024. Source: docker run, "--memory"; java, "-Xmx". */

const units: Readonly<Record<string, number>> = { '': 1, b: 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30, t: 2 ** 40 };

export const gibibyte = 2 ** 30;

/** Returns bytes; undefined for a text that is no size. */
export function parseSize(text: string): number | undefined {
	const match = /^(\d{1,15})([bkmgt]?)b?$/i.exec(text);
	const unit = units[match?.[2]?.toLowerCase() ?? ''];
	return match?.[1] === undefined || unit === undefined ? undefined : Number(match[1]) * unit;
}

/** Returns a size in its largest exact unit: `8g` for 8589934592. */
export function formatSize(bytes: number): string {
	const unit = (['g', 'm', 'k'] as const).find((one) => bytes !== 0 && bytes % (units[one] ?? 1) === 0);
	return unit === undefined ? String(bytes) : `${bytes / (units[unit] ?? 1)}${unit}`;
}
