/**
 * Events of a recording as bytes: how output goes from the process that records it to the server, and on to a page. The text is not packed into another text, and
 * who only passes it on does not read it.
 *
 * One event: kind (1 byte), number, time (64-bit floats), length of what follows (32 bits), and that: UTF-8 for output, columns and rows (16 bits each) for a
 * resize, a count of bytes (64-bit float) for what was dropped, first missing number and count of bytes for a gap. Numbers are big-endian.
 */
import type { RecordingEvent } from './recording.ts';

/** Bytes before an event's text or numbers. */
export const eventHeadBytes = 21;
export const eventKinds = { output: 1, resize: 2, dropped: 3, gap: 4 } as const;

/** Offsets inside the head. */
export const eventHead = { kind: 0, n: 1, time: 9, length: 17 } as const;

function viewOf(bytes: Uint8Array): DataView {
	return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Returns the numbers of the first and the last event. @throws RangeError when the bytes are not whole events. */
export function findEnds(frames: Uint8Array): { first: number; last: number } {
	const view = viewOf(frames);
	const first = view.getFloat64(eventHead.n);
	let last = first;
	for (let at = 0; at < frames.length;) {
		last = view.getFloat64(at + eventHead.n);
		at += eventHeadBytes + view.getUint32(at + eventHead.length);
		if (at > frames.length) throw new RangeError(`Cannot read event ${last}: its bytes end early.`);
	}
	return { first, last };
}

/** Returns the events that the bytes hold. @throws RangeError when they hold anything else. */
export function parseFrames(frames: Uint8Array, decodeText: (utf8: Uint8Array) => string): RecordingEvent[] {
	const view = viewOf(frames);
	const events: RecordingEvent[] = [];
	for (let at = 0; at < frames.length;) {
		const n = view.getFloat64(at + eventHead.n);
		const time = view.getFloat64(at + eventHead.time);
		const length = view.getUint32(at + eventHead.length);
		const kind = frames[at + eventHead.kind];
		const body = at + eventHeadBytes;
		at = body + length;
		if (at > frames.length) throw new RangeError(`Cannot read event ${n}: its bytes end early.`);
		if (kind === eventKinds.output) events.push({ kind: 'output', n, time, text: decodeText(frames.subarray(body, at)) });
		else if (kind === eventKinds.resize) events.push({ kind: 'resize', n, time, columns: view.getUint16(body), rows: view.getUint16(body + 2) });
		else if (kind === eventKinds.dropped) events.push({ kind: 'dropped', n, time, bytes: view.getFloat64(body) });
		else if (kind === eventKinds.gap) events.push({ kind: 'gap', n, from: view.getFloat64(body), bytes: view.getFloat64(body + 8) });
		else throw new RangeError(`Cannot read event ${n}: there is no kind ${kind}.`);
	}
	return events;
}
