/** The server's HTTP interface, as `protocol.ts` says. Every answer is parsed; what is refused comes as problems. */
import {
	DetectAnswer,
	PhaseAnswer,
	CheckAnswer,
	PreviewAnswer,
	ProblemsAnswer,
	RunAnswer,
	SessionAnswer,
	SessionSummary,
	Status,
	type CheckRequest,
	type MarkRequest,
	type OpenRequest,
	type PhaseRequest,
	type RunRequest,
} from '../../runbook/protocol/protocol.ts';
import type { Values } from '../../runbook/values/value.ts';
import { z } from '../../runbook/zod.ts';
import { siteRoot } from '../ground/locale.ts';
import { Misunderstood, Refused, Unreachable } from './refused.ts';
import type { Tickets } from './tickets.ts';

export interface ApiEvents {
	/** The server does not know the token any more. */
	readonly onExpired: () => void;
	/** It answered something that is no answer to this page: it is of another version. */
	readonly onMisunderstood: () => void;
}

export class Api {
	readonly #tickets: Tickets;
	readonly #events: ApiEvents;

	constructor(tickets: Tickets, events: ApiEvents) {
		this.#tickets = tickets;
		this.#events = events;
	}

	status = () => this.#json(Status, 'GET', 'status');
	/** `ssh`: on another machine. */
	detect = (ssh = '') => this.#json(DetectAnswer, 'POST', 'detect', ssh === '' ? {} : { ssh });
	setMachine = (id: string, ssh: string) => this.#json(SessionAnswer, 'PUT', `sessions/${id}/machine`, { ssh, nodes: ssh !== '' });
	sessions = () => this.#json(z.array(SessionSummary), 'GET', 'sessions');
	open = (request: OpenRequest) => this.#json(SessionAnswer, 'POST', 'sessions', request);
	session = (id: string) => this.#json(SessionAnswer, 'GET', `sessions/${id}`);
	change = (id: string, change: { name?: string; closed?: boolean }) => this.#json(SessionAnswer, 'PATCH', `sessions/${id}`, change);
	setValues = (id: string, values: Values, detected: readonly string[]) => this.#json(SessionAnswer, 'PUT', `sessions/${id}/values`, { values, detected }, true);
	mark = (id: string, request: MarkRequest) => this.#json(SessionAnswer, 'POST', `sessions/${id}/marks`, request);
	check = (id: string, request: CheckRequest) => this.#json(CheckAnswer, 'POST', `sessions/${id}/looks`, request);
	phase = (request: PhaseRequest) => this.#json(PhaseAnswer, 'POST', 'phases', request);
	stopPhase = async (phase: string) => void (await this.#send('DELETE', `phases/${phase}`, {}));
	run = (request: RunRequest) => this.#json(RunAnswer, 'POST', 'runs', request);
	cancel = async (run: string) => void (await this.#send('DELETE', `runs/${run}`, {}));
	release = async (run: string) => void (await this.#send('POST', `runs/${run}/release`, {}));
	output = async (run: string) => (await this.#send('GET', `runs/${run}/output`)).text();
	report = async (id: string, format: string, locale: string) => (await this.#send('GET', `sessions/${id}/report?format=${format}&locale=${locale}`)).blob();

	voidAll = async () => void (await this.#send('POST', 'access/void', { void: 'all' }));

	/** @throws Misunderstood when the answer is not of this schema */
	async #json<T>(schema: z.ZodMiniType<T>, method: string, path: string, body?: unknown, outlives = false): Promise<T> {
		const answer = await this.#send(method, path, body, outlives);
		const parsed = schema.safeParse(await answer.json().catch(() => undefined));
		if (parsed.success) return parsed.data;
		this.#events.onMisunderstood();
		throw new Misunderstood(`${method} ${path}`, { cause: parsed.error });
	}

	/** `outlives`: it is sent even while the page goes. A ticket that is refused may be one of a server before this one: a new one is asked for, once. */
	async #send(method: string, path: string, body?: unknown, outlives = false): Promise<Response> {
		const first = await this.#sendOnce(method, path, body, outlives);
		if (first.status !== 401) return this.#checked(first);
		this.#tickets.drop();
		return this.#checked(await this.#sendOnce(method, path, body, outlives));
	}

	async #sendOnce(method: string, path: string, body: unknown, outlives: boolean): Promise<Response> {
		return fetch(new URL(`api/${path}`, siteRoot), {
			method,
			redirect: 'error',
			keepalive: outlives,
			headers: { Authorization: `Bearer ${await this.#ticket()}`, ...(body !== undefined && { 'Content-Type': 'application/json' }) },
			...(body !== undefined && { body: JSON.stringify(body) }),
		}).catch((error: unknown) => {
			this.#tickets.drop();
			throw new Unreachable('Drover did not answer.', { cause: error });
		});
	}

	async #ticket(): Promise<string> {
		try {
			return await this.#tickets.get();
		} catch (error) {
			if (error instanceof Refused && error.status === 401) this.#events.onExpired();
			throw error;
		}
	}

	async #checked(answer: Response): Promise<Response> {
		if (answer.ok) return answer;
		if (answer.status === 401) this.#events.onExpired();
		throw await refusal(answer);
	}
}

async function refusal(answer: Response): Promise<Refused> {
	const body: unknown = await answer.json().catch(() => ({}));
	const preview = PreviewAnswer.safeParse(body);
	if (preview.success) return new Refused(answer.status, preview.data.problems, preview.data);
	const problems = ProblemsAnswer.safeParse(body);
	const said = problems.success && problems.data.problems.length > 0 ? problems.data.problems : [{ name: 'request.invalid', slots: { detail: `HTTP ${answer.status}` } }];
	return new Refused(answer.status, said);
}
