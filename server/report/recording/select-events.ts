/** A report holds the beginning and the end of a long recording; what stands between is counted. */
import type { RecordingEvent } from '../../../src/runbook/run/recording.ts';

/** Output, a size, or a place where output is missing. Times in seconds from the start of the run. */
export type Scene =
	| { readonly kind: 'output'; readonly time: number; readonly text: string }
	| { readonly kind: 'resize'; readonly time: number; readonly columns: number; readonly rows: number }
	/** `cut`: left out of the report; `gap`: the recording had no room for it; `dropped`: the disk was full. */
	| { readonly kind: 'cut' | 'gap' | 'dropped'; readonly time: number; readonly bytes: number };

export interface Selection {
	readonly scenes: readonly Scene[];
	/** Bytes of output that the recording holds and the report does not. */
	readonly cutBytes: number;
}

/** A quarter of what is kept is the beginning. */
const headShare = 0.25;

/** Returns at most so many bytes of output of a recording, in memory of about the same size however long it is. */
export async function selectEvents(recording: AsyncIterable<RecordingEvent>, maxBytes: number): Promise<Selection> {
	const head: Scene[] = [];
	const tail: Scene[] = [];
	const headRoom = maxBytes * headShare;
	let [headBytes, tailBytes, cutBytes, time] = [0, 0, 0, 0];
	for await (const event of recording) {
		const scene = sceneOf(event, time);
		const bytes = outputBytes(scene);
		time = scene.time;
		if (tail.length === 0 && headBytes + bytes <= headRoom) {
			head.push(scene);
			headBytes += bytes;
			continue;
		}
		tail.push(scene);
		tailBytes += bytes;
		while (tail.length > 1 && tailBytes > maxBytes - headBytes) {
			const gone = outputBytes(tail.shift());
			tailBytes -= gone;
			cutBytes += gone;
		}
	}
	const cut: Scene[] = cutBytes > 0 ? [{ kind: 'cut', time: tail[0]?.time ?? time, bytes: cutBytes }] : [];
	return { scenes: [...head, ...cut, ...tail], cutBytes };
}

function sceneOf(event: RecordingEvent, time: number): Scene {
	switch (event.kind) {
		case 'output':
			return { kind: 'output', time: event.time, text: event.text };
		case 'resize':
			return { kind: 'resize', time: event.time, columns: event.columns, rows: event.rows };
		case 'dropped':
			return { kind: 'dropped', time: event.time, bytes: event.bytes };
		case 'gap':
			return { kind: 'gap', time, bytes: event.bytes };
	}
}

function outputBytes(scene: Scene | undefined): number {
	return scene?.kind === 'output' ? Buffer.byteLength(scene.text) : 0;
}
