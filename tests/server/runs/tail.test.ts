import { appendFileSync, writeFileSync } from 'node:fs';
import promises from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { formatEvent, formatHeader, nameSegment } from '../../../src/runbook/run/recording.ts';
import { segmentBytes } from '../../../src/runbook/run/recording-line.ts';
import { Tail } from '../../../server/runs/tail.ts';
import { makeFolder } from '../make-folder.ts';

const line = (text: string): string => formatEvent({ kind: 'output', time: 0, text });

/** Lets something happen in the moment before the folder is next looked at. */
function beforeNextLook(happen: () => void): void {
	const real = promises.readdir;
	const restore = (): void => {
		Object.defineProperty(promises, 'readdir', { value: real });
		syncBuiltinESMExports();
	};
	const once = (path: string): Promise<string[]> => {
		restore();
		happen();
		return real(path);
	};
	Object.defineProperty(promises, 'readdir', { value: once });
	syncBuiltinESMExports();
	onTestFinished(restore);
}

test('a line that is completed while the reader looks for the next segment is not lost', async () => {
	const folder = makeFolder();
	const first = join(folder, 'recording.cast');
	const unfinished = line('completed');
	writeFileSync(first, formatHeader(80, 24, 0) + line('x'.repeat(segmentBytes)) + unfinished.slice(0, 5));
	const tail = new Tail(folder, 1);
	const seen: number[] = [];
	const read = async (): Promise<void> => {
		for (let events = await tail.read(); events.length > 0; events = await tail.read()) {
			seen.push(...events.map(({ n }) => n));
		}
	};
	await read();
	beforeNextLook(() => {
		appendFileSync(first, unfinished.slice(5));
		const bytes = segmentBytes + 'completed'.length;
		writeFileSync(join(folder, nameSegment(3, bytes).name), line('next'));
	});

	await read();
	await tail.close();

	expect(seen).toEqual([1, 2, 3]);
});
