/** Whether Drover can run things here, and everything that reaches it. One for the page. */
import type { Status } from '../../runbook/protocol/protocol.ts';
import type { Api } from './api.ts';
import { onMessage } from './messages.ts';
import { OtherProgram, Refused, Unreachable } from './refused.ts';
import type { Socket } from './socket.ts';
import { expireToken, findToken, shareToken } from './token.ts';

/** What the page can do. `ready` runs steps; everything else says why not. */
export type Access = 'checking' | 'reading' | 'ready' | 'expired' | 'code-refused' | 'worker' | 'gone' | 'other-program' | 'no-state' | 'no-docker';

export class Connection extends EventTarget {
	access: Access = 'checking';
	status: Status | undefined;
	api: Api | undefined;
	socket: Socket | undefined;
	#retry: ReturnType<typeof setTimeout> | undefined;

	/** Looks for a token and for the server. */
	async start(): Promise<void> {
		const found = await findToken();
		if (found.kind !== 'token') return this.#become(found.kind === 'none' ? 'reading' : found.kind);
		const { Api, Socket, Tickets } = await import('./reach.ts');
		const tickets = new Tickets(found.token);
		shareToken(() => tickets.prove());
		this.api = new Api(tickets, { onExpired: () => this.expire(), onMisunderstood: () => this.#tell('misunderstood') });
		this.socket = new Socket(tickets);
		this.socket.addEventListener('misunderstood', () => this.#tell('misunderstood'));
		onMessage(this.socket, 'site.changed', () => location.reload());
		onMessage(this.socket, 'access.again', ({ at }) => this.#tell('again', at));
		this.socket.addEventListener('connected', () => void this.ask());
		this.socket.addEventListener('lost', () => void this.ask());
		await this.ask();
	}

	/** Steps can be run; Docker may still be missing, and the check of the first step says so. */
	get canRun(): boolean {
		return this.access === 'ready' || this.access === 'no-docker';
	}

	/** The server answers, and to us. */
	get reaches(): boolean {
		return this.canRun || (this.access === 'no-state' && this.api !== undefined);
	}

	/** Sessions are kept by the server. */
	get keeps(): boolean {
		return this.api !== undefined && this.access !== 'expired' && this.access !== 'no-state' && this.access !== 'reading' && this.access !== 'code-refused';
	}

	/** Asks the server how it is. While it does not answer, it is asked again. */
	async ask(): Promise<void> {
		clearTimeout(this.#retry);
		if (!this.api) return;
		try {
			this.status = await this.api.status();
			const { state, docker } = this.status;
			if (state.ready) this.socket?.open();
			this.#become(!state.ready ? 'no-state' : docker.ready ? 'ready' : 'no-docker');
			if (!docker.ready || !state.ready) this.#retry = setTimeout(() => void this.ask(), 10_000);
		} catch (error) {
			if (error instanceof Refused && error.status === 401) return;
			if (!(error instanceof Unreachable) && !(error instanceof Refused)) throw error;
			this.#become(error instanceof OtherProgram ? 'other-program' : 'gone');
			this.#retry = setTimeout(() => void this.ask(), 2_000);
		}
	}

	/** The token is no longer good: nothing that is asked with it is answered. */
	expire(): void {
		clearTimeout(this.#retry);
		expireToken();
		this.socket?.close();
		this.#become('expired');
	}

	/** What the page has to tell its reader: `access-notices.ts` listens. */
	#tell(type: 'misunderstood' | 'again', at = 0): void {
		this.dispatchEvent(new CustomEvent(type, { detail: at }));
	}

	#become(access: Access): void {
		if (access === this.access && access !== 'ready') return;
		this.access = access;
		this.dispatchEvent(new Event('change'));
	}
}

export const connection = new Connection();
