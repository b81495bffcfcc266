import type { Scene } from './select-events.ts';
import { Screen, type Span } from './screen.ts';

/** What has changed up to a moment. Whoever applies the frames in order sees what the terminal showed. */
export interface Frame {
	/** Seconds from the start of the run. */
	readonly time: number;
	/** Nothing of before is left. */
	readonly reset?: true;
	/** How many lines there are. */
	readonly count: number;
	/** New and changed lines, by number. */
	readonly lines: readonly (readonly [number, readonly Span[]])[];
	/** Columns of the terminal, when they have changed. */
	readonly columns?: number;
}

/** A recording as it is drawn in a report. */
export interface Drawing {
	readonly columns: number;
	readonly frames: readonly Frame[];
	/** All that could be read at the end, line by line. */
	readonly text: readonly string[];
	/** Something went by too fast to be drawn in between. */
	readonly thinned: boolean;
	/** Something was left out that asked for more than can be drawn. */
	readonly simplified: boolean;
}

export interface DrawOptions {
	readonly columns: number;
	readonly rows: number;
	/** Length of all frames as JSON, in characters; what comes after is drawn once, at its end. */
	readonly maxLength: number;
	/** The sentence that stands where output is missing. */
	readonly note: (scene: Extract<Scene, { bytes: number }>) => string;
}

/** No more pictures than that, in a second and in all. */
const minStepSeconds = 0.1;
const maxFrames = 1500;

/** Plays a recording into a terminal and notes what it shows. */
export async function drawRecording(scenes: readonly Scene[], options: DrawOptions): Promise<Drawing> {
	const screen = new Screen(options.columns, options.rows);
	const drawer = new Drawer(screen, options.maxLength);
	const end = scenes.at(-1)?.time ?? 0;
	const stepSeconds = Math.max(minStepSeconds, end / maxFrames);
	try {
		let drawnAt = -Infinity;
		let text = '';
		for (const [index, scene] of scenes.entries()) {
			text += textOf(scene, options.note);
			const next = scenes[index + 1];
			const isPicture = !next || next.time >= drawnAt + stepSeconds;
			if (scene.kind !== 'resize' && next?.kind !== 'resize' && !isPicture) continue;
			await screen.write(text);
			text = '';
			if (scene.kind === 'resize') screen.resize(scene.columns, scene.rows);
			if (!isPicture) continue;
			drawnAt = scene.time;
			drawer.draw(scene.time, next === undefined);
		}
		return { columns: options.columns, frames: drawer.frames, text: screen.text(), thinned: drawer.isFull, simplified: screen.isSimplified };
	} finally {
		screen.close();
	}
}

function textOf(scene: Scene, note: DrawOptions['note']): string {
	if (scene.kind === 'resize') return '';
	return scene.kind === 'output' ? scene.text : `\r\n\u001b[0;7m ${note(scene)} \u001b[0m\r\n`;
}

/** What a line counts at least: blank ones have to be read as well. Unit: characters. */
const minLineLength = 40;

class Drawer {
	readonly frames: Frame[] = [];
	/** The frames are as long as they may be: only the last picture is still to come. */
	isFull = false;
	readonly #screen: Screen;
	readonly #maxLength: number;
	/** Each line as it was drawn last. */
	#drawn: string[] = [];
	#from = 0;
	#columns: number;
	#wasAlternate = false;
	#length = 0;

	constructor(screen: Screen, maxLength: number) {
		this.#screen = screen;
		this.#maxLength = maxLength;
		this.#columns = screen.columns;
	}

	draw(time: number, isLast: boolean): void {
		if (this.isFull && !isLast) return;
		const screen = this.#screen;
		const isOther = screen.columns !== this.#columns || screen.isAlternate !== this.#wasAlternate;
		const reset = screen.tookAway() || isOther || screen.firstOnScreen < this.#from || (this.isFull && isLast);
		if (reset) [this.#drawn, this.#from] = [[], 0];
		const before = this.#drawn.length;
		const lines = this.#changes();
		const resized = screen.columns !== this.#columns;
		[this.#columns, this.#wasAlternate, this.#from] = [screen.columns, screen.isAlternate, screen.firstOnScreen];
		if (!reset && lines.length === 0 && this.#drawn.length === before) return;
		this.frames.push({ time, ...(reset && { reset: true as const }), count: this.#drawn.length, lines, ...(resized && { columns: screen.columns }) });
		if (this.#length > this.#maxLength) this.isFull = true;
	}

	#changes(): (readonly [number, readonly Span[]])[] {
		const { count } = this.#screen;
		const changes: (readonly [number, readonly Span[]])[] = [];
		for (let index = this.#from; index < count; index += 1) {
			const spans = this.#screen.line(index);
			const text = JSON.stringify(spans);
			if (this.#drawn[index] === text) continue;
			this.#drawn[index] = text;
			this.#length += Math.max(text.length, minLineLength);
			changes.push([index, spans]);
		}
		this.#drawn.length = count;
		return changes;
	}
}
