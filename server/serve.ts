/** A whole Drover server: state, lock, keys, app, sockets. What is opened here is closed by its `close()`; runs go on. */
import { learnInterface, type Content } from '../src/content/content.ts';
import { createApp } from './app.ts';
import { removeAddressFiles, writeAddressFile } from './access/address-file.ts';
import { createKeys, type Keys } from './access/keys.ts';
import { tokenFile } from './access/token-file.ts';
import { listenForControl } from './control/listen-control.ts';
import { createDocker } from './docker/docker.ts';
import { listenOnLoopback } from './listen.ts';
import { log } from './log.ts';
import { openRuntime } from './open-runtime.ts';
import { createRunbookStore } from './runbooks.ts';
import { attachSockets } from './socket/socket.ts';
import { takeLock, type HeldLock, type LockElsewhere, type TakenLock } from './state/lock.ts';
import { openStateDirectory, type StateOpening } from './state/state-directory.ts';
import { StateError } from './state/state-error.ts';
import type { Runtime } from './runtime.ts';

export interface ServeOptions {
	readonly content: Content;
	/** Folder of the built site. */
	readonly site: string;
	/** Folder that relative paths of values start from. */
	readonly folder: string;
	readonly version: string;
	/** Default: `$XDG_STATE_HOME/drover`. */
	readonly stateDir?: string;
	readonly port: number;
	/** Fail when the port is taken, instead of trying the next. */
	readonly exactPort: boolean;
	/** The wall clock by which codes and tokens expire. */
	readonly nowMs?: () => number;
}

export interface Served {
	readonly port: number;
	readonly keys: Keys;
	readonly runtime: Runtime;
	/** Where a reader opens the page: with a fresh one-time code in the fragment, which never reaches a server's log. */
	address(): string;
	/** A page in the state directory that leads to a fresh address; gone once the code is used or too old. Undefined where nothing can be written. */
	addressFile(): string | undefined;
	/** Fulfilled when the state directory was given to another machine: this server has to end. Never without a state directory. */
	readonly lost: Promise<void>;
	/** Takes other content in place of the present one, once its pages are built, and has open pages load again. */
	reload(content: Content): void;
	close(): Promise<void>;
}

/** Another server uses the same state directory, or one of another machine may. */
export class AnotherServer extends Error {
	override readonly name = 'AnotherServer';
	/** The state directory. */
	readonly folder: string;
	readonly lock: TakenLock | LockElsewhere;

	constructor(folder: string, lock: TakenLock | LockElsewhere) {
		super(`Another Drover has ${folder}.`);
		this.folder = folder;
		this.lock = lock;
	}
}

/** Opens the state directory for this server alone. @throws AnotherServer */
async function openAlone(path: string | undefined): Promise<{ opening: StateOpening; lock?: HeldLock }> {
	const opening = openStateDirectory(path);
	if (opening.kind !== 'ready') return { opening };
	try {
		const lock = await takeLock(opening.state);
		if (lock.kind !== 'held') throw new AnotherServer(opening.state.path, lock);
		return { opening, lock };
	} catch (error) {
		if (error instanceof StateError) return { opening: { kind: 'unavailable', error } };
		throw error;
	}
}

/** @throws AnotherServer, PortTaken */
export async function serve(options: ServeOptions): Promise<Served> {
	learnInterface(options.content);
	const runbooks = createRunbookStore(options.content);
	const { opening, lock } = await openAlone(options.stateDir);
	const state = opening.kind === 'ready' ? opening.state : undefined;

	const runtime = openOrExplain(options, opening);
	const keys = createKeys(options.nowMs ?? Date.now, state && tokenFile(state));
	let port = 0;
	const parts = { runbooks, keys, runtime, docker: createDocker(), site: options.site, folder: options.folder, version: options.version, port: () => port };
	const app = createApp(parts);
	const listening = await listenOnLoopback(app, options.port, options.exactPort).catch(async (error: unknown) => {
		await closeParts(runtime, lock);
		throw error;
	});
	port = listening.port;
	keys.bindTo(port);
	const accessPolicy = () => ({ port, knows: keys.knows });
	const sockets = attachSockets(listening.servers, accessPolicy, runtime, keys);
	const base = `http://127.0.0.1:${port}/`;
	announce(lock, base);
	const files = new Map<string, string>();
	const removeFile = (code: string) => {
		const file = files.get(code);
		if (state && file !== undefined) removeAddressFiles(state.path, [file]);
		files.delete(code);
	};
	keys.events.on('spent', removeFile);
	const addressOf = (code: string) => `${base}#code=${code}`;
	const writeFile = (code: string): string | undefined => {
		if (!state) return undefined;
		try {
			const file = writeAddressFile(state.path, addressOf(code));
			files.set(code, file);
			return file;
		} catch (error) {
			log('error', { message: `Cannot write the page for the browser: ${String(error)}` });
			return undefined;
		}
	};
	if (state) removeAddressFiles(state.path);
	const control = state && (await listenForControl(state, ({ id, file: wantsFile }) => {
		const code = keys.makeCode();
		const file = wantsFile ? writeFile(code) : undefined;
		return { id, address: addressOf(code), ...(file !== undefined && { file }) };
	}));

	return {
		port,
		keys,
		runtime,
		lost: lock?.lost ?? new Promise(() => {}),
		address: () => addressOf(keys.makeCode()),
		addressFile: () => writeFile(keys.makeCode()),
		reload: (content) => {
			learnInterface(content);
			runbooks.reload(content);
			sockets.tell({ type: 'site.changed' });
		},
		close: async () => {
			control?.close();
			for (const code of [...files.keys()]) removeFile(code);
			keys.events.off('spent', removeFile);
			sockets.close();
			await listening.close();
			await closeParts(runtime, lock);
		},
	};

	function openOrExplain({ folder }: ServeOptions, found: typeof opening): Runtime {
		if (found.kind === 'unavailable') return { ready: false, problem: { name: found.error.problem, slots: found.error.slots } };
		try {
			return openRuntime({ state: found.state, runbooks, folder });
		} catch (error) {
			if (!(error instanceof StateError)) throw error;
			return { ready: false, problem: { name: error.problem, slots: error.slots } };
		}
	}
}

/** A server whose disk is full is still a server: another one is told that it is there, not where. */
function announce(lock: HeldLock | undefined, address: string): void {
	try {
		lock?.announce(address);
	} catch (error) {
		log('error', { message: `Cannot write down where this server is: ${String(error)}` });
	}
}

async function closeParts(runtime: Runtime, lock: HeldLock | undefined): Promise<void> {
	if (runtime.ready) await runtime.close();
	lock?.close();
}
