/** CheckProgress at the world for a check: the read-only half of what Drover does to a machine. */
import { open, readdir, stat } from 'node:fs/promises';
import { request } from 'node:http';
import { request as requestTls } from 'node:https';
import { resolve } from 'node:path';
import type { HttpProbe, Probe, RawObservation } from '../../src/runbook/check/check.ts';
import { maxOutputBytes, roundSeconds, runCommand } from './run-command.ts';

/**
 * Looks once, for no longer than `seconds`. Never throws: what went wrong is what was seen, and what did not end in time is given up. `folder` is where relative paths
 * start.
 */
export async function observe(probe: Probe, folder: string, signal: AbortSignal, seconds: number): Promise<RawObservation> {
	const over = AbortSignal.timeout(Math.ceil(seconds * 1000));
	try {
		if (probe.kind === 'command') return await runCommand(probe.command, folder, signal, seconds);
		if (probe.kind === 'http') return await ask(probe.request, AbortSignal.any([signal, over]));
		return await Promise.race([readFileState(resolve(folder, probe.path)), aborted(AbortSignal.any([signal, over]))]);
	} catch (error) {
		if (over.aborted) return { kind: 'time-limit', seconds: roundSeconds(seconds) };
		if (probe.kind === 'http' && isSilence(error)) return { kind: 'no-answer', refused: error.code === 'ECONNREFUSED', reason: reasonOf(error) };
		return { kind: 'nothing', reason: reasonOf(error) };
	}
}

/** A file of a network that does not answer is waited for by the system, without end; nobody else waits with it. */
function aborted(signal: AbortSignal): Promise<never> {
	const { promise, reject } = Promise.withResolvers<never>();
	signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
	if (signal.aborted) reject(signal.reason as Error);
	promise.catch(() => undefined);
	return promise;
}

/** The address was reached, and nobody there answered. Whatever else goes wrong (a name, a way, a certificate) says nothing of who should answer. */
function isSilence(error: unknown): error is NodeJS.ErrnoException {
	return error instanceof Error && 'code' in error && (error.code === 'ECONNREFUSED' || error.code === 'ECONNRESET' || error.code === 'EPIPE');
}

function reasonOf(error: unknown): string {
	if (!(error instanceof Error)) return String(error);
	return error.message === '' && 'code' in error ? String(error.code) : error.message;
}

/** GET, without following redirects: where an answer leads is not what was asked. */
function ask(probe: HttpProbe, signal: AbortSignal): Promise<RawObservation> {
	const { promise, resolve: settle, reject } = Promise.withResolvers<RawObservation>();
	const url = new URL(probe.url);
	const auth = probe.user === undefined ? {} : { auth: `${probe.user}:${probe.password ?? ''}` };
	const send = url.protocol === 'https:' ? requestTls : request;
	const asked = send(url, { ...auth, agent: false, signal }, (answer) => {
		let body = Buffer.alloc(0);
		answer.on('data', (chunk: Buffer) => {
			body = Buffer.concat([body, chunk]);
			if (body.length > maxOutputBytes) answer.destroy(new Error(`The answer is longer than ${maxOutputBytes} bytes.`));
		});
		answer.on('error', reject);
		answer.on('end', () => {
			const headers = Object.fromEntries(Object.entries(answer.headers).map(([name, value]) => [name, [value].flat().join(', ')]));
			settle({ kind: 'answer', status: answer.statusCode ?? 0, headers, body: body.toString('utf8') });
		});
	});
	asked.on('error', reject);
	asked.end();
	return promise;
}

const tailBytes = 4096;

async function readFileState(path: string): Promise<RawObservation> {
	const info = await stat(path).catch((error: NodeJS.ErrnoException) => {
		if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
		throw error;
	});
	if (!info) return { kind: 'file', exists: false, entries: [], tail: '' };
	if (info.isDirectory()) return { kind: 'file', exists: true, entries: await readdir(path), tail: '' };
	if (!info.isFile()) return { kind: 'file', exists: true, entries: [], tail: '' };
	const file = await open(path, 'r');
	try {
		const start = Math.max(0, info.size - tailBytes);
		const { buffer, bytesRead } = await file.read(Buffer.alloc(tailBytes), 0, tailBytes, start);
		return { kind: 'file', exists: true, entries: [], tail: buffer.subarray(0, bytesRead).toString('utf8') };
	} finally {
		await file.close();
	}
}
