/** Docker is missing, down, silent or forbidden: four reasons, told apart by its own client. */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { execFile, execFileSync } from 'node:child_process';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test, type TestContext } from 'vitest';
import { createDocker } from '../../../server/docker/docker.ts';

const path = process.env['PATH'] ?? '';

/** Skips where there is no client to ask, and says so; with `CI` set that is a failure. */
function needClient({ skip }: TestContext): void {
	try {
		execFileSync('docker', ['--version']);
	} catch {
		const why = 'There is no docker command here.';
		if (process.env['CI']) throw new Error(why);
		skip(why);
	}
}

/** A folder that everybody may enter. */
function openFolder(): string {
	const folder = mkdtempSync(join(tmpdir(), 'drover-docker-'));
	chmodSync(folder, 0o755);
	onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
	return folder;
}

test('without a docker command it is missing', async () => {
	const docker = createDocker(() => ({ PATH: openFolder() }));

	expect(await docker.state()).toMatchObject({ ready: false, problem: { name: 'docker.missing' } });
});

test('behind a socket that nobody listens on it is not running', async (context) => {
	needClient(context);
	const host = `unix://${openFolder()}/docker.sock`;
	const docker = createDocker(() => ({ PATH: path, HOME: '/nonexistent', DOCKER_HOST: host }));

	expect(await docker.state()).toMatchObject({ ready: false, problem: { name: 'docker.not-running', slots: { host } } });
	await expect(docker.inspect()).rejects.toMatchObject({ problems: [{ name: 'docker.not-running' }] });
});

test('behind a socket that takes the call and never answers it is silent', async (context) => {
	needClient(context);
	const socket = join(openFolder(), 'docker.sock');
	const server = createServer(() => undefined);
	await new Promise<void>((resolve) => server.listen(socket, () => resolve()));
	onTestFinished(() => void server.close());
	const host = `unix://${socket}`;
	const docker = createDocker(() => ({ PATH: path, HOME: '/nonexistent', DOCKER_HOST: host }), 1_000);

	expect(await docker.state()).toMatchObject({ ready: false, problem: { name: 'docker.silent', slots: { host, seconds: 1 } } });
	await expect(docker.inspect()).rejects.toMatchObject({ problems: [{ name: 'docker.silent' }] });
});

test('behind a socket of mode 0000 it is forbidden', async (context) => {
	needClient(context);
	const socket = join(openFolder(), 'docker.sock');
	const server = createServer((client) => client.destroy());
	await new Promise<void>((resolve) => server.listen(socket, () => resolve()));
	onTestFinished(() => void server.close());
	chmodSync(socket, 0);
	const host = `unix://${socket}`;
	const root = join(import.meta.dirname, '../../..');
	const module = `
		// Root may pass any mode: ask as nobody. What is loaded later must be readable to nobody as well, so it is loaded before.
		const { createDocker } = await import('${root}/server/docker/docker.ts');
		if (process.geteuid() === 0) { process.setgroups([]); process.setgid(65534); process.setuid(65534); }
		console.log(JSON.stringify(await createDocker(() => (${JSON.stringify({ PATH: path, HOME: '/nonexistent', DOCKER_HOST: host })})).state()));`;

	const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', module]);

	expect(JSON.parse(stdout)).toMatchObject({ ready: false, problem: { name: 'docker.forbidden', slots: { host } } });
});
