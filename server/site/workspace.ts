/**
 * A folder that pages can be built in. In a checkout of one's own that is the checkout. What npm has installed lies below `node_modules`, where no builder compiles, and
 * perhaps where nothing can be written: its sources are copied into the cache, once a version, with links to its packages.
 */
import { accessSync, constants, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { problem, Refusal } from '../../src/runbook/problem.ts';
import { openPrivateFolder } from '../state/private-folder.ts';
import { explainFailure } from '../state/state-error.ts';
import { stampOf } from './stamp.ts';

/** What a builder is made of, from a checkout or from `builder` of a package. */
const parts = ['src', 'public', 'zh', 'en', 'astro.config.mjs', 'package.json', 'tsconfig.json'];

/** Returns where the sources of the pages are: in a checkout, or in a package that has them. @throws Refusal where there are none */
export function builderSource(root: string): string {
	const source = [root, join(root, 'builder')].find((one) => existsSync(join(one, 'astro.config.mjs')));
	if (source === undefined) throw new Refusal(problem('site.no-builder', { folder: root }));
	return source;
}

/** Returns a folder that pages can be built in. @throws StateError when the cache cannot be written */
export function openWorkspace(root: string, cache: string): string {
	const source = builderSource(root);
	if (source === root && isWritable(root)) return root;
	const workspace = join(cache, 'builder', stampOf(source).slice(0, 16));
	if (existsSync(workspace)) return workspace;
	try {
		openPrivateFolder(join(cache, 'builder'));
		const next = mkdtempSync(join(cache, 'builder', 'next-'));
		try {
			for (const part of parts) cpSync(join(source, part), join(next, part), { recursive: true });
			linkPackages(root, join(next, 'node_modules'));
			renameSync(next, workspace);
		} catch (error) {
			rmSync(next, { recursive: true, force: true });
			// Another Drover was faster.
			if (!existsSync(workspace)) throw error;
		}
	} catch (error) {
		throw explainFailure(workspace, error);
	}
	return workspace;
}

/** Packages as Node finds them from a folder: its own `node_modules` first, then those above it. */
function linkPackages(root: string, to: string): void {
	mkdirSync(to);
	for (let folder = realpathSync(root); ; folder = dirname(folder)) {
		const packages = join(folder, 'node_modules');
		if (existsSync(packages)) linkInto(packages, to);
		if (folder === dirname(folder)) return;
	}
}

function linkInto(packages: string, to: string): void {
	for (const name of readdirSync(packages).filter((one) => !one.startsWith('.'))) {
		const link = join(to, name);
		if (!name.startsWith('@')) {
			if (!existsSync(link)) symlinkSync(join(packages, name), link);
			continue;
		}
		mkdirSync(link, { recursive: true });
		for (const one of readdirSync(join(packages, name))) if (!existsSync(join(link, one))) symlinkSync(join(packages, name, one), join(link, one));
	}
}

function isWritable(root: string): boolean {
	try {
		accessSync(join(root, 'node_modules'), constants.W_OK);
		return true;
	} catch {
		return false;
	}
}
