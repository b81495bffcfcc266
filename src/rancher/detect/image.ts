import type { ContainerDocument } from '../inspect/documents.ts';
import { parseReference } from '../image-reference.ts';
import type { Notes } from './notes.ts';
import { takeVariable, type OwnVariables } from './variables.ts';

const agentVariable = 'CATTLE_BOOTSTRAP_REQUIRED_IMAGE';

/**
 * Takes the names of the images over: that of the server, the registry before it, and the agent if it is one of the reader's own. Returns whether the server lives without
 * internet: its image has a registry, or its agent's image is set.
 *
 * Source: https://rancher.com/docs/rancher/v1.6/en/installing-rancher/installing-server/no-internet-access/
 */
export function carryImages(container: ContainerDocument, own: OwnVariables, notes: Notes): boolean {
	const server = parseReference(container.reference);
	const required = takeVariable(own, agentVariable);
	if (server) notes.set('image', server.repository);
	else notes.warn('image-unnamed', { image: container.reference });
	if (server?.registry) {
		notes.set('registry', server.registry);
		notes.reason('registry-in-name', { registry: server.registry });
	}
	if (required === undefined) return Boolean(server?.registry);
	notes.reason('agent-image-set', { variable: agentVariable });
	carryAgent(required, server?.registry ?? '', own, notes);
	return true;
}

/** The new server needs the agent of its own release, so of the old reference only registry and repository count. */
function carryAgent(image: string, registry: string, own: OwnVariables, notes: Notes): void {
	const agent = parseReference(image);
	if (!agent) return void own.set(agentVariable, image);
	const isStandard = agent.repository === 'rancher/agent';
	if (agent.registry === '' && registry === '' && !isStandard) return void own.set(agentVariable, image);
	if (agent.registry !== registry && agent.registry !== '') {
		if (registry !== '') return notes.warn('agent-registry-other', { registry, image });
		notes.set('registry', agent.registry);
		notes.warn('agent-registry-taken', { registry: agent.registry, image });
	} else notes.warn('agent-replaced', { image });
	if (!isStandard) notes.set('agent_image', `${agent.repository}:${agent.tag ?? 'latest'}`);
}
