/** What is mounted where, by what was asked for and by what is there. Source: docker run, "--volume", "--mount"; moby/moby, `volume/mounts/linux_parser.go`. */
import type { ContainerDocument } from '../inspect/documents.ts';
import { catalogVolumePrefix } from '../infrastructure-stacks.ts';
import * as shape from '../inspect/shapes.ts';
import type { ImageDefaults } from './image-defaults.ts';
import type { Notes } from './notes.ts';

/** A mount that somebody asked for. */
export interface AskedMount {
	/** Folder or file of the host, or name of a volume. */
	readonly source: string;
	readonly place: string;
	readonly type: string;
	/** `ro`, `Z` and the like. */
	readonly options: string;
	/** The option of `docker run` that asks for it; undefined when none can. */
	readonly word: string | undefined;
}

const trim = (place: string) => (place.length > 1 ? place.replace(/\/{1,99}$/, '') : place);

/** Every mount that was asked for by an option, in the order of the document. */
export function readAskedMounts({ host }: ContainerDocument): readonly AskedMount[] {
	const binds = (host.read('Binds', shape.texts) ?? []).map(parseBind);
	const mounts = (host.read('Mounts', shape.mountOptions) ?? []).map(parseMount);
	return [...binds, ...mounts];
}

function parseBind(bind: string): AskedMount {
	const [source = '', place = '', ...rest] = bind.split(':');
	return { source, place: trim(place), type: source.startsWith('/') ? 'bind' : 'volume', options: rest.join(':'), word: `--volume=${bind}` };
}

function parseMount(mount: shape.MountOption): AskedMount {
	const type = mount.Type ?? 'volume';
	const fields = mountFields(mount);
	const [, ...settings] = fields ?? [];
	return {
		source: mount.Source ?? '',
		place: trim(mount.Target),
		type,
		options: settings.filter((field) => !/^(?:source|target)=/.test(field)).join(','),
		word: fields && `--mount=${fields.map(quoteField).join(',')}`,
	};
}

/** The fields of `--mount`; undefined when the engine knows more of it than the option can say. */
function mountFields(mount: shape.MountOption): readonly string[] | undefined {
	const { BindOptions: bind, VolumeOptions: volume, TmpfsOptions: tmpfs } = mount;
	const isKnown = (object: object | null | undefined, ...names: string[]) => Object.entries(object ?? {}).every(([name, value]) => names.includes(name) || !value);
	if (!isKnown(bind, 'Propagation') || !isKnown(volume, 'NoCopy', 'Labels', 'DriverConfig') || !isKnown(tmpfs, 'SizeBytes', 'Mode')) return undefined;
	const driver = volume?.DriverConfig;
	return [
		`type=${mount.Type ?? 'volume'}`,
		mount.Source ? `source=${mount.Source}` : '',
		`target=${mount.Target}`,
		mount.ReadOnly ? 'readonly' : '',
		mount.Consistency && mount.Consistency !== 'default' ? `consistency=${mount.Consistency}` : '',
		bind?.Propagation ? `bind-propagation=${bind.Propagation}` : '',
		volume?.NoCopy ? 'volume-nocopy' : '',
		...(volume?.Labels ?? []).map(([name, value]) => `volume-label=${name}=${value}`),
		driver?.Name ? `volume-driver=${driver.Name}` : '',
		...(driver?.Options ?? []).map(([name, value]) => `volume-opt=${name}=${value}`),
		tmpfs?.SizeBytes ? `tmpfs-size=${tmpfs.SizeBytes}` : '',
		tmpfs?.Mode ? `tmpfs-mode=${tmpfs.Mode.toString(8)}` : '',
	].filter((field) => field !== '');
}

/** The option is read as a line of CSV. Source: RFC 4180; docker/cli, `opts/mount.go`. */
function quoteField(field: string): string {
	return /[",]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}

/** The volume of an earlier upgrade holds that release's catalog: the next one has a volume of its own. */
function isOurs({ place, source }: AskedMount): boolean {
	return place === '/var/lib/cattle' && source.startsWith(catalogVolumePrefix);
}

/** Takes the mounts over, but for those at places that a field of the form covers. */
export function carryMounts(container: ContainerDocument, image: ImageDefaults, covered: readonly string[], notes: Notes): void {
	const asked = readAskedMounts(container);
	for (const mount of asked) {
		if (covered.includes(mount.place) || isOurs(mount)) continue;
		if (mount.word === undefined) notes.warn('option-impossible', { option: `--mount ${mount.place}` });
		else notes.addOption(mount.word);
		if (mount.place === '/var/run/docker.sock') notes.warn('privileged-not-needed', { option: '/var/run/docker.sock' });
	}
	for (const place of container.config.read('Volumes', shape.keys) ?? []) {
		if (image.volumes.has(place) || asked.some((mount) => mount.place === trim(place))) continue;
		// By its name the new container gets the very volume, not an empty one of the same place.
		const volume = container.volumeAt(place);
		notes.addOption(`--volume=${volume === undefined ? '' : `${volume}:`}${place}`);
	}
}
