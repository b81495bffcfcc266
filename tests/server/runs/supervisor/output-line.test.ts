import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatEvent } from '../../../../src/runbook/run/recording-line.ts';
import { parseFrames } from '../../../../src/runbook/run/event-frames.ts';
import type { RecordingEvent } from '../../../../src/runbook/run/recording.ts';
import { frameRunEvents, parseRunFrame } from '../../../../src/runbook/protocol/run-frames.ts';
import { frameEvent } from '../../../../server/runs/files/frame-events.ts';
import { Decoder } from '../../../../server/runs/supervisor/decoder.ts';
import { formatOutput } from '../../../../server/runs/supervisor/output-line.ts';

const decode = (utf8: Uint8Array): string => new TextDecoder('utf-8', { ignoreBOM: true }).decode(utf8);
const text = fc.string({ unit: 'binary' });

test('a line that is made of bytes is the line that is made of their text', () => {
	fc.assert(
		fc.property(text, fc.nat(1e6), (value, milliseconds) => {
			const time = milliseconds / 1000;
			expect(formatOutput(time, Buffer.from(value)).toString()).toBe(formatEvent({ kind: 'output', time, text: value }));
		}),
	);
});

test('pieces of bytes, wherever they are cut, become what the whole becomes', () => {
	fc.assert(
		fc.property(fc.array(fc.oneof(fc.uint8Array(), text.map((value) => Buffer.from(value)))), fc.array(fc.nat(40)), (parts, cuts) => {
			const whole = Buffer.concat(parts);
			const decoder = new Decoder();
			const pieces: Buffer[] = [];
			let at = 0;
			for (const cut of cuts) pieces.push(Buffer.from(decoder.take(whole.subarray(at, (at += cut)))));
			pieces.push(Buffer.from(decoder.take(whole.subarray(at))), decoder.end());

			expect(Buffer.concat(pieces).toString()).toBe(decode(whole));
		}),
	);
});

test('events go through bytes as they are', () => {
	const n = fc.integer({ min: 1, max: 2 ** 52 });
	const time = fc.nat(1e9).map((milliseconds) => milliseconds / 1000);
	const size = { columns: fc.integer({ min: 2, max: 500 }), rows: fc.integer({ min: 1, max: 200 }) };
	const event: fc.Arbitrary<RecordingEvent> = fc.oneof(
		fc.record({ kind: fc.constant('output' as const), n, time, text }),
		fc.record({ kind: fc.constant('resize' as const), n, time, ...size }),
		fc.record({ kind: fc.constant('dropped' as const), n, time, bytes: n }),
		fc.record({ kind: fc.constant('gap' as const), n, from: n, bytes: n }),
	);

	fc.assert(
		fc.property(fc.array(event), fc.boolean(), (events, end) => {
			const frames = Buffer.concat(events.map(frameEvent));
			const message = { run: 'a-run', end, followedAt: 1.5e12 };

			expect(parseFrames(frames, decode)).toEqual(events);
			expect(parseRunFrame(frameRunEvents(message, frames), decode)).toEqual({ ...message, events });
		}),
	);
});

test('bytes that end early are refused', () => {
	const frame = frameEvent({ kind: 'output', n: 1, time: 0, text: 'whole' });

	for (let length = 1; length < frame.length; length += 1) expect(() => parseFrames(frame.subarray(0, length), decode)).toThrow(RangeError);
});
