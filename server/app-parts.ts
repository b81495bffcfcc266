/** What the HTTP side is built from; each route names what it takes of it. */
import type { Keys } from './access/keys.ts';
import type { Docker } from './docker/docker.ts';
import type { RunbookStore } from './runbooks.ts';
import type { Runtime } from './runtime.ts';

export interface AppParts {
	readonly runbooks: RunbookStore;
	readonly keys: Keys;
	readonly docker: Docker;
	/** Sessions and runs; absent with the reason why nothing can be kept or run. */
	readonly runtime: Runtime;
	/** Folder of the built site. */
	readonly site: string;
	/** Folder that relative paths of values start from. */
	readonly folder: string;
	readonly version: string;
	/** The port that the server listens on; known once it does. */
	readonly port: () => number;
}
