import type { ContainerDocument } from '../inspect/documents.ts';
import * as shape from '../inspect/shapes.ts';
import { parseReference } from '../image-reference.ts';
import { isMoving, parseTag } from '../tags.ts';
import type { ImageDefaults } from './image-defaults.ts';
import type { Notes } from './notes.ts';

/** Since 1.1 the first says it; in 1.0 the second did, which afterwards is the image's name. Source: rancher/rancher, `server/Dockerfile` at v1.0.2 and v1.1.0. */
const versionVariables = ['CATTLE_RANCHER_SERVER_VERSION', 'CATTLE_RANCHER_SERVER_IMAGE'] as const;

export interface ServerVersion {
	readonly version: string;
	/** The variable that says it; undefined when only the tag does. */
	readonly variable: string | undefined;
}

/** Returns the version that a server says of itself, else that of its tag; undefined for a container that says nothing of the kind. */
export function readVersion(container: ContainerDocument, image: ImageDefaults): ServerVersion | undefined {
	for (const variable of versionVariables) {
		const version = image.variable(variable) ?? readVariable(container, variable);
		if (version !== undefined && parseTag(version)) return { version, variable };
	}
	const reference = parseReference(container.reference);
	if (!reference?.repository.endsWith('rancher/server')) return undefined;
	const { tag } = reference;
	return { version: tag !== undefined && parseTag(tag) ? tag : '', variable: undefined };
}

function readVariable(container: ContainerDocument, name: string): string | undefined {
	const pair = (container.config.read('Env', shape.texts) ?? []).findLast((one) => one.startsWith(`${name}=`));
	return pair?.slice(name.length + 1);
}

/** Tells where the tag says something else than the server itself. */
export function noteVersion(container: ContainerDocument, { version, variable }: ServerVersion, notes: Notes): void {
	if (variable !== undefined) notes.reason('server', { variable, version });
	else notes.reason('server-by-image', { image: container.reference });
	if (version === '') notes.warn('version-unknown', {});
	const own = variable && readVariable(container, variable);
	if (own !== undefined && own !== version) notes.warn('version-set-by-hand', { variable: variable ?? '', version: own });
	const reference = parseReference(container.reference);
	const tag = reference && (reference.tag ?? 'latest');
	if (tag === undefined || tag === version || container.reference.includes('@')) return;
	if (`v${tag}` === version) return;
	if (isMoving(tag)) notes.warn('tag-moving', { tag, version });
	else if (variable !== undefined) notes.warn('tag-moved', { tag, version });
}
