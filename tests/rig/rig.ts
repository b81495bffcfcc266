/** The rig: a Docker engine of its own with everything on it that the upgrade of a Rancher server needs. README.md shows how to use it. */
import { mkdirSync, mkdtempSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { startDatabase, type Database, type DatabaseOptions } from './database.ts';
import { startEngine, type Engine } from './engine.ts';
import { takeFingerprint, type Fingerprint } from './fingerprint.ts';
import { buildImages } from './images/build-images.ts';
import { turnKnobs, type Knobs } from './knobs.ts';
import { addBridge } from './network.ts';
import { startNodes } from './nodes.ts';
import type { Place } from './place-names.ts';
import { claimPlace } from './place.ts';
import { startServer, untilLog, untilUp, type RancherServer, type ServerOptions } from './rancher-server.ts';
import { startRegistry, type Registry, type RegistryOptions } from './registry.ts';
import { askWith, type Ask, type DatabaseAt } from './sql.ts';
import { sweep } from './sweep.ts';

/** One engine with what tests do on it: the main one, or a node. */
export interface Station {
	/** What `docker`, or a program that calls it, needs to speak to this engine. */
	readonly env: Engine['env'];
	/** Runs `docker` and returns what it prints. @throws Error when it fails. */
	readonly docker: Engine['docker'];
	/** Starts a server and returns when it is up. */
	readonly server: (options: ServerOptions) => Promise<RancherServer>;
	/** Starts a database outside of any server. */
	readonly database: (options?: DatabaseOptions) => Promise<Database>;
	/** Resolves when a server that was started by other hands is up. */
	readonly untilUp: (container: string) => Promise<void>;
	/** Resolves with the first line of a container's log, since its last start, that matches. */
	readonly untilLog: (container: string, pattern: RegExp) => Promise<string>;
	/** Runs SQL in a server's database. */
	readonly ask: Ask;
	/** All rows that must survive an upgrade. */
	readonly fingerprint: (at: DatabaseAt) => Promise<Fingerprint>;
	/** Sets what the stand-in does from its next look on. It is kept in the database, and survives upgrades. */
	readonly turn: (at: DatabaseAt, knobs: Knobs) => Promise<void>;
}

/** A machine of a cluster. */
export interface Node extends Station {
	readonly name: string;
	/** Where published ports of its containers are reached. */
	readonly address: string;
}

export interface Rig extends Station {
	readonly place: Place;
	/** Starts a private registry of images. */
	readonly registry: (options?: Pick<RegistryOptions, 'login'>) => Promise<Registry>;
	/** Starts engines on a network of their own, each with all its ports free. Once for a rig. */
	readonly nodes: (count?: number) => Promise<Node[]>;
	/** A folder that goes with the rig. */
	readonly folder: () => string;
	/** A port that nobody uses at the moment, and that nobody is given by chance. */
	readonly freePort: () => Promise<number>;
	/** Ends everything; nothing is left behind. */
	readonly close: () => Promise<void>;
}

export async function startRig(): Promise<Rig> {
	const store = await buildImages();
	const place = await claimPlace();
	const owned: { readonly close: () => Promise<void> }[] = [];
	const close = async (): Promise<void> => {
		for (const one of owned.splice(0).reverse()) await one.close();
		await sweep(place);
	};
	const own = <T extends { readonly close: () => Promise<void> }>(one: T): T => {
		owned.push(one);
		return one;
	};
	try {
		await addBridge(place, place.bridge, `${place.network}.1`);
		const mirror = own(await startRegistry({ folder: join(place.folder, 'mirror'), storage: store, readOnly: true }));
		const engine = own(await startEngine({ folder: join(place.scratch, 'main'), bridge: place.bridge, cgroup: place.cgroup, mirror: mirror.address }));
		mkdirSync(join(place.folder, 'tests'));
		const folder = (): string => mkdtempSync(join(place.folder, 'tests', 'folder-'));
		return {
			place,
			...stationOn(engine),
			registry: async (options = {}) => own(await startRegistry({ folder: folder(), ...options })),
			nodes: async (count = 3) => own(await startNodes(place, count, store)).nodes.map((node) => ({ ...stationOn(node), name: node.name, address: node.address })),
			folder,
			freePort: () => freePort(place),
			close,
		};
	} catch (error) {
		await close();
		throw error;
	}
}

export function stationOn(engine: Engine): Station {
	const ask = askWith(engine.env);
	return {
		env: engine.env,
		docker: engine.docker,
		server: (options) => startServer(engine, options),
		database: (options) => startDatabase(engine, options),
		untilUp: (container) => untilUp(engine, container),
		untilLog: (container, pattern) => untilLog(engine, container, pattern),
		ask,
		fingerprint: (at) => takeFingerprint(ask, at),
		turn: (at, knobs) => turnKnobs(ask, at, knobs),
	};
}

/** The ports that each place has for itself, below those that the system gives to whoever asks for any: two rigs side by side, or a client, take none of them. */
const firstPort = 20_000;
const portsOfAPlace = 50;
let taken = 0;

async function freePort({ number }: Place): Promise<number> {
	for (let tries = 0; tries < portsOfAPlace; tries++) {
		const port = firstPort + number * portsOfAPlace + (taken++ % portsOfAPlace);
		if (await isFree(port)) return port;
	}
	throw new Error(`Every port of place ${number} is taken.`);
}

function isFree(port: number): Promise<boolean> {
	const { promise, resolve } = Promise.withResolvers<boolean>();
	const server = createServer().on('error', () => resolve(false));
	server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
	return promise;
}
