/** What a server of Rancher 1.x does that the runbooks rely on, asked in the same way of the real image and of the rig's stand-in. */
import { setTimeout as wait } from 'node:timers/promises';

/** Runs `docker` and returns what it prints, without the last line end. @throws Error when it fails. */
export type Docker = (...args: readonly string[]) => Promise<string>;

export interface Observed {
	/** What was asked. */
	readonly about: string;
	readonly observed: string;
}

/** Lines that the runbooks and the guide read, in the order in which a first start logs them. */
const firstStart = ['Running mysql_install_db', 'Importing schema', 'Starting DB migration', 'DB migration done', 'Startup Succeeded, Listening on port 8081'];

/** A server that was started for the first time, on an empty volume, and is up. Stops it and starts it again; it runs afterwards. `logOf`: both outputs of `docker logs`. */
export async function observeServer(docker: Docker, container: string, logOf: (container: string) => Promise<string>): Promise<readonly Observed[]> {
	const sql = (query: string) => docker('exec', container, 'mysql', '--batch', '--skip-column-names', '--execute', query, 'cattle');
	const lastLine = async () => (await docker('exec', container, 'sh', '-c', 'grep -v "^ *$" /var/log/mysql/error.log | tail -n 1')).replace(/^[\d: -]+/, '');
	const observed: Observed[] = [];
	const note = (about: string, text: string) => observed.push({ about, observed: text.trim().replaceAll('\n', ', ') });

	note('volumes', (await docker('container', 'inspect', '--format', '{{range .Mounts}}{{println .Type .Destination}}{{end}}', container)).trim().split('\n').sort().join('\n'));
	const log = await logOf(container);
	note('log of the first start', firstStart.filter((line) => log.includes(line)).join('\n'));
	note('owner of the database', await docker('exec', container, 'stat', '--format=%u:%g', '/var/lib/mysql/ibdata1'));
	note('the catalog is in a volume', await docker('exec', container, 'sh', '-c', '[ -d /var/lib/cattle/cache ] && echo yes || echo no'));
	note('answer without a login', await docker('exec', container, 'curl', '--silent', '--output', '/dev/null', '--write-out', '%{http_code}', 'http://127.0.0.1:8080/v1/projects'));
	note('agents\' accounts without a host', await sql("SELECT COUNT(*) FROM account WHERE removed IS NULL AND kind IN ('agent', 'registeredAgent')"));
	note('lock of the migration', await sql('SELECT COUNT(*) FROM DATABASECHANGELOGLOCK WHERE LOCKED = 1'));

	// A plain stop: nobody waits for the database.
	const began = Date.now();
	await docker('stop', '--time', '60', container);
	note('a plain stop', Date.now() - began < 30_000 ? 'ends long before its time is over' : 'takes its whole time');
	await docker('start', container);
	await untilPong(docker, container);
	note('the same container starts again', 'yes');
	// What the database wrote at that stop stands before what it wrote at this start.
	note('the database was shut down by a plain stop', await docker('exec', container, 'sh', '-c', 'grep -q "Shutdown complete" /var/log/mysql/error.log && echo yes || echo no'));
	note('last line of the database', /ready for connections|Version:|port: 3306/.test(await lastLine()) ? 'it is ready' : await lastLine());
	return observed;
}

/** Resolves when a server answers inside of its container. @throws Error with its log when it ends, or when half an hour is over. */
export async function untilPong(docker: Docker, container: string): Promise<void> {
	const until = Date.now() + 30 * 60_000;
	while (Date.now() < until) {
		const answer = await docker('exec', container, 'curl', '--silent', '--max-time', '5', 'http://127.0.0.1:8080/ping').catch(() => '');
		if (answer === 'pong') return;
		if ((await docker('container', 'inspect', '--format', '{{.State.Status}}', container)) !== 'running') break;
		await wait(1000);
	}
	throw new Error(`The server ${container} did not come up: read "docker logs ${container}".`);
}
