/** Looking at the world for a check: the read-only half of what Drover does to a machine. */
import { spawn } from 'node:child_process';
import { open, readdir, stat } from 'node:fs/promises';
import { request } from 'node:http';
import { request as requestTls } from 'node:https';
import { resolve } from 'node:path';
import type { HttpLook, Look, Observation } from '../../src/runbook/check.ts';
import type { Rendered } from '../../src/runbook/render.ts';
import { readerEnvironment } from '../environment.ts';

/** A check reads that much of an output, in bytes; of a longer one the end. */
const maxOutputBytes = 1024 * 1024;
/** A look at an address that does not answer is given up after this long; the check may try again. */
const httpTimeoutMs = 20_000;

/** Looks once. Never throws: what went wrong is what was seen. `folder` is where relative paths start. */
export async function observe(look: Look, folder: string, signal: AbortSignal): Promise<Observation> {
	try {
		if (look.kind === 'command') return await runCommand(look.command, folder, signal);
		return look.kind === 'http' ? await ask(look.request, signal) : await readFileState(resolve(folder, look.path));
	} catch (error) {
		return { kind: 'nothing', reason: reasonOf(error) };
	}
}

function reasonOf(error: unknown): string {
	if (!(error instanceof Error)) return String(error);
	return error.message === '' && 'code' in error ? String(error.code) : error.message;
}

/** Runs a command without terminal and input; its output and its errors are one text, in the order they came. */
function runCommand(command: Rendered, cwd: string, signal: AbortSignal): Promise<Observation> {
	const [program = '', ...args] = command.argv;
	const { promise, resolve: settle } = Promise.withResolvers<Observation>();
	const child = spawn(program, args, { cwd, env: { ...readerEnvironment(), ...command.env }, stdio: ['ignore', 'pipe', 'pipe'], signal });
	let output = Buffer.alloc(0);
	const collect = (chunk: Buffer) => (output = Buffer.concat([output, chunk]).subarray(-maxOutputBytes));
	child.stdout.on('data', collect);
	child.stderr.on('data', collect);
	child.on('error', (error) => settle({ kind: 'nothing', reason: reasonOf(error) }));
	child.on('close', (code, killedBy) => {
		if (code === null) settle({ kind: 'nothing', reason: `${program}: ${killedBy ?? ''}` });
		else settle({ kind: 'output', exit: code, output: output.toString('utf8') });
	});
	return promise;
}

/** GET, without following redirects: where an answer leads is not what was asked. */
function ask(look: HttpLook, signal: AbortSignal): Promise<Observation> {
	const { promise, resolve: settle, reject } = Promise.withResolvers<Observation>();
	const url = new URL(look.url);
	const auth = look.user === undefined ? {} : { auth: `${look.user}:${look.password ?? ''}` };
	const send = url.protocol === 'https:' ? requestTls : request;
	const asked = send(url, { ...auth, agent: false, signal: AbortSignal.any([signal, AbortSignal.timeout(httpTimeoutMs)]) }, (answer) => {
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

async function readFileState(path: string): Promise<Observation> {
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
