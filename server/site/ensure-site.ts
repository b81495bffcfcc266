import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stampFile, stampOf } from './stamp.ts';

export interface EnsureOptions {
	/** Called before a build, which takes some seconds. */
	readonly onBuild?: () => void;
}

/** Builds the site of the project when there is none or its sources have changed. Returns its folder. */
export async function ensureSite(root: string, { onBuild }: EnsureOptions = {}): Promise<string> {
	const site = join(root, 'dist');
	const file = join(site, stampFile);
	const isBuilt = (): boolean => existsSync(file) && readFileSync(file, 'utf8') === stampOf(root);
	if (isBuilt()) return site;
	onBuild?.();
	const { buildUnless } = await import('./build-site.ts');
	await buildUnless(root, isBuilt);
	return site;
}
