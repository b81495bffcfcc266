import { Worker } from 'node:worker_threads';
import type { Drawing } from './draw-recording.ts';

/** One recording that is to be drawn. */
export interface Request {
	/** Folder of the run. */
	readonly folder: string;
	readonly size: { readonly columns: number; readonly rows: number };
	/** So many bytes of its output are drawn. */
	readonly maxBytes: number;
	/** With pictures in between, not the end alone. */
	readonly moving: boolean;
	/** There is no time left for more. */
	readonly textOnly: boolean;
	/** Sentences for where output is missing, with `{bytes}`. */
	readonly notes: Readonly<Record<'cut' | 'gap' | 'dropped', string>>;
	/** For numbers in them. */
	readonly locale: string;
}

/** What the thread says, in this order: the text, then the drawing; or why there is neither. */
export type Answer =
	| { readonly kind: 'text'; readonly text: readonly string[]; readonly cutBytes: number }
	| { readonly kind: 'drawing'; readonly drawing: Drawing }
	| { readonly kind: 'failure'; readonly reason: string }
	| { readonly kind: 'done' };

/** What became of a recording: without a drawing it is told as text, without text it cannot be read, or not in time. */
export interface Drawn {
	readonly text?: readonly string[];
	readonly cutBytes: number;
	readonly drawing?: Drawing;
	readonly failure?: string;
}

export interface DrawLimits {
	/** Processor time of one recording, and of all. Unit: milliseconds. */
	readonly oneMs: number;
	readonly allMs: number;
	/** By the clock, however busy the machine is. */
	readonly waitMs: number;
	readonly memoryMb: number;
}

export const drawLimits: DrawLimits = { oneMs: 4_000, allMs: 15_000, waitMs: 60_000, memoryMb: 512 };
/** How often the thread's processor time is read. */
const pollMs = 50;
/** What reading a recording may take when the time for drawing is used up. */
const textMs = 2_000;

/** Draws recordings in another thread, within limits. One at a time; `close` ends the thread. */
export class Drawer {
	readonly #limits: DrawLimits;
	readonly #signal: AbortSignal | undefined;
	#worker: Worker | undefined;
	#leftMs: number;

	constructor(limits: DrawLimits = drawLimits, signal?: AbortSignal) {
		this.#limits = limits;
		this.#signal = signal;
		this.#leftMs = limits.allMs;
	}

	/** @throws AbortError when the signal is aborted: nobody waits for the report any more. */
	async draw(request: Omit<Request, 'textOnly'>): Promise<Drawn> {
		this.#signal?.throwIfAborted();
		const textOnly = this.#leftMs <= 0;
		const worker = (this.#worker ??= new Worker(new URL('draw-worker.ts', import.meta.url), { resourceLimits: { maxOldGenerationSizeMb: this.#limits.memoryMb } }));
		// One that has only begun has used nothing yet.
		const startedMs = (await usedMs(worker)) ?? 0;
		const limitMs = textOnly ? textMs : Math.min(this.#limits.oneMs, Math.max(this.#leftMs, textMs));
		const drawn = await this.#follow(worker, { ...request, textOnly }, startedMs + limitMs);
		const isWorking = drawn === undefined || this.#worker !== worker;
		this.#leftMs -= isWorking ? limitMs : ((await usedMs(worker)) ?? startedMs) - startedMs;
		this.#signal?.throwIfAborted();
		return drawn ?? { cutBytes: 0, failure: 'ETIME' };
	}

	#follow(worker: Worker, request: Request, untilMs: number): Promise<Drawn | undefined> {
		const { promise, resolve } = Promise.withResolvers<Drawn | undefined>();
		let drawn: Drawn | undefined;
		const give = () => resolve(drawn);
		const end = () => {
			if (this.#worker === worker) this.#worker = undefined;
			void worker.terminate();
			give();
		};
		const take = (answer: Answer) => {
			if (answer.kind === 'text') drawn = { text: answer.text, cutBytes: answer.cutBytes };
			else if (answer.kind === 'drawing') drawn = { ...drawn, cutBytes: drawn?.cutBytes ?? 0, drawing: answer.drawing };
			else if (answer.kind === 'failure') drawn = { cutBytes: 0, failure: answer.reason };
			else give();
		};
		const watch = setInterval(() => void usedMs(worker).then((ms) => (ms ?? 0) > untilMs && end()), pollMs);
		const wait = setTimeout(end, this.#limits.waitMs);
		// Out of memory is an error of the thread, and its end.
		worker.on('message', take).on('error', end).on('exit', end);
		this.#signal?.addEventListener('abort', end);
		if (this.#signal?.aborted) end();
		else worker.postMessage(request);
		return promise.finally(() => {
			clearInterval(watch);
			clearTimeout(wait);
			worker.off('message', take).off('error', end).off('exit', end);
			worker.on('error', () => undefined);
			this.#signal?.removeEventListener('abort', end);
		});
	}

	close(): void {
		void this.#worker?.terminate();
		this.#worker = undefined;
	}
}

/** Processor time that the thread has used; undefined when it has not begun or has ended. */
async function usedMs(worker: Worker): Promise<number | undefined> {
	try {
		const { user, system } = await worker.cpuUsage();
		return (user + system) / 1000;
	} catch {
		return undefined;
	}
}
