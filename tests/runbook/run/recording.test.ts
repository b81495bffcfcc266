import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cutText, maxEventLength } from '../../../src/runbook/run/recording-line.ts';
import {
	findSegments,
	formatEvent,
	formatHeader,
	nameSegment,
	parseEvent,
	RecordingHeader,
} from '../../../src/runbook/run/recording.ts';

const time = fc.nat().map((ms) => ms / 1000);
const event = fc.oneof(
	fc.record({ kind: fc.constant('output' as const), time, text: fc.string({ unit: 'binary' }) }),
	fc.record({ kind: fc.constant('resize' as const), time, columns: fc.nat(500), rows: fc.nat(200) }),
	fc.record({ kind: fc.constant('dropped' as const), time, bytes: fc.nat() }),
);

test('what is written is what is read, one line an event', () => {
	fc.assert(
		fc.property(event, fc.nat(), (content, n) => {
			const line = formatEvent(content);

			expect(line.indexOf('\n')).toBe(line.length - 1);
			expect(parseEvent(line.trimEnd(), n)).toEqual({ ...content, n });
		}),
	);
});

test('the first line is a header of asciicast 2', () => {
	const header = RecordingHeader.parse(JSON.parse(formatHeader(120, 30, 1_700_000_000_999)));

	expect(header).toMatchObject({ version: 2, width: 120, height: 30, timestamp: 1_700_000_000 });
});

test.each(['', 'x', '[1,"o"]', '[1,"q","x"]', '[1,"r","80"]', '[1,"m","a label"]', '{}', '[1,"o",2]'])(
	'%j is no event',
	(line) => {
		expect(() => parseEvent(line, 1)).toThrow();
	},
);

test('segments are found in the order of their events, whatever else is in the folder', () => {
	const names = [
		'recording.1000-8388.cast',
		'end.json',
		'recording.cast',
		'recording.99-77.cast',
		'recording.x.cast',
	];

	expect(findSegments(names)).toEqual([nameSegment(1, 0), nameSegment(99, 77), nameSegment(1000, 8388)]);
});

test('a long text is cut into whole characters that join to the text', () => {
	const text = `a${'😀'.repeat(maxEventLength)}`;

	const pieces = cutText(text);

	expect(pieces.join('')).toBe(text);
	expect(pieces.every((piece) => piece.length <= maxEventLength && piece.isWellFormed())).toBe(true);
});
