import { appendFileSync, existsSync, lstatSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openJournal, type Journal } from '../../../server/state/journal-file.ts';
import { StateError } from '../../../server/state/state-error.ts';
import { z } from '../../../src/runbook/zod.ts';
import { failing } from '../failing.ts';
import { makeFolder } from '../make-folder.ts';
import { inNamespace } from '../namespace.ts';

const Event = z.strictObject({ type: z.literal('said'), text: z.string() });
type Event = z.output<typeof Event>;
const said = (text: string): Event => ({ type: 'said', text });

const open = (path: string, clock = tick()): Journal<Event> => openJournal(path, Event, clock);

/** A clock whose wall runs backwards while time goes on. */
function tick(): { now(): number; up(): number } {
	let up = 0;
	return { now: () => 1_700_000_000_000 - 1_000 * up, up: () => ++up };
}

function write(path: string, ...texts: string[]): void {
	const journal = open(path);
	for (const text of texts) journal.append(said(text));
	journal.close();
}

const textsOf = (journal: Journal<Event>): string[] => journal.events.map(({ text }) => text);
const newPath = (): string => join(makeFolder(), 'journal.jsonl');

function refusal(action: () => unknown): unknown {
	try {
		action();
	} catch (error) {
		return error instanceof StateError ? { problem: error.problem, slots: error.slots } : error;
	}
	return 'nothing was thrown';
}

test('what was appended is read back, with numbers and times', () => {
	const path = newPath();
	write(path, 'one', '二\n"three"');

	const journal = open(path);

	expect(journal.events).toEqual([
		{ type: 'said', text: 'one', n: 1, at: '2023-11-14T22:13:20.000Z', up: 1 },
		{ type: 'said', text: '二\n"three"', n: 2, at: '2023-11-14T22:13:19.000Z', up: 2 },
	]);
	expect(journal.append(said('more')).n).toBe(3);
	expect(readFileSync(path, 'utf8').split('\n')).toHaveLength(4);
	expect(lstatSync(path).mode & 0o777).toBe(0o600);
});

test('order is by number, whatever the wall clock does', () => {
	const path = newPath();
	write(path, 'first', 'second', 'third');

	const { events } = open(path);

	expect(events.map(({ n }) => n)).toEqual([1, 2, 3]);
	expect(events.map(({ up }) => up)).toEqual([1, 2, 3]);
	expect(events.map(({ at }) => at).toSorted()).toEqual(events.map(({ at }) => at).toReversed());
});

test('an event that the schema refuses is not written', () => {
	const path = newPath();
	const journal = open(path);

	expect(() => journal.append(JSON.parse('{"type":"said","text":"x","more":1}'))).toThrow();

	expect(journal.events).toEqual([]);
	expect(readFileSync(path, 'utf8')).toBe('');
});

describe('a crash', () => {
	test('at any byte of the last line drops it, sets it aside and says so', () => {
		const path = newPath();
		write(path, 'kept', 'torn');
		const whole = readFileSync(path);
		const begin = whole.indexOf('\n') + 1;

		for (let length = begin + 1; length < whole.length; length += 1) {
			writeFileSync(path, whole.subarray(0, length));

			const journal = open(path);

			const aside = `${path}.torn-2`;
			expect(textsOf(journal)).toEqual(['kept']);
			expect(journal.notices).toEqual([{ name: 'journal.torn', slots: { path, line: 2, aside } }]);
			expect(readFileSync(aside)).toEqual(whole.subarray(begin, length));
			expect(readFileSync(path)).toEqual(whole.subarray(0, begin));
			journal.append(said('again'));
			journal.close();
			expect(textsOf(open(path))).toEqual(['kept', 'again']);
		}
	});

	test('between two lines leaves nothing to say', () => {
		const path = newPath();
		write(path, 'kept', 'lost');
		const whole = readFileSync(path);
		writeFileSync(path, whole.subarray(0, whole.indexOf('\n') + 1));

		expect(open(path)).toMatchObject({ notices: [], events: [{ text: 'kept' }] });
	});

	test.each([
		['after the last line', '\0'.repeat(100), ['one', 'two']],
		['after the last line, with a newline', `${'\0'.repeat(100)}\n`, ['one', 'two']],
		['after half a line', `{"n":3${'\0'.repeat(100)}`, ['one', 'two']],
	])('may leave zeros %s', (_, tail, texts) => {
		const path = newPath();
		write(path, 'one', 'two');
		appendFileSync(path, tail);

		const journal = open(path);

		expect(textsOf(journal)).toEqual(texts);
		expect(journal.notices).toHaveLength(1);
	});
});

