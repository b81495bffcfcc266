import type { RunEvent } from '../../src/runbook/run/run-event.ts';

/** Facts of a run on their way to the journal: each once, in order, and again and again until the journal takes them. */
export class JournalQueue {
	readonly #write: (event: RunEvent) => void;
	readonly #known = new Set<string>();
	readonly #waiting: RunEvent[] = [];

	constructor(write: (event: RunEvent) => void) {
		this.#write = write;
	}

	add(event: RunEvent): void {
		const repeats = event.type === 'run.signalled' || event.type === 'run.cancelled';
		const text = JSON.stringify(event);
		if (!repeats && this.#known.has(text)) return;
		this.#known.add(text);
		this.#waiting.push(event);
	}

	/** Whether something is known that the journal does not hold. */
	get isBehind(): boolean {
		return this.#waiting.length > 0;
	}

	flush(): void {
		try {
			for (let first = this.#waiting[0]; first; first = this.#waiting[0]) {
				this.#write(first);
				this.#waiting.shift();
			}
		} catch {
			// A full disk or a closed journal: the reader is told by the journal itself, and the next flush tries again.
		}
	}
}
