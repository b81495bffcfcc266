/**
 * A `run.events` message as bytes: version (1 byte), flags (1 byte; 1: nothing more comes), length of the run's name (1 byte), when the following began (64-bit
 * float), the name in ASCII, and events as in `event-frames.ts`.
 */
import { parseFrames } from '../run/event-frames.ts';
import type { RecordingEvent } from '../run/recording.ts';

const version = 1;
const headBytes = 11;
const endFlag = 1;

export interface RunFrame {
	readonly run: string;
	readonly end: boolean;
	readonly followedAt: number;
}

export function frameRunEvents({ run, end, followedAt }: RunFrame, events: Uint8Array): Uint8Array {
	const bytes = new Uint8Array(headBytes + run.length + events.length);
	bytes.set([version, end ? endFlag : 0, run.length]);
	new DataView(bytes.buffer).setFloat64(3, followedAt);
	for (let index = 0; index < run.length; index += 1) bytes[headBytes + index] = run.charCodeAt(index);
	bytes.set(events, headBytes + run.length);
	return bytes;
}

/** Returns the message that the bytes hold. @throws RangeError when they hold none that this version writes. */
export function parseRunFrame(bytes: Uint8Array, decodeText: (utf8: Uint8Array) => string): RunFrame & { readonly events: RecordingEvent[] } {
	if (bytes[0] !== version || bytes.length < headBytes) throw new RangeError('Cannot read output: it is of another version.');
	const start = headBytes + (bytes[2] ?? 0);
	const followedAt = new DataView(bytes.buffer, bytes.byteOffset).getFloat64(3);
	return { run: decodeText(bytes.subarray(headBytes, start)), end: bytes[1] === endFlag, followedAt, events: parseFrames(bytes.subarray(start), decodeText) };
}
