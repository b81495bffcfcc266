/**
 * Where commands run: on this machine, or on one that is reached by ssh. A destination is what a reader types behind `ssh`: a `Host` of his configuration, `host`, `user@host`,
 * each with `:port`. Everything else of a connection (keys, jump hosts, options) stands in his own configuration.
 */
import { nodeTexts, type Node } from './value-types.ts';

/** What is known of the machines of a session, beside its values. */
export interface Machines {
	/** The destination that everything but the steps of nodes runs on; empty for this machine. */
	readonly session: string;
	/** Nodes that name a destination are reached from here; otherwise their commands are there to copy. */
	readonly nodes: boolean;
	/** Destinations where Docker may be used through `sudo -n` only. */
	readonly sudo: readonly string[];
}

/** Everything runs on this machine, and nodes elsewhere are done by hand. */
export const onlyHere: Machines = { session: '', nodes: false, sudo: [] };

/** A machine that is reached by ssh. */
export interface FarMachine {
	/** As it was given: the name of the machine for the reader. */
	readonly ssh: string;
	/** Commands run there as root, by `sudo -n`. */
	readonly sudo: boolean;
}

/** Returns the machine that something runs on; undefined for this one. A node without a destination is where its session is. */
export function machineOf(machines: Machines, node: Node | undefined): FarMachine | undefined {
	const named = machines.nodes && node !== undefined ? node.ssh : '';
	const ssh = named === '' ? machines.session : named;
	return ssh === '' ? undefined : { ssh, sudo: machines.sudo.includes(ssh) };
}

/** Whether a text can be typed behind `ssh`: no option, no word of a shell. */
export function isDestination(text: string): boolean {
	return text !== '' && nodeTexts.ssh.test(text) && portOf(text) !== undefined;
}

/** The words behind `ssh` that lead to a machine. */
export function destinationWords(text: string): readonly string[] {
	const port = portOf(text);
	return port === undefined || port === '' ? [text] : ['-p', port, text.slice(0, -port.length - 1)];
}

/** The port that stands behind the host; empty without one, undefined when it is none. An IPv6 address has more colons. */
function portOf(text: string): string | undefined {
	const [, port = ''] = text.split(':');
	if (text.split(':').length !== 2) return '';
	return /^[1-9]\d{0,4}$/.test(port) && Number(port) <= 65_535 ? port : undefined;
}
