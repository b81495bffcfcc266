import { constants } from 'node:fs';
import { open, readdir, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { findSegments, nameSegment, parseEvent, type RecordingEvent, type Segment } from '../../src/runbook/run/recording.ts';
import { segmentBytes } from '../../src/runbook/run/recording-line.ts';
import type { Place } from './files/frames.ts';
import { errorCode, explainFailure, stateError } from '../state/state-error.ts';

const readBytes = 64 * 1024;

/**
 * Reads the recording of a run from one event on, and what is appended to it later. It has its own place in the files: however far it lags,
 * nobody waits for it, and a segment that is dropped meanwhile is still read to its end.
 */
export class Tail {
	readonly #folder: string;
	/** Number of the event that is wanted next. */
	#wanted: number;
	#segment: Segment | undefined;
	#file: FileHandle | undefined;
	#offset = 0;
	/** One for all reads: what was read is copied out of it before the next. */
	#buffer: Buffer | undefined;
	#rest: Buffer = Buffer.alloc(0);
	/** Number of the event that the next line is, and how many bytes of output came before it. */
	#n = 1;
	#output = 0;
	/** Where reading goes on, of a reader who has got everything before in another way. */
	#place: Place | undefined;

	constructor(folder: string, fromEvent: number) {
		this.#folder = folder;
		this.#wanted = fromEvent;
	}

	/** Goes on after a place, without reading what is before it. */
	goTo(place: Place): void {
		this.#place = place;
		this.#wanted = place.n + 1;
	}

	/** Returns the next events that are there, none when the end is reached for now. @throws StateError for a damaged recording. */
	async read(): Promise<RecordingEvent[]> {
		if (this.#place) await this.#seek(this.#place);
		if (!this.#file && !this.#segment && !(await this.#openFirst())) return [];
		const events = await this.#readSegment();
		if (events.length > 0 || this.#offset < segmentBytes) return events;
		const next = await this.#findNext();
		if (!next) return [];
		// What was appended between the last read and the look at the folder: nothing follows once there is a next segment.
		const last = await this.#readSegment();
		return last.length > 0 ? last : this.#goOn(next);
	}

	/** A segment that was dropped meanwhile is read no further: the gap after it begins at the place. */
	async #seek({ n, firstEvent, outputBefore, offset, output }: Place): Promise<void> {
		this.#place = undefined;
		const segment = nameSegment(firstEvent, outputBefore);
		if (!this.#file || this.#segment?.name !== segment.name) {
			await this.close();
			if (!(await this.#open(segment))) this.#segment = segment;
		}
		this.#offset = this.#file ? offset : segmentBytes;
		this.#rest = Buffer.alloc(0);
		this.#n = n + 1;
		this.#output = output;
	}

	async #segments(): Promise<Segment[]> {
		return findSegments(await readdir(this.#folder));
	}

	async #openFirst(): Promise<boolean> {
		const segments = await this.#segments();
		const segment = segments.findLast(({ firstEvent }) => firstEvent <= this.#wanted) ?? segments[0];
		return segment !== undefined && this.#open(segment);
	}

	async #open(segment: Segment): Promise<boolean> {
		const path = join(this.#folder, segment.name);
		try {
			const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
			await this.#file?.close();
			this.#file = file;
		} catch (error) {
			// Dropped between the look at the folder and now: the next look finds its successor.
			if (errorCode(error) === 'ENOENT') return false;
			throw explainFailure(path, error);
		}
		this.#segment = segment;
		this.#offset = 0;
		this.#rest = Buffer.alloc(0);
		this.#n = segment.firstEvent;
		this.#output = segment.outputBefore;
		return true;
	}

	async #findNext(): Promise<Segment | undefined> {
		const first = this.#segment?.firstEvent ?? 0;
		return (await this.#segments()).find(({ firstEvent }) => firstEvent > first);
	}

	/** Opens the next segment, and returns its first events after the gap before it, if any. */
	async #goOn(next: Segment): Promise<RecordingEvent[]> {
		const from = this.#n;
		const bytes = next.outputBefore - this.#output;
		if (!(await this.#open(next))) return [];
		if (next.firstEvent === from || next.firstEvent <= this.#wanted) return this.#readSegment();
		this.#wanted = next.firstEvent;
		return [{ kind: 'gap', n: next.firstEvent - 1, from, bytes }];
	}

	async #readSegment(): Promise<RecordingEvent[]> {
		for (;;) {
			const buffer = (this.#buffer ??= Buffer.alloc(readBytes));
			const { bytesRead } = (await this.#file?.read(buffer, 0, readBytes, this.#offset)) ?? { bytesRead: 0 };
			if (bytesRead === 0) return [];
			this.#offset += bytesRead;
			const events = this.#parse(Buffer.concat([this.#rest, buffer.subarray(0, bytesRead)]));
			if (events.length > 0) return events;
		}
	}

	/** A last line without its newline is still being written, or was never finished. */
	#parse(bytes: Buffer): RecordingEvent[] {
		const end = bytes.lastIndexOf(0x0a) + 1;
		this.#rest = bytes.subarray(end);
		const events: RecordingEvent[] = [];
		for (const line of bytes.toString('utf8', 0, end).split('\n').slice(0, -1)) {
			const event = this.#parseLine(line);
			if (event && event.n >= this.#wanted) events.push(event);
		}
		this.#wanted = Math.max(this.#wanted, this.#n);
		return events;
	}

	#parseLine(line: string): RecordingEvent | undefined {
		if (line.startsWith('{')) return undefined;
		const n = this.#n;
		try {
			const event = parseEvent(line, n);
			if (event.kind === 'output') this.#output += Buffer.byteLength(event.text);
			this.#n += 1;
			return event;
		} catch (error) {
			throw stateError(
				'recording.corrupt',
				{ path: join(this.#folder, this.#segment?.name ?? ''), event: n },
				error,
			);
		}
	}

	async close(): Promise<void> {
		await this.#file?.close();
		this.#file = undefined;
	}
}
