/** Bridges, network namespaces and rules of the firewall, all named after the rig's place. */
import { existsSync, readdirSync } from 'node:fs';
import { attempt, run } from './command.ts';
import type { Place } from './place-names.ts';

/** The comment that marks a place's rules of the firewall. */
function markOf(place: Place): string {
	return `${place.cgroup}.`;
}

/**
 * Makes a bridge. What is connected to it can talk to each other, also where another Docker engine has set the machine to forward nothing.
 *
 * @param address the machine's own address at the bridge, without the length of its prefix (24).
 */
export async function addBridge(place: Place, name: string, address: string): Promise<void> {
	await run('ip', ['link', 'add', name, 'type', 'bridge']);
	await run('ip', ['address', 'add', `${address}/24`, 'dev', name]);
	await run('ip', ['link', 'set', name, 'up']);
	await attempt('iptables', ['-w', '-I', 'FORWARD', '-i', name, '-o', name, '-m', 'comment', '--comment', markOf(place), '-j', 'ACCEPT']);
}

/** Makes a network namespace with one address at the bridge of the nodes and returns its name. It has no way to anywhere else. */
export async function addNamespace(place: Place, number: number, address: string): Promise<string> {
	const name = `${place.cgroup}-${number}`;
	const link = `${place.nodeBridge}.${number}`;
	await run('ip', ['netns', 'add', name]);
	await run('ip', ['link', 'add', link, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', name]);
	await run('ip', ['link', 'set', link, 'master', place.nodeBridge, 'up']);
	await run('ip', ['-n', name, 'address', 'add', `${address}/24`, 'dev', 'eth0']);
	await run('ip', ['-n', name, 'link', 'set', 'lo', 'up']);
	await run('ip', ['-n', name, 'link', 'set', 'eth0', 'up']);
	return name;
}

export async function removeNetworks(place: Place): Promise<void> {
	for (const rule of await rulesOf(place)) await attempt('iptables', ['-w', ...rule.replace('-A', '-D').replaceAll('"', '').split(' ')]);
	for (const name of namespacesOf(place)) await attempt('ip', ['netns', 'delete', name]);
	for (const link of await linksOf(place)) await attempt('ip', ['link', 'delete', link]);
}

export async function rulesOf(place: Place): Promise<string[]> {
	const { stdout } = await attempt('iptables', ['-w', '-S']);
	return stdout.split('\n').filter((rule) => rule.includes(markOf(place)));
}

export function namespacesOf(place: Place): string[] {
	const folder = '/run/netns';
	return existsSync(folder) ? readdirSync(folder).filter((name) => name.startsWith(`${place.cgroup}-`)) : [];
}

/** Asked from the kernel, not from `/sys`: that shows the network of whoever mounted it. */
export async function linksOf(place: Place): Promise<string[]> {
	const { stdout } = await attempt('ip', ['-o', 'link', 'show']);
	const names = stdout.split('\n').flatMap((line) => /^\d+: ([^:@]+)/.exec(line)?.[1] ?? []);
	return names.filter((link) => link === place.bridge || link === place.nodeBridge || link.startsWith(`${place.nodeBridge}.`));
}
