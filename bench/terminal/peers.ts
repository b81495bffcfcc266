/** Two servers that run the same program in a terminal, behind one face: Drover, and ttyd where it is installed. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as rest } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { parseRunFrame } from '../../src/runbook/protocol/run-frames.ts';
import { framesProtocol, subprotocol, tokenProtocol } from '../../src/runbook/protocol/protocol.ts';
import { Terminal } from './terminal.ts';

export interface Peer {
	readonly name: string;
	/** The server's processes: itself and what keeps its runs, without the programs. */
	readonly root: ChildProcess;
	/** Makes everything ready that a page has before its reader presses; resolves with the press. */
	prepare(): Promise<() => Promise<Terminal>>;
	close(): Promise<void>;
}

export const session = join(import.meta.dirname, 'session.sh');

/** `TTYD` names the program; undefined when there is none. ttyd has no package in Debian 12: build it from its public source. */
export async function startTtyd(): Promise<Peer | undefined> {
	const bin = process.env['TTYD'] ?? 'ttyd';
	if (spawnSync(bin, ['--version']).status !== 0) return undefined;
	const port = await freePort();
	const root = spawn(bin, ['-d', '0', '-i', '127.0.0.1', '-p', String(port), '-W', '-O', 'sh', session], { stdio: 'ignore' });
	while (!(await fetch(`http://127.0.0.1:${port}/`).then((answer) => answer.ok, () => false))) await rest(10);
	const press = async (): Promise<Terminal> => {
		const socket = new WebSocket(`ws://127.0.0.1:${port}/ws`, ['tty'], { headers: { Origin: `http://127.0.0.1:${port}` }, perMessageDeflate: false, skipUTF8Validation: true });
		const terminal = new Terminal((text) => socket.send(Buffer.from(`0${text}`)), () => socket.terminate());
		socket.on('message', (data: Buffer) => data[0] === 0x30 && terminal.receive(data.subarray(1)));
		await once(socket, 'open');
		socket.send(JSON.stringify({ AuthToken: '', columns: 80, rows: 24 }));
		return terminal;
	};
	return { name: 'ttyd', root, prepare: () => Promise.resolve(press), close: () => end(root) };
}

export async function startDrover(): Promise<Peer> {
	const root = spawn(process.execPath, [join(import.meta.dirname, 'drover-server.ts')], { stdio: ['pipe', 'pipe', 'inherit'] });
	const [said] = (await once(root.stdout, 'data')) as [Buffer];
	const { port, token } = JSON.parse(said.toString()) as { port: number; token: string };
	const origin = `http://127.0.0.1:${port}`;
	const call = async (method: string, path: string, body: object): Promise<Record<string, string>> => {
		const answer = await fetch(origin + path, { method, headers: { origin, 'content-type': 'application/json', authorization: `Bearer ${token}` }, body: JSON.stringify(body) });
		const text = await answer.text();
		if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
		return text.startsWith('{') ? (JSON.parse(text) as Record<string, string>) : {};
	};
	const values = { session };
	const prepare = async (): Promise<() => Promise<Terminal>> => {
		const opened = await call('POST', '/api/sessions', { runbook: 'bench/terminal', name: 'bench', values, detected: [] });
		const socket = new WebSocket(`ws://127.0.0.1:${port}/api/socket`, [subprotocol, `${tokenProtocol}${token}`, framesProtocol], { headers: { origin }, perMessageDeflate: false, skipUTF8Validation: true });
		await once(socket, 'open');
		return async () => {
			const { run = '' } = await call('POST', '/api/runs', { session: opened['session'], runbook: 'bench/terminal', step: 'session', kind: 'run', values, preview: `sh ${session}`, confirmed: true, size: { columns: 80, rows: 24 } });
			let inputs = 0;
			let ended = false;
			const terminal = new Terminal(
				(text) => socket.send(JSON.stringify({ type: 'run.input', run, id: String((inputs += 1)), text })),
				() => {
					socket.terminate();
					if (!ended) call('DELETE', `/api/runs/${run}`, {}).catch(() => undefined);
				},
			);
			// The text is not needed: what is counted are its bytes.
			socket.on('message', (data: Buffer, isBinary) => {
				if (!isBinary) return;
				({ end: ended } = parseRunFrame(data, (utf8) => {
					// The first text is the run's name.
					if (utf8.byteOffset < data.byteOffset + 11 + run.length) return run;
					terminal.receive(Buffer.from(utf8.buffer, utf8.byteOffset, utf8.length));
					return '';
				}));
			});
			socket.send(JSON.stringify({ type: 'run.follow', run, from: 0 }));
			return terminal;
		};
	};
	return {
		name: 'drover',
		root,
		prepare,
		close: async () => {
			const gone = once(root, 'exit');
			root.stdin.end();
			await gone;
		},
	};
}

async function end(child: ChildProcess): Promise<void> {
	const gone = once(child, 'exit');
	child.kill('SIGTERM');
	await gone;
}

async function freePort(): Promise<number> {
	const server = createServer().listen(0, '127.0.0.1');
	await once(server, 'listening');
	const { port } = server.address() as AddressInfo;
	server.close();
	await once(server, 'close');
	return port;
}
