import {
	closeSync,
	fdatasync,
	fdatasyncSync,
	fstatSync,
	ftruncateSync,
	unlinkSync,
	writeSync,
} from 'node:fs';
import { join } from 'node:path';
import {
	formatEvent,
	formatHeader,
	nameSegment,
	segmentBytes,
	tailSegments,
	toMilliseconds,
	type RecordingContent,
	type Segment,
} from '../../../src/runbook/run/recording-line.ts';
import { createPrivate } from '../../state/durable.ts';
import { systemClock } from '../../state/clock.ts';
import { frameOutput } from '../files/frames.ts';
import { frameEvent } from '../files/frame-events.ts';
import { formatOutput } from './output-line.ts';

const syncEveryMs = 1_000;

/** An event to be written; output also as the bytes of its text. */
export type Written = RecordingContent | { readonly kind: 'output'; readonly time: number; readonly utf8: Buffer };

/** An event as it is written and told. */
interface Line {
	readonly line: Buffer;
	readonly frame: (n: number) => Buffer;
	/** How many bytes of the program's output it stands for. */
	readonly bytes: number;
}

function lineOf(event: Written): Line {
	if (event.kind !== 'output') return { line: Buffer.from(formatEvent(event)), frame: (n) => frameEvent({ ...event, n }), bytes: 0 };
	const time = toMilliseconds(event.time);
	const utf8 = 'utf8' in event ? event.utf8 : Buffer.from(event.text);
	return { line: formatOutput(time, utf8), frame: (n) => frameEvent({ kind: 'output', n, time, utf8 }), bytes: utf8.length };
}

/**
 * Writes the recording of a run. It never throws and never waits for the disk: what a full disk refuses is dropped and counted, and a
 * line says so as soon as one fits again. Of a very long output the first segment and the last few are kept.
 */
export class Recorder {
	readonly #folder: string;
	readonly #header: string;
	readonly #startedUp = systemClock.up();
	#fd: number | undefined;
	#size = 0;
	#kept: Segment[] = [];
	#events = 0;
	#outputBytes = 0;
	#droppedBytes = 0;
	/** Dropped since the last line that says so. */
	#unsaidBytes = 0;
	#syncedEvents = 0;
	#syncFailed = false;
	#syncTimer: NodeJS.Timeout | undefined;

	constructor(folder: string, columns: number, rows: number) {
		this.#folder = folder;
		this.#header = formatHeader(columns, rows, systemClock.now());
		this.append([]);
	}

	/** Number of the last event on the disk. */
	get events(): number {
		return this.#events;
	}

	get droppedBytes(): number {
		return this.#droppedBytes;
	}

	/** The last event that is surely on the disk, when a sync has failed. */
	get syncedEvents(): number | undefined {
		return this.#syncFailed ? this.#syncedEvents : undefined;
	}

	/** Seconds since the recording began, by the monotonic clock, as the recording has them. */
	get time(): number {
		return toMilliseconds((systemClock.up() - this.#startedUp) / 1000);
	}

	/** Writes events, and returns what was written as a frame for a server that follows; nothing when the disk refused it. */
	append(events: readonly Written[]): (() => Buffer) | undefined {
		const saying: Written[] =
			this.#unsaidBytes > 0 ? [{ kind: 'dropped', time: this.time, bytes: this.#unsaidBytes }] : [];
		const all = [...saying, ...events].map(lineOf);
		const bytes = all.reduce((sum, one) => sum + one.bytes, 0);
		const [only] = all;
		if (!this.#write(only && all.length === 1 ? only.line : Buffer.concat(all.map(({ line }) => line)))) {
			this.#droppedBytes += bytes;
			this.#unsaidBytes += bytes;
			return undefined;
		}
		this.#unsaidBytes = 0;
		this.#events += all.length;
		this.#outputBytes += bytes;
		this.#syncSoon();
		return all.length > 0 ? this.#frame(all) : undefined;
	}

	/** Everything but the events is as it is now, whenever the frame is made. */
	#frame(lines: readonly Line[]): () => Buffer {
		const segment = this.#kept.at(-1);
		const first = this.#events - lines.length + 1;
		const place = { n: this.#events, firstEvent: segment?.firstEvent ?? 1, outputBefore: segment?.outputBefore ?? 0, offset: this.#size, output: this.#outputBytes };
		return () => frameOutput(place, lines.map(({ frame }, index) => frame(first + index)));
	}

	#write(bytes: Buffer): boolean {
		try {
			if (this.#fd === undefined || this.#size >= segmentBytes) this.#beginSegment();
			if (this.#fd === undefined) return false;
			return this.#writeWhole(this.#fd, bytes);
		} catch {
			return false;
		}
	}

	/** A line that fits only in part is taken back: the next one would be glued to it. */
	#writeWhole(fd: number, bytes: Buffer): boolean {
		try {
			if (writeSync(fd, bytes) === bytes.length) {
				this.#size += bytes.length;
				return true;
			}
		} catch {
			// As with a short write.
		}
		ftruncateSync(fd, this.#size);
		return false;
	}

	#beginSegment(): void {
		const segment = nameSegment(this.#events + 1, this.#outputBytes);
		const fd = createPrivate(join(this.#folder, segment.name));
		if (segment.firstEvent === 1 && !this.#writeFirst(fd, segment)) return;
		this.#closeSegment();
		this.#fd = fd;
		this.#size = fstatSync(fd).size;
		this.#kept.push(segment);
		this.#dropMiddle();
	}

	#writeFirst(fd: number, segment: Segment): boolean {
		const header = Buffer.from(this.#header);
		try {
			if (writeSync(fd, header) === header.length) return true;
		} catch {
			// The disk is full: the next event tries again.
		}
		closeSync(fd);
		unlinkSync(join(this.#folder, segment.name));
		return false;
	}

	#closeSegment(): void {
		if (this.#fd === undefined) return;
		const fd = this.#fd;
		this.#fd = undefined;
		fdatasync(fd, (error) => {
			this.#noteSync(error);
			closeSync(fd);
		});
	}

	/** A descriptor that we have closed meanwhile says nothing about the disk: it was synced before. */
	#noteSync(error: NodeJS.ErrnoException | null): void {
		if (error && error.code !== 'EBADF') this.#syncFailed = true;
	}

	#dropMiddle(): void {
		while (this.#kept.length > tailSegments + 2) {
			const [dropped] = this.#kept.splice(1, 1);
			const after = this.#kept[1];
			if (!dropped || !after) return;
			this.#droppedBytes += after.outputBefore - dropped.outputBefore;
			unlinkSync(join(this.#folder, dropped.name));
		}
	}

	#syncSoon(): void {
		this.#syncTimer ??= setTimeout(() => {
			this.#syncTimer = undefined;
			const events = this.#events;
			if (this.#fd === undefined) return;
			fdatasync(this.#fd, (error) => {
				this.#noteSync(error);
				if (!error && !this.#syncFailed) this.#syncedEvents = events;
			});
		}, syncEveryMs);
	}

	/** Brings everything to the disk, what was dropped included; `syncedEvents` says how much is sure when that fails. */
	sync(): void {
		if (this.#unsaidBytes > 0) this.append([]);
		if (this.#fd === undefined || this.#syncFailed) return;
		try {
			fdatasyncSync(this.#fd);
		} catch {
			this.#syncFailed = true;
		}
	}

	close(): void {
		clearTimeout(this.#syncTimer);
		this.sync();
		if (this.#fd === undefined) return;
		closeSync(this.#fd);
		this.#fd = undefined;
	}
}
