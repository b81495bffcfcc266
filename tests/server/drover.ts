import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { readContent } from '../../src/content/read-content.ts';
import { ServerMessage, type ClientMessage, type RunRequest } from '../../src/runbook/protocol/protocol.ts';
import { foldSession, type Session } from '../../src/runbook/session/session.ts';
import type { Entry, Mark } from '../../src/runbook/session/session-event.ts';
import { serve, type Served } from '../../server/serve.ts';

export const fixtureRoot = join(import.meta.dirname, '..', 'fixture');

export interface Drover {
	readonly served: Served;
	readonly port: number;
	readonly token: string;
	/** Where commands run and where the fixture's files are made. */
	readonly folder: string;
	readonly stateDir: string;
	call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<{ status: number; body: unknown; headers: Headers }>;
	socket(): Promise<Socket>;
	close(): Promise<void>;
}

export interface Socket {
	send(message: ClientMessage): void;
	/** The next message that fits. */
	next<T extends ServerMessage['type']>(type: T, fits?: (message: Extract<ServerMessage, { type: T }>) => boolean): Promise<Extract<ServerMessage, { type: T }>>;
	close(): void;
}

export interface DroverOptions {
	readonly root?: string;
	readonly stateDir?: string;
	readonly folder?: string;
	readonly port?: number;
	/** Folder of the built site. */
	readonly site?: string;
	/** The wall clock by which codes and tokens expire. */
	readonly nowMs?: () => number;
}

/** Starts a server of the fixture's runbooks on a free port, with a state directory of its own, and signs in. */
export async function startDrover(options: DroverOptions = {}): Promise<Drover> {
	const home = mkdtempSync(join(tmpdir(), 'drover-test-'));
	const folder = options.folder ?? home;
	const stateDir = options.stateDir ?? join(home, 'state');
	const content = readContent(options.root ?? fixtureRoot);
	if (content.lintErrors.length > 0) throw new SyntaxError(JSON.stringify(content.lintErrors));
	const served = await serve({ content, site: options.site ?? join(fixtureRoot, 'site'), folder, version: 'test', stateDir, port: options.port ?? 0, exactPort: true, ...(options.nowMs && { nowMs: options.nowMs }) });
	const origin = `http://127.0.0.1:${served.port}`;
	const json = { 'content-type': 'application/json', origin };
	const token = randomBytes(32).toString('base64url');
	const access = await fetch(`${origin}/api/access`, { method: 'POST', headers: json, body: JSON.stringify({ code: served.keys.makeCode(), token: createHash('sha256').update(token).digest('hex') }) });
	if (access.status !== 204) throw new Error(`The code was refused: HTTP ${access.status}.`);

	return {
		served,
		port: served.port,
		token,
		folder,
		stateDir,
		call: async (method, path, body, headers = {}) => {
			const answer = await fetch(`${origin}${path}`, {
				method,
				headers: { ...json, authorization: `Bearer ${token}`, ...headers },
				...(body !== undefined && { body: JSON.stringify(body) }),
			});
			const text = await answer.text();
			const isJson = answer.headers.get('content-type')?.startsWith('application/json') ?? false;
			return { status: answer.status, body: isJson ? JSON.parse(text) : text, headers: answer.headers };
		},
		socket: () => openSocket(served.port, token),
		close: async () => {
			await served.close();
			if (options.stateDir === undefined) rmSync(home, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
		},
	};
}

async function openSocket(port: number, token: string): Promise<Socket> {
	const socket = new WebSocket(`ws://127.0.0.1:${port}/api/socket`, ['drover.v1', `drover.token.${token}`], { origin: `http://127.0.0.1:${port}` });
	const waiting: ServerMessage[] = [];
	const wanted: { fits: (message: ServerMessage) => boolean; give: (message: ServerMessage) => void }[] = [];
	socket.on('message', (data) => {
		const message = ServerMessage.parse(JSON.parse(String(data)));
		const index = wanted.findIndex((one) => one.fits(message));
		if (index < 0) waiting.push(message);
		else wanted.splice(index, 1)[0]?.give(message);
	});
	const { promise, resolve, reject } = Promise.withResolvers<void>();
	socket.once('open', () => resolve());
	socket.once('error', reject);
	await promise;
	return {
		send: (message) => socket.send(JSON.stringify(message)),
		next: <T extends ServerMessage['type']>(type: T, fits: (message: Extract<ServerMessage, { type: T }>) => boolean = () => true) => {
			const isIt = (message: ServerMessage) => message.type === type && fits(message as Extract<ServerMessage, { type: T }>);
			const index = waiting.findIndex(isIt);
			if (index >= 0) return Promise.resolve(waiting.splice(index, 1)[0] as Extract<ServerMessage, { type: T }>);
			return new Promise<Extract<ServerMessage, { type: T }>>((give) => wanted.push({ fits: isIt, give: (message) => give(message as Awaited<Extract<ServerMessage, { type: T }>>) }));
		},
		close: () => socket.close(),
	};
}

/** A session of a runbook, driven as the page would drive it. */
export interface Pass {
	readonly id: string;
	session(): Promise<Session>;
	/** Runs a step and returns the answer; `preview` defaults to what the server would render. */
	run(step: string, more?: Partial<RunRequest>): Promise<{ status: number; body: unknown }>;
	mark(step: string, mark: Mark, reason?: string): Promise<{ status: number; body: unknown }>;
	look(body: unknown): Promise<{ status: number; body: unknown }>;
	/** Waits until the session fits. */
	until(fits: (session: Session) => boolean): Promise<Session>;
	close(): void;
}

export async function openPass(drover: Drover, runbook: string, values: RunRequest['values'], preview: (step: string, kind: 'run' | 'undo', values: RunRequest['values'], node?: string) => string): Promise<Pass> {
	const opened = await drover.call('POST', '/api/sessions', { runbook, name: 'Tonight', values, detected: [] });
	const { session: id } = opened.body as { session: string };
	const socket = await drover.socket();
	socket.send({ type: 'session.follow', session: id, from: 0 });
	const entries: Entry[] = [];
	const fold = () => {
		const session = foldSession(entries);
		if (!session) throw new Error('The session has no events.');
		return session;
	};
	return {
		id,
		session: async () => {
			const { body } = await drover.call('GET', `/api/sessions/${id}`);
			const session = foldSession((body as { entries: Entry[] }).entries);
			if (!session) throw new Error('The session has no events.');
			return session;
		},
		run: (step, more = {}) => {
			const made = more.values ?? values;
			const kind = more.kind ?? 'run';
			const body = { session: id, runbook, step, kind, values: made, preview: preview(step, kind, made, more.node), confirmed: true, size: { columns: 80, rows: 24 }, ...more };
			return drover.call('POST', '/api/runs', body);
		},
		mark: (step, mark, reason = '') => drover.call('POST', `/api/sessions/${id}/marks`, { step, mark, reason }),
		look: (body) => drover.call('POST', `/api/sessions/${id}/looks`, body),
		until: async (fits) => {
			while (entries.length === 0 || !fits(fold())) entries.push(...(await socket.next('session.entries')).entries);
			return fold();
		},
		close: () => socket.close(),
	};
}
