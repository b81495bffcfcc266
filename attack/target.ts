/** The Drover under attack, what a good request to it is, and what it must look like after a hostile one. */
import type { Route } from './routes.ts';
import { nobody, queryOf, sampleOf } from './samples.ts';
import { exchange, wireText, type Answer, type Header, type Message, type Place } from './wire.ts';

export interface Target extends Place {
	readonly token: string;
	/** What more must not change: processes, files. The command line cannot see it, the tests can. */
	readonly evidence?: () => Promise<string>;
}

export const originOf = ({ port }: Place): string => `http://127.0.0.1:${port}`;

/** The target of a request to a route, with nobody's id. */
export const pathOf = (route: Route): string => route.pattern.replaceAll(/:[a-z]+/gi, nobody) + queryOf(route);

/** A request that is admitted: every hostile one is this with one thing changed. */
export function goodMessage(target: Target, route: Route): Message {
	const sample = sampleOf(route);
	const common: Header[] = [['Host', `127.0.0.1:${target.port}`], ['Origin', originOf(target)]];
	if (route.kind === 'upgrade') return { method: route.method, target: pathOf(route), headers: [...common, ...upgradeHeaders(target.token)] };
	const api: Header[] = route.kind === 'api' ? [['Authorization', `Bearer ${target.token}`]] : [];
	const type: Header[] = sample ? [['Content-Type', 'application/json']] : [];
	return {
		method: route.method,
		target: pathOf(route),
		headers: [...common, ...api, ...type, ['Connection', 'close']],
		...(sample && { body: JSON.stringify(sample) }),
	};
}

export function upgradeHeaders(token: string): Header[] {
	return [
		['Connection', 'Upgrade'],
		['Upgrade', 'websocket'],
		['Sec-WebSocket-Version', '13'],
		['Sec-WebSocket-Key', 'AAAAAAAAAAAAAAAAAAAAAA=='],
		['Sec-WebSocket-Protocol', `drover.v1, drover.token.${token}`],
	];
}

/** The message with other values for a header (none: without it), in the same place. */
export function withHeader(message: Message, name: string, ...values: readonly string[]): Message {
	const place = message.headers.findIndex(([one]) => one.toLowerCase() === name.toLowerCase());
	const others = message.headers.filter(([one]) => one.toLowerCase() !== name.toLowerCase());
	const own = values.map((value): Header => [name, value]);
	return { ...message, headers: others.toSpliced(place < 0 ? others.length : place, 0, ...own) };
}

export const withBody = (message: Message, body: object | string): Message => ({ ...message, body: typeof body === 'string' ? body : JSON.stringify(body) });

export const send = (target: Target, message: Message): Promise<Answer> => exchange(target, wireText(message));

/** A good request to a route of the API: method, path, and a body if it has one. */
export async function call(target: Target, method: string, path: string, body?: object): Promise<{ status: number; body: unknown }> {
	const headers: Header[] = [['Host', `127.0.0.1:${target.port}`], ['Origin', originOf(target)], ['Authorization', `Bearer ${target.token}`], ['Connection', 'close']];
	const message: Message = { method, target: path, headers: body ? [...headers, ['Content-Type', 'application/json']] : headers, ...(body && { body: JSON.stringify(body) }) };
	const answer = await send(target, message);
	return { status: answer.status, body: bodyOf(answer) };
}

/** What an answer says: JSON as what it means, all else as its text. */
export function bodyOf(answer: Answer): unknown {
	return /^application\/json\b/.test(answer.headers.find(([name]) => name === 'content-type')?.[1] ?? '') ? JSON.parse(unchunk(answer)) : answer.body;
}

/** The permanent name of the problem that an answer tells; empty when it tells none. */
export function problemOf(answer: Answer): string {
	return /^\{"problems":\[\{"name":"([a-z.-]+)"/.exec(answer.body)?.[1] ?? '';
}

/** Everything that a hostile request must leave as it is; and proof that a good one still works. */
export async function stateOf(target: Target): Promise<string> {
	const sessions = await call(target, 'GET', '/api/sessions');
	return JSON.stringify([sessions.status, sessions.body, (await target.evidence?.()) ?? '']);
}

function unchunk({ headers, body }: Answer): string {
	if (!headers.some(([name, value]) => name === 'transfer-encoding' && value === 'chunked')) return body;
	let text = '';
	for (let rest = Buffer.from(body); ; ) {
		const end = rest.indexOf('\r\n');
		const length = Number.parseInt(rest.toString('latin1', 0, end), 16);
		if (end < 0 || !(length > 0)) return text;
		text += rest.toString('utf8', end + 2, end + 2 + length);
		rest = rest.subarray(end + 4 + length);
	}
}
