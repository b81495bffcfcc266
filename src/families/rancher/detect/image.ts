import type { ContainerDocument } from '../inspect/documents.ts';
import { parseReference, type ImageReference } from '../image-reference.ts';
import type { Notes } from './notes.ts';
import { takeVariable, type OwnVariables } from './variables.ts';

const standardRepository = 'rancher/server';
const agentVariable = 'CATTLE_BOOTSTRAP_REQUIRED_IMAGE';

/**
 * Takes the names of the images over: that of the server, the registry before it, and the agent if it is one of the reader's own. Returns whether the server lives without
 * internet: its image has a registry, or its agent's image is set.
 *
 * Source: https://rancher.com/docs/rancher/v1.6/en/installing-rancher/installing-server/no-internet-access/
 */
export function carryImages(container: ContainerDocument, own: OwnVariables, version: string, notes: Notes): boolean {
	const server = parseReference(container.reference);
	const required = takeVariable(own, agentVariable);
	if (server) noteRepository(server, version, notes);
	else notes.warn('image-unnamed', { image: container.reference });
	if (server?.registry) {
		notes.set('registry', server.registry);
		notes.reason('registry-in-name', { registry: server.registry });
	}
	if (required === undefined) {
		// Hosts take their agent from Docker Hub: an address that nobody has given them is not made up.
		if (server?.registry) {
			notes.set('agent_image', '');
			notes.warn('agent-from-hub', { registry: server.registry });
		}
		return Boolean(server?.registry);
	}
	notes.reason('agent-image-set', { variable: agentVariable });
	carryAgent(required, server?.registry ?? '', own, notes);
	return true;
}

/** An image that is not Rancher's own has to be there under the new tag; a mirror may spell tags in its own way. */
function noteRepository({ repository, tag }: ImageReference, version: string, notes: Notes): void {
	notes.set('image', repository);
	if (repository !== standardRepository) notes.warn('image-own', { image: repository });
	if (tag !== undefined && `v${tag}` === version) notes.warn('tag-spelled-otherwise', { tag, version });
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
