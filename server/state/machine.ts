/** Which machine this is, as far as a file that several machines can read is concerned. Source: machine-id(5), network_namespaces(7). */
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

export interface Machine {
	/** The name its people know it by. In a container it is the container's. */
	readonly name: string;
	/** Empty where the system keeps none, as in most containers. A copied disk copies it: it counts together with the name only. */
	readonly id: string;
}

function readOrEmpty(read: () => string): string {
	try {
		return read().trim();
	} catch {
		return '';
	}
}

export function readMachine(): Machine {
	return { name: hostname(), id: readOrEmpty(() => readFileSync('/etc/machine-id', 'latin1')) };
}

/** The network that our addresses are good in; empty where the system has no namespaces. */
export function readNetwork(): string {
	return readOrEmpty(() => readlinkSync('/proc/self/ns/net'));
}
