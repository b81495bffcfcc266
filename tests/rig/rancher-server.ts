/** A running stand-in for Rancher Server, and what tests ask of it. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Engine } from './engine.ts';
import { fillStatements } from './fill.ts';
import { releases } from './images/releases.ts';
import { askWith } from './sql.ts';

export interface ServerOptions {
	/** Name of the container. */
	readonly name: string;
	/** Tag of `rancher/server`. */
	readonly tag: string;
	/** Of `docker run`, before the image. */
	readonly options?: readonly string[];
	/** Flags of the server, after the image. */
	readonly args?: readonly string[];
	/** Whether the server is filled with rows (and then asks for a login, unless `accessControl` says otherwise). */
	readonly data?: boolean;
	readonly accessControl?: boolean;
	/** Registry in front of the image's name: `host:port`. */
	readonly registry?: string;
}

export interface RancherServer {
	readonly name: string;
	readonly tag: string;
	/** `http://address:8080` of the container itself, which needs no published port; on a node, that of the node. */
	readonly url: string;
}

/** The stand-in's own line of log: agents have been pinged, and are back. */
export const agentsAreBack = /^rig: agents are back$/;

/** Starts a server and returns when it is up. @throws Error with its log when it ends before. */
export async function startServer(engine: Engine, options: ServerOptions): Promise<RancherServer> {
	const { name, tag, options: dockerOptions = [], args = [], data = false, accessControl = data, registry } = options;
	const image = `${registry === undefined ? '' : `${registry}/`}rancher/server:${tag}`;
	await engine.docker('run', '--detach', '--name', name, ...dockerOptions, image, ...args);
	await untilUp(engine, name);
	if (data) {
		// What a start moves has come to rest before there is something to move.
		await untilLog(engine, name, agentsAreBack);
		const version = releases.find((release) => release.version === tag)?.version ?? (await versionOf(engine, name));
		await askWith(engine.env)({ container: name }, fillStatements(version, accessControl));
	}
	return { name, tag, url: await urlOf(engine, name) };
}

/** Resolves when a server has come up since the container was started last. @throws Error with its log when it ends before. */
export async function untilUp(engine: Engine, container: string): Promise<void> {
	await untilLog(engine, container, /Startup Succeeded/);
}

/** Resolves with the first line of a container's log, since it was started last, that matches. @throws Error with its log when it ends before. */
export async function untilLog(engine: Engine, container: string, pattern: RegExp): Promise<string> {
	const since = await engine.docker('container', 'inspect', '--format', '{{.State.StartedAt}}', container);
	const child = spawn('docker', ['logs', '--follow', '--since', since, container], { env: { ...process.env, ...engine.env }, stdio: ['ignore', 'pipe', 'pipe'] });
	const { promise, resolve, reject } = Promise.withResolvers<string>();
	const said: string[] = [];
	for (const stream of [child.stdout, child.stderr]) {
		createInterface(stream).on('line', (line) => {
			said.push(line);
			if (pattern.test(line)) resolve(line);
		});
	}
	child.on('error', reject);
	child.on('close', () => reject(new Error(`Container "${container}" ended without a line that matches ${pattern}:\n${said.slice(-40).join('\n')}`)));
	try {
		return await promise;
	} finally {
		child.kill();
	}
}

async function urlOf(engine: Engine, container: string): Promise<string> {
	return `http://${engine.address ?? ((await addressOf(engine, container)) || '127.0.0.1')}:8080`;
}

/** Returns a container's own address, or nothing when it shares the network of its machine. */
export function addressOf(engine: Engine, container: string): Promise<string> {
	return engine.docker('container', 'inspect', '--format', '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}', container);
}

async function versionOf(engine: Engine, container: string): Promise<string> {
	const release = await engine.docker('exec', container, 'cat', '/usr/lib/rancher/release.json');
	return /"version":"([^"]*)"/.exec(release)?.[1] ?? '';
}
