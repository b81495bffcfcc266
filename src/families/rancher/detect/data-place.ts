import type { ContainerDocument } from '../inspect/documents.ts';
import { databasePlace } from './image-defaults.ts';
import type { Notes } from './notes.ts';
import type { Path } from './path.ts';
import { readStorage, carryOptions, readVolumesFrom, type Storage } from './storage.ts';

/** The name that the documentation gives a data container. */
const usualName = 'rancher-data';

/**
 * Takes the place of the inner database over; returns the path that it is, with the places and the container that its fields cover.
 *
 * Source: https://rancher.com/docs/rancher/v1.6/en/upgrading/ (single container, bind-mounted MySQL).
 */
export function carryStorage(container: ContainerDocument, all: readonly ContainerDocument[], dataContainers: readonly ContainerDocument[], notes: Notes): StoragePath {
	const storage = readStorage(container);
	notes.reason('no-external', {});
	if (storage.kind === 'bind') return carryBind(storage, notes);
	if (storage.kind === 'named-volume') {
		notes.reason('named-volume', { volume: storage.volume });
		notes.set('data_volume', storage.volume);
		carryOptions(storage.mount, 'data_options', notes);
		return { runbook: 'single-container', places: [databasePlace] };
	}
	if (storage.kind === 'container') return carryDataContainer(container, all, dataContainers, storage, notes);
	if (storage.kind === 'anonymous-volume') return carryAnonymous(storage.volume, all, dataContainers, notes);
	notes.reason(storage.kind === 'memory' ? 'data-in-memory' : 'no-volume', {});
	return { runbook: null, places: [] };
}

interface StoragePath {
	readonly runbook: Extract<Path, 'single-container' | 'bind-mount'> | null;
	readonly places: readonly string[];
	/** The container of `--volumes-from` that has a field, as it was written. */
	readonly from?: string;
}

function carryBind(storage: Extract<Storage, { kind: 'bind' }>, notes: Notes): StoragePath {
	notes.reason('bind-mount', { path: storage.path });
	notes.set('data_dir', storage.path);
	carryOptions(storage.mount, 'data_options', notes);
	return { runbook: 'bind-mount', places: [databasePlace] };
}

function carryDataContainer(container: ContainerDocument, all: readonly ContainerDocument[], dataContainers: readonly ContainerDocument[], storage: Extract<Storage, { kind: 'container' }>, notes: Notes): StoragePath {
	const sources = readVolumesFrom(container);
	const documents = sources.map((source) => ({ source, document: all.find((one) => one.isCalled(source.name)) }));
	const holder = documents.find(({ document }) => document?.volumeAt(databasePlace) === storage.volume) ?? documents[0];
	const name = holder?.document?.name || storage.name;
	notes.reason('volumes-from', { container: name });
	notes.set('data_container', name);
	if (holder?.source.mode === 'ro') notes.warn('mount-options', { path: databasePlace, options: 'ro' });
	if (sources.length > 1) notes.warn('data-containers-several', { container: name });
	if (holder?.document && !holder.document.neverRan && !dataContainers.includes(holder.document)) notes.warn('data-container-runs', { container: name });
	return { runbook: 'single-container', places: [], ...(holder && { from: holder.source.word }) };
}

/** The first upgrade makes the data container, unless somebody has made one and stopped there. */
function carryAnonymous(volume: string, all: readonly ContainerDocument[], dataContainers: readonly ContainerDocument[], notes: Notes): StoragePath {
	notes.reason('anonymous-volume', { volume: volume.slice(0, 12) });
	const there = volume === '' ? undefined : dataContainers.find((one) => one.volumeAt(databasePlace) === volume);
	const namesake = all.find((one) => one.name === usualName);
	if (there) {
		notes.set('data_container', there.name);
		notes.warn('data-container-unused', { container: there.name });
	} else if (namesake) notes.warn('data-name-taken', { container: usualName });
	return { runbook: 'single-container', places: [] };
}
