/** A sshd for a test, and the reader's ssh that leads to it and to nothing else. */
import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSsh, type Ssh } from '../../server/ssh/ssh.ts';
import type { Sshd } from './sshd.ts';

/** Puts a program `ssh` into a folder: the real one, with a configuration for tests. Returns the `PATH` that finds it first. */
export function readersPath(config: string): string {
	const folder = mkdtempSync(join(tmpdir(), 'drover-reader-'));
	writeFileSync(join(folder, 'ssh'), `#!/bin/sh\nexec /usr/bin/ssh -F ${config} "$@"\n`);
	chmodSync(join(folder, 'ssh'), 0o755);
	return `${folder}:${process.env['PATH'] ?? ''}`;
}

export function sshTo(sshd: Pick<Sshd, 'clientConfig'>, env: Record<string, string> = {}): Ssh {
	const sockets = mkdtempSync(join(tmpdir(), 'drover-sockets-'));
	const path = readersPath(sshd.clientConfig);
	return createSsh(sockets, () => ({ PATH: path, HOME: '/nonexistent', ...env }));
}


export function writeProgram(path: string, text: string): void {
	writeFileSync(path, text);
	chmodSync(path, 0o755);
}
