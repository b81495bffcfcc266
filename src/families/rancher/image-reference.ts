/** References to images, `registry.example.com:5000/team/rancher/server:v1.6.14@sha256:…`, taken apart. */

export interface ImageReference {
	/** Host, port and path that stand before the repository; empty for Docker Hub. */
	readonly registry: string;
	/** Repository as it is called on Docker Hub. */
	readonly repository: string;
	readonly tag: string | undefined;
}

/** Docker Hub, written out. Source: distribution/reference, `normalize.go` ("docker.io", "index.docker.io"). */
const hub = new Set(['docker.io', 'index.docker.io', 'registry-1.docker.io', 'registry.hub.docker.com']);

/** Source: distribution/reference, `regexp.go`. */
const digest = /^[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9A-Fa-f]{32,}$/;

/**
 * Takes a reference apart; undefined for an image id, which names nothing, and for one with something else than a digest behind its `@`. A mirror keeps the repositories of `rancher/` below a path of its own, so in
 * `harbor.example/mirror/rancher/server` the registry is `harbor.example/mirror`.
 *
 * Source: distribution/reference: a first part with a dot or a colon, or `localhost`, is a registry.
 */
export function parseReference(reference: string): ImageReference | undefined {
	if (/^(?:sha256:)?[0-9a-f]{12,64}$/.test(reference) || reference === '') return undefined;
	const [name = '', ...pinned] = reference.split('@');
	if (name === '' || pinned.length > 1 || !pinned.every((one) => digest.test(one))) return undefined;
	const colon = name.indexOf(':', name.lastIndexOf('/') + 1);
	const path = colon < 0 ? name : name.slice(0, colon);
	const tag = colon < 0 ? undefined : name.slice(colon + 1);
	const [first = '', ...rest] = path.split('/');
	const hasHost = rest.length > 0 && (/[.:]/.test(first) || first === 'localhost');
	if (!hasHost) return { registry: '', repository: path, tag };
	if (hub.has(first)) return { registry: '', repository: rest.join('/'), tag };
	const at = rest.lastIndexOf('rancher');
	const own = at < 0 ? rest : rest.slice(at);
	return { registry: [first, ...rest.slice(0, rest.length - own.length)].join('/'), repository: own.join('/'), tag };
}
