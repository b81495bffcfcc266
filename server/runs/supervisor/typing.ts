import type { InputResult } from '../files/messages.ts';
import type { Terminal } from './terminal.ts';

const queueBytes = 64 * 1024;
/** A terminal takes no more than this at once. */
const pieceBytes = 4096;
const retryMs = 20;
const rememberedIds = 4096;

/**
 * What the reader types, on its way to the program. Each input has a name and is typed once, however often it is sent. A program that
 * does not read fills the queue; what does not fit is refused as a whole.
 */
export class Typing {
	readonly #terminal: Terminal;
	readonly #typed = new Set<string>();
	#queue: Uint8Array[] = [];
	#waiting = 0;
	#timer: NodeJS.Timeout | undefined;
	#closed = false;

	constructor(terminal: Terminal) {
		this.#terminal = terminal;
	}

	take(id: string, bytes: Uint8Array): InputResult {
		if (this.#typed.has(id)) return 'typed';
		if (this.#closed || this.#waiting + bytes.length > queueBytes) return 'refused';
		this.#remember(id);
		this.#queue.push(bytes);
		this.#waiting += bytes.length;
		if (this.#timer === undefined) this.#pump();
		return 'typed';
	}

	#remember(id: string): void {
		this.#typed.add(id);
		if (this.#typed.size <= rememberedIds) return;
		const [oldest] = this.#typed;
		if (oldest !== undefined) this.#typed.delete(oldest);
	}

	#pump(): void {
		this.#timer = undefined;
		for (let first = this.#queue[0]; first; first = this.#queue[0]) {
			const taken = this.#closed ? first.length : this.#terminal.write(first.subarray(0, pieceBytes));
			this.#waiting -= taken;
			if (taken === first.length) this.#queue.shift();
			else this.#queue[0] = first.subarray(taken);
			if (taken === 0 && first.length > 0) {
				this.#timer = setTimeout(() => this.#pump(), retryMs);
				return;
			}
		}
	}

	/** Forgets what waits: the program has ended. */
	close(): void {
		this.#closed = true;
		clearTimeout(this.#timer);
		this.#queue = [];
		this.#waiting = 0;
	}
}
