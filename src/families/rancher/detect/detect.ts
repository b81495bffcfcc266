/** From the text of `docker inspect` to what each container is, which runbook is its path, and which values fill its form. */
import type { ContainerDocument } from '../inspect/documents.ts';
import { parseInspect } from '../inspect/parse-inspect.ts';
import type { Problem } from '../../../runbook/problem.ts';
import { problem } from '../problem.ts';
import { showCharacters } from '../../../runbook/text/character.ts';
import { parseReference } from '../image-reference.ts';
import { parseTag } from '../tags.ts';
import type { Found } from './found.ts';
import { imageDefaultsOf, databasePlace, type ImageDefaults } from './image-defaults.ts';
import { carryImages } from './image.ts';
import { kindOf, type Kind } from './kind.ts';
import { isPodman } from './makers.ts';
import { Notes } from './notes.ts';
import { family, type Path } from './path.ts';
import { readServer, type Neighbours } from './server.ts';
import { readStart, type ContainerStart } from './start.ts';
import { noteVersion, readVersion, type ServerVersion } from './version.ts';

export interface Detection {
	/** One for each container, servers first, those that run before the others. */
	readonly found: readonly Found[];
	/** What could not be read, with its place. */
	readonly problems: readonly Problem[];
}

interface Seen {
	readonly container: ContainerDocument;
	readonly image: ImageDefaults;
	readonly version: ServerVersion | undefined;
	readonly start: ContainerStart;
	readonly kind: Kind;
}

/** Reads what `docker inspect` printed, whatever it is. Never throws. */
export function detect(text: string): Detection {
	const { containers, images, problems } = parseInspect(text);
	const seen = containers.map((container): Seen => {
		const image = imageDefaultsOf(container, images);
		const version = readVersion(container, image);
		const start = readStart(container, image);
		return { container, image, version, start, kind: kindOf(container, version, start) };
	});
	const neighbours: Neighbours = { all: containers, dataContainers: seen.filter(({ kind }) => kind === 'data-container').map(({ container }) => container) };
	const sharers = groupByVolume(seen);
	const found = seen.map((one) => ({ one, found: describe(one, neighbours, sharers) }));
	const misfits = containers.flatMap((container) => {
		const fields = container.top.misfits.slice(0, 5).join(', ');
		return fields === '' ? [] : [problem('inspect.wrong-shape', { container: showCharacters(container.label).slice(0, 80), fields })];
	});
	return { found: found.sort((a, b) => rank(a.one) - rank(b.one)).map((pair) => pair.found), problems: [...problems, ...misfits] };
}

const ranks: readonly Kind[] = ['server', 'script-ha', 'script-ha-part', 'data-container', 'agent', 'other'];

function rank({ kind, container }: Seen): number {
	return ranks.indexOf(kind) * 3 + (container.status === 'running' || container.status === '' ? 0 : container.neverRan ? 2 : 1);
}

function describe(seen: Seen, neighbours: Neighbours, sharers: Sharers): Found {
	const { container, kind } = seen;
	const notes = new Notes();
	const path = kind === 'server' && seen.version ? readPath(seen, seen.version, neighbours, sharers, notes) : explain(seen, notes);
	return {
		kind,
		container: showCharacters(container.label).slice(0, 200),
		version: seen.version?.version || null,
		runbook: path.runbook === null ? null : `${family}/${path.runbook}`,
		airGapped: path.airGapped,
		reasons: notes.reasons,
		warnings: notes.warnings,
		values: notes.values,
	};
}

function readPath(seen: Seen, version: ServerVersion, neighbours: Neighbours, sharers: Sharers, notes: Notes) {
	const { container, image, start } = seen;
	noteVersion(container, version, notes);
	noteIdentity(container, version, notes);
	warnOfSharing(container, sharers, notes);
	if (isPodman(container)) notes.warn('engine-podman', {});
	const path = readServer(container, image, start, version.version, neighbours, notes);
	if (version.version === '' || parseTag(version.version)?.numbers[0] === 1) return path;
	notes.reason('not-1x', { version: version.version });
	return { ...path, runbook: null };
}

function noteIdentity(container: ContainerDocument, { version }: ServerVersion, notes: Notes): void {
	if (container.label !== '') notes.set('container', container.label);
	if (version !== '') notes.set('old_tag', version);
}

/** Servers that run, by the volume of their database. */
type Sharers = ReadonlyMap<string, readonly ContainerDocument[]>;

function groupByVolume(seen: readonly Seen[]): Sharers {
	const running = seen.filter(({ kind, container }) => kind === 'server' && container.status === 'running').map(({ container }) => container);
	return Map.groupBy(running, (container) => container.volumeAt(databasePlace) ?? '');
}

/** Two servers on the same files destroy them. */
function warnOfSharing(container: ContainerDocument, sharers: Sharers, notes: Notes): void {
	const volume = container.volumeAt(databasePlace);
	const together = volume === undefined || container.status !== 'running' ? [] : (sharers.get(volume) ?? []);
	const other = together.find((one) => one !== container);
	if (other) notes.warn('other-server-same-data', { container: other.label });
}

/** Why a container is no server to upgrade. The old high availability is one, but all its options belong to its script. */
function explain({ container, kind, version, start }: Seen, notes: Notes): { runbook: Extract<Path, 'high-availability'> | null; airGapped: boolean } {
	const image = container.reference;
	const repository = parseReference(image)?.repository ?? '';
	if (kind === 'data-container' && start.how === 'nothing' && !container.neverRan) notes.reason('data-container-ran', { command: start.program });
	else if (kind === 'data-container') notes.reason('data-container', {});
	else if (kind === 'agent') notes.reason('agent', { image });
	else if (kind === 'script-ha-part') notes.reason('script-ha-part', {});
	else if (repository === 'rancher/rancher') notes.reason('rancher-2', { image });
	else if (kind === 'other') notes.reason('no-server', { image });
	if (kind !== 'script-ha' || !version) return { runbook: null, airGapped: false };
	noteVersion(container, version, notes);
	notes.reason('script-ha', { container: container.label });
	noteIdentity(container, version, notes);
	const airGapped = carryImages(container, new Map(), version.version, notes);
	notes.warn('script-ha-database', {});
	notes.warn('script-ha-options', { options: '--privileged, --net=host, /var/run/docker.sock, /var/lib/rancher/etc' });
	return { runbook: 'high-availability', airGapped };
}
