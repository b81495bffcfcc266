/** Speaks to a Drover that runs, as a page of it does: its private socket gives a one-time code, and the rest is asked over loopback. */
import { createHash, randomBytes } from 'node:crypto';
import { WebSocket } from 'ws';
import type { z } from 'zod/mini';
import { PhaseAnswer, ProblemsAnswer, ServerMessage, SessionAnswer, SessionSummary, subprotocol, tokenProtocol, type ClientMessage } from '../../src/runbook/protocol/protocol.ts';
import { Refusal, type Problem } from '../../src/runbook/problem.ts';
import type { Host } from './host.ts';

/** `address`: as the control socket answers it, with the code in its fragment. What it does not know is an OldServer. */
export async function openRemoteHost(address: string): Promise<Host> {
	const url = new URL(address);
	const { origin } = url;
	const code = new URLSearchParams(url.hash.slice(1)).get('code') ?? '';
	const token = randomBytes(32).toString('base64url');
	const ask = async (method: string, path: string, body?: unknown): Promise<Response> => {
		const answer = await fetch(`${origin}${path}`, { method, headers: { 'content-type': 'application/json', origin, authorization: `Bearer ${token}` }, ...(body !== undefined && { body: JSON.stringify(body) }) });
		if (!answer.ok) throw await refusalOf(answer);
		return answer;
	};
	const get = async <T extends z.ZodMiniType>(schema: T, method: string, path: string, body?: unknown): Promise<z.output<T>> => schema.parse(await (await ask(method, path, body)).json()) as z.output<T>;
	await ask('POST', '/api/access', { code, token: createHash('sha256').update(token).digest('hex') });
	const sockets: WebSocket[] = [];
	const listeners = new Map<string, (text: string) => void>();
	const send = (message: ClientMessage) => {
		for (const socket of sockets.slice(-1)) socket.send(JSON.stringify(message));
	};
	return {
		address: origin,
		sessions: async () => {
			const all = (await (await ask('GET', '/api/sessions')).json()) as unknown[];
			return all.map((one) => SessionSummary.parse(one)).filter(({ damaged }) => !damaged).map(({ session: id, runbook, closed, changedAt }) => ({ id, runbook, closed, changedAt }));
		},
		open: async (request) => (await get(SessionAnswer, 'POST', '/api/sessions', request)).session,
		entries: async (id) => (await get(SessionAnswer, 'GET', `/api/sessions/${id}`)).entries,
		setValues: async (id, values, detected) => void (await ask('PUT', `/api/sessions/${id}/values`, { values, detected })),
		setMachine: async (id, request) => void (await ask('PUT', `/api/sessions/${id}/machine`, request)),
		follow: (session, from, onEntry, onLost) => {
			const socket = new WebSocket(`${origin.replace('http', 'ws')}/api/socket`, [subprotocol, `${tokenProtocol}${token}`], { origin });
			sockets.push(socket);
			const message: ClientMessage = { type: 'session.follow', session, from };
			socket.on('open', () => socket.send(JSON.stringify(message)));
			socket.on('message', (text) => {
				const parsed = ServerMessage.safeParse(JSON.parse(String(text)));
				if (!parsed.success) return;
				if (parsed.data.type === 'session.entries' && parsed.data.session === session) parsed.data.entries.forEach(onEntry);
				if (parsed.data.type === 'run.events') for (const event of parsed.data.events) if (event.kind === 'output') listeners.get(parsed.data.run)?.(event.text);
			});
			socket.on('error', () => undefined).on('close', onLost);
		},
		start: async (request) => (await get(PhaseAnswer, 'POST', '/api/phases', request)).phase,
		stop: async (phase) => void (await ask('DELETE', `/api/phases/${phase}`)),
		cancel: async (run) => void (await ask('DELETE', `/api/runs/${run}`)),
		mark: async (session, step, node, mark, reason) => void (await ask('POST', `/api/sessions/${session}/marks`, { step, ...(node !== undefined && { node }), mark, reason })),
		listen: (run, onText, signal) => {
			listeners.set(run, onText);
			send({ type: 'run.follow', run, from: 0 });
			signal.addEventListener('abort', () => {
				listeners.delete(run);
				send({ type: 'run.unfollow', run });
			}, { once: true });
		},
		type: (run, text) => Promise.resolve(send({ type: 'run.input', run, id: randomBytes(8).toString('hex'), text })),
		output: async (run) => (await ask('GET', `/api/runs/${run}/output`)).text(),
		close: () => {
			for (const socket of sockets) socket.removeAllListeners('close').close();
			return Promise.resolve();
		},
	};
}

/** The Drover that runs is of an earlier version and does not know what is asked. */
export class OldServer extends Error {
	override readonly name = 'OldServer';
}

async function refusalOf(answer: Response): Promise<Error> {
	const parsed = ProblemsAnswer.safeParse(await answer.json().catch(() => undefined));
	if (!parsed.success || parsed.data.problems.length === 0) return new OldServer(`HTTP ${answer.status}`);
	return new Refusal(...(parsed.data.problems as unknown as Problem[]));
}
