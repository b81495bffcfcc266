/** Returns 32 random bytes in Base64url. */
export function makeSecret(): string {
	return btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(32)))).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}
