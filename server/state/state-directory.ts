import { accessSync, constants } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { openPrivateFolder } from './private-folder.ts';
import { explainFailure, StateError } from './state-error.ts';

/** Where everything durable lives; all folders are there, mode 0700. */
export interface StateDirectory {
	readonly path: string;
	readonly runs: string;
	readonly sessions: string;
	/** Sockets of the runs. */
	readonly sockets: string;
	/** What makes runs start sooner: compiled code of the processes that keep them, and the socket of one that stands ready. */
	readonly cache: string;
}

/** Without durable state Drover still serves the manual, and says why it runs nothing. */
export type StateOpening =
	| { readonly kind: 'ready'; readonly state: StateDirectory }
	| { readonly kind: 'unavailable'; readonly error: StateError };

/**
 * Returns `$XDG_STATE_HOME/drover`, or `~/.local/state/drover` when that is unset or relative.
 *
 * Source: XDG Base Directory Specification 0.8.
 */
export function defaultStatePath(env: NodeJS.ProcessEnv = process.env): string {
	const home = env.XDG_STATE_HOME;
	return join(home && isAbsolute(home) ? home : join(homedir(), '.local', 'state'), 'drover');
}

/** Returns why nothing can be written there now: gone, read-only, not ours any more. A full disk is not seen by that. */
export function whyUnwritable({ path }: StateDirectory): StateError | undefined {
	try {
		accessSync(path, constants.W_OK | constants.X_OK);
		return undefined;
	} catch (error) {
		return explainFailure(path, error);
	}
}

/** Opens the state directory, making it when missing. Never throws for what the disk says: the answer carries it. */
export function openStateDirectory(path = defaultStatePath()): StateOpening {
	const root = resolve(path);
	const inside = (name: string): string => join(root, name);
	const state: StateDirectory = {
		path: root,
		runs: inside('runs'),
		sessions: inside('sessions'),
		sockets: inside('s'),
		cache: inside('cache'),
	};
	try {
		for (const folder of Object.values(state)) openPrivateFolder(folder);
		accessSync(root, constants.W_OK);
		return { kind: 'ready', state };
	} catch (error) {
		return { kind: 'unavailable', error: explainFailure(root, error) };
	}
}
