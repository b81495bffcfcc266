/**
 * A recording is asciicast v2 in segments: one header line, then one JSON line an event, times in seconds from the start. Version 2
 * and not 3, whose times are distances: a segment that is dropped from the middle would shift everything after it.
 *
 * An event's number is its place among all events of the run, from 1, whatever was dropped: a segment's name tells its first number.
 *
 * Source: https://docs.asciinema.org/manual/asciicast/v2/
 */
import { z } from './zod.ts';

/** Whole size of one segment. */
export const segmentBytes = 8 * 1024 * 1024;
/** Whole segments that are kept before the one being written, besides the first. */
export const tailSegments = 7;
/** Longest text of one event, in UTF-16 units. */
export const maxEventLength = 32 * 1024;

export const RecordingHeader = z.looseObject({
	version: z.literal(2),
	width: z.int(),
	height: z.int(),
	timestamp: z.optional(z.number()),
});
export type RecordingHeader = z.output<typeof RecordingHeader>;

/** What a recording says happened. `time` is in seconds from the start of the run. */
export type RecordingContent =
	| { readonly kind: 'output'; readonly time: number; readonly text: string }
	| { readonly kind: 'resize'; readonly time: number; readonly columns: number; readonly rows: number }
	/** Output that could not be written, because the disk was full. */
	| { readonly kind: 'dropped'; readonly time: number; readonly bytes: number };

/** One event with its number, or the place where segments were dropped (`n` is the last number that is missing). */
export type RecordingEvent =
	| (RecordingContent & { readonly n: number })
	| { readonly kind: 'gap'; readonly n: number; readonly from: number; readonly bytes: number };

const line = z.tuple([z.number(), z.string(), z.string()]);
const size = /^(\d+)x(\d+)$/;
const dropped = /^dropped (\d+) bytes$/;

/** Returns the header line, with its newline. `startedAtMs` is wall-clock time. */
export function formatHeader(columns: number, rows: number, startedAtMs: number): string {
	const timestamp = Math.floor(startedAtMs / 1000);
	return `${JSON.stringify({ version: 2, width: columns, height: rows, timestamp, env: { TERM: 'xterm-256color' } })}\n`;
}

/** Returns the event as a line of asciicast, with its newline. */
export function formatEvent(event: RecordingContent): string {
	const time = Math.round(event.time * 1000) / 1000;
	switch (event.kind) {
		case 'output':
			return `${JSON.stringify([time, 'o', event.text])}\n`;
		case 'resize':
			return `${JSON.stringify([time, 'r', `${event.columns}x${event.rows}`])}\n`;
		case 'dropped':
			return `${JSON.stringify([time, 'm', `dropped ${event.bytes} bytes`])}\n`;
	}
}

/** Returns the event that a line holds, without newline. @throws when the line is not an event that Drover writes. */
export function parseEvent(text: string, n: number): RecordingEvent {
	const [time, code, value] = line.parse(JSON.parse(text));
	if (code === 'o') return { kind: 'output', n, time, text: value };
	const [, columns, rows] = (code === 'r' && size.exec(value)) || [];
	if (columns && rows) return { kind: 'resize', n, time, columns: Number(columns), rows: Number(rows) };
	const [, bytes] = (code === 'm' && dropped.exec(value)) || [];
	if (bytes) return { kind: 'dropped', n, time, bytes: Number(bytes) };
	throw new RangeError(`Cannot read event ${n} of a recording: "${text.slice(0, 60)}" is no event that Drover writes.`);
}

/** Where a segment begins: the number of its first event, and how many bytes of output all earlier segments held. */
export interface Segment {
	readonly name: string;
	readonly firstEvent: number;
	readonly outputBefore: number;
}

const later = /^recording\.(\d+)-(\d+)\.cast$/;

/** Returns the segment that begins there. The first is plain `recording.cast`. */
export function nameSegment(firstEvent: number, outputBefore: number): Segment {
	const name = firstEvent === 1 ? 'recording.cast' : `recording.${firstEvent}-${outputBefore}.cast`;
	return { name, firstEvent, outputBefore };
}

/** Returns the segments among the names of a run's folder, in order. */
export function findSegments(names: readonly string[]): Segment[] {
	const found: Segment[] = names.includes('recording.cast') ? [nameSegment(1, 0)] : [];
	for (const name of names) {
		const [, first, before] = later.exec(name) ?? [];
		if (first && before) found.push({ name, firstEvent: Number(first), outputBefore: Number(before) });
	}
	return found.sort((one, other) => one.firstEvent - other.firstEvent);
}

/** Cuts a text into pieces of at most `maxEventLength` units, never inside a character. */
export function cutText(text: string): string[] {
	const pieces: string[] = [];
	for (let at = 0; at < text.length;) {
		let end = Math.min(at + maxEventLength, text.length);
		const last = text.charCodeAt(end - 1);
		if (end < text.length && last >= 0xd800 && last < 0xdc00) end -= 1;
		pieces.push(text.slice(at, end));
		at = end;
	}
	return pieces;
}
