import type { Route } from './routes.ts';
import { problemOf, send, stateOf, type Target } from './target.ts';
import type { Answer, Message } from './wire.ts';

/** One hostile action: what was sent, what had to come back, what came. */
export interface Attempt {
	/** Row of the threat table. */
	readonly row: string;
	readonly sent: string;
	readonly route: string;
	readonly expected: string;
	readonly got: string;
	readonly passed: boolean;
}

/** A row sends what it has to send, and reports each attempt. */
export interface Row {
	readonly name: string;
	readonly run: (attack: Attack) => Promise<void>;
}

/** What headers every answer has, whatever it is. Source: server/access/headers.ts, held here a second time on purpose. */
const required: readonly (readonly [name: string, part: string])[] = [
	['content-security-policy', "frame-ancestors 'none'"],
	['content-security-policy', "script-src 'self'"],
	['content-security-policy', "base-uri 'none'"],
	['content-security-policy', "object-src 'none'"],
	['content-security-policy', "form-action 'none'"],
	['x-frame-options', 'DENY'],
	['x-content-type-options', 'nosniff'],
	['referrer-policy', 'no-referrer'],
	['cross-origin-opener-policy', 'same-origin'],
	['cross-origin-resource-policy', 'same-origin'],
];
const forbidden = /^(?:set-cookie|access-control-.*|x-powered-by|server)$/;

/** What no answer may have or lack, in words; empty when all is well. */
export function faultsOf(answer: Answer, target: Target, isApi: boolean): string[] {
	if (answer.status === 0) return [];
	const value = (name: string) => answer.headers.find(([one]) => one === name)?.[1] ?? '';
	const missing = answer.status === 101 ? [] : required.filter(([name, part]) => !value(name).includes(part)).map(([name]) => `no ${name}`);
	const leaks = answer.headers.filter(([name]) => forbidden.test(name)).map(([name]) => `has ${name}`);
	const inlines = /'unsafe-inline'|'unsafe-eval'|https?:/.test(/script-src[^;]*/.exec(value('content-security-policy'))?.[0] ?? '') ? ['inline scripts allowed'] : [];
	const stored = isApi && answer.status !== 101 && value('cache-control') !== 'no-store' ? ['may be stored'] : [];
	const told = [...answer.headers.flat(), answer.body].some((text) => text.includes(target.token)) ? ['tells the token'] : [];
	return [...new Set([...missing, ...leaks, ...inlines, ...stored, ...told])];
}

/** Runs attempts against one target; after each, a good request works and nothing has changed. */
export class Attack {
	readonly target: Target;
	readonly routes: readonly Route[];
	readonly attempts: Attempt[] = [];
	#row = '';
	#before = '';

	constructor(target: Target, routes: readonly Route[]) {
		this.target = target;
		this.routes = routes;
	}

	async run(row: Row): Promise<void> {
		this.#row = row.name;
		this.#before = await stateOf(this.target);
		await row.run(this);
	}

	/** What a row itself changed by good requests is not the attacker's doing. */
	async settle(): Promise<void> {
		this.#before = await stateOf(this.target);
	}

	/** Sends a message to a route and expects one of the statuses; with a name, a problem of this name. */
	async expect(sent: string, route: Route, message: Message, statuses: readonly number[], name?: string): Promise<Answer> {
		const answer = await send(this.target, message);
		await this.compare(sent, route, answer, statuses, name);
		return answer;
	}

	async compare(sent: string, route: Route, answer: Answer, statuses: readonly number[], name?: string): Promise<void> {
		const faults = faultsOf(answer, this.target, route.kind !== 'page');
		const told = name === undefined ? undefined : problemOf(answer);
		const shown = (status: string | number, problem: string | undefined) => (problem === undefined ? String(status) : `${status} ${problem}`);
		await this.note(sent, `${route.method} ${route.pattern}`, shown(statuses.join(' or '), name), [shown(answer.status, told), ...faults].join(', '), statuses.includes(answer.status) && told === name && faults.length === 0);
	}

	/** Notes an attempt of any kind, after looking at what it left. */
	async note(sent: string, route: string, expected: string, got: string, passed: boolean): Promise<void> {
		const after = await stateOf(this.target).catch((error: unknown) => `no answer to a good request: ${String(error)}`);
		const same = after === this.#before;
		this.attempts.push({ row: this.#row, sent, route, expected, got: same ? got : `${got}; and something changed: ${firstDifference(this.#before, after)}`, passed: passed && same });
		this.#before = after;
	}
}

function firstDifference(before: string, after: string): string {
	const at = [...after].findIndex((char, index) => char !== before[index]);
	return after.slice(Math.max(0, at - 60), at + 60);
}
