/**
 * What server and command line are made of: every file of ours that is reached from their entries, and every package those import, with what these packages need
 * in turn. Whoever packs Drover asks this, and a test keeps the builder of the site out of it.
 */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

/** Begins everything else; processes and threads of the server are found by their names in its files. */
const entry = 'cli/main.ts';

/** Here begins what builds pages. The server loads it when a page has changed: in a checkout, or in the package for npm. */
export const builder = 'server/site/build-site.ts';
const builders = [builder, 'server/site/warm-builder.ts'];

export interface ServerFiles {
	/** Files of ours, from the root. */
	readonly files: readonly string[];
	/** Packages that they import, by name. */
	readonly packages: readonly string[];
}

/** A statement or a call that imports, with its path or package; or a file of the same folder that is started as a process or a thread. */
const importing = /^\s*(?:import|export)\s(?!type\b)(?:[^'"=();]*\sfrom\s)?'([^']+)'|^\} from '([^']+)'|\bimport\(\s*'([^']+)'\s*\)/gm;
const starting = /(?:join\(import\.meta\.dirname, |new URL\()'([\w./-]+\.(?:ts|css|js|sh))'/g;
/** What a report has of the page's. */
const shared = /join\(source, '([\w./-]+)'\)/g;

/** Walks from the entry through everything that runs. Types are not followed: nothing is left of them. */
export function readServerFiles(root: string, withBuilder = false): ServerFiles {
	const [files, packages] = [new Set<string>(), new Set<string>()];
	const waiting = [entry];
	for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
		if (files.has(file) || (builders.includes(file) && !withBuilder)) continue;
		files.add(file);
		if (!/\.(?:ts|js)$/.test(file)) continue;
		const text = readFileSync(join(root, file), 'utf8');
		const beside = (path: string) => waiting.push(relative(root, resolve(root, dirname(file), path)));
		for (const [, plain, spread, called] of text.matchAll(importing)) {
			const name = plain ?? spread ?? called ?? '';
			if (name.startsWith('.')) beside(name);
			else if (!name.startsWith('node:')) packages.add(packageOf(name));
		}
		for (const [, path = ''] of text.matchAll(starting)) beside(path);
		for (const [, path = ''] of text.matchAll(shared)) waiting.push(`src/${path}`);
	}
	return { files: [...files].sort(), packages: [...packages].sort() };
}

function packageOf(name: string): string {
	return name.split('/').slice(0, name.startsWith('@') ? 2 : 1).join('/');
}

interface Manifest {
	readonly dependencies?: Readonly<Record<string, string>>;
	readonly optionalDependencies?: Readonly<Record<string, string>>;
	readonly peerDependencies?: Readonly<Record<string, string>>;
}

/** Folders of packages with everything that they need, from the root, as npm has installed them. What is optional and not for this machine is left out. @throws Error for one that is missing */
export function foldersOf(root: string, packages: readonly string[]): readonly string[] {
	const folders = new Set<string>();
	const waiting = packages.map((name) => ({ name, from: '.', isNeeded: true }));
	for (let one = waiting.pop(); one !== undefined; one = waiting.pop()) {
		const { name, from, isNeeded } = one;
		const folder = findPackage(root, name, from);
		if (folder === undefined && isNeeded) throw new Error(`Cannot find the package ${name}, which ${from} needs. Run "npm ci" first.`);
		if (folder === undefined || folders.has(folder)) continue;
		folders.add(folder);
		const { dependencies = {}, optionalDependencies = {}, peerDependencies = {} } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as Manifest;
		const optional = { ...optionalDependencies, ...peerDependencies };
		for (const next of Object.keys({ ...dependencies, ...optional })) waiting.push({ name: next, from: folder, isNeeded: !Object.hasOwn(optional, next) });
	}
	return [...folders].sort();
}

/** Where Node would find a package from a folder: its own `node_modules` first, then those above it. */
function findPackage(root: string, name: string, from: string): string | undefined {
	for (let folder = from; ; folder = dirname(folder)) {
		const path = join(folder, 'node_modules', name);
		if (existsSync(join(root, path, 'package.json'))) return path;
		if (folder === '.') return undefined;
	}
}
