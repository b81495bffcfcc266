import { crc32 } from 'node:zlib';

/** What every line carries besides its event. Order is `n`, distance is `up`; `at` is for people. */
export interface Envelope {
	/** From 1, without holes. */
	readonly n: number;
	/** Wall clock, ISO 8601. */
	readonly at: string;
	/** Monotonic milliseconds since the machine booted. */
	readonly up: number;
}

/** Checks and types one event. A zod schema is one. */
export interface EventSchema<E> {
	parse(value: unknown): E;
}

/** What an event may be; `n`, `at`, `up` and `crc` are the journal's own words. */
export interface JournalEvent {
	readonly type: string;
}

/** An event as the journal holds it. */
export type Recorded<E> = E & Envelope;

const sum = /^(.*),"crc":"([0-9a-f]{8})"\}$/s;

function checksum(text: string): string {
	return crc32(text).toString(16).padStart(8, '0');
}

/** Returns the line, with its newline: the checksum covers every byte before it. */
export function formatLine(envelope: Envelope, event: object): string {
	const body = JSON.stringify({ ...envelope, ...event, ...envelope }).slice(0, -1);
	return `${body},"crc":"${checksum(body)}"}\n`;
}

/** Returns the object that a line holds, without its checksum, or why the line is not what was written. */
export function parseLine(line: string): { readonly value: unknown } | { readonly why: string } {
	const [, body, crc] = sum.exec(line) ?? [];
	if (body === undefined) return { why: 'no checksum at its end' };
	if (checksum(body) !== crc) return { why: 'its checksum differs' };
	try {
		return { value: JSON.parse(`${body}}`) };
	} catch {
		return { why: 'not JSON' };
	}
}
