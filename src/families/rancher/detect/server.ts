import type { ContainerDocument } from '../inspect/documents.ts';
import { knowsFlags } from '../server-flags.ts';
import { carryCertificate } from './certificate.ts';
import { carryCluster, isCluster, noteIdlePort } from './cluster.ts';
import { carryConfigOptions } from './config-options.ts';
import { carryStorage } from './data-place.ts';
import { carryDatabase, carryInnerDatabase, findDatabase } from './database.ts';
import { carryHostOptions } from './host-options.ts';
import type { ImageDefaults } from './image-defaults.ts';
import { carryImages } from './image.ts';
import { carryMounts } from './mounts.ts';
import { makersOf } from './makers.ts';
import { carryNetwork } from './network-options.ts';
import type { Notes } from './notes.ts';
import type { Path } from './path.ts';
import { carryPorts } from './port-options.ts';
import type { ContainerStart } from './start.ts';
import { carryRestart, noteState } from './state.ts';
import { readVolumesFrom } from './storage.ts';
import { carryVariables, readOwnVariables } from './variables.ts';

/** Other documents that a server is seen beside. */
export interface Neighbours {
	readonly all: readonly ContainerDocument[];
	readonly dataContainers: readonly ContainerDocument[];
}

export interface ServerPath {
	readonly runbook: Path | null;
	readonly airGapped: boolean;
}

/**
 * Finds the path of a server and takes everything over that its `docker run` said: an external database decides first, then that it is one of several, then where
 * its own database lies.
 */
export function readServer(container: ContainerDocument, image: ImageDefaults, start: ContainerStart, version: string, neighbours: Neighbours, notes: Notes): ServerPath {
	noteWords(start, version, notes);
	noteState(container, notes);
	const own = readOwnVariables(container, image, notes);
	if (!image.isExact) notes.warn('image-missing', {});
	const airGapped = carryImages(container, own, version, notes);
	const source = findDatabase(container, start);
	const inCluster = source !== undefined && isCluster(container, start);
	const covered: string[] = [];
	let runbook: ServerPath['runbook'] = inCluster ? 'high-availability' : 'external-database';
	let from: string | undefined;
	if (source !== undefined) carryDatabase(container, source, start, own, notes);
	if (inCluster) carryCluster(container, start, own, notes);
	else {
		noteIdlePort(container, notes);
		if (source === undefined) {
			carryInnerDatabase(container, start, own, notes);
			const storage = carryStorage(container, neighbours.all, neighbours.dataContainers, notes);
			runbook = storage.runbook;
			from = storage.from;
			covered.push(...storage.places);
		}
	}
	covered.push(...carryCertificate(container, version, notes));
	carryRestart(container, notes);
	carryVariables(own, notes);
	carryPorts(container, image, inCluster, notes);
	carryMounts(container, image, covered, notes);
	for (const { word } of readVolumesFrom(container)) if (word !== from) notes.addOption(word);
	const makers = makersOf(container);
	carryNetwork(container, inCluster, makers, notes);
	carryConfigOptions(container, image, start, inCluster, notes);
	carryHostOptions(container.host, makers, notes);
	for (const maker of makers) maker.note(container, notes);
	return { runbook, airGapped };
}

/** What stands behind the image and is no flag: carried word for word where it starts the server, told where the script cannot start it. */
function noteWords(start: ContainerStart, version: string, notes: Notes): void {
	if (start.swallowed) notes.warn('flag-swallowed', start.swallowed);
	if (start.joined !== undefined) notes.warn('flag-joined', { flag: start.joined });
	else if (start.how === 'broken') notes.warn('words-unknown', {});
	if (start.unfinished !== undefined) notes.warn('flag-unfinished', { flag: start.unfinished });
	if (start.values.size > 0 && version !== '' && !knowsFlags(version)) notes.warn('flags-before-1.2', { version });
	if (start.words.length > 0 && notes.setWords(start.words)) notes.warn('words-carried', { number: start.words.length });
}
