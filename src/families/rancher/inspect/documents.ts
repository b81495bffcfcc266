/** Containers and images as `docker inspect` tells them. Source: moby/moby, `api/types/types.go` (ContainerJSON, ImageInspect). */
import { Fields } from './fields.ts';
import * as shape from './shapes.ts';

export interface Mount {
	/** `volume`, `bind` or `tmpfs`. */
	readonly type: string;
	/** Of a volume. */
	readonly name: string;
	/** On the host. */
	readonly source: string;
	/** In the container. */
	readonly place: string;
}

/** One container. Its fields are read where they are needed. */
export class ContainerDocument {
	readonly top: Fields;
	readonly state: Fields;
	readonly host: Fields;
	readonly config: Fields;
	readonly id: string;
	readonly name: string;
	/** Id of the image that it was made of. */
	readonly imageId: string;
	/** The image as it was typed. */
	readonly reference: string;

	constructor(object: object) {
		this.top = new Fields(object);
		this.state = this.top.below('State');
		this.host = this.top.below('HostConfig');
		this.config = this.top.below('Config');
		this.id = this.top.read('Id', shape.text) ?? '';
		this.name = (this.top.read('Name', shape.text) ?? '').replace(/^\//, '');
		this.imageId = this.top.read('Image', shape.text) ?? '';
		this.reference = this.config.read('Image', shape.text) ?? '';
		this.mounts = (this.top.read('Mounts', shape.mounts) ?? []).map(({ Type, Name, Source, Destination }) => ({ type: Type || (Name ? 'volume' : 'bind'), name: Name ?? '', source: Source ?? '', place: Destination }));
	}

	/** What it is called in a list: its name, else the beginning of its id. */
	get label(): string {
		return this.name || this.id.slice(0, 12);
	}

	get status(): string {
		return this.state.read('Status', shape.text) ?? (this.state.read('Running', shape.flag) === true ? 'running' : '');
	}

	/** Made, and never started since. */
	get neverRan(): boolean {
		return this.status === 'created' || (this.state.read('StartedAt', shape.text) ?? '').startsWith('0001-01-01');
	}

	/** What is mounted. Engines before 1.13 do not say its type: only volumes have a name. */
	readonly mounts: readonly Mount[];

	/** Name of the volume that is mounted at a place; undefined when there is none. */
	volumeAt(place: string): string | undefined {
		return this.mounts.find((mount) => mount.place === place && mount.type === 'volume')?.name || undefined;
	}

	/** Whether another name or id means this container. */
	isCalled(name: string): boolean {
		return name !== '' && (name === this.name || (/^[0-9a-f]{12,64}$/.test(name) && this.id.startsWith(name)));
	}
}

/** One image: what its containers have without being told. */
export class ImageDocument {
	readonly top: Fields;
	readonly config: Fields;
	readonly id: string;

	constructor(object: object) {
		this.top = new Fields(object);
		this.config = this.top.below('Config');
		this.id = this.top.read('Id', shape.text) ?? '';
	}

	get names(): readonly string[] {
		return [...(this.top.read('RepoTags', shape.texts) ?? []), ...(this.top.read('RepoDigests', shape.texts) ?? [])];
	}
}
