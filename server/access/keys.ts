import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

const codeLifetimeMs = 10 * 60_000;
const tokenLifetimeMs = 24 * 3_600_000;
/** Several tabs, reloads and further codes are fine; an endless list is not. */
const maxTokens = 64;

interface TokenRecord {
	/** SHA-256 of the token, hexadecimal: the token itself is nowhere but in its tab. */
	readonly hash: string;
	/** Wall-clock time in ms since 1970. */
	readonly expiresAt: number;
}

/** Where hashes of tokens outlive the server, so that a tab finds its run after a restart. */
export interface TokenFile {
	read(): readonly TokenRecord[];
	write(records: readonly TokenRecord[]): void;
}

/** One-time codes and the tokens that they are exchanged for. */
export interface Keys {
	/** Returns a fresh code, valid once and for ten minutes. */
	makeCode(): string;
	/** Returns a token for a valid code; the code is used up. */
	redeem(code: string): string | undefined;
	knows(token: string): boolean;
}

/** Creates the keys of one server. `nowMs` is the wall clock. */
export function createKeys(nowMs: () => number, file?: TokenFile): Keys {
	const codes = new Map<string, number>();
	const stored = (file?.read() ?? []).filter((record) => record.expiresAt > nowMs());
	const tokens = new Map(stored.map((record) => [record.hash, record.expiresAt]));

	const makeCode = () => {
		const code = randomBytes(16).toString('base64url');
		codes.set(hash(code), nowMs() + codeLifetimeMs);
		return code;
	};

	const redeem = (code: string) => {
		const key = hash(code);
		const expiresAt = codes.get(key);
		codes.delete(key);
		if (expiresAt === undefined || expiresAt <= nowMs()) return undefined;
		const token = randomBytes(32).toString('base64url');
		tokens.set(hash(token), nowMs() + tokenLifetimeMs);
		for (const [old, until] of tokens) if (until <= nowMs() || tokens.size > maxTokens) tokens.delete(old);
		file?.write([...tokens].map(([one, until]) => ({ hash: one, expiresAt: until })));
		return token;
	};

	/** Every record is compared in full: the time tells nothing. */
	const knows = (token: string) => {
		const given = Buffer.from(hash(token), 'hex');
		let known = false;
		for (const [one, expiresAt] of tokens) if (timingSafeEqual(Buffer.from(one, 'hex'), given) && expiresAt > nowMs()) known = true;
		return known;
	};

	return { makeCode, redeem, knows };
}

function hash(text: string): string {
	return createHash('sha256').update(text).digest('hex');
}
