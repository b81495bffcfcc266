/** The only file that imports node-pty. */
import { readSync, writeSync } from 'node:fs';
import { maxEventLength } from '../../../src/runbook/run/recording-line.ts';
import { spawn, type IPty } from '@lydell/node-pty';
import { errorCode } from '../../state/state-error.ts';

export interface TerminalOptions {
	readonly file: string;
	readonly args: readonly string[];
	readonly env: Readonly<Record<string, string>>;
	readonly columns: number;
	readonly rows: number;
	/** The bytes are good until it returns. */
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

/** A terminal hands out less than 4 KiB at once, however much there is; n_tty.c, N_TTY_BUF_SIZE. So many bytes of a flood become one event, with what a piece before left of a character. */
const batchBytes = maxEventLength - 4;
/** A shorter piece is a key's echo or a line: nothing is waiting behind it. */
const fullPiece = 1024;

function readAvailable(fd: number, take: (bytes: Uint8Array) => void): void {
	const buffer = Buffer.alloc(64 * 1024);
	try {
		// A read that finds nothing (EAGAIN) has made the kernel hand over all that was written before it; n_tty.c, n_tty_read().
		for (let count = readSync(fd, buffer); count > 0; count = readSync(fd, buffer))
			take(buffer.subarray(0, count));
	} catch {
		// EAGAIN: drained. EIO: nobody can write any more. EBADF: closed, hence read to its end.
	}
}

/** Adds to a piece what the terminal has besides, up to a batch: a flood costs a turn of the event loop for each batch and not for each piece. */
function fill(fd: number, batch: Buffer, piece: Uint8Array): Uint8Array {
	if (piece.length < fullPiece || piece.length >= batchBytes) return piece;
	batch.set(piece);
	let length = piece.length;
	try {
		for (let count = fullPiece; count >= fullPiece && length + fullPiece <= batchBytes; length += count) {
			count = readSync(fd, batch, length, batchBytes - length, null);
			if (count === 0) break;
		}
	} catch {
		// As above; what the event loop finds of it, it tells itself.
	}
	return batch.subarray(0, length);
}

/** Without an encoding, node-pty hands out bytes; its types say text. */
function asBytes(data: string | Uint8Array): Uint8Array {
	return typeof data === 'string' ? Buffer.from(data) : data;
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
	const batch = Buffer.alloc(batchBytes);
	pty.onData((data) => options.onBytes(fill(fd, batch, asBytes(data))));
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
