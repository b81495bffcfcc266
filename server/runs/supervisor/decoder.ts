import { isUtf8 } from 'node:buffer';

/** Bytes at the end of a text that begin a character which is not whole. Source: The Unicode Standard, table 3-7. */
function countUnfinished(bytes: Uint8Array): number {
	for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
		const byte = bytes[bytes.length - back] ?? 0;
		if (byte < 0x80) return 0;
		if (byte < 0xc0) continue;
		const length = byte > 0xf4 || byte < 0xc2 ? 1 : byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
		return length > back ? back : 0;
	}
	return 0;
}

/**
 * Makes UTF-8 of bytes that come in pieces, wherever they are cut; what is none becomes U+FFFD. A piece is cut only before the first byte of a character, where
 * the standard decoder begins anew whatever came before: the pieces together are what it makes of the whole.
 */
export class Decoder {
	readonly #standard = new TextDecoder('utf-8', { ignoreBOM: true });
	#rest: Buffer = Buffer.alloc(0);

	take(bytes: Buffer): Buffer {
		const all = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
		const end = all.length - countUnfinished(all);
		this.#rest = end === all.length ? this.#rest.subarray(0, 0) : Buffer.from(all.subarray(end));
		return this.#decode(all.subarray(0, end));
	}

	#decode(bytes: Buffer): Buffer {
		return isUtf8(bytes) ? bytes : Buffer.from(this.#standard.decode(bytes));
	}

	/** Returns what was begun: nothing more comes. */
	end(): Buffer {
		const rest = this.#rest;
		this.#rest = rest.subarray(0, 0);
		return this.#decode(rest);
	}
}
