/**
 * How Drover calls the reader's own ssh: with his configuration, keys, agent, jump hosts and known hosts. What is set here takes away what he did not ask for (forwarding, terminals,
 * commands of his configuration) and weakens nothing: no key of a host is accepted, no algorithm added. Source: ssh_config(5).
 */
import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { destinationWords } from '../../src/runbook/values/machine.ts';

/** ssh puts 17 characters behind the path while it makes the socket; unix(7) takes 107. */
const longestPath = 90;

/** Where the socket of a machine's connection is: the same for every process of this state directory. */
export function controlPath(sockets: string, ssh: string): string {
	const name = `m-${createHash('sha256').update(ssh).digest('hex').slice(0, 12)}`;
	const path = join(sockets, name);
	if (Buffer.byteLength(path) <= longestPath) return path;
	const folder = join(tmpdir(), `drover-ssh-${process.getuid?.() ?? 0}-${createHash('sha256').update(sockets).digest('hex').slice(0, 12)}`);
	mkdirSync(folder, { mode: 0o700, recursive: true });
	const { uid, mode } = lstatSync(folder);
	if (uid !== process.getuid?.() || (mode & 0o777) !== 0o700 || !lstatSync(folder).isDirectory()) throw new RangeError(`The folder "${folder}" is not ours alone.`);
	return join(folder, name);
}

const never = ['RemoteCommand=none', 'RequestTTY=no', 'ForwardAgent=no', 'ForwardX11=no', 'ClearAllForwardings=yes', 'PermitLocalCommand=no', 'Tunnel=no', 'EscapeChar=none', 'UpdateHostKeys=no'];
/** A connection that is cut is noticed within a quarter of a minute. */
const watched = ['ServerAliveInterval=5', 'ServerAliveCountMax=3', 'ConnectTimeout=10'];

const asOptions = (settings: readonly string[]): string[] => settings.flatMap((one) => ['-o', one]);

/** Arguments that open the connection which all others of a machine share; it goes into the background, and ends an hour after its last use. `asks`: in a terminal, where ssh may ask. */
export function masterArgs(ssh: string, socket: string, asks: boolean): readonly string[] {
	const settings = [...never, ...watched, 'ControlMaster=yes', `ControlPath=${escapePercent(socket)}`, 'ControlPersist=3600', ...(asks ? [] : ['BatchMode=yes', 'LogLevel=INFO'])];
	return [...asOptions(settings), '-N', '-f', ...destinationWords(ssh)];
}

/** Arguments that run one line there, without a terminal and without a question. */
export function sessionArgs(ssh: string, socket: string, line: string): readonly string[] {
	return [...asOptions([...never, ...watched, 'ControlMaster=no', `ControlPath=${escapePercent(socket)}`, 'BatchMode=yes', 'LogLevel=ERROR']), '-T', ...destinationWords(ssh), line];
}

/** Arguments that ask the shared connection for something: whether it is there, or to end. */
export function controlArgs(ssh: string, socket: string, command: 'check' | 'exit'): readonly string[] {
	return [...asOptions([`ControlPath=${escapePercent(socket)}`]), '-O', command, ...destinationWords(ssh)];
}

const escapePercent = (path: string): string => path.replaceAll('%', '%%');
