/**
 * What this page shows the server in place of its token. Whoever answers at the port may be another program by now, so the token is said only to a server that
 * has just proved that it gave it, at this very port. What it gives for it, the ticket, is good for that server process alone. After a lost connection both
 * are asked for anew.
 */
import { proofText } from '../../runbook/protocol/protocol.ts';
import { digest, hex } from '../ground/hash.ts';
import { siteRoot } from '../ground/locale.ts';
import { makeSecret } from '../ground/secret.ts';
import { OtherProgram, Refused, Unreachable } from './refused.ts';

export class Tickets {
	readonly token: string;
	#asked: Promise<string> | undefined;

	constructor(token: string) {
		this.token = token;
	}

	/** Returns the ticket. @throws Refused (401) when the server knows the token no more, OtherProgram, Unreachable */
	get(): Promise<string> {
		this.#asked ??= this.#ask().catch((error: unknown) => {
			this.#asked = undefined;
			throw error;
		});
		return this.#asked;
	}

	/** The connection was lost, or the ticket refused: the next one who asks wants a new proof. */
	drop(): void {
		this.#asked = undefined;
	}

	/** Resolves when the server has proved, at this moment, that it gave the token. @throws as `get` */
	async prove(): Promise<void> {
		const key = await digest(new TextEncoder().encode(this.token));
		const nonce = makeSecret();
		const answer = await post('api/access/proof', { id: hex(await digest(key)), nonce });
		const expected = await sign(key, proofText(new URL(siteRoot).port || '80', nonce));
		if (fieldOf(answer, 'proof') !== expected) throw new OtherProgram('The program at this address did not prove that it is the Drover of this page.');
	}

	async #ask(): Promise<string> {
		await this.prove();
		const ticket = fieldOf(await post('api/access/ticket', {}, { Authorization: `Bearer ${this.token}` }), 'ticket');
		if (ticket === undefined) throw new OtherProgram('The program at this address gave no ticket.');
		return ticket;
	}
}

/** What was answered as JSON. Nothing is followed elsewhere, and a wrong answer is one of another program. */
async function post(path: string, body: object, headers: Readonly<Record<string, string>> = {}): Promise<unknown> {
	const answer = await fetch(new URL(path, siteRoot), {
		method: 'POST',
		redirect: 'error',
		headers: { 'Content-Type': 'application/json', ...headers },
		body: JSON.stringify(body),
	}).catch((error: unknown) => {
		throw new Unreachable('Drover did not answer.', { cause: error });
	});
	const said: unknown = await answer.json().catch(() => undefined);
	if (answer.status === 401 && JSON.stringify(said ?? '').includes('"access.token-refused"')) throw new Refused(401, [{ name: 'access.token-refused', slots: {} }]);
	if (!answer.ok) throw new OtherProgram(`HTTP ${answer.status}`);
	return said;
}

function fieldOf(answer: unknown, name: string): string | undefined {
	const value: unknown = typeof answer === 'object' && answer !== null ? (answer as Record<string, unknown>)[name] : undefined;
	return typeof value === 'string' ? value : undefined;
}

async function sign(key: Uint8Array<ArrayBuffer>, text: string): Promise<string> {
	const made = await crypto.subtle.importKey('raw', key, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
	return hex(new Uint8Array(await crypto.subtle.sign('HMAC', made, new TextEncoder().encode(text))));
}
