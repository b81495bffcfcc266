/** The upgrade of `npm run real`: a server of its own, from its first start to the removal of the old one. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Walk } from '../rig/runbooks/walk.ts';
import { images } from './missing.ts';
import { observeServer, untilPong, type Docker } from './observe.ts';
import { writeReport } from './report.ts';

export interface Engine {
	readonly docker: Docker;
	/** What a container has logged, both outputs. */
	readonly logOf: (container: string) => Promise<string>;
	readonly say: (text: string) => void;
}

async function freePort(): Promise<number> {
	const server = createServer();
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => { resolve(); }));
	const { port } = server.address() as AddressInfo;
	await new Promise<void>((resolve) => server.close(() => { resolve(); }));
	return port;
}

/** Steps that fail here for a reason that says nothing of the image: an engine newer than Rancher, no time server. */
const tolerate = ['engine-range', 'clock'];
const names = { old: 'drover-real-old', next: 'drover-real-new', data: 'drover-real-data' };

/** Returns whether the walk came to its end. What was observed is in the report either way. */
export async function upgrade({ docker, logOf, say }: Engine): Promise<boolean> {
	const folder = mkdtempSync(join(tmpdir(), 'drover-real-'));
	const publish = `127.0.0.1:${await freePort()}`;
	say(`Starting ${images[0]} as ${names.old}; a first start takes some minutes.`);
	await docker('run', '--detach', '--name', names.old, '--restart=always', '--publish', `${publish}:8080`, images[0]);
	await untilPong(docker, names.old);
	const observed = await observeServer(docker, names.old, logOf);
	// Something that the check of the data must find again.
	await docker('exec', names.old, 'mysql', '--execute', "INSERT INTO account (name, kind, uuid, state) VALUES ('drover-real', 'user', UUID(), 'inactive')", 'cattle');

	say('Walking the runbook rancher-1.6/single-container.');
	const began = Date.now();
	const values = { container: names.old, old_tag: 'v1.6.14', new_tag: 'v1.6.30', new_container: names.next, data_container: names.data, publish, backup_file: 'backup.sql' };
	const walk = new Walk('single-container', values, { folder, tolerate, patienceMs: 3 * 3600_000, onStep: (step) => { say(`  ${step}`); } });
	const failure = await walk.through().then(() => undefined, (error: unknown) => (error instanceof Error ? error.message : String(error)));
	const engine = await docker('version', '--format', '{{.Server.Version}}');
	const program = async (...args: string[]) => (await docker('run', '--rm', '--network=none', '--entrypoint', ...args).catch(() => 'not there')).split('\n')[0] ?? '';
	const programs = await Promise.all([['bash'], ['ls'], ['tar'], ['find'], ['grep'], ['sed'], ['curl'], ['mysql']].map(([name = '']) => program(name, images[1], '--version')));
	const file = join(folder, 'report.md');
	const report = writeReport({ engine, observed, programs, outcomes: [...walk.outcomes], minutes: (Date.now() - began) / 60_000, ...(failure !== undefined && { failure }) });
	writeFileSync(file, report);
	say(`\n${report}\nThe same is in ${file}. Please send it: New issue, "Report of the real image".`);
	if (failure !== undefined) {
		say(`The containers are left as they are: ${Object.values(names).join(', ')}.`);
		return false;
	}
	// The old one was removed by the runbook, its volumes are held by these.
	await docker('rm', '--force', '--volumes', names.next);
	await docker('rm', '--force', '--volumes', names.data);
	return true;
}
