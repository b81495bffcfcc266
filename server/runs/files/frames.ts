/**
 * What a supervisor says to a server that asked for frames: kind (1 byte), length (32 bits), and that many bytes. Either a message as JSON, or output: the place in
 * the recording that it goes up to, and events as in `event-frames.ts`. Numbers are big-endian. The process that keeps a run imports this file: nothing slow here.
 */

/** Where in its recording a run is: after event `n`, and after so many bytes of its output. */
export interface Place {
	readonly n: number;
	/** The segment, as its name says it. */
	readonly firstEvent: number;
	readonly outputBefore: number;
	/** Bytes of the segment up to here. */
	readonly offset: number;
	readonly output: number;
}

export const frameKinds = { message: 1, output: 2 } as const;
const headBytes = 5;
const placeBytes = 5 * 8;
/** No message and no output is longer: who says so talks nonsense. */
const maxFrameBytes = 16 * 1024 * 1024;

function head(kind: number, length: number): Buffer {
	const bytes = Buffer.allocUnsafe(headBytes);
	bytes[0] = kind;
	bytes.writeUInt32BE(length, 1);
	return bytes;
}

export function frameMessage(message: object): Buffer {
	const body = Buffer.from(JSON.stringify(message));
	return Buffer.concat([head(frameKinds.message, body.length), body]);
}

export function frameOutput(place: Place, events: readonly Uint8Array[]): Buffer {
	const numbers = Buffer.allocUnsafe(placeBytes);
	[place.n, place.firstEvent, place.outputBefore, place.offset, place.output].forEach((number, index) => numbers.writeDoubleBE(number, index * 8));
	const length = events.reduce((sum, one) => sum + one.length, placeBytes);
	return Buffer.concat([head(frameKinds.output, length), numbers, ...events]);
}

/** What the bytes of a frame are: events and the place after them. */
export interface OutputFrame {
	readonly place: Place;
	readonly events: Buffer;
}

/** @throws RangeError for bytes that end early. */
export function parseOutput(body: Buffer): OutputFrame {
	const number = (index: number): number => body.readDoubleBE(index * 8);
	const place = { n: number(0), firstEvent: number(1), outputBefore: number(2), offset: number(3), output: number(4) };
	return { place, events: body.subarray(placeBytes) };
}

/** Cuts what comes in into lines, and from the moment that it is told to into frames. */
export class Incoming {
	readonly #onLine: (line: string) => void;
	readonly #onFrame: (kind: number, body: Buffer) => void;
	#rest: Buffer = Buffer.alloc(0);
	#framed = false;

	constructor(onLine: (line: string) => void, onFrame: (kind: number, body: Buffer) => void) {
		this.#onLine = onLine;
		this.#onFrame = onFrame;
	}

	/** What follows the line that is being read comes in frames. */
	expectFrames(): void {
		this.#framed = true;
	}

	/** @throws RangeError when something longer begins than is ever said. */
	take(bytes: Buffer): void {
		let rest = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
		for (let length = this.#takeOne(rest); length > 0; length = this.#takeOne(rest)) rest = rest.subarray(length);
		// What is kept is a copy: the bytes around it would be kept with it.
		this.#rest = rest.length === 0 ? rest : Buffer.from(rest);
		if (rest.length > maxFrameBytes) throw new RangeError('Cannot read a line that does not end.');
	}

	/** Hands one line or frame over and returns how long it was; 0 when it is not whole. */
	#takeOne(bytes: Buffer): number {
		if (!this.#framed) {
			const end = bytes.indexOf(0x0a);
			if (end >= 0) this.#onLine(bytes.toString('utf8', 0, end));
			return end + 1;
		}
		if (bytes.length < headBytes) return 0;
		const length = bytes.readUInt32BE(1);
		if (length > maxFrameBytes) throw new RangeError(`Cannot read a frame of ${length} bytes.`);
		if (bytes.length < headBytes + length) return 0;
		this.#onFrame(bytes[0] ?? 0, bytes.subarray(headBytes, headBytes + length));
		return headBytes + length;
	}
}
