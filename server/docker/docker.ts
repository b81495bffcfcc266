/** Whether Docker can be reached from here, and what it says of its containers. Read-only. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { dockerVersionsFormat, findTooOldDocker, oldestDocker } from '../../src/runbook/command/oldest-docker.ts';
import { problem, Refusal, type Problem } from '../../src/runbook/problem.ts';
import { farLine } from '../../src/runbook/command/far-line.ts';
import { quote } from '../../src/runbook/command/quote.ts';
import type { FarMachine } from '../../src/runbook/values/machine.ts';
import { readerEnvironment } from '../environment.ts';
import { askScript } from '../ssh/scripts.ts';
import type { Ssh } from '../ssh/ssh.ts';

const run = promisify(execFile);
const maxBuffer = 64 * 1024 * 1024;

export type DockerState = { readonly ready: true; readonly version: string } | { readonly ready: false; readonly problem: Problem };

/** A command as it ran, for the reader to see. */
export interface Inspected {
	readonly commands: readonly string[];
	/** JSON arrays, one after the other, as `docker inspect` prints them. */
	readonly documents: string;
}

export interface Docker {
	state(): Promise<DockerState>;
	/** Inspects every container and the images they were made of. @throws Refusal with the reason when Docker does not answer. */
	inspect(): Promise<Inspected>;
}

/** One call of Docker's client: what it prints. @throws Refusal with the reason when there is no answer */
type Call = (...args: string[]) => Promise<string>;

/** @param patienceMs how long a single answer may take */
export function createDocker(env: () => Record<string, string> = readerEnvironment, patienceMs = 15_000): Docker {
	return dockerBy(
		async (...args) => {
			const own = env();
			try {
				return (await run('docker', args, { timeout: patienceMs, maxBuffer, env: own })).stdout;
			} catch (error) {
				throw new Refusal(explain(error, hostOf(own), patienceMs));
			}
		},
		() => hostOf(env()),
		(...args) => ['docker', ...args].map(quote).join(' '),
	);
}

/** Docker of another machine, as its own client there says. */
export function createFarDocker(ssh: Ssh, machine: FarMachine, patienceMs = 30_000): Docker {
	return dockerBy(
		async (...args) => {
			const seconds = patienceMs / 1000;
			const { output, exit, said } = await ssh.answer(machine, { argv: askScript(seconds, ['docker', ...args]), seconds, maxBytes: maxBuffer });
			if (exit !== 0) throw new Refusal(problem('ssh.docker-not-running', { machine: machine.ssh, detail: said.trim().split('\n').at(-1)?.slice(0, 300) ?? '' }));
			return output.toString('utf8');
		},
		() => machine.ssh,
		(...args) => farLine(machine, ['docker', ...args]),
	);
}

/** `line`: a call as the reader would type it. */
function dockerBy(docker: Call, host: () => string, line: (...args: string[]) => string): Docker {
	/** The engine's version. @throws Refusal where client or engine is older than Drover can work with, before anything asks them for what they do not know. */
	const version = async (): Promise<string> => {
		const said = await docker('version', '--format', dockerVersionsFormat);
		const old = tooOld(said, host());
		if (old) throw new Refusal(old);
		return /^engine (.*)$/m.exec(said)?.[1] ?? '';
	};

	return {
		state: async () => {
			try {
				return { ready: true, version: await version() };
			} catch (error) {
				if (!(error instanceof Refusal) || !error.problems[0]) throw error;
				return { ready: false, problem: error.problems[0] };
			}
		},
		inspect: async () => {
			await version();
			const containers = (await docker('ps', '--all', '--quiet', '--no-trunc')).split('\n').filter((id) => id !== '');
			const commands = [line('version', '--format', dockerVersionsFormat), line('ps', '--all', '--quiet', '--no-trunc')];
			if (containers.length === 0) return { commands, documents: '[]' };
			const inspected = await docker('container', 'inspect', ...containers);
			commands.push(line('container', 'inspect', ...containers.map((id) => id.slice(0, 12))));
			const images = [...new Set([...inspected.matchAll(/^ {8}"Image": "(sha256:[0-9a-f]{64})"/gm)].map(([, id]) => id ?? ''))];
			const documents = [inspected];
			for (const id of images) {
				commands.push(line('image', 'inspect', id.slice(0, 19)));
				// An image can be gone while its container stays: what is left is still worth reading.
				documents.push(await docker('image', 'inspect', id).catch(() => '[]'));
			}
			return { commands, documents: documents.join('\n') };
		},
	};
}

const hostOf = (env: Record<string, string>) => env['DOCKER_HOST'] ?? '/var/run/docker.sock';

function tooOld(said: string, host: string): Problem | undefined {
	const old = findTooOldDocker(said);
	if (!old) return undefined;
	const slots = { version: old.version, oldest: oldestDocker };
	return old.part === 'client' ? problem('docker.old-client', slots) : problem('docker.old-engine', { host, ...slots });
}

/** Why Docker does not answer, told apart by what its client says. Source: docker/cli, client/errors.go. */
function explain(error: unknown, host: string, patienceMs: number): Problem {
	if (!(error instanceof Error)) return problem('docker.failed', { detail: String(error) });
	const code = 'code' in error ? error.code : undefined;
	if (code === 'ENOENT') return problem('docker.missing', {});
	// Told to stop, the client ends in order: only that it was told says that time was up. Too much output ends it as well.
	if ('killed' in error && error.killed === true && code !== 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER') return problem('docker.silent', { host, seconds: patienceMs / 1000 });
	const text = 'stderr' in error ? String(error.stderr) : error.message;
	const old = tooOld(`${'stdout' in error ? String(error.stdout) : ''}\n${text}`, host);
	if (old) return old;
	if (/permission denied/i.test(text)) return problem('docker.forbidden', { host });
	if (/cannot connect|is the docker daemon running|no such host|connection refused|no such file|i\/o timeout/i.test(text)) return problem('docker.not-running', { host });
	return problem('docker.failed', { detail: text.trim().slice(0, 500) });
}
