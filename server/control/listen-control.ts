import { once } from 'node:events';
import { chmodSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { log } from '../log.ts';
import { chooseSocket, removeSocket } from '../runs/files/socket-path.ts';
import { writeDurably } from '../state/durable.ts';
import type { StateDirectory } from '../state/state-directory.ts';
import { readPlace } from './ask-control.ts';
import { controlFile, ControlRequest, type ControlAnswer } from './protocol.ts';

export interface Control {
	close(): void;
}

/** Answers the command line until it is closed. Without a disk to write to there is none, and the server runs all the same. */
export async function listenForControl(state: StateDirectory, answer: (request: ControlRequest) => ControlAnswer): Promise<Control | undefined> {
	const open = new Set<Socket>();
	const server = createServer((socket) => {
		open.add(socket);
		socket.on('error', () => socket.destroy()).once('close', () => open.delete(socket));
		createInterface({ input: socket }).on('line', (line) => void socket.write(`${JSON.stringify(answerLine(line, answer))}\n`));
	}).unref();
	try {
		const path = chooseSocket(state.sockets);
		server.listen(path);
		await once(server, 'listening');
		chmodSync(path, 0o600);
		writeDurably(join(state.path, controlFile), `${JSON.stringify({ socket: path })}\n`);
		return {
			close: () => {
				for (const socket of open) socket.destroy();
				server.close();
				removeSocket(path);
				removePlace(state.path, path);
			},
		};
	} catch (error) {
		server.close();
		log('error', { message: `Cannot listen for "drover open": ${String(error)}` });
		return undefined;
	}
}

/** Removes what names our socket. Who has the directory by now has named its own. */
function removePlace(folder: string, path: string): void {
	try {
		if (readPlace(folder) === path) rmSync(join(folder, controlFile), { force: true });
	} catch {
		// On a disk that takes no writes by now: nobody answers at that name.
	}
}

function answerLine(line: string, answer: (request: ControlRequest) => ControlAnswer): ControlAnswer {
	try {
		return answer(ControlRequest.parse(JSON.parse(line)));
	} catch (error) {
		return { id: 0, refused: String(error).slice(0, 300) };
	}
}
