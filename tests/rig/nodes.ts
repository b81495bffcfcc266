/** Machines of a cluster: engines that each have a network of their own, with one address at a bridge that connects them with each other and with this machine. */
import { join } from 'node:path';
import { startEngine, type Engine } from './engine.ts';
import { addBridge, addNamespace } from './network.ts';
import type { Place } from './place-names.ts';
import { startRegistry, type Registry } from './registry.ts';

export interface NodeEngine extends Engine {
	readonly name: string;
	/** Where published ports of the node's containers are reachable, from this machine and from the other nodes. */
	readonly address: string;
}

export interface NodeEngines {
	readonly nodes: readonly NodeEngine[];
	readonly close: () => Promise<void>;
}

/** @param store the folder of images that stands for Docker Hub. */
export async function startNodes(place: Place, count: number, store: string): Promise<NodeEngines> {
	const outer = `${place.nodeNetwork}.1`;
	await addBridge(place, place.nodeBridge, outer);
	const mirror = await startRegistry({ folder: join(place.folder, 'node-mirror'), storage: store, readOnly: true, host: outer });
	const started = await Promise.allSettled(Array.from({ length: count }, (_, at) => startNode(place, at + 1, mirror)));
	const nodes = started.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
	const close = async (): Promise<void> => {
		await Promise.all(nodes.map((node) => node.close()));
		await mirror.close();
	};
	const failed = started.find((one) => one.status === 'rejected');
	if (failed) {
		await close();
		throw failed.reason;
	}
	return { nodes, close };
}

async function startNode(place: Place, number: number, mirror: Registry): Promise<NodeEngine> {
	const address = `${place.nodeNetwork}.${10 + number}`;
	const namespace = await addNamespace(place, number, address);
	const engine = await startEngine({ folder: join(place.scratch, `node${number}`), namespace, cgroup: place.cgroup, mirror: mirror.address, address });
	return { ...engine, name: `node${number}`, address };
}
