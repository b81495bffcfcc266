import type { ContainerDocument } from '../inspect/documents.ts';
import { parseServerArguments, knowsFlags, type ServerArguments } from '../server-flags.ts';
import { carryCertificate } from './certificate.ts';
import { carryCluster, isCluster } from './cluster.ts';
import { carryConfigOptions } from './config-options.ts';
import { carryStorage } from './data-place.ts';
import { carryDatabase, carryInnerDatabase, findDatabase } from './database.ts';
import { carryHostOptions } from './host-options.ts';
import type { ImageDefaults } from './image-defaults.ts';
import { carryImages } from './image.ts';
import { readServerWords } from './kind.ts';
import { carryMounts } from './mounts.ts';
import { carryNetwork } from './network-options.ts';
import type { Notes } from './notes.ts';
import type { Path } from './path.ts';
import { carryPorts } from './port-options.ts';
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
export function readServer(container: ContainerDocument, image: ImageDefaults, version: string, neighbours: Neighbours, notes: Notes): ServerPath {
	const words = readServerWords(container);
	const flags = parseServerArguments(words.join('\0') === image.command.join('\0') ? [] : words);
	noteWords(flags, version, notes);
	noteState(container, notes);
	const own = readOwnVariables(container, image, notes);
	if (!image.isExact) notes.warn('image-missing', {});
	const airGapped = carryImages(container, own, notes);
	const source = findDatabase(container, flags, own);
	const inCluster = source !== undefined && isCluster(container, flags, own);
	const covered: string[] = [];
	let runbook: ServerPath['runbook'] = inCluster ? 'high-availability' : 'external-database';
	let from: string | undefined;
	if (source !== undefined) carryDatabase(container, source, flags, own, notes);
	if (inCluster) carryCluster(container, flags, own, notes);
	else if (source === undefined) {
		carryInnerDatabase(flags, own, notes);
		const storage = carryStorage(container, neighbours.all, neighbours.dataContainers, notes);
		runbook = storage.runbook;
		from = storage.from;
		covered.push(...storage.places);
	} else noteLoneFlags(flags, notes);
	covered.push(...carryCertificate(container, version, notes));
	carryRestart(container, notes);
	carryVariables(own, notes);
	carryPorts(container, image, inCluster, notes);
	carryMounts(container, image, covered, notes);
	for (const { word } of readVolumesFrom(container)) if (word !== from) notes.addOption(word);
	carryNetwork(container, inCluster, notes);
	carryConfigOptions(container, image, inCluster, notes);
	carryHostOptions(container.host, notes);
	return { runbook, airGapped };
}

function noteWords(flags: ServerArguments, version: string, notes: Notes): void {
	if (flags.unknown.length > 0) notes.warn('words-unknown', { number: flags.unknown.length });
	if (flags.unfinished !== undefined) notes.warn('flag-unfinished', { flag: flags.unfinished });
	if (flags.values.size > 0 && version !== '' && !knowsFlags(version)) notes.warn('flags-before-1.2', { version });
}

/** One server with an external database has nobody to advertise to. */
function noteLoneFlags(flags: ServerArguments, notes: Notes): void {
	if (flags.values.has('advertise_http_port')) notes.warn('flag-without-database', { flag: '--advertise-http-port' });
}
