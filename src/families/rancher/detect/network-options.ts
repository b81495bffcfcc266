import type { ContainerDocument } from '../inspect/documents.ts';
import * as shape from '../inspect/shapes.ts';
import type { Maker } from './makers.ts';
import type { Notes } from './notes.ts';

const isOwnNetwork = (mode: string) => !['', 'default', 'bridge', 'host', 'none', 'nat'].includes(mode) && !mode.startsWith('container:');

/** Links of the old kind, as `container:alias`. Source: docker run, "--link"; the engine keeps `/db:/server/mysql`, or per network `db:mysql`. */
export function readLinks(container: ContainerDocument): readonly string[] {
	const perNetwork = readEndpoints(container).flatMap(([, endpoint]) => endpoint?.Links ?? []);
	return [...new Set([...readDefaultLinks(container), ...perNetwork])];
}

/** Those of the default network, which give the container variables. */
export function readDefaultLinks(container: ContainerDocument): readonly string[] {
	return (container.host.read('Links', shape.texts) ?? []).map((link) => {
		const at = link.indexOf(':');
		return `${link.slice(0, at).replace(/^\//, '')}:${link.slice(at + 1).split('/').at(-1) ?? ''}`;
	});
}

function readEndpoints(container: ContainerDocument) {
	return container.top.below('NetworkSettings').read('Networks', shape.endpoints) ?? [];
}

/** Takes the network over, with what was asked of it. `docker run` joins one: of the others is told. */
export function carryNetwork(container: ContainerDocument, isCluster: boolean, makers: readonly Maker[], notes: Notes): void {
	const mode = container.host.read('NetworkMode', shape.text) ?? '';
	const owner = makers.find((maker) => maker.ownsNetwork(mode));
	if (owner) return notes.warn('network-of-maker', { tool: owner.tool });
	const endpoints = readEndpoints(container);
	if (!['', 'default', 'bridge'].includes(mode)) notes.addOption(`--network=${mode}`);
	for (const link of readLinks(container)) notes.addOption(`--link=${link}`);
	const own = isOwnNetwork(mode) ? (endpoints.find(([name]) => name === mode) ?? (endpoints.length === 1 ? endpoints[0] : undefined)) : undefined;
	const [, settings] = own ?? [];
	for (const alias of settings?.Aliases ?? []) if (alias !== container.id.slice(0, 12)) notes.addOption(`--network-alias=${alias}`);
	const { IPv4Address, IPv6Address, LinkLocalIPs } = settings?.IPAMConfig ?? {};
	for (const word of [IPv4Address && `--ip=${IPv4Address}`, IPv6Address && `--ip6=${IPv6Address}`, ...(LinkLocalIPs ?? []).map((ip) => `--link-local-ip=${ip}`)]) {
		if (!word) continue;
		if (isCluster) notes.warn('option-per-node', { option: word.split('=', 1)[0] ?? '' });
		else notes.addOption(word);
	}
	if ((settings?.DriverOpts ?? []).length > 0) notes.warn('option-impossible', { option: '--network driver-opt' });
	const expected = own?.[0] ?? (isOwnNetwork(mode) ? mode : mode === '' || mode === 'default' ? 'bridge' : mode);
	if (!mode.startsWith('container:')) for (const [network] of endpoints) if (network !== expected) notes.warn('network-extra', { network });
}
