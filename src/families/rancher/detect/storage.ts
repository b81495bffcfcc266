/** Where a server keeps its database, when that is not elsewhere. */
import type { ContainerDocument } from '../inspect/documents.ts';
import * as shape from '../inspect/shapes.ts';
import { databasePlace } from './image-defaults.ts';
import { readAskedMounts, type AskedMount } from './mounts.ts';
import type { Notes } from './notes.ts';

export type Storage =
	| { readonly kind: 'bind'; readonly path: string; readonly mount?: AskedMount }
	| { readonly kind: 'container'; readonly name: string; readonly volume: string }
	| { readonly kind: 'named-volume'; readonly volume: string; readonly mount?: AskedMount }
	| { readonly kind: 'anonymous-volume'; readonly volume: string }
	| { readonly kind: 'memory' }
	| { readonly kind: 'unknown' };

const isAnonymous = (volume: string) => /^[0-9a-f]{64}$/.test(volume);

/**
 * Reads the mount at `/var/lib/mysql`. The image declares a volume there, so that one is always mounted: what it is and who asked for it tells the storage. A volume that
 * was asked for by name is that, however the name looks.
 */
export function readStorage(container: ContainerDocument): Storage {
	const asked = readAskedMounts(container).find(({ place }) => place === databasePlace);
	const mount = container.mounts.find(({ place }) => place === databasePlace);
	const type = mount?.type ?? asked?.type;
	if (type === 'bind') return { kind: 'bind', path: mount?.source || (asked?.source ?? ''), ...(asked && { mount: asked }) };
	if (type === 'tmpfs') return { kind: 'memory' };
	if (type !== 'volume') return { kind: 'unknown' };
	const volume = mount?.name || (asked?.source ?? '');
	if (asked?.source) return { kind: 'named-volume', volume, mount: asked };
	const [from] = readVolumesFrom(container);
	if (from) return { kind: 'container', name: from.name, volume };
	return isAnonymous(volume) || volume === '' ? { kind: 'anonymous-volume', volume } : { kind: 'named-volume', volume };
}

/** The containers whose volumes it shares. Source: docker run, "--volumes-from": a name or an id, with `:ro` or `:rw`. */
export function readVolumesFrom({ host }: ContainerDocument): readonly { readonly name: string; readonly mode: string; readonly word: string }[] {
	return (host.read('VolumesFrom', shape.texts) ?? []).map((text) => {
		const [name = '', mode = ''] = text.split(':');
		return { name, mode, word: `--volumes-from=${text}` };
	});
}

/** Takes the options of a mount over, word for word: `Z` keeps the server in its own files. What `--volume` has no word for is told. */
export function carryOptions(mount: AskedMount | undefined, parameter: 'data_options' | 'ca_options', notes: Notes): boolean {
	if (!mount || mount.options === '') return true;
	const modes = modesOf(mount);
	if (modes !== undefined && notes.check(parameter, modes) === undefined) return notes.set(parameter, modes);
	notes.warn('mount-options', { path: mount.place, options: mount.options });
	return false;
}

/** Whether a field has room for the options of a mount. */
export function canCarryOptions(mount: AskedMount, notes: Notes): boolean {
	const modes = modesOf(mount);
	return mount.options === '' || (modes !== undefined && notes.check('ca_options', modes) === undefined);
}

/** The options of `--mount` as `--volume` spells them; undefined when it has no word for one. */
function modesOf({ options, word }: AskedMount): string | undefined {
	if (word?.startsWith('--volume=')) return options;
	const modes = options.split(',').map((field) => (field === 'readonly' ? 'ro' : field === 'volume-nocopy' ? 'nocopy' : /^(?:bind-propagation|consistency)=(.*)$/.exec(field)?.[1]));
	return modes.every((mode) => mode !== undefined) ? modes.join(',') : undefined;
}
