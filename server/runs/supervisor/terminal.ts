/** The only file that imports node-pty. */
import { readSync, writeSync } from 'node:fs';
import { spawn, type IPty } from '@lydell/node-pty';
import { errorCode } from '../../state/state-error.ts';

export interface TerminalOptions {
	readonly file: string;
	readonly args: readonly string[];
	readonly env: Readonly<Record<string, string>>;
	readonly columns: number;
	readonly rows: number;
	readonly onBytes: (bytes: Uint8Array) => void;
	/** The session leader has ended. */
	readonly onExit: () => void;
}

/** The master side of a pseudo-terminal whose session leader is the given program. */
export interface Terminal {
	readonly leader: number;
	resize(columns: number, rows: number): void;
	/** Writes what the terminal takes now, and returns how much that was: 0 when nobody reads the other side. */
	write(bytes: Uint8Array): number;
	/** Takes out everything that was printed so far, whatever the event loop has not come to yet. */
	drain(): void;
}

/**
 * The descriptor of the master side: node-pty has it, its types do not. Its own `write` blocks the whole process when nobody reads the
 * other side (libuv keeps the master of a terminal in blocking mode for writes), so nothing is written through it.
 */
function masterOf(pty: IPty): number {
	if ('fd' in pty && typeof pty.fd === 'number') return pty.fd;
	throw new TypeError('Cannot find the descriptor of a terminal: this version of node-pty does not tell it.');
}

function readAvailable(fd: number, take: (bytes: Uint8Array) => void): void {
	const buffer = Buffer.alloc(64 * 1024);
	try {
		// A read that finds nothing (EAGAIN) has made the kernel hand over all that was written before it; n_tty.c, n_tty_read().
		for (let count = readSync(fd, buffer); count > 0; count = readSync(fd, buffer))
			take(Buffer.from(buffer.subarray(0, count)));
	} catch {
		// EAGAIN: drained. EIO: nobody can write any more. EBADF: closed, hence read to its end.
	}
}

/** Opens a terminal and starts its session leader. @throws when the system has no terminal left. */
export function openTerminal(options: TerminalOptions): Terminal {
	const pty = spawn(options.file, [...options.args], {
		name: 'xterm-256color',
		cols: options.columns,
		rows: options.rows,
		cwd: '/',
		env: { ...options.env },
		encoding: null,
	});
	const fd = masterOf(pty);
	let open = true;
	pty.onData((data) => options.onBytes(Buffer.from(data)));
	pty.onExit(() => {
		open = false;
		options.onExit();
	});
	return {
		leader: pty.pid,
		resize(columns, rows) {
			if (open) pty.resize(columns, rows);
		},
		write(bytes) {
			if (!open) return 0;
			try {
				return writeSync(fd, bytes);
			} catch (error) {
				if (errorCode(error) === 'EAGAIN') return 0;
				throw error;
			}
		},
		drain() {
			if (open) readAvailable(fd, options.onBytes);
		},
	};
}
