import { appendFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findSegments, type RecordingEvent } from '../../../../src/runbook/run/recording.ts';
import { segmentBytes, tailSegments } from '../../../../src/runbook/run/recording-line.ts';
import { countEvents } from '../../../../server/runs/count-events.ts';
import { readRecording } from '../../../../server/runs/follow.ts';
import { Output } from '../../../../server/runs/supervisor/output.ts';
import { Recorder } from '../../../../server/runs/supervisor/recorder.ts';
import { Tail } from '../../../../server/runs/tail.ts';
import { failing } from '../../failing.ts';
import { makeFolder } from '../../make-folder.ts';
import { collect } from '../harness.ts';

const output = (text: string) => ({ kind: 'output' as const, time: 0, text });

async function readAll(folder: string, from = 1): Promise<RecordingEvent[]> {
	return collect(readRecording(folder, from));
}

const textOf = (events: readonly RecordingEvent[]): string =>
	events.map((event) => (event.kind === 'output' ? event.text : '')).join('');

test('what is recorded is read from any event on', async () => {
	const folder = makeFolder();
	const recorder = new Recorder(folder, 80, 24);
	recorder.append([output('a'), output('b')]);
	recorder.append([{ kind: 'resize', time: 1, columns: 90, rows: 30 }, output('c')]);
	recorder.close();

	expect(recorder.events).toBe(4);
	expect(countEvents(folder)).toBe(4);
	expect((await readAll(folder)).map(({ n, kind }) => [n, kind])).toEqual([
		[1, 'output'],
		[2, 'output'],
		[3, 'resize'],
		[4, 'output'],
	]);
	expect(textOf(await readAll(folder, 4))).toBe('c');
	expect(await readAll(folder, 5)).toEqual([]);
});

test('a line that was never finished is no event', async () => {
	const folder = makeFolder();
	const recorder = new Recorder(folder, 80, 24);
	recorder.append([output('whole')]);
	appendFileSync(join(folder, 'recording.cast'), '[1,"o","torn');

	expect(textOf(await readAll(folder))).toBe('whole');
	expect(countEvents(folder)).toBe(1);
	recorder.close();
});

test('a damaged recording is told with its event', async () => {
	const folder = makeFolder();
	const recorder = new Recorder(folder, 80, 24);
	recorder.append([output('fine')]);
	appendFileSync(join(folder, 'recording.cast'), '[1,"o"]\n');

	const reading = readAll(folder);

	await expect(reading).rejects.toMatchObject({ problem: 'recording.corrupt', slots: { event: 2 } });
	recorder.close();
});

describe('a very long output', () => {
	const line = `${'x'.repeat(1022)}\r\n`;
	/** Writes so many MiB, a thousand lines of 1 KiB at a time. */
	const flood = (recorder: Recorder, mebibytes: number): void => {
		const events = Array.from({ length: 1024 }, () => output(line));
		for (let written = 0; written < mebibytes; written += 1) recorder.append(events);
	};

	test('keeps its beginning and its end, and counts the gap', async () => {
		const folder = makeFolder();
		const recorder = new Recorder(folder, 80, 24);
		flood(recorder, 120);
		recorder.append([output('last')]);
		recorder.close();

		const events = await readAll(folder);

		const gap = events.find(({ kind }) => kind === 'gap');
		const at = events.findIndex(({ kind }) => kind === 'gap');
		if (gap?.kind !== 'gap') throw new Error('There is no gap.');
		expect(findSegments(readdirSync(folder))).toHaveLength(tailSegments + 2);
		expect(events[at - 1]?.n).toBe(gap.from - 1);
		expect(events[at + 1]?.n).toBe(gap.n + 1);
		expect(events.at(-1)).toMatchObject({ n: recorder.events, text: 'last' });
		expect(gap.bytes).toBe(recorder.droppedBytes);
		expect(gap.bytes).toBe((gap.n - gap.from + 1) * line.length);
		expect(textOf(events).length + gap.bytes).toBe(120 * 1024 * line.length + 4);
		const tail = events.slice(at + 1).reduce((sum, event) => sum + JSON.stringify(event).length, 0);
		expect(tail).toBeGreaterThan(tailSegments * segmentBytes);
		expect(countEvents(folder)).toBe(recorder.events);
	});

	test('is complete while it fits', async () => {
		const folder = makeFolder();
		const recorder = new Recorder(folder, 80, 24);
		flood(recorder, 50);
		recorder.close();

		const events = await readAll(folder);

		expect(recorder.droppedBytes).toBe(0);
		expect(events.map(({ n }) => n)).toEqual(Array.from({ length: 50 * 1024 }, (_, index) => index + 1));
		const sizes = findSegments(readdirSync(folder)).map(({ name }) => statSync(join(folder, name)).size);
		expect(Math.max(...sizes)).toBeLessThan(segmentBytes + 2 * 1024 * 1024);
	});

	test('lets a reader who lags finish the segment that he is in, and then shows him the gap', async () => {
		const folder = makeFolder();
		const recorder = new Recorder(folder, 80, 24);
		flood(recorder, 12);
		const tail = new Tail(folder, 9_000);
		const seen = await tail.read();
		flood(recorder, 120);
		recorder.close();

		for (let more = await tail.read(); more.length > 0; more = await tail.read()) seen.push(...more);
		await tail.close();

		const gaps = seen.filter(({ kind }) => kind === 'gap');
		expect(seen[0]?.n).toBe(9_000);
		expect(gaps).toHaveLength(1);
		expect(seen.at(-1)?.n).toBe(recorder.events);
		expect(
			seen.every(
				(event, index) => index === 0 || event.kind === 'gap' || event.n === (seen[index - 1]?.n ?? 0) + 1,
			),
		).toBe(true);
	});
});

