import type { ContainerDocument } from '../inspect/documents.ts';
import * as shape from '../inspect/shapes.ts';
import type { ImageDefaults } from './image-defaults.ts';
import type { Notes } from './notes.ts';

interface Binding {
	/** Port of the container with its protocol: `8080/tcp`. */
	readonly inside: string;
	readonly ip: string;
	/** Port of the host, or several: `8080`, `8080-8090`; empty for one that the engine picks. */
	readonly port: string;
}

const httpPort = '8080/tcp';
export const clusterPort = '9345/tcp';

/** Published ports as they were asked for. Source: docker run, "--publish"; moby/moby, `HostConfig.PortBindings`. */
export function readBindings({ host }: ContainerDocument): readonly Binding[] {
	return (host.read('PortBindings', shape.portBindings) ?? []).flatMap(([inside, bindings]) =>
		(bindings ?? []).map(({ HostIp, HostPort }) => ({ inside, ip: HostIp ?? '', port: HostPort === '0' ? '' : (HostPort ?? '') })),
	);
}

const bracket = (ip: string) => (ip.includes(':') ? `[${ip}]` : ip);

/** Takes the published ports over: that of the server into its field, the others as they are. A server of a cluster publishes 9345 anyway. */
export function carryPorts(container: ContainerDocument, image: ImageDefaults, isCluster: boolean, notes: Notes): void {
	const bindings = readBindings(container);
	const fixed = bindings.find(({ inside, port }) => inside === httpPort && /^\d+$/.test(port));
	const random = fixed ? undefined : bindings.find(({ inside }) => inside === httpPort);
	const isPublishAll = container.host.read('PublishAllPorts', shape.flag) === true;
	const present = fixed || !(random || isPublishAll) ? undefined : readPresentPort(container);
	const main = fixed ?? (present === undefined ? undefined : random);
	const [ip, port] = [fixed?.ip ?? random?.ip ?? '', fixed?.port ?? present ?? ''];
	notes.set('publish', port === '' ? '' : `${ip && `${bracket(ip)}:`}${port}`);
	if (present !== undefined) notes.warn('port-random-kept', { port: '8080', present });
	if (main && isCluster && !['', '0.0.0.0', '::'].includes(main.ip)) notes.warn('port-per-node', { address: main.ip });
	for (const binding of bindings) {
		if (binding === main) continue;
		if (isCluster && binding.inside === clusterPort) carryClusterPort(binding, notes);
		else carryBinding(binding, notes);
	}
	if (isPublishAll) {
		notes.addOption('--publish-all');
		if (port === '' && !random) notes.warn('port-random', { port: '8080' });
	}
	const published = new Set(bindings.map(({ inside }) => inside));
	for (const port of container.config.read('ExposedPorts', shape.keys) ?? []) {
		if (!image.ports.has(port) && !published.has(port)) notes.addOption(`--expose=${port.replace(/\/tcp$/, '')}`);
	}
}

/** The port of the host that the engine has picked for the server. Source: moby/moby, `NetworkSettings.Ports`. */
function readPresentPort(container: ContainerDocument): string | undefined {
	const all = new Map(container.top.below('NetworkSettings').read('Ports', shape.portBindings) ?? []);
	return (all.get(httpPort) ?? []).map(({ HostPort }) => HostPort ?? '').find((port) => /^[1-9]\d*$/.test(port));
}

function carryClusterPort({ ip, port }: Binding, notes: Notes): void {
	if (port !== '9345' || !['', '0.0.0.0'].includes(ip)) notes.warn('port-cluster', { port: `${ip && `${bracket(ip)}:`}${port}` });
}

function carryBinding({ inside, ip, port }: Binding, notes: Notes): void {
	const target = inside.replace(/\/tcp$/, '');
	if (port === '') notes.warn('port-random', { port: target });
	const outside = ip === '' ? (port === '' ? '' : `${port}:`) : `${bracket(ip)}:${port}:`;
	notes.addOption(`--publish=${outside}${target}`);
}
