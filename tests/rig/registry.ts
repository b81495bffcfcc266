/** A registry of Docker images: the one that stands for Docker Hub, or a private one with a login. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run, start } from './command.ts';
import { end, untilItText } from './daemon.ts';

export interface RegistryOptions {
	/** Configuration and, unless `storage` says otherwise, images. */
	readonly folder: string;
	/** An existing folder of images. */
	readonly storage?: string;
	readonly readOnly?: boolean;
	/** Address to listen at; the port is a free one. */
	readonly host?: string;
	readonly login?: { readonly user: string; readonly password: string };
}

export interface Registry {
	/** `host:port` */
	readonly address: string;
	readonly close: () => Promise<void>;
}

export async function startRegistry(options: RegistryOptions): Promise<Registry> {
	const { folder, host = '127.0.0.1' } = options;
	mkdirSync(folder, { recursive: true });
	const config = join(folder, 'config.json');
	writeFileSync(config, JSON.stringify(await configure(options, host)));
	const child = start('docker-registry', ['serve', config], { stdio: ['ignore', 'ignore', 'pipe'] });
	const [, port] = await untilItText(child, /listening on \S+:(\d+)/, join(folder, 'log'));
	return { address: `${host}:${port}`, close: () => end(child) };
}

/** YAML reads JSON. */
async function configure({ folder, storage, readOnly, login }: RegistryOptions, host: string): Promise<object> {
	return {
		version: 0.1,
		log: { level: 'info', accesslog: { disabled: true } },
		storage: {
			filesystem: { rootdirectory: storage ?? join(folder, 'storage') },
			delete: { enabled: true },
			maintenance: { uploadpurging: { enabled: false }, readonly: { enabled: readOnly ?? false } },
		},
		http: { addr: `${host}:0` },
		...(login && { auth: { htpasswd: { realm: 'drover-rig', path: await writePassword(folder, login) } } }),
	};
}

/** The registry takes bcrypt alone, which Debian's `crypt` knows. */
async function writePassword(folder: string, { user, password }: { readonly user: string; readonly password: string }): Promise<string> {
	const hash = await run('perl', ['-e', 'print crypt(<STDIN>, q($2b$05$abcdefghijklmnopqrstuu))'], { input: password });
	const path = join(folder, 'htpasswd');
	writeFileSync(path, `${user}:${hash}\n`);
	return path;
}
