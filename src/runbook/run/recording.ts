/**
 * A recording is asciicast v2 in segments: one header line, then one JSON line an event, times in seconds from the start. Version 2
 * and not 3, whose times are distances: a segment that is dropped from the middle would shift everything after it.
 *
 * An event's number is its place among all events of the run, from 1, whatever was dropped: a segment's name tells its first number.
 *
 * Source: https://docs.asciinema.org/manual/asciicast/v2/
 */
import { nameSegment, type RecordingContent, type Segment } from './recording-line.ts';
import { z } from '../zod.ts';

export {
	formatEvent,
	formatHeader,
	nameSegment,
	type RecordingContent,
	type Segment,
} from './recording-line.ts';

/** One event with its number, or the place where segments were dropped: `n` is the last number that is missing. */
export type RecordingEvent =
	| (RecordingContent & { readonly n: number })
	| { readonly kind: 'gap'; readonly n: number; readonly from: number; readonly bytes: number };

/** The first line of a recording. */
export const RecordingHeader = z.looseObject({ version: z.literal(2), width: z.int(), height: z.int() });
export type RecordingHeader = z.output<typeof RecordingHeader>;

type Line = [time: number, code: 'o' | 'r' | 'm', value: string];

/** By hand: a long output is a hundred thousand lines. */
function isLine(value: unknown): value is Line {
	if (!Array.isArray(value) || value.length !== 3) return false;
	const [time, code, text] = value as unknown[];
	return typeof time === 'number' && Number.isFinite(time) && (code === 'o' || code === 'r' || code === 'm') && typeof text === 'string';
}

const size = /^(\d+)x(\d+)$/;
const dropped = /^dropped (\d+) bytes$/;

/** Returns the event that a line holds. @throws when the line is not an event that Drover writes. */
export function parseEvent(text: string, n: number): RecordingEvent {
	const line: unknown = JSON.parse(text);
	if (!isLine(line)) throw notOurs(text, n);
	const [time, code, value] = line;
	if (code === 'o') return { kind: 'output', n, time, text: value };
	const [, first, second] = (code === 'r' ? size : dropped).exec(value) ?? [];
	if (first && second) return { kind: 'resize', n, time, columns: Number(first), rows: Number(second) };
	if (first) return { kind: 'dropped', n, time, bytes: Number(first) };
	throw notOurs(text, n);
}

const notOurs = (text: string, n: number): RangeError => new RangeError(`Cannot read event ${n} of a recording: "${text.slice(0, 60)}" is no event that Drover writes.`);

const later = /^recording\.([1-9]\d*)-(\d+)\.cast$/;

/** Returns the segments among the names of a run's folder, in order. */
export function findSegments(names: readonly string[]): Segment[] {
	const found = names.includes('recording.cast') ? [nameSegment(1, 0)] : [];
	for (const name of names) {
		const [, first, before] = later.exec(name) ?? [];
		if (first && before) found.push({ name, firstEvent: Number(first), outputBefore: Number(before) });
	}
	return found.sort((one, other) => one.firstEvent - other.firstEvent);
}
