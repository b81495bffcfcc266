/** A program in the background, from its first sign of life to its end. */
import { createWriteStream } from 'node:fs';
import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';

/** Resolves with the match when a daemon writes a line that matches. @throws Error with its last lines when it ends before. */
export function untilItText(child: ChildProcess, pattern: RegExp, logFile: string): Promise<RegExpExecArray> {
	const { promise, resolve, reject } = Promise.withResolvers<RegExpExecArray>();
	const last: string[] = [];
	const log = createWriteStream(logFile);
	if (!child.stderr) throw new TypeError('The daemon has no standard error to read.');
	createInterface(child.stderr).on('line', (line) => {
		log.write(`${line}\n`);
		last.push(line);
		if (last.length > 20) last.shift();
		const match = pattern.exec(line);
		if (match) resolve(match);
	});
	child.on('error', reject);
	child.on('close', (code) => {
		log.end();
		reject(new Error(`"${child.spawnargs.join(' ')}" ended with ${code} before it was ready:\n${last.join('\n')}`));
	});
	return promise;
}

/** Asks a daemon to end, and waits until it has. */
export async function end(child: ChildProcess): Promise<void> {
	if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
	const ended = new Promise((resolve) => child.once('exit', resolve));
	const kill = setTimeout(() => child.kill('SIGKILL'), 20_000);
	child.kill('SIGTERM');
	await ended;
	clearTimeout(kill);
}
