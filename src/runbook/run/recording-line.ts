/** How events become lines of asciicast v2. Apart from `recording.ts`, so that the process that writes them loads nothing else. */

/** What a recording says happened. `time` is in seconds from the start of the run. */
export type RecordingContent =
	| { readonly kind: 'output'; readonly time: number; readonly text: string }
	| { readonly kind: 'resize'; readonly time: number; readonly columns: number; readonly rows: number }
	/** Output that could not be written, because the disk was full. */
	| { readonly kind: 'dropped'; readonly time: number; readonly bytes: number };

/** Size at which a segment is complete. */
export const segmentBytes = 8 * 1024 * 1024;
/** How many complete segments are kept before the one being written, besides the first. */
export const tailSegments = 7;
/** Longest text of one event, in UTF-16 units. */
export const maxEventLength = 32 * 1024;

/** Returns the header line, with its newline. `startedAtMs` is wall-clock time. */
export function formatHeader(columns: number, rows: number, startedAtMs: number): string {
	const timestamp = Math.floor(startedAtMs / 1000);
	return `${JSON.stringify({ version: 2, width: columns, height: rows, timestamp, env: { TERM: 'xterm-256color' } })}\n`;
}

/** Rounds seconds as a recording has them. */
export function toMilliseconds(seconds: number): number {
	return Math.round(seconds * 1000) / 1000;
}

/** Returns the event as a line, with its newline. */
export function formatEvent(event: RecordingContent): string {
	const time = toMilliseconds(event.time);
	switch (event.kind) {
		case 'output':
			return `[${time},"o",${JSON.stringify(event.text)}]\n`;
		case 'resize':
			return `${JSON.stringify([time, 'r', `${event.columns}x${event.rows}`])}\n`;
		case 'dropped':
			return `${JSON.stringify([time, 'm', `dropped ${event.bytes} bytes`])}\n`;
	}
}

/** Where a segment begins: the number of its first event, and how many bytes of output all earlier segments held. */
export interface Segment {
	readonly name: string;
	readonly firstEvent: number;
	readonly outputBefore: number;
}

/** Returns the segment that begins there. The first is plain `recording.cast`. */
export function nameSegment(firstEvent: number, outputBefore: number): Segment {
	const name = firstEvent === 1 ? 'recording.cast' : `recording.${firstEvent}-${outputBefore}.cast`;
	return { name, firstEvent, outputBefore };
}

/** Cuts a text into pieces of at most `maxEventLength` units, never inside a character. */
export function cutText(text: string): string[] {
	const pieces: string[] = [];
	for (let at = 0; at < text.length;) {
		let end = Math.min(at + maxEventLength, text.length);
		const last = text.charCodeAt(end - 1);
		if (end < text.length && last >= 0xd800 && last < 0xdc00) end -= 1;
		pieces.push(text.slice(at, end));
		at = end;
	}
	return pieces;
}
