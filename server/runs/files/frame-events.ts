/** Writes events as bytes: see `event-frames.ts`. The process that keeps a run imports this file: nothing slow here. */
import type { RecordingEvent } from '../../../src/runbook/run/recording.ts';
import { eventHead, eventHeadBytes, eventKinds } from '../../../src/runbook/run/event-frames.ts';

/** An event; output also as the bytes of its text. */
type Framed = RecordingEvent | { readonly kind: 'output'; readonly n: number; readonly time: number; readonly utf8: Uint8Array };

/** Returns one event as bytes. */
export function frameEvent(event: Framed): Buffer {
	const body = event.kind !== 'output' ? bodyOf(event) : 'utf8' in event ? event.utf8 : Buffer.from(event.text);
	const frame = Buffer.allocUnsafe(eventHeadBytes + body.length);
	frame[eventHead.kind] = eventKinds[event.kind];
	frame.writeDoubleBE(event.n, eventHead.n);
	frame.writeDoubleBE(event.kind === 'gap' ? 0 : event.time, eventHead.time);
	frame.writeUInt32BE(body.length, eventHead.length);
	frame.set(body, eventHeadBytes);
	return frame;
}

function bodyOf(event: Exclude<RecordingEvent, { kind: 'output' }>): Uint8Array {
	const body = Buffer.alloc(event.kind === 'resize' ? 4 : event.kind === 'dropped' ? 8 : 16);
	if (event.kind === 'resize') {
		body.writeUInt16BE(event.columns, 0);
		body.writeUInt16BE(event.rows, 2);
	} else if (event.kind === 'dropped') body.writeDoubleBE(event.bytes, 0);
	else {
		body.writeDoubleBE(event.from, 0);
		body.writeDoubleBE(event.bytes, 8);
	}
	return body;
}
