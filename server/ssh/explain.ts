/**
 * Why a machine cannot be reached, or not be worked on, by what ssh and the shell there say. Sources: openssh-portable, sshconnect.c, sshconnect2.c, kex.c, packet.c; sudo, plugins/sudoers
 * (messages of `sudo -n`).
 */
import { problem, type Problem } from '../../src/runbook/problem.ts';

/** What came of a call that has brought no answer. */
export interface Silence {
	/** What it printed to either output, before anything of ours. */
	readonly said: string;
	/** Its exit code; null when it was ended by a signal, or never began. */
	readonly code: number | null;
	/** The program `ssh` is not there. */
	readonly missing?: boolean;
}

type Rule = readonly [RegExp, (machine: string, match: RegExpExecArray) => Problem];

const rules: readonly Rule[] = [
	[/REMOTE HOST IDENTIFICATION HAS CHANGED/, (machine) => problem('ssh.host-key-changed', { machine })],
	[/Host key verification failed|No \S+ host key is known for/, (machine) => problem('ssh.host-key-unknown', { machine })],
	[/Permission denied \(([^)]*)\)/, (machine, [, methods = '']) => problem(/password|keyboard-interactive/.test(methods) ? 'ssh.asks-password' : 'ssh.no-key', { machine })],
	[/Too many authentication failures/, (machine) => problem('ssh.no-key', { machine })],
	[/Could not resolve hostname/, (machine) => problem('ssh.no-name', { machine })],
	[/Unable to negotiate with .*: no matching (key exchange method|host key type|cipher|MAC) found\. Their offer: (\S+)/, (machine, [, kind = '', offer = '']) => problem('ssh.old-algorithms', { machine, line: `${settingOf[kind] ?? ''} +${offer}` })],
	[/Bad configuration option|Bad owner or permissions|terminating, \d+ bad configuration options|no argument after keyword/i, (machine, { input }) => problem('ssh.configuration', { machine, detail: lastLine(input) })],
	[/Connection (?:timed out|refused|closed by|reset by)|Operation timed out|No route to host|Network is unreachable|Connection to .* timed out|kex_exchange_identification|Broken pipe/i, (machine, { input }) => problem('ssh.not-reached', { machine, detail: lastLine(input) })],
	[/sudo: .*(?:password is required|terminal is required|not allowed|may not run)|not in the sudoers/i, (machine) => problem('ssh.no-sudo', { machine, line: 'USER ALL=(root) NOPASSWD: ALL' })],
];

/** The setting of ssh that takes a kind of algorithm. */
const settingOf: Readonly<Record<string, string>> = { 'key exchange method': 'KexAlgorithms', 'host key type': 'HostKeyAlgorithms', cipher: 'Ciphers', MAC: 'MACs' };

export function explainSilence(machine: string, { said, code, missing }: Silence): Problem {
	if (missing) return problem('ssh.missing', {});
	for (const [pattern, make] of rules) {
		const match = pattern.exec(said);
		if (match) return make(machine, match);
	}
	const detail = lastLine(said);
	if (code === 127 || /bash: (?:command )?not found|Unknown command.*bash/i.test(said)) return problem('ssh.no-bash', { machine });
	if (code !== 255 && code !== null) return problem('ssh.login-shell', { machine, detail });
	return problem('ssh.failed', { machine, detail });
}

/** The last line that says something, short enough for one place. */
export function lastLine(text: string): string {
	return (text.split(/\r?\n/).map((line) => line.trim()).findLast((line) => line !== '' && !/^@+$/.test(line)) ?? '').slice(0, 300);
}
