/** Reads the words of `docker run` and `docker create` as Docker's client does, and says them again in one way only, so that two commands can be compared. */
import { parseSize } from '../../../src/families/rancher/sizes.ts';

export interface RunCommand {
	/** `--name=value`, sorted, in one spelling. */
	readonly options: readonly string[];
	readonly image: string;
	/** What follows the image. */
	readonly words: readonly string[];
}

const short: Readonly<Record<string, string>> = { '-p': '--publish', '-v': '--volume', '-e': '--env', '-m': '--memory', '-l': '--label', '-u': '--user', '-w': '--workdir', '-h': '--hostname', '--net': '--network', '-d': '--detach', '-t': '--tty', '-i': '--interactive', '-P': '--publish-all', '-c': '--cpu-shares', '--dns-opt': '--dns-option' };
const switches = new Set(['--detach', '--tty', '--interactive', '--init', '--privileged', '--publish-all', '--read-only', '--oom-kill-disable', '--no-healthcheck', '--rm']);
const sizes = new Set(['--memory', '--memory-swap', '--memory-reservation', '--shm-size', '--kernel-memory']);

/** Parses the words after `docker run`. `env` gives the values of variables that are named only. */
export function parseRun(words: readonly string[], env: Readonly<Record<string, string>> = {}): RunCommand {
	const options: string[] = [];
	let at = 0;
	for (; at < words.length && words[at]?.startsWith('-'); at += 1) {
		const [before = '', ...after] = (words[at] ?? '').split('=');
		const name = short[before] ?? before;
		if (switches.has(name) && after.length === 0) options.push(name);
		else options.push(spell(name, after.length > 0 ? after.join('=') : (words[(at += 1)] ?? ''), env));
	}
	return { options: options.toSorted(), image: words[at] ?? '', words: words.slice(at + 1) };
}

function spell(name: string, value: string, env: Readonly<Record<string, string>>): string {
	if (sizes.has(name)) return `${name}=${parseSize(value) ?? value}`;
	if (name === '--env' && !value.includes('=') && env[value] !== undefined) return `${name}=${value}=${env[value]}`;
	if (name.startsWith('--health-') && /^\d+[smh]$/.test(value)) return `${name}=${Number.parseInt(value, 10) * { s: 1, m: 60, h: 3600 }[value.slice(-1) as 's' | 'm' | 'h']}`;
	if (/^--device-(?:read|write)-bps$/.test(name)) return `${name}=${value.slice(0, value.lastIndexOf(':'))}:${parseSize(value.slice(value.lastIndexOf(':') + 1))}`;
	if (name === '--ulimit') return `${name}=${value.replace(/=(-?\d+):\1$/, '=$1')}`;
	if (name === '--cap-add' || name === '--cap-drop') return `${name}=${value.replace(/^CAP_/, '')}`;
	if (name === '--cpus') return `${name}=${Number(value)}`;
	return `${name}=${value}`;
}

/** The values of an option, in the order of the spelling. */
export function valuesOf(command: RunCommand, name: string): readonly string[] {
	return command.options.filter((option) => option.startsWith(`${name}=`)).map((option) => option.slice(name.length + 1));
}
