/**
 * What goes over a run's socket: one JSON object a line. On one side the supervisor, on the other servers (any number, one after
 * another) and the leader. Both ends are processes of the same user in a folder that nobody else enters; each side still drops
 * lines that it does not understand. A server that asks for frames gets output too, and after `hello` everything in frames (see `frames.ts`); a supervisor
 * that knows none says `hello` without them. The processes that keep a run import this file: nothing slow here.
 */
import type { Socket } from 'node:net';
import type { Identity } from '../../state/identity.ts';
import type { End, Exit } from './run-files.ts';
import type { Stayer } from '../../../src/runbook/run/run-state.ts';

export const protocol = 1;

/** What the supervisor is told on its standard input, before `go`. */
export interface Order {
	readonly run: string;
	/** Where servers find the supervisor; it may have been made under another name. */
	readonly socket: string;
	readonly argv: readonly string[];
	readonly env: Readonly<Record<string, string>>;
	readonly cwd: string;
	readonly umask: number;
	readonly secrets: readonly string[];
	readonly columns: number;
	readonly rows: number;
}

export type InputResult = 'typed' | 'refused';

export type ToSupervisor =
	| { readonly type: 'server'; readonly protocol: number; readonly frames?: true }
	| { readonly type: 'input'; readonly id: string; readonly base64: string }
	| { readonly type: 'resize'; readonly columns: number; readonly rows: number }
	| { readonly type: 'release' }
	| { readonly type: 'ping' }
	| { readonly type: 'holder'; readonly who: Identity; readonly terminal: string }
	| { readonly type: 'spawned'; readonly program: Identity; readonly startedAt: string }
	| { readonly type: 'exit'; readonly exit: Exit };

export type ToServer =
	| { readonly type: 'hello'; readonly protocol: number; readonly run: string; readonly frames?: true }
	| { readonly type: 'pong' }
	| { readonly type: 'live' }
	| { readonly type: 'wrote'; readonly n: number }
	| { readonly type: 'input'; readonly id: string; readonly result: InputResult }
	| { readonly type: 'exit'; readonly exit: Exit }
	| { readonly type: 'stayers'; readonly stayers: readonly Stayer[] }
	| { readonly type: 'end'; readonly end: End };

export type ToLeader =
	| {
			readonly type: 'start';
			readonly argv: readonly string[];
			readonly env: Readonly<Record<string, string>>;
			readonly cwd: string;
			readonly umask: number;
	  }
	| { readonly type: 'release' };

export function send(socket: Socket, message: ToSupervisor | ToServer | ToLeader): void {
	if (socket.writable) socket.write(`${JSON.stringify(message)}\n`);
}

const maxLineLength = 4 * 1024 * 1024;

/** Calls back for each whole line. A peer that never ends its line is cut off. */
export function onLines(socket: Socket, take: (line: string) => void): void {
	let rest = '';
	socket.setEncoding('utf8');
	socket.on('data', (text: string) => {
		const lines = (rest + text).split('\n');
		rest = lines.pop() ?? '';
		if (rest.length > maxLineLength) socket.destroy();
		for (const line of lines) take(line);
	});
}
