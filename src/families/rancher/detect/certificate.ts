import type { ContainerDocument } from '../inspect/documents.ts';
import { certificatePlace, needsKeytool, oldCertificatePlace } from '../certificate.ts';
import { isAtLeast } from '../tags.ts';
import { readAskedMounts, type AskedMount } from './mounts.ts';
import type { Notes } from './notes.ts';
import { canCarryOptions, carryOptions } from './storage.ts';

/**
 * Takes the certificate of a private CA over, from either of its places; returns the places that this covers. One that is mounted with options keeps them as an option of its
 * own. A certificate that came along with the volumes of a data container still does, if it is at the place that new servers read.
 *
 * Source: rancher/rancher#7422; `../certificate.ts`.
 */
export function carryCertificate(container: ContainerDocument, version: string, notes: Notes): readonly string[] {
	const asked = readAskedMounts(container);
	const at = (place: string) => asked.find((mount) => mount.place === place);
	const [current, old] = [at(certificatePlace), at(oldCertificatePlace) ?? inherited(container, asked)];
	const mount = current ?? old;
	if (!mount) return [];
	if (current && old) notes.warn('ca-twice', { path: oldCertificatePlace });
	else if (!current) noteOldPlace(version, notes);
	if (version !== '' && needsKeytool(version)) notes.warn('ca-keytool', { version });
	if (mount.type === 'bind' && canCarryOptions(mount, notes)) {
		notes.set('ca_cert', mount.source);
		carryOptions(mount, 'ca_options', notes);
	} else notes.addOption(mount === current && mount.word ? mount.word : `--volume=${mount.source}:${certificatePlace}${mount.word?.startsWith('--volume=') ? `:${mount.options}` : ':ro'}`);
	return [certificatePlace, oldCertificatePlace];
}

function noteOldPlace(version: string, notes: Notes): void {
	if (version !== '' && isAtLeast(version, 'v1.3.0')) notes.warn('ca-was-ignored', { path: oldCertificatePlace });
	else notes.warn('ca-old-place', { path: oldCertificatePlace });
}

/** Mounted at the old place by the container whose volumes this one shares. */
function inherited({ mounts }: ContainerDocument, asked: readonly AskedMount[]): AskedMount | undefined {
	const mount = mounts.find(({ place, type }) => place === oldCertificatePlace && type === 'bind');
	if (!mount?.source || asked.some(({ place }) => place === certificatePlace)) return undefined;
	return { source: mount.source, place: oldCertificatePlace, type: 'bind', options: '', word: undefined };
}
