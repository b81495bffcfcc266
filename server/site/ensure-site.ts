import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { problem, Refusal } from '../../src/runbook/problem.ts';
import { openPrivateFolder } from '../state/private-folder.ts';
import { openCache, siteFolder } from './cache-folder.ts';
import { stampFile, stampOf } from './stamp.ts';
import { builderSource, openWorkspace } from './workspace.ts';

export interface EnsureOptions {
	/** The content folder; the project's own unless said. */
	readonly content?: string;
	/** Says where the cache is. */
	readonly env?: NodeJS.ProcessEnv;
	/** Called before a build, which takes some seconds. */
	readonly onBuild?: () => void;
}

/** Builds the pages of a content folder when there are none or its sources have changed. What was packed came with the pages of its own content. Returns their folder. @throws Refusal when they are missing there; StateError when nothing can be written */
export async function ensureSite(root: string, { content = root, env, onBuild }: EnsureOptions = {}): Promise<string> {
	if (content !== root) return await ensureForeignSite(root, content, env, onBuild);
	const site = join(root, 'dist');
	const file = join(site, stampFile);
	if (isPacked(root)) {
		if (!existsSync(file)) throw new Refusal(problem('site.missing', { folder: site }));
		return site;
	}
	const isBuilt = (): boolean => existsSync(file) && readFileSync(file, 'utf8') === stampOf(root);
	if (isBuilt()) return site;
	onBuild?.();
	const { buildUnless } = await import('./build-site.ts');
	await buildUnless({ root }, isBuilt);
	return site;
}

async function ensureForeignSite(root: string, content: string, env?: NodeJS.ProcessEnv, onBuild?: () => void): Promise<string> {
	const cache = openCache(env);
	const site = siteFolder(cache, content);
	const file = join(site, stampFile);
	const isBuilt = (): boolean => existsSync(file) && readFileSync(file, 'utf8') === stampOf(builderSource(root), content);
	if (isBuilt()) return site;
	onBuild?.();
	openPrivateFolder(join(cache, 'sites'));
	const { buildUnless } = await import('./build-site.ts');
	await buildUnless({ root: openWorkspace(root, cache), source: builderSource(root), content, out: site }, isBuilt);
	return site;
}

/** Whether this is the archive, or what npm has installed: the sources of its own pages are in a checkout only. */
function isPacked(root: string): boolean {
	return !existsSync(join(root, 'astro.config.mjs'));
}
