/** Returns the SHA-256 of bytes. */
export async function digest(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
	return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
}

export function hex(bytes: Uint8Array): string {
	return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Returns the SHA-256 of a text, in hexadecimal. */
export async function hashOf(text: string): Promise<string> {
	return hex(await digest(new TextEncoder().encode(text)));
}
