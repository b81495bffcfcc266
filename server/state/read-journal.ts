import { parseLine, type EventSchema, type JournalEvent, type Recorded } from './journal-line.ts';
import { stateError } from './state-error.ts';
import { z } from '../../src/runbook/zod.ts';

const Enveloped = z.looseObject({ n: z.int(), at: z.string(), up: z.number() });

interface Contents<E> {
	readonly events: Recorded<E>[];
	/** How many bytes of the file are whole lines. */
	readonly goodBytes: number;
	/** What a crash left of the last line. */
	readonly torn: Buffer | undefined;
}

/** Returns where the last line begins if a crash cut it short: no newline ends it, or the file system left zeros in it. */
function findTorn(bytes: Buffer): number {
	const end = bytes.lastIndexOf(0x0a);
	if (end !== bytes.length - 1) return end + 1;
	const start = end > 0 ? bytes.lastIndexOf(0x0a, end - 1) + 1 : 0;
	return bytes.subarray(start).includes(0) ? start : bytes.length;
}

/** Returns the events of a journal's bytes. @throws StateError `journal.corrupt` with the line. */
export function readJournal<E extends JournalEvent>(
	path: string,
	bytes: Buffer,
	schema: EventSchema<E>,
): Contents<E> {
	const goodBytes = findTorn(bytes);
	const corrupt = (line: number, why: string, cause?: unknown): Error =>
		stateError('journal.corrupt', { path, line, why }, cause);
	const read = (line: string, n: number): Recorded<E> => {
		const parsed = parseLine(line);
		if ('why' in parsed) throw corrupt(n, parsed.why);
		try {
			const { n: number, at, up, ...event } = Enveloped.parse(parsed.value);
			if (number !== n) throw new RangeError(`number ${number} where ${n} belongs`);
			return { ...schema.parse(event), n, at, up };
		} catch (error) {
			throw corrupt(
				n,
				error instanceof RangeError ? error.message : 'no event that this Drover knows',
				error,
			);
		}
	};
	const lines = bytes.subarray(0, goodBytes).toString('utf8').split('\n').slice(0, -1);
	return {
		events: lines.map((line, index) => read(line, index + 1)),
		goodBytes,
		torn: goodBytes < bytes.length ? bytes.subarray(goodBytes) : undefined,
	};
}
