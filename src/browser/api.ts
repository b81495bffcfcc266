/** The server's HTTP interface, as `protocol.ts` says. Every answer is parsed; what is refused comes as problems. */
import {
	DetectAnswer,
	LookAnswer,
	PreviewAnswer,
	ProblemsAnswer,
	RunAnswer,
	SessionAnswer,
	SessionSummary,
	Status,
	type LookRequest,
	type MarkRequest,
	type OpenRequest,
	type RunRequest,
} from '../runbook/protocol.ts';
import type { Values } from '../runbook/value.ts';
import { z } from '../runbook/zod.ts';
import { siteRoot } from './locale.ts';
import { Refused, Unreachable } from './refused.ts';

export class Api {
	readonly token: string;
	readonly #onExpired: () => void;

	/** `onExpired` is called when the server does not know the token any more. */
	constructor(token: string, onExpired: () => void) {
		this.token = token;
		this.#onExpired = onExpired;
	}

	status = async () => Status.parse(await this.#json('GET', 'status'));
	detect = async () => DetectAnswer.parse(await this.#json('POST', 'detect', {}));
	sessions = async () => z.array(SessionSummary).parse(await this.#json('GET', 'sessions'));
	open = async (request: OpenRequest) => SessionAnswer.parse(await this.#json('POST', 'sessions', request));
	session = async (id: string) => SessionAnswer.parse(await this.#json('GET', `sessions/${id}`));
	change = async (id: string, change: { name?: string; closed?: boolean }) => SessionAnswer.parse(await this.#json('PATCH', `sessions/${id}`, change));
	setValues = async (id: string, values: Values, detected: readonly string[]) => SessionAnswer.parse(await (await this.#send('PUT', `sessions/${id}/values`, { values, detected }, true)).json());
	mark = async (id: string, request: MarkRequest) => SessionAnswer.parse(await this.#json('POST', `sessions/${id}/marks`, request));
	look = async (id: string, request: LookRequest) => LookAnswer.parse(await this.#json('POST', `sessions/${id}/looks`, request));
	run = async (request: RunRequest) => RunAnswer.parse(await this.#json('POST', 'runs', request));
	cancel = async (run: string) => void (await this.#send('DELETE', `runs/${run}`, {}));
	release = async (run: string) => void (await this.#send('POST', `runs/${run}/release`, {}));
	output = async (run: string) => (await this.#send('GET', `runs/${run}/output`)).text();
	report = async (id: string, format: string, locale: string) => (await this.#send('GET', `sessions/${id}/report?format=${format}&locale=${locale}`)).blob();

	async #json(method: string, path: string, body?: unknown): Promise<unknown> {
		return (await this.#send(method, path, body)).json();
	}

	/** `outlives`: it is sent even while the page goes. */
	async #send(method: string, path: string, body?: unknown, outlives = false): Promise<Response> {
		const answer = await fetch(new URL(`api/${path}`, siteRoot), {
			method,
			keepalive: outlives,
			headers: { Authorization: `Bearer ${this.token}`, ...(body !== undefined && { 'Content-Type': 'application/json' }) },
			...(body !== undefined && { body: JSON.stringify(body) }),
		}).catch((error: unknown) => {
			throw new Unreachable('Drover did not answer.', { cause: error });
		});
		if (answer.ok) return answer;
		if (answer.status === 401) this.#onExpired();
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
