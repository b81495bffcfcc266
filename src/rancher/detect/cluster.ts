import type { ContainerDocument } from '../inspect/documents.ts';
import * as shape from '../inspect/shapes.ts';
import type { ServerArguments } from '../server-flags.ts';
import type { Notes } from './notes.ts';
import { clusterPort, readBindings } from './port-options.ts';
import { takeVariable, type OwnVariables } from './variables.ts';

const addressVariable = 'CATTLE_CLUSTER_ADVERTISE_ADDRESS';
const portVariable = 'CATTLE_CLUSTER_ADVERTISE_HTTP_PORT';

/** Whether a server with an external database is one of several. Source: rancher/rancher, `server/bin/entry`; 9345 is the port between them. */
export function isCluster(container: ContainerDocument, flags: ServerArguments, own: OwnVariables): boolean {
	return flags.values.has('nodes') || Boolean(own.get(addressVariable)) || readBindings(container).some(({ inside }) => inside === clusterPort);
}

/** Takes over what one server of a cluster tells of itself. The others are not in its document. */
export function carryCluster(container: ContainerDocument, flags: ServerArguments, own: OwnVariables, notes: Notes): void {
	const [byFlag, byVariable] = [flags.values.get('nodes'), takeVariable(own, addressVariable)];
	if (byFlag) notes.reason('cluster-by-flag', { address: byFlag });
	else if (byVariable) notes.reason('cluster-by-variable', { variable: addressVariable });
	else notes.reason('cluster-by-port', { port: '9345' });
	const address = byFlag || byVariable;
	if (address) notes.setNode({ name: nameOf(container, address), ssh: '', address });
	const port = flags.values.get('advertise_http_port') || takeVariable(own, portVariable);
	own.delete(portVariable);
	if (port) notes.set('advertise_http_port', port);
	else noteOtherPort(container, notes);
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
