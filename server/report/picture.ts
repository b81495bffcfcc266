/** What the runs of a session have printed, as a report holds it. */
import { join } from 'node:path';
import { readRecording } from '../runs/follow.ts';
import { errorCode } from '../state/state-error.ts';
import { drawRecording, type Frame } from './recording/draw-recording.ts';
import { selectEvents, type Scene } from './recording/select-events.ts';
import type { ReportSource } from './source.ts';
import type { Teller } from './tell/teller.ts';

export interface Picture {
	readonly columns: number;
	readonly frames: readonly Frame[];
	readonly text: readonly string[];
	readonly thinned: boolean;
	/** Bytes of the recording that the report leaves out. */
	readonly cutBytes: number;
	/** Why the recording cannot be read. */
	readonly failure?: string;
}

/** A report stays small enough for a ticket: so many bytes of output of one run, and of all. */
const maxRunBytes = 512 * 1024;
const maxAllBytes = 12 * 1024 * 1024;
const minRunBytes = 32 * 1024;

/** Draws every run of a session that may have printed something, by its id. `moving`: with pictures in between, not the end alone. */
export async function drawRuns(source: ReportSource, teller: Teller, moving: boolean): Promise<ReadonlyMap<string, Picture>> {
	const maxBytes = Math.min(maxRunBytes, Math.max(minRunBytes, Math.floor(maxAllBytes / Math.max(1, source.runs.size))));
	const pictures = new Map<string, Picture>();
	for (const [id, { path, plan }] of source.runs) {
		const state = source.session.runs.get(id)?.state.kind;
		if (state === 'asked' || state === 'never-started') continue;
		const size = { columns: plan?.columns ?? 80, rows: plan?.rows ?? 24 };
		pictures.set(id, await drawRun(path, size, maxBytes, moving, teller));
	}
	return pictures;
}

async function drawRun(path: string, size: { columns: number; rows: number }, maxBytes: number, moving: boolean, teller: Teller): Promise<Picture> {
	try {
		const { scenes, cutBytes } = await selectEvents(readRecording(path, 1), maxBytes);
		const drawing = await drawRecording(scenes, { ...size, maxLength: moving ? 2 * maxBytes : 0, note: (scene) => noteOf(scene, teller) });
		return { ...drawing, cutBytes };
	} catch (error) {
		const failure = errorCode(error) || (error instanceof Error ? error.message : String(error));
		return { ...size, frames: [], text: [], thinned: false, cutBytes: 0, failure: failure.replaceAll(join(path, '/'), '') };
	}
}

const notes = { cut: 'report.cut-here', gap: 'report.gap-here', dropped: 'report.dropped-here' } as const;

function noteOf(scene: Extract<Scene, { bytes: number }>, teller: Teller): string {
	return teller.line(notes[scene.kind], { bytes: scene.bytes.toLocaleString(teller.locale) }).map((piece) => piece.text).join('');
}
