/** A session that the server keeps. Secrets go there with a run or a look only: what is kept has none. Entries come over the socket as they happen; an answer that arrives first brings them as well. */
import type { Runbook } from '../../runbook/definition/definition.ts';
import type { SentProblem } from '../../i18n/format.ts';
import type { CheckRequest, PhaseRequest, RunRequest, SessionAnswer } from '../../runbook/protocol/protocol.ts';
import { withoutSecrets } from '../../runbook/values/resolve.ts';
import type { Entry } from '../../runbook/session/session-event.ts';
import type { Values } from '../../runbook/values/value.ts';
import type { Api } from '../connection/api.ts';
import type { MarkAsked, SessionBackend } from './session-backend.ts';
import type { Socket } from '../connection/socket.ts';
import { tabKept } from '../ground/storage.ts';
import { onMessage } from '../connection/messages.ts';

/** The session that a tab shows is remembered by the tab, for each runbook. */
const keyOf = (runbook: string) => `drover.tab-session.${runbook}`;

export class ServerSession implements SessionBackend {
	readonly byServer = true;
	readonly #api: Api;
	readonly #socket: Socket;
	readonly #runbook: Runbook;
	readonly #makeName: () => string;
	readonly #onChange: () => void;
	#opening: Promise<string> | undefined;
	id: string | undefined;
	entries: readonly Entry[] = [];
	/** The runbook is another one than when the session began. */
	changed = false;
	/** What a crash has left of its journal. */
	notices: readonly SentProblem[] = [];

	constructor(api: Api, socket: Socket, runbook: Runbook, makeName: () => string, onChange: () => void) {
		this.#api = api;
		this.#socket = socket;
		this.#runbook = runbook;
		this.#makeName = makeName;
		this.#onChange = onChange;
		onMessage(socket, 'session.entries', ({ session, entries }) => {
			if (session === this.id) this.#take(entries);
		});
	}

	/** Finds the session of this tab, or the newest open one of the runbook. */
	async resume(): Promise<void> {
		const all = (await this.#api.sessions()).filter((one) => one.runbook === this.#runbook.id && !one.damaged);
		const own = all.find((one) => one.session === tabKept.read(keyOf(this.#runbook.id)));
		const newest = all.filter((one) => !one.closed).sort((one, other) => other.changedAt.localeCompare(one.changedAt))[0];
		const found = own ?? newest;
		if (found) await this.show(found.session);
	}

	/** Shows another session. */
	async show(id: string): Promise<void> {
		this.#become(await this.#api.session(id));
	}

	/** Starts a new session with these values. */
	async open(values: Values, detected: readonly string[]): Promise<string> {
		const answer = await this.#api.open({ runbook: this.#runbook.id, name: this.#makeName(), values: withoutSecrets(this.#runbook, values), detected: [...detected] });
		this.#become(answer);
		return answer.session;
	}

	async setValues(values: Values, detected: readonly string[]): Promise<void> {
		if (this.id === undefined && !this.#opening) return void (await this.#ensure(values, detected));
		const id = await this.#ensure(values, detected);
		const answer = await this.#api.setValues(id, withoutSecrets(this.#runbook, values), detected);
		if (answer.session === this.id) this.#take(answer.entries);
	}

	/** Sets where the commands of the session run: one is opened where there is none. */
	async setMachine(ssh: string, values: Values, detected: readonly string[]): Promise<void> {
		const id = await this.#ensure(values, detected);
		this.#take((await this.#api.setMachine(id, ssh)).entries);
	}

	async mark({ step, node, mark, reason }: MarkAsked): Promise<void> {
		const id = await this.#ensure({}, []);
		this.#take((await this.#api.mark(id, { step, ...(node !== undefined && { node }), mark, reason })).entries);
	}

	async reopen(): Promise<void> {
		if (this.id !== undefined) this.#take((await this.#api.change(this.id, { closed: false })).entries);
	}

	async rename(name: string): Promise<void> {
		if (this.id !== undefined) this.#take((await this.#api.change(this.id, { name })).entries);
	}

	async run(request: Omit<RunRequest, 'session' | 'runbook'>, detected: readonly string[]): Promise<string | undefined> {
		const session = await this.#ensure(request.values, detected);
		const answer = await this.#api.run({ ...request, session, runbook: this.#runbook.id });
		return 'run' in answer ? answer.run : undefined;
	}

	async runPhase(request: Omit<PhaseRequest, 'session' | 'runbook'>, detected: readonly string[]): Promise<void> {
		const session = await this.#ensure(request.values, detected);
		await this.#api.phase({ ...request, session, runbook: this.#runbook.id });
	}

	async check(request: CheckRequest): Promise<void> {
		const id = await this.#ensure(request.values, []);
		await this.#api.check(id, request);
	}

	#ensure(values: Values, detected: readonly string[]): Promise<string> {
		if (this.id !== undefined) return Promise.resolve(this.id);
		this.#opening ??= this.open(values, detected).finally(() => (this.#opening = undefined));
		return this.#opening;
	}

	#become({ session: id, entries, changed, notices }: SessionAnswer): void {
		this.id = id;
		this.entries = [];
		this.changed = changed === true;
		this.notices = notices ?? [];
		tabKept.write(keyOf(this.#runbook.id), id);
		this.#take(entries);
		this.#socket.followSession(id, entries.at(-1)?.n ?? 0);
	}

	/** Entries may come twice, by an answer and by the socket. */
	#take(entries: readonly Entry[]): void {
		const last = this.entries.at(-1)?.n ?? 0;
		const fresh = entries.filter((entry) => entry.n > last);
		if (fresh.length === 0) return;
		this.entries = [...this.entries, ...fresh];
		this.#onChange();
	}
}
