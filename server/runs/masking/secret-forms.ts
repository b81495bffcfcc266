/** What is looked for of a secret: itself, its hexadecimal digits and its Base64. How each of their characters may be spelled says `escapes.ts`. */

/** A row of bytes that is looked for. Its length is linear in the secret's. */
export interface Pattern {
	readonly kind: 'plain' | 'hex' | 'base64';
	readonly bytes: Uint8Array;
}

/**
 * Returns the characters of Base64 that depend on the secret alone, for each place it can have in a longer text: at most two
 * characters at either end also depend on the neighbours, and are left out.
 */
function base64Forms(secret: Buffer): string[] {
	return [0, 1, 2].map((before) => {
		const first = Math.ceil((before * 8) / 6);
		const end = Math.floor(((before + secret.length) * 8) / 6);
		return Buffer.concat([Buffer.alloc(before), secret]).toString('base64').slice(first, end);
	});
}

const shortest = 6;
/** Words of the product that are also somebody's password: masking them everywhere would hide what the reader must see. */
const known = new Set(['cattle']);

/** Whether a secret can be looked for in output. A shorter or a well-known one is masked by its position in commands only. */
export function isFindable(secret: string): boolean {
	return [...secret].length >= shortest && !known.has(secret);
}

/** Returns all that is looked for of a secret. */
export function secretPatterns(secret: string): Pattern[] {
	const bytes = Buffer.from(secret);
	return [
		{ kind: 'plain', bytes },
		{ kind: 'hex', bytes: Buffer.from(bytes.toString('hex')) },
		...base64Forms(bytes).map((form): Pattern => ({ kind: 'base64', bytes: Buffer.from(form) })),
	];
}