describe('anything worse stops with file and line', () => {
	const lines = (): string[] => {
		const path = newPath();
		write(path, 'one', 'two', 'three');
		return readFileSync(path, 'utf8').trimEnd().split('\n');
	};
	const opened = (changed: readonly (string | undefined)[]): unknown => {
		const path = newPath();
		const text = `${changed.join('\n')}\n`;
		writeFileSync(path, text);
		const answer = refusal(() => open(path));
		expect(readFileSync(path, 'utf8')).toBe(text);
		return { ...Object(answer), slots: { ...Object(answer).slots, path: '' } };
	};
	const corrupt = (line: number): unknown => ({
		problem: 'journal.corrupt',
		slots: expect.objectContaining({ line }),
	});

	test('a byte that is different, wherever it is', () => {
		const [one = '', two = '', three = ''] = lines();
		for (let at = 0; at < two.length; at += 1) {
			const flipped = two.slice(0, at) + String.fromCharCode(two.charCodeAt(at) ^ 1) + two.slice(at + 1);
			if (!flipped.includes('\n')) expect(opened([one, flipped, three])).toEqual(corrupt(2));
		}
	});

	test('also in the last line, when it is complete', () => {
		const [one, two, three] = lines();

		expect(opened([one, two, three?.replace('three', 'tree!')])).toEqual(corrupt(3));
	});

	test('a line that is missing', () => {
		const [one, , three] = lines();

		expect(opened([one, three])).toEqual(corrupt(2));
	});

	test('lines that changed places', () => {
		const [one, two, three] = lines();

		expect(opened([one, three, two])).toEqual(corrupt(2));
		expect(opened([two, one, three])).toEqual(corrupt(1));
	});

	test('a line twice, an empty line, a line of something else', () => {
		const [one, two] = lines();

		expect(opened([one, one, two])).toEqual(corrupt(2));
		expect(opened([one, '', two])).toEqual(corrupt(2));
		expect(opened([one, 'hello', two])).toEqual(corrupt(2));
	});

	test('an event that this version does not know', () => {
		const path = newPath();
		const Newer = z.strictObject({ type: z.literal('sung') });
		openJournal(path, Newer, tick()).append({ type: 'sung' });

		expect(refusal(() => open(path))).toMatchObject({ problem: 'journal.corrupt', slots: { path, line: 1 } });
	});

	test('a link, whose target is left alone', () => {
		const target = newPath();
		const path = newPath();
		symlinkSync(target, path);

		expect(refusal(() => open(path))).toMatchObject({ problem: 'state.symlink', slots: { path } });
		expect(existsSync(target)).toBe(false);
	});
});

describe('a disk that fails', () => {
	test('a sync that fails closes the journal for good; the line is not in it', () => {
		const path = newPath();
		const journal = open(path);
		journal.append(said('before'));

		failing('fdatasyncSync', 'EIO', () => {
			expect(refusal(() => journal.append(said('lost')))).toMatchObject({
				problem: 'journal.closed',
				slots: { path, code: 'EIO' },
			});
		});

		expect(refusal(() => journal.append(said('after')))).toMatchObject({
			problem: 'journal.closed',
			slots: { code: 'EIO' },
		});
		expect(textsOf(journal)).toEqual(['before']);
		expect(journal.closed?.slots).toEqual({ path, code: 'EIO' });
	});

	test('a write that fails leaves a journal that takes the next line', () => {
		const path = newPath();
		const journal = open(path);
		journal.append(said('before'));

		failing('writeSync', 'ENOSPC', () => {
			expect(refusal(() => journal.append(said('lost')))).toMatchObject({ problem: 'state.full' });
		});
		journal.append(said('after'));

		expect(textsOf(journal)).toEqual(['before', 'after']);
		expect(textsOf(open(path))).toEqual(['before', 'after']);
	});

	test('a full disk refuses the line; once it has room again the journal goes on', (context) => {
		const lines = inNamespace(
			context,
			'mount -t tmpfs -o size=64k none "$FOLDER"',
			`import { rmSync, writeFileSync } from 'node:fs';
			const { openJournal } = await import(process.env.ROOT + '/server/state/journal-file.ts');
			const path = process.env.FOLDER + '/journal', schema = { parse: (value) => value };
			const journal = openJournal(path, schema);
			journal.append({ type: 'said', text: 'before' });
			try { writeFileSync(process.env.FOLDER + '/ballast', 'x'.repeat(100_000)); } catch { console.log('full'); }
			try { journal.append({ type: 'said', text: 'x'.repeat(50_000) }); } catch (error) { console.log(error.problem); }
			rmSync(process.env.FOLDER + '/ballast');
			journal.append({ type: 'said', text: 'after' });
			console.log(openJournal(path, schema).events.map(({ n, text }) => n + text).join(' '));`,
		);

		expect(lines).toEqual(['full', 'state.full', '1before 2after']);
	});

	test('a journal on a disk that takes no writes is still read', (context) => {
		const lines = inNamespace(
			context,
			`mount -t tmpfs -o size=1m none "$FOLDER"
			echo '{"n":1,"at":"2026-01-01T00:00:00.000Z","up":1,"type":"said"' | tr -d '\\n' > "$FOLDER/journal"
			mount -o remount,bind,ro "$FOLDER"`,
			`const { openJournal } = await import(process.env.ROOT + '/server/state/journal-file.ts');
			const journal = openJournal(process.env.FOLDER + '/journal', { parse: (value) => value });
			console.log(journal.events.length, journal.notices[0].name, journal.closed.problem, journal.closed.slots.code);
			try { journal.append({ type: 'said' }); } catch (error) { console.log(error.problem); }`,
		);

		expect(lines).toEqual(['0 journal.torn-kept journal.closed EROFS', 'journal.closed']);
	});
});
