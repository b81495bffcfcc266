/**
 * One-time codes, the tokens that they make good, and tickets.
 *
 * A page makes its token itself and tells its hash: it has the token before it asks, so that an answer which is lost on the way loses nothing. It asks again.
 * A page that comes back to its port cannot know which program answers there now. So the token goes out only after the server has proved that it is the one
 * that gave it: it knows the token's hash, and its own port. For the token the page then gets a *ticket*, which is good for this process alone; everything
 * else is asked with that. A program that answers at the port in Drover's place learns neither.
 */
import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { proofText } from '../../src/runbook/protocol/protocol.ts';

const codeLifetimeMs = 10 * 60_000;
const tokenLifetimeMs = 24 * 3_600_000;
/** Several tabs, reloads and further codes are fine; an endless list is not. */
const maxTokens = 64;
/** Used codes that are remembered: a code that comes again is told. */
const maxUsed = 64;
/** Tickets of one token: one a tab. */
const maxTickets = 256;

export interface TokenRecord {
	/** SHA-256 of the token, hexadecimal: the token itself is nowhere but in its tab. */
	readonly hash: string;
	/** Wall-clock time in ms since 1970. */
	readonly expiresAt: number;
}

/** What outlives the server, so that a tab finds its run after a restart: hashes of tokens, and the port that they are good for. */
export interface KeptTokens {
	readonly port: number;
	readonly tokens: readonly TokenRecord[];
}

export interface TokenFile {
	read(): KeptTokens;
	write(kept: KeptTokens): void;
}

interface KeyEvents {
	/** A code was redeemed, or is too old: what was made to hand it over can go. */
	spent: [code: string];
	/** A code came a second time. `voided`: the token that it gave had never been used, and is void by that. */
	again: [{ readonly token: string; readonly voided: boolean }];
	/** Every token, ticket and code was made void. */
	voided: [];
}

/** Names in `again` and `alarmOf` are hashes of tokens. */
export interface Keys {
	readonly events: EventEmitter<KeyEvents>;
	/** The port that the server listens on. Tokens that were given at another one are void from here on. */
	bindTo(port: number): void;
	/** Returns a fresh code, valid once and for ten minutes. */
	makeCode(): string;
	/** Makes the token with this hash good for a valid code, which is used up by it: for another token it is refused from then on. */
	redeem(code: string, token: string): boolean;
	/** Whether a token, or a ticket of one, lets its bearer in. The first time it is asked of a token counts as its use. */
	knows(bearer: string): boolean;
	/** Proves to the page that has a token that this server gave it; undefined for a token that is not known. */
	prove(id: string, nonce: string): string | undefined;
	/** Returns a ticket for a token, good as long as this process and the token. */
	makeTicket(token: string): string | undefined;
	/** When the code of a bearer's token came a second time, in ms since 1970; undefined when it did not. */
	alarmOf(bearer: string): number | undefined;
	voidAll(): void;
}

/** Creates the keys of one server. `nowMs` is the wall clock. */
export function createKeys(nowMs: () => number, file?: TokenFile): Keys {
	const events = new EventEmitter<KeyEvents>();
	const codes = new Map<string, number>();
	/** Hash of a used code → hash of the token that it gave. */
	const used = new Map<string, string>();
	const kept = file?.read() ?? { port: 0, tokens: [] };
	let port = kept.port;
	const tokens = new Map(kept.tokens.filter((record) => record.expiresAt > nowMs()).map((record) => [record.hash, record.expiresAt]));
	/** Tokens of this process that nobody has come with. */
	const unused = new Set<string>();
	/** Hash of a ticket → hash of its token. */
	const tickets = new Map<string, string>();
	const alarms = new Map<string, number>();

	const write = () => file?.write({ port, tokens: [...tokens].map(([one, until]) => ({ hash: one, expiresAt: until })) });

	const bindTo = (actual: number) => {
		if (actual === port) return;
		port = actual;
		tokens.clear();
		write();
	};

	const makeCode = () => {
		const code = randomBytes(16).toString('base64url');
		codes.set(hash(code), nowMs() + codeLifetimeMs);
		setTimeout(() => events.emit('spent', code), codeLifetimeMs).unref();
		return code;
	};

	const redeem = (code: string, token: string) => {
		const key = hash(code);
		// The page did not get our answer.
		if (used.get(key) === token && tokens.has(token)) return true;
		const expiresAt = codes.get(key);
		codes.delete(key);
		if (expiresAt === undefined) notifyAgain(key);
		if (expiresAt === undefined || expiresAt <= nowMs()) return false;
		tokens.set(token, nowMs() + tokenLifetimeMs);
		unused.add(token);
		used.set(key, token);
		trim(used, maxUsed);
		for (const [old, until] of tokens) if (until <= nowMs() || tokens.size > maxTokens) tokens.delete(old);
		write();
		events.emit('spent', code);
		return true;
	};

	/** Somebody has read the address. Who redeemed it and never came with his token is not the reader, or has lost nothing by it. */
	const notifyAgain = (key: string) => {
		const token = used.get(key);
		if (token === undefined || !tokens.has(token)) return;
		const voided = unused.delete(token);
		if (voided) {
			tokens.delete(token);
			write();
		} else alarms.set(token, nowMs());
		events.emit('again', { token, voided });
	};

	/** The hash of the token that a bearer stands for, as long as that holds. Every record is compared in full: the time tells nothing. */
	const tokenOf = (bearer: string): string | undefined => {
		const given = hash(bearer);
		const wanted = tickets.get(given) ?? given;
		const bytes = Buffer.from(wanted, 'hex');
		let known = false;
		for (const [one, expiresAt] of tokens) if (timingSafeEqual(Buffer.from(one, 'hex'), bytes) && expiresAt > nowMs()) known = true;
		return known ? wanted : undefined;
	};

	const knows = (bearer: string) => {
		const token = tokenOf(bearer);
		if (token !== undefined) unused.delete(token);
		return token !== undefined;
	};

	const prove = (id: string, nonce: string) => {
		for (const [one, expiresAt] of tokens) {
			if (expiresAt > nowMs() && id === idOf(one)) return createHmac('sha256', Buffer.from(one, 'hex')).update(proofText(port, nonce)).digest('hex');
		}
		return undefined;
	};

	const makeTicket = (token: string) => {
		const owner = tokenOf(token);
		if (owner === undefined) return undefined;
		const ticket = randomBytes(32).toString('base64url');
		tickets.set(hash(ticket), owner);
		trim(tickets, maxTickets);
		return ticket;
	};

	const voidAll = () => {
		for (const all of [codes, used, tokens, unused, tickets, alarms]) all.clear();
		write();
		events.emit('voided');
	};

	return {
		events,
		bindTo,
		makeCode,
		redeem,
		knows,
		prove,
		makeTicket,
		alarmOf: (bearer) => alarms.get(tokenOf(bearer) ?? ''),
		voidAll,
	};
}

/** Drops the oldest. */
function trim(map: Map<string, unknown>, most: number): void {
	for (const key of map.keys()) {
		if (map.size <= most) return;
		map.delete(key);
	}
}

function hash(text: string): string {
	return createHash('sha256').update(text).digest('hex');
}

/** By what a page names its token without telling it: the hash of its hash. */
function idOf(tokenHash: string): string {
	return createHash('sha256').update(Buffer.from(tokenHash, 'hex')).digest('hex');
}
