import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { problem, Refusal } from '../../src/runbook/problem.ts';
import { stampFile, stampOf } from './stamp.ts';

export interface EnsureOptions {
	/** Called before a build, which takes some seconds. */
	readonly onBuild?: () => void;
}

/** Builds the site of the project when there is none or its sources have changed. What was packed came with its pages. Returns its folder. @throws Refusal when they are missing there */
export async function ensureSite(root: string, { onBuild }: EnsureOptions = {}): Promise<string> {
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
	await buildUnless(root, isBuilt);
	return site;
}

/** Whether this is the archive, or what npm has installed: sources and builder of the pages are in a checkout only. */
function isPacked(root: string): boolean {
	return !existsSync(join(root, 'astro.config.mjs'));
}
