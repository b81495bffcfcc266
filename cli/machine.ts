/** Another machine for the command line: reached by the reader's own ssh, which may ask in his terminal. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFarDocker, type Inspected } from '../server/docker/docker.ts';
import { readerEnvironment } from '../server/environment.ts';
import { masterArgs } from '../server/ssh/options.ts';
import { probe } from '../server/ssh/probe.ts';
import { createSsh, type Ssh } from '../server/ssh/ssh.ts';
import { problem, Refusal } from '../src/runbook/problem.ts';
import { isDestination } from '../src/runbook/values/machine.ts';
import type { Terminal } from './command.ts';

/** @throws Refusal for what cannot be typed behind `ssh` */
export function checkDestination(ssh: string | undefined): string {
	if (ssh === undefined) return '';
	if (!isDestination(ssh)) throw new Refusal(problem('machine.invalid', { machine: ssh.slice(0, 100) }));
	return ssh;
}

/** What ssh can settle by asking: nobody but the reader answers it. */
const asks: ReadonlySet<string> = new Set(['ssh.asks-password', 'ssh.host-key-unknown', 'ssh.no-key']);

/** Opens the connection; where ssh has to ask and there is somebody to answer, it does, in this terminal. @throws Refusal with the reason when it does not stand */
export async function connectHere(ssh: Ssh, destination: string, { person }: Terminal): Promise<void> {
	const why = await ssh.connect(destination);
	if (!why) return;
	if (!person || !asks.has(why.name)) throw new Refusal(why);
	const child = spawn('ssh', masterArgs(destination, ssh.socketOf(destination), true), { env: ssh.env(), stdio: 'inherit' });
	await new Promise((resolve) => child.on('exit', resolve).on('error', resolve));
	const still = await ssh.connect(destination);
	if (still) throw new Refusal(still);
}

/** What Docker says of the containers of another machine. @throws Refusal */
export async function inspectThere(destination: string, terminal: Terminal): Promise<Inspected> {
	const sockets = mkdtempSync(join(tmpdir(), 'drover-ssh-'));
	const ssh = createSsh(sockets, () => readerEnvironment(terminal.env));
	try {
		await connectHere(ssh, destination, terminal);
		const found = await probe(ssh, destination);
		if ('name' in found) throw new Refusal(found);
		return await createFarDocker(ssh, found.machine).inspect();
	} finally {
		await ssh.disconnect(destination);
		rmSync(sockets, { recursive: true, force: true });
	}
}
