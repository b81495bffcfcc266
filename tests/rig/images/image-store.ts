/**
 * Writes images straight into the folder of a registry: no engine is needed to build them, and two images share every layer they have in common.
 *
 * Source: Docker Image Manifest V2 Schema 2; the image specification v1; the storage layout of distribution/distribution, `registry/storage/paths.go`.
 */
import { createHash } from 'node:crypto';
import { createReadStream, existsSync, linkSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { ImageConfig } from './server-image.ts';

export interface Blob {
	/** `sha256:…` */
	readonly digest: string;
	readonly size: number;
}

/** The registry's own folder below the one it is given. */
const base = 'docker/registry/v2';

/** Takes a tar archive into the store as a layer, by a hard link. It is not compressed: the network is this machine, and unpacking costs the most. */
export async function addLayer(store: string, file: string): Promise<Blob> {
	const hash = createHash('sha256');
	let size = 0;
	await pipeline(createReadStream(file, { highWaterMark: 1 << 20 }), async (chunks: AsyncIterable<Buffer>) => {
		for await (const chunk of chunks) {
			hash.update(chunk);
			size += chunk.length;
		}
	});
	const digest = `sha256:${hash.digest('hex')}`;
	const path = blobPath(store, digest);
	mkdirSync(dirname(path), { recursive: true });
	if (!existsSync(path)) linkSync(file, path);
	return { digest, size };
}

/** Writes an image under its name. */
export function addImage(store: string, name: string, config: ImageConfig, layers: readonly Blob[]): void {
	const [repository = '', tag = 'latest'] = name.split(':');
	const created = '2020-05-04T00:00:00Z';
	const image = addJson(store, {
		architecture: process.arch === 'arm64' ? 'arm64' : 'amd64',
		os: 'linux',
		created,
		config,
		rootfs: { type: 'layers', diff_ids: layers.map(({ digest }) => digest) },
		history: layers.map(() => ({ created })),
	});
	const manifest = addJson(store, {
		schemaVersion: 2,
		mediaType: 'application/vnd.docker.distribution.manifest.v2+json',
		config: { mediaType: 'application/vnd.docker.container.image.v1+json', ...image },
		layers: layers.map((layer) => ({ mediaType: 'application/vnd.docker.image.rootfs.diff.tar', ...layer })),
	});
	const folder = join(store, base, 'repositories', repository);
	for (const { digest } of [image, ...layers]) writeLink(join(folder, '_layers', slashed(digest)), digest);
	writeLink(join(folder, '_manifests/revisions', slashed(manifest.digest)), manifest.digest);
	writeLink(join(folder, '_manifests/tags', tag, 'index', slashed(manifest.digest)), manifest.digest);
	writeLink(join(folder, '_manifests/tags', tag, 'current'), manifest.digest);
}

function addJson(store: string, content: object): Blob {
	const text = JSON.stringify(content);
	const digest = `sha256:${createHash('sha256').update(text).digest('hex')}`;
	const path = blobPath(store, digest);
	mkdirSync(dirname(path), { recursive: true });
	writeFileSync(path, text);
	return { digest, size: Buffer.byteLength(text) };
}

function blobPath(store: string, digest: string): string {
	const hex = digest.slice('sha256:'.length);
	return join(store, base, 'blobs/sha256', hex.slice(0, 2), hex, 'data');
}

function slashed(digest: string): string {
	return digest.replace(':', '/');
}

function writeLink(folder: string, digest: string): void {
	mkdirSync(folder, { recursive: true });
	writeFileSync(join(folder, 'link'), digest);
}
