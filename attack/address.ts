import type { Place } from './wire.ts';

/** The address that Drover prints, taken apart. */
export interface Address extends Place {
	readonly code: string;
}

const loopback: Readonly<Record<string, string>> = { '127.0.0.1': '127.0.0.1', localhost: '127.0.0.1', '[::1]': '::1' };

/**
 * Reads an address as Drover prints it: `http://127.0.0.1:4600/#code=…`.
 *
 * @throws RangeError for anything else, above all for an address that is not this machine's own: attacking other machines is not what this is for.
 */
export function parseAddress(text: string): Address {
	const match = /^http:\/\/(127\.0\.0\.1|localhost|\[::1\]):(\d{1,5})\/[^#]*#code=([A-Za-z0-9_-]{1,200})$/.exec(text);
	const host = loopback[match?.[1] ?? ''];
	if (!match || host === undefined) throw new RangeError(`Cannot attack ${JSON.stringify(text)}. Give the address as Drover prints it, with its code, on this machine: http://127.0.0.1:4600/#code=…`);
	return { host, port: Number(match[2]), code: match[3] ?? '' };
}
