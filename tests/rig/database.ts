/** A database outside of the server's container, reachable by TCP. */
import { randomBytes } from 'node:crypto';
import type { Engine } from './engine.ts';
import { databaseImage } from './images/image-list.ts';
import { addressOf } from './rancher-server.ts';

export interface DatabaseOptions {
	/** Name of the container. */
	readonly container?: string;
	readonly user?: string;
	readonly password?: string;
	/** Name of the database. */
	readonly name?: string;
	/** What it says that it is. Rancher supports MySQL 5.7: the default is one. */
	readonly version?: string;
	readonly maxConnections?: number;
	/** Of `docker run`. */
	readonly options?: readonly string[];
}

export interface Database {
	readonly container: string;
	/** Reachable from this machine and from containers; on a node, from the other nodes too. */
	readonly host: string;
	readonly port: number;
	readonly user: string;
	readonly password: string;
	readonly name: string;
	/** The flags that tell a server of it. */
	readonly flags: readonly string[];
}

/** Starts a database and returns when it takes connections. */
export async function startDatabase(engine: Engine, options: DatabaseOptions = {}): Promise<Database> {
	const { container = `database-${randomBytes(3).toString('hex')}`, user = 'cattle', password = 'cattle', name = 'cattle', version = '5.7.44-log', maxConnections = 200 } = options;
	const settings = { DB_USER: user, DB_PASSWORD: password, DB_NAME: name, DB_VERSION: version, DB_MAX_CONNECTIONS: `${maxConnections}` };
	const env = Object.entries(settings).flatMap(([key, value]) => ['--env', `${key}=${value}`]);
	const publish = engine.address === undefined ? [] : ['--publish', '3306:3306'];
	await engine.docker('run', '--detach', '--name', container, ...publish, ...env, ...(options.options ?? []), databaseImage);
	// It makes its files without a network first: an open port is the sign that it is done.
	await engine.docker('exec', container, 'bash', '-c', 'until (exec 3<> /dev/tcp/127.0.0.1/3306) 2> /dev/null; do sleep 0.05; done');
	const host = engine.address ?? (await addressOf(engine, container));
	const port = 3306;
	return { container, host, port, user, password, name, flags: ['--db-host', host, '--db-port', `${port}`, '--db-user', user, '--db-pass', password, '--db-name', name] };
}
