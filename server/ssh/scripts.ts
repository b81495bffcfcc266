/**
 * What runs on another machine beside the reader's commands: constant Bash of the folder `far`, for bash 4.2 and coreutils 8.22. Each is started by the wrapper (`far-wrapper.ts`), with arguments
 * that are names and numbers; secrets and the words of a command come by variables and the standard input. An answer ends with NUL, its exit code and a line's end: one that was cut off
 * is none.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const text = (path: string): string => readFileSync(path, 'utf8');
const neutral = text(join(import.meta.dirname, 'far/neutral.sh'));
const limited = text(join(import.meta.dirname, 'far/limited.sh'));
const place = text(join(import.meta.dirname, 'far/place.sh'));
const leader = text(join(import.meta.dirname, 'far/leader.sh'));
const file = text(join(import.meta.dirname, 'far/file.sh'));
const http = text(join(import.meta.dirname, 'far/http.sh'));
const probe = text(join(import.meta.dirname, 'far/probe.sh'));
const start = text(join(import.meta.dirname, 'far/start.sh'));
const status = text(join(import.meta.dirname, 'far/status.sh'));
const attach = text(join(import.meta.dirname, 'far/attach.sh'));
const read = text(join(import.meta.dirname, 'far/read.sh'));
const resize = text(join(import.meta.dirname, 'far/resize.sh'));
const signal = text(join(import.meta.dirname, 'far/signal.sh'));
const remove = text(join(import.meta.dirname, 'far/remove.sh'));
const lock = text(join(import.meta.dirname, 'far/lock.sh'));
const unlock = text(join(import.meta.dirname, 'far/unlock.sh'));

const bash = (script: string, ...args: readonly (string | number)[]): readonly string[] => ['bash', '--norc', '-c', script, 'drover', ...args.map(String)];

/** Both outputs of a program as one text, in an environment without taste. */
export const checkScript = (seconds: number, argv: readonly string[]): readonly string[] => bash(`${neutral}exec 2>&1\n${limited}`, seconds, ...argv);
/** The output of a program; its errors come apart. */
export const askScript = (seconds: number, argv: readonly string[]): readonly string[] => bash(limited, seconds, ...argv);
export const fileScript = (path: string): readonly string[] => bash(file, path);
export const probeScript = (): readonly string[] => bash(probe);

export interface FarRequest {
	readonly url: string;
	readonly host: string;
	readonly port: string;
	readonly path: string;
	readonly seconds: number;
}

export const httpScript = ({ url, host, port, path, seconds }: FarRequest): readonly string[] => bash(`${neutral}${http}`, url, host, port, path, seconds);
export const startScript = (run: string, columns: number, rows: number): readonly string[] => bash(`${place}${start}`, run, columns, rows, leader);
/** `claim`: where the run is not there, it cannot be begun any more. */
export const statusScript = (run: string, claim = false): readonly string[] => bash(`${place}${status}`, run, ...(claim ? ['claim'] : []));
/** `skip`: how many bytes are known already. */
export const attachScript = (run: string, skip: number): readonly string[] => bash(`${place}${attach}`, run, skip + 1);
export const readScript = (run: string, skip: number): readonly string[] => bash(`${place}${read}`, run, skip + 1);
export const resizeScript = (run: string, columns: number, rows: number): readonly string[] => bash(`${place}${resize}`, run, columns, rows);
export type FarSignal = 'INT' | 'TERM' | 'KILL' | '0';
export const signalScript = (run: string, name: FarSignal): readonly string[] => bash(`${place}${signal}`, run, name);
export const removeScript = (run: string): readonly string[] => bash(`${place}${remove}`, run);
export const lockScript = (session: string, who: string): readonly string[] => bash(lock, session, who);
export const unlockScript = (session: string): readonly string[] => bash(unlock, session);

/** Words as `start` reads them from its standard input. */
export const encodeWords = (words: readonly string[]): string => words.map((word) => `${word}\0`).join('');
