/** The images of the rig: built once, then found again by a hash of everything they are made of. */
import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../command.ts';
import { listImages } from './image-list.ts';
import { addImage, addLayer } from './image-store.ts';
import { compareVersions, type Release } from './releases.ts';
import { librarySource } from './server-image.ts';

const here = import.meta.dirname;
const cache = join(here, '../.cache');
const standIn = join(here, '../stand-in');

/** Returns the storage folder of a registry with all images in it. Takes about a minute when there is none yet, else milliseconds. */
export async function buildImages(): Promise<string> {
	mkdirSync(cache, { recursive: true });
	const store = join(cache, `images-${hashOf(['images/*', 'stand-in/**/*'])}`);
	if (existsSync(store)) return touch(store);
	const root = await makeRoot();
	await intoPlace(store, (work) => fill(work, root));
	forgetOld(store, root);
	return store;
}

async function fill(store: string, root: string): Promise<void> {
	const work = join(store, 'work');
	mkdirSync(work);
	const base = await addLayer(store, root);
	const layers = {
		server: [base, await addLayer(store, await pack(join(standIn, 'server'), join(work, 'server.tar')))],
		database: [base, await addLayer(store, await pack(join(standIn, 'database'), join(work, 'database.tar')))],
		small: [await addLayer(store, await pack(join(standIn, 'small'), join(work, 'small.tar')))],
	};
	for (const { name, files, config, release } of listImages()) {
		const own = release === undefined ? [] : [await addLayer(store, await packRelease(release, work))];
		addImage(store, name, config, [...layers[files], ...own]);
	}
	rmSync(work, { recursive: true });
}

/** What an image knows of itself; its variables may be overridden when it runs. */
async function packRelease(release: Release, work: string): Promise<string> {
	const folder = mkdtempSync(join(work, 'release-'));
	const inside = join(folder, 'usr/lib/rancher');
	mkdirSync(inside, { recursive: true });
	writeFileSync(join(inside, 'release.json'), JSON.stringify(release));
	writeFileSync(join(inside, 'release.env'), `RELEASE_KNOWS_STRICT=${compareVersions(release.version, 'v1.6.11') >= 0}\n`);
	// The clone of the catalog that every image carries: what it holds follows from the release. Source: rancher/rancher, `server/Dockerfile`, "--validate".
	const clone = join(folder, 'var/lib/cattle/cache/global', createHash('md5').update(librarySource(release.version)).digest('hex'));
	mkdirSync(clone, { recursive: true });
	writeFileSync(join(clone, 'HEAD'), release.version);
	return pack(folder, `${folder}.tar`);
}

/** The file system that all share. It depends on Debian's packages of the day; the hash knows only how it is made. */
async function makeRoot(): Promise<string> {
	const root = join(cache, `root-${hashOf(['images/*.sh', 'stand-in/server/etc/mysql/conf.d/*'])}.tar`);
	if (existsSync(root)) return touch(root);
	await intoPlace(root, async (work) => {
		await run(join(here, 'make-root.sh'), [join(work, 'root.tar')]);
		return join(work, 'root.tar');
	});
	return root;
}

/** The file system that stands for the image `debian:11-slim`, with the packages that the Dockerfile installs in its cache. Takes about a minute when there is none yet. */
export async function makeDebianRoot(): Promise<string> {
	mkdirSync(cache, { recursive: true });
	const root = join(cache, `debian-11-${hashOf(['image/*.sh', '../../Dockerfile'])}.tar`);
	if (existsSync(root)) return touch(root);
	await intoPlace(root, async (work) => {
		await run(join(here, '../image/make-debian.sh'), [join(work, 'root.tar')]);
		return join(work, 'root.tar');
	});
	return root;
}

/** Packs a folder as a layer: the folder is the root of the file system. */
async function pack(folder: string, file: string): Promise<string> {
	await run('tar', ['--create', '--file', file, '--sort=name', '--mtime=@0', '--owner=0', '--group=0', '--mode=u=rwX,go=rX', '--directory', folder, '.']);
	return file;
}

/** Whoever builds the same at the same time builds in a folder of their own: the first to finish is taken. */
async function intoPlace(target: string, build: (work: string) => Promise<string | void>): Promise<void> {
	const work = mkdtempSync(join(cache, 'work-'));
	try {
		const made = (await build(work)) ?? work;
		if (existsSync(target)) return;
		renameSync(made, target);
	} catch (error) {
		if (!existsSync(target)) throw error;
	} finally {
		rmSync(work, { recursive: true, force: true });
	}
}

function hashOf(patterns: readonly string[]): string {
	const hash = createHash('sha256');
	const folder = join(here, '..');
	const files = globSync(patterns, { cwd: folder }).filter((path) => statSync(join(folder, path)).isFile());
	for (const path of files.sort()) hash.update(path).update('\0').update(readFileSync(join(folder, path)));
	return hash.digest('hex').slice(0, 16);
}

function touch(path: string): string {
	utimesSync(path, new Date(), new Date());
	return path;
}

/** What nobody has used for a day goes; another run may still pull from what is younger. */
function forgetOld(...keep: readonly string[]): void {
	const dayMs = 24 * 60 * 60 * 1000;
	for (const path of readdirSync(cache).map((name) => join(cache, name))) {
		if (!keep.includes(path) && Date.now() - statSync(path).mtimeMs > dayMs) rmSync(path, { recursive: true, force: true });
	}
}

// Before many that need them: `npx node tests/rig/images/build-images.ts`.
if (import.meta.main) await Promise.all([buildImages(), makeDebianRoot()]);
