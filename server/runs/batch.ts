import { parseFrames } from '../../src/runbook/run/event-frames.ts';
import type { RecordingEvent } from '../../src/runbook/run/recording.ts';
import { frameEvent } from './files/frame-events.ts';

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** Some events that follow each other. They are made bytes, or read out of them, only when somebody asks: what is passed on as it came costs nothing. */
export class Batch {
	/** Numbers of the first event and of the last one. */
	readonly first: number;
	readonly last: number;
	#events: readonly RecordingEvent[] | undefined;
	#frames: Uint8Array | undefined;

	private constructor(first: number, last: number, events: readonly RecordingEvent[] | undefined, frames: Uint8Array | undefined) {
		this.first = first;
		this.last = last;
		this.#events = events;
		this.#frames = frames;
	}

	/** Of at least one event. */
	static ofEvents(events: readonly RecordingEvent[]): Batch {
		const [first] = events;
		return new Batch(first?.kind === 'gap' ? first.from : (first?.n ?? 0), events.at(-1)?.n ?? 0, events, undefined);
	}

	static ofFrames(first: number, last: number, frames: Uint8Array): Batch {
		return new Batch(first, last, undefined, frames);
	}

	get events(): readonly RecordingEvent[] {
		return (this.#events ??= parseFrames(this.#frames ?? new Uint8Array(), (utf8) => decoder.decode(utf8)));
	}

	/** As `event-frames.ts` has them. */
	get frames(): Uint8Array {
		return (this.#frames ??= Buffer.concat((this.#events ?? []).map(frameEvent)));
	}
}
