/** What a container has because of its image, and not because somebody said so. */
import type { ContainerDocument, ImageDocument } from '../inspect/documents.ts';
import * as shape from '../inspect/shapes.ts';
import { standardCommand } from '../server-flags.ts';
import { isImageValue } from '../variables.ts';

export interface ImageDefaults {
	/** The image's own document is there: what follows is exact. Otherwise it is what every `rancher/server` has. */
	readonly isExact: boolean;
	/** Whether the image gives a variable this very value. */
	hasVariable(name: string, value: string): boolean;
	/** The value that the image gives a variable, where it is known. */
	variable(name: string): string | undefined;
	/** Each is what the image may start by itself. */
	readonly entrypoints: readonly (readonly string[])[];
	readonly command: readonly string[];
	readonly user: string;
	readonly workdir: string;
	readonly stopSignal: string;
	readonly labels: ReadonlyMap<string, string>;
	readonly volumes: ReadonlySet<string>;
	readonly ports: ReadonlySet<string>;
	/** As JSON. */
	readonly healthCheck: string | undefined;
}

/** Where a server keeps what it must not lose, and what else its image keeps in volumes. Source: rancher/rancher, `server/Dockerfile`, VOLUME. */
export const databasePlace = '/var/lib/mysql';
const serverVolumes = [databasePlace, '/var/log/mysql', '/var/lib/cattle'];

/** Returns the defaults of a container's image, by its document if that is there. */
export function imageDefaultsOf(container: ContainerDocument, images: readonly ImageDocument[]): ImageDefaults {
	const image = images.find(({ id }) => id !== '' && id === container.imageId) ?? (container.imageId === '' ? images.find(({ names }) => names.includes(container.reference)) : undefined);
	return image ? exactDefaults(image) : standardDefaults();
}

function exactDefaults({ config }: ImageDocument): ImageDefaults {
	const variables = new Map((config.read('Env', shape.texts) ?? []).map((pair) => [pair.split('=', 1)[0] ?? '', pair.slice(pair.indexOf('=') + 1)]));
	const check = config.read('Healthcheck', shape.healthCheck);
	return {
		isExact: true,
		hasVariable: (name, value) => variables.get(name) === value,
		variable: (name) => variables.get(name),
		entrypoints: [config.read('Entrypoint', shape.words) ?? []],
		command: config.read('Cmd', shape.words) ?? [],
		user: config.read('User', shape.text) ?? '',
		workdir: config.read('WorkingDir', shape.text) ?? '',
		stopSignal: config.read('StopSignal', shape.text) || 'SIGTERM',
		labels: new Map(config.read('Labels', shape.textEntries) ?? []),
		volumes: new Set(config.read('Volumes', shape.keys) ?? []),
		ports: new Set(config.read('ExposedPorts', shape.keys) ?? []),
		healthCheck: check && JSON.stringify(check),
	};
}

/** Of every `rancher/server` from v1.0.0 to v1.6.30. Source: rancher/rancher, `server/Dockerfile` at each tag; the entry point came with 1.2. */
function standardDefaults(): ImageDefaults {
	return {
		isExact: false,
		hasVariable: isImageValue,
		variable: () => undefined,
		entrypoints: [['/usr/bin/entry'], []],
		command: standardCommand,
		user: '',
		workdir: '',
		stopSignal: 'SIGTERM',
		labels: new Map(),
		volumes: new Set(serverVolumes),
		ports: new Set(['3306/tcp', '8080/tcp']),
		healthCheck: undefined,
	};
}
