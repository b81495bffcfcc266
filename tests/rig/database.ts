/** A database outside of the server's container, reachable by TCP. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { run } from './command.ts';
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
	/** A folder with `ca.crt`, `server.crt` and `server.key`: then it insists on TLS. */
	readonly tlsFolder?: string;
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

/** Makes an authority of its own and a certificate by it, as `DatabaseOptions.tlsFolder` wants them. */
export async function makeCertificates(folder: string): Promise<string> {
	const at = (name: string) => join(folder, name);
	const key = ['-newkey', 'rsa:2048', '-nodes', '-batch', '-days', '2'];
	await run('openssl', ['req', '-x509', ...key, '-subj', '/CN=Herd authority', '-keyout', at('ca.key'), '-out', at('ca.crt')]);
	await run('openssl', ['req', ...key.slice(0, 4), '-subj', '/CN=herd-db', '-keyout', at('server.key'), '-out', at('server.csr')]);
	await run('openssl', ['x509', '-req', '-days', '2', '-in', at('server.csr'), '-CA', at('ca.crt'), '-CAkey', at('ca.key'), '-CAcreateserial', '-out', at('server.crt')]);
	return folder;
}

/** Starts a database and returns when it takes connections. */
export async function startDatabase(engine: Engine, options: DatabaseOptions = {}): Promise<Database> {
	const { container = `database-${randomBytes(3).toString('hex')}`, user = 'cattle', password = 'cattle', name = 'cattle', version = '5.7.44-log', maxConnections = 200 } = options;
	const tls = options.tlsFolder === undefined ? [] : ['--env', 'DB_TLS_FOLDER=/tls', '--volume', `${options.tlsFolder}:/tls:ro`];
	const settings = { DB_USER: user, DB_PASSWORD: password, DB_NAME: name, DB_VERSION: version, DB_MAX_CONNECTIONS: `${maxConnections}` };
	const env = Object.entries(settings).flatMap(([key, value]) => ['--env', `${key}=${value}`]);
	const publish = engine.address === undefined ? [] : ['--publish', '3306:3306'];
	await engine.docker('run', '--detach', '--name', container, ...publish, ...env, ...tls, ...(options.options ?? []), databaseImage);
	// It makes its files without a network first: an open port is the sign that it is done.
	await engine.docker('exec', container, 'bash', '-c', 'until (exec 3<> /dev/tcp/127.0.0.1/3306) 2> /dev/null; do sleep 0.05; done');
	const host = engine.address ?? (await addressOf(engine, container));
	const port = 3306;
	return { container, host, port, user, password, name, flags: ['--db-host', host, '--db-port', `${port}`, '--db-user', user, '--db-pass', password, '--db-name', name] };
}