describe('a disk that fails', () => {
	test('drops output, counts it, and says so as soon as a line fits again', async () => {
		const folder = makeFolder();
		const recorder = new Recorder(folder, 80, 24);
		recorder.append([output('before')]);
		failing('writeSync', 'ENOSPC', () => {
			recorder.append([output('lost one')]);
			recorder.append([output('lost 二')]);
		});
		recorder.append([output('after')]);
		recorder.close();

		const bytes = Buffer.byteLength('lost onelost 二');
		expect(recorder.droppedBytes).toBe(bytes);
		expect(await readAll(folder)).toMatchObject([
			{ n: 1, text: 'before' },
			{ n: 2, kind: 'dropped', bytes },
			{ n: 3, text: 'after' },
		]);
	});

	test('at the very beginning costs only what was printed meanwhile', async () => {
		const folder = makeFolder();
		let recorder: Recorder | undefined;
		failing('writeSync', 'ENOSPC', () => {
			recorder = new Recorder(folder, 80, 24);
			recorder.append([output('lost')]);
		});
		recorder?.append([output('kept')]);
		recorder?.close();

		expect(await readAll(folder)).toMatchObject([{ kind: 'dropped', bytes: 4 }, { text: 'kept' }]);
	});

	test('says after which event nothing is sure when a sync fails', () => {
		const recorder = new Recorder(makeFolder(), 80, 24);
		recorder.append([output('unsure')]);

		failing('fdatasyncSync', 'EIO', () => recorder.close());

		expect(recorder.syncedEvents).toBe(0);
	});
});

describe('bytes become text', () => {
	/** Records bytes that come in these pieces. */
	const record = async (pieces: readonly Uint8Array[]): Promise<string> => {
		const folder = makeFolder();
		const recorder = new Recorder(folder, 80, 24);
		const out = new Output(recorder, [], () => {});
		for (const piece of pieces) out.take(piece);
		out.end();
		recorder.close();
		return textOf(await readAll(folder));
	};

	test('whole characters, wherever they are cut', async () => {
		const text = '\uFEFFe\u0301 é 牧道 👨‍👩‍👧 …';
		const bytes = Buffer.from(text);

		for (let at = 0; at <= bytes.length; at += 1) {
			expect(await record([bytes.subarray(0, at), bytes.subarray(at)])).toBe(text);
		}
		expect(await record([...bytes].map((byte) => Uint8Array.of(byte)))).toBe(text);
	});

	test('bad bytes alone are replaced', async () => {
		const bytes = Buffer.concat([
			Buffer.from('道'),
			Buffer.from([0xff, 0xc0, 0x00, 0x1b]),
			Buffer.from('中').subarray(0, 2),
		]);

		for (let at = 0; at <= bytes.length; at += 1) {
			expect(await record([bytes.subarray(0, at), bytes.subarray(at)])).toBe('道\uFFFD\uFFFD\0\x1b\uFFFD');
		}
	});
});
