/** What the runs of a session have printed, as a report holds it. */
import { Drawer, drawLimits, type DrawLimits, type Request } from './recording/draw-apart.ts';
import type { Frame } from './recording/draw-recording.ts';
import type { ReportSource } from './source.ts';
import type { Formatter } from './format/formatter.ts';
import { makeVisible } from './visible.ts';

export interface Picture {
	readonly columns: number;
	readonly frames: readonly Frame[];
	readonly text: readonly string[];
	readonly thinned: boolean;
	/** Not as the terminal showed it: `sequences` some of what it asked for was left out, `text` nothing was drawn at all. */
	readonly simplified?: 'sequences' | 'text';
	/** Bytes of the recording that the report leaves out. */
	readonly cutBytes: number;
	/** Why the recording cannot be read. */
	readonly failure?: string;
}

/** A report stays small enough for a ticket: so many bytes of output of one run, and of all. */
const maxRunBytes = 512 * 1024;
const maxAllBytes = 12 * 1024 * 1024;
const minRunBytes = 32 * 1024;

export interface DrawOptions {
	/** With pictures in between, not the end alone. */
	readonly moving: boolean;
	readonly limits?: DrawLimits;
	/** Aborted when nobody waits for the report any more. */
	readonly signal?: AbortSignal;
}

/** Draws every run of a session that may have printed something, by its id. */
export async function drawRuns(source: ReportSource, formatter: Formatter, { moving, limits = drawLimits, signal }: DrawOptions): Promise<ReadonlyMap<string, Picture>> {
	const maxBytes = Math.min(maxRunBytes, Math.max(minRunBytes, Math.floor(maxAllBytes / Math.max(1, source.runs.size))));
	const pictures = new Map<string, Picture>();
	const drawer = new Drawer(limits, signal);
	const rest = { maxBytes, moving, notes: notesOf(formatter), locale: formatter.locale };
	try {
		for (const [id, { path, plan }] of source.runs) {
			const state = source.session.runs.get(id)?.state.kind;
			if (state === 'asked' || state === 'never-started') continue;
			const size = { columns: plan?.columns ?? 80, rows: plan?.rows ?? 24 };
			pictures.set(id, await drawRun(drawer, { folder: path, size, ...rest }));
		}
	} finally {
		drawer.close();
	}
	return pictures;
}

async function drawRun(drawer: Drawer, request: Omit<Request, 'textOnly'>): Promise<Picture> {
	const { drawing, text, cutBytes, failure } = await drawer.draw(request);
	const nothing = { columns: request.size.columns, frames: [], text: [], thinned: false, cutBytes };
	if (failure !== undefined) return { ...nothing, failure };
	if (drawing) {
		const { simplified, ...picture } = drawing;
		return { ...picture, cutBytes, ...(simplified && { simplified: 'sequences' }) };
	}
	return { ...nothing, text: (text ?? []).map(makeVisible), simplified: 'text' };
}

/** The sentences that stand where output is missing, their number left open. */
function notesOf(formatter: Formatter): Request['notes'] {
	const say = (key: 'report.cut-here' | 'report.gap-here' | 'report.dropped-here') => formatter.line(key, { bytes: '{bytes}' }).map((piece) => piece.text).join('');
	return { cut: say('report.cut-here'), gap: say('report.gap-here'), dropped: say('report.dropped-here') };
}
