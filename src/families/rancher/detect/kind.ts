import type { ContainerDocument } from '../inspect/documents.ts';
import * as shape from '../inspect/shapes.ts';
import { parseReference } from '../image-reference.ts';
import { readBindings } from './port-options.ts';
import type { ContainerStart } from './start.ts';
import type { ServerVersion } from './version.ts';

/**
 * What a container is to an upgrade. `script-ha` is the start container of the high availability of 1.0 and 1.1, `script-ha-part` one that it made.
 *
 * Source: https://rancher.com/docs/rancher/v1.1/en/installing-rancher/installing-server/multi-nodes/
 */
export type Kind = 'server' | 'data-container' | 'script-ha' | 'script-ha-part' | 'agent' | 'other';

/** Says what a container is. `version` is what it says of itself as a server. */
export function kindOf(container: ContainerDocument, version: ServerVersion | undefined, start: ContainerStart): Kind {
	const repository = parseReference(container.reference)?.repository ?? '';
	if (/^rancher-ha-./.test(container.name)) return 'script-ha-part';
	if (repository.endsWith('rancher/agent') || /^rancher-agent(?:$|-)/.test(container.name)) return 'agent';
	if (!version) return 'other';
	if (container.name === 'rancher-ha' || readServerWords(container)[0] === 'ha') return 'script-ha';
	return isDataContainer(container, start) ? 'data-container' : 'server';
}

/**
 * Made for its volumes alone: by `docker create` and never started, or started with a program that is no server (`true`). It publishes nothing and is never started again. A server
 * whose start failed has a reason for that in its state.
 */
function isDataContainer(container: ContainerDocument, start: ContainerStart): boolean {
	if (start.how === 'nothing') return true;
	const restart = container.host.read('RestartPolicy', shape.restartPolicy)?.Name ?? '';
	const error = container.state.read('Error', shape.text) ?? '';
	return container.neverRan && error === '' && ['', 'no'].includes(restart) && readBindings(container).length === 0 && start.values.size === 0;
}

/** The words after the image. */
export function readServerWords({ config, top }: ContainerDocument): readonly string[] {
	return config.read('Cmd', shape.words) ?? top.read('Args', shape.texts) ?? [];
}
