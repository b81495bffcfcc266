/** What another machine is like: who we are there, and whether Docker may be used. */
import { problem, type Problem } from '../../src/runbook/problem.ts';
import type { FarMachine } from '../../src/runbook/values/machine.ts';
import { probeScript } from './scripts.ts';
import type { Ssh } from './ssh.ts';

export interface Probe {
	readonly machine: FarMachine;
	readonly user: string;
	readonly host: string;
	/** Version of the engine. */
	readonly docker: string;
	/** There is a terminal for runs; without one they get no input. */
	readonly terminal: boolean;
}

const seconds = 45;
/** What runs there needs `read -N`, `mapfile`-free lists and `printf -v` as bash 4.2 has them. */
const oldestBash = [4, 2] as const;

/** Asks once as the user of the connection, and as root where only `sudo -n` may use Docker. */
export async function probe(ssh: Ssh, destination: string, signal?: AbortSignal): Promise<Probe | Problem> {
	const own = await ask(ssh, { ssh: destination, sudo: false }, signal);
	if (!('lines' in own)) return own;
	const first = judge(destination, own.lines);
	if (!('name' in first) || first.name !== 'ssh.no-sudo' || !own.lines.some((line) => line === 'has sudo')) return first;
	const root = await ask(ssh, { ssh: destination, sudo: true }, signal);
	return 'lines' in root ? judge(destination, root.lines, true) : root;
}

async function ask(ssh: Ssh, machine: FarMachine, signal?: AbortSignal): Promise<{ lines: readonly string[] } | Problem> {
	const found = await ssh.ask(machine, { argv: probeScript(), seconds, ...(signal && { signal }) });
	if (found.kind === 'answer') return { lines: found.output.toString('utf8').split('\n') };
	return found.kind === 'unreached' ? found.problem : problem('ssh.silent', { machine: machine.ssh, seconds });
}

function judge(destination: string, lines: readonly string[], sudo = false): Probe | Problem {
	const text = (name: string) => lines.find((line) => line.startsWith(`${name} `))?.slice(name.length + 1) ?? '';
	const has = (name: string) => lines.includes(`has ${name}`);
	const [major = 0, minor = 0] = text('bash').split('.').map(Number);
	if (major < oldestBash[0] || (major === oldestBash[0] && minor < oldestBash[1])) return problem('ssh.old-bash', { machine: destination, version: text('bash') });
	if (!has('docker')) return problem('ssh.no-docker', { machine: destination });
	const docker = text('docker');
	if (docker === '') {
		const said = text('refused');
		if (/permission denied/i.test(said) && !sudo) return problem('ssh.no-sudo', { machine: destination, line: `${text('user')} ALL=(root) NOPASSWD: ALL` });
		return problem('ssh.docker-not-running', { machine: destination, detail: said.slice(0, 300) });
	}
	return { machine: { ssh: destination, sudo }, user: text('user'), host: text('host'), docker, terminal: has('script') };
}
