import type { ContainerDocument } from '../inspect/documents.ts';
import * as shape from '../inspect/shapes.ts';
import type { Notes } from './notes.ts';
import { clusterPort, readBindings } from './port-options.ts';
import { readEnvironment, type ContainerStart } from './start.ts';
import { takeVariable, type OwnVariables } from './variables.ts';

const addressVariable = 'CATTLE_CLUSTER_ADVERTISE_ADDRESS';
const portVariable = 'CATTLE_CLUSTER_ADVERTISE_HTTP_PORT';

/**
 * Whether a server with an external database is one of several: either flag makes it one, with an empty value too, and an address in the variable. A published port 9345 does nothing.
 *
 * Source: rancher/rancher, `server/bin/entry`; rancher/cattle, `DBDiscovery.java` (an empty address is 127.0.0.1).
 */
export function isCluster(container: ContainerDocument, start: ContainerStart): boolean {
	const address = start.variables.get(addressVariable) ?? readEnvironment(container).get(addressVariable) ?? '';
	return start.values.has('nodes') || start.values.has('advertise_http_port') || address !== '';
}

/** Takes over what one server of a cluster tells of itself. The others are not in its document. */
export function carryCluster(container: ContainerDocument, start: ContainerStart, own: OwnVariables, notes: Notes): void {
	const isByWords = start.how !== 'plain' && start.how !== 'broken';
	const environment = readEnvironment(container);
	const byVariable = start.variables.get(addressVariable) || environment.get(addressVariable) || '';
	const address = start.values.get('nodes') || byVariable;
	if (isByWords && (start.values.has('nodes') || start.values.has('advertise_http_port'))) notes.reason('cluster-by-words', {});
	else if (start.values.get('nodes')) notes.reason('cluster-by-flag', { address });
	else if (byVariable) notes.reason('cluster-by-variable', { variable: addressVariable });
	else notes.reason('cluster-by-port', { flag: start.values.has('nodes') ? '--advertise-address' : '--advertise-http-port' });
	if (start.open.has('nodes')) notes.warn('words-open', { flag: '--advertise-address' });
	else if (address) notes.setNode({ name: nameOf(container, address), ssh: '', address });
	const port = start.open.has('advertise_http_port') ? undefined : start.values.get('advertise_http_port') || environment.get(portVariable);
	if (!isByWords) for (const name of [addressVariable, portVariable]) takeVariable(own, name);
	if (port) notes.set('advertise_http_port', port);
	else if (!isByWords) noteOtherPort(container, notes);
}

/** A port between servers is published, and nobody hears of this server. */
export function noteIdlePort(container: ContainerDocument, notes: Notes): void {
	if (readBindings(container).some(({ inside }) => inside === clusterPort)) notes.warn('cluster-port-idle', { port: '9345' });
}

/** With the host's network the container has its name; otherwise the address tells nodes apart. */
function nameOf({ config, host }: ContainerDocument, address: string): string {
	const hostname = (config.read('Hostname', shape.text) ?? '').split('.')[0] ?? '';
	if (host.read('NetworkMode', shape.text) === 'host' && hostname) return hostname.slice(0, 63);
	return address.replace(/[^A-Za-z0-9]+/g, '-').replace(/^-|-$/g, '').slice(0, 63);
}

function noteOtherPort(container: ContainerDocument, notes: Notes): void {
	const binding = readBindings(container).find(({ inside }) => inside === '8080/tcp');
	if (binding && binding.port !== '8080') notes.warn('advertise-port-added', { port: binding.port });
}
